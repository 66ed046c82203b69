//! Pages of a history, of which nobody counts how many there are.

/// Rows before a page.
pub fn offset(page: u32, size: u32) -> i64 {
    i64::from(page.saturating_sub(1)) * i64::from(size)
}

/// Takes away the row that only tells of a next page; says whether there was one.
pub fn cut<T>(rows: &mut Vec<T>, size: u32) -> bool {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    more
}

/// A number of rows as the database keeps it.
pub fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}
