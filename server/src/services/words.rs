//! What services say, and what they take from people.

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:long] [year]");

/// `24 November 2026`.
pub fn day(time: OffsetDateTime) -> String {
    time.format(DAY).unwrap_or_default()
}

/// For machines.
pub fn stamp(time: Option<OffsetDateTime>) -> Option<String> {
    time?.format(&Rfc3339).ok()
}

/// Characters that no name has: control characters, and those that turn the direction of what stands beside it.
pub fn misleads(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
