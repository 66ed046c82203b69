//! What services say, and what they take from people.

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:long] [year]");

const MOMENT: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute]");

/// `24 November 2026`.
pub fn day(time: OffsetDateTime) -> String {
    time.format(DAY).unwrap_or_default()
}

/// `24 November 2026, 09:05`, in UTC.
pub fn moment(time: OffsetDateTime) -> String {
    time.to_offset(time::UtcOffset::UTC).format(MOMENT).unwrap_or_default()
}

const CLOCK: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute] UTC");

/// `14:02 UTC`, or with its date when that isn't today's.
pub fn clock(now: OffsetDateTime, then: OffsetDateTime) -> String {
    let (now, then) = (now.to_offset(time::UtcOffset::UTC), then.to_offset(time::UtcOffset::UTC));
    if now.date() == then.date() { then.format(CLOCK).unwrap_or_default() } else { moment(then) + " UTC" }
}

/// `now`, `3 hours ago`, `12 November 2026`.
pub fn ago(now: OffsetDateTime, then: OffsetDateTime) -> String {
    let minutes = (now - then).whole_minutes();
    let some = |count: i64, unit: &str| format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" });
    match minutes {
        ..2 => "now".to_owned(),
        2..60 => some(minutes, "minute"),
        60..1440 => some(minutes / 60, "hour"),
        _ => day(then),
    }
}

/// As part of a pattern for `like`, in which it stands for itself.
pub fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            literal.push('\\');
        }
        literal.push(c);
    }
    literal
}

/// For machines.
pub fn stamp(time: Option<OffsetDateTime>) -> Option<String> {
    time?.format(&Rfc3339).ok()
}

/// Characters that no name has: control characters, and those that turn the direction of what stands beside it.
pub fn misleads(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn times_are_said_in_words() {
        let now = datetime!(2026-11-24 12:00 UTC);
        for (then, expected) in [
            (datetime!(2026-11-24 11:59 UTC), "now"),
            (datetime!(2026-11-24 11:30 UTC), "30 minutes ago"),
            (datetime!(2026-11-24 10:59 UTC), "1 hour ago"),
            (datetime!(2026-11-24 02:00 UTC), "10 hours ago"),
            (datetime!(2026-11-01 12:00 UTC), "1 November 2026"),
        ] {
            assert_eq!(ago(now, then), expected);
        }
        assert_eq!(clock(now, datetime!(2026-11-24 14:02 +2)), "12:02 UTC");
        assert_eq!(clock(now, datetime!(2026-11-23 23:59 UTC)), "23 November 2026, 23:59 UTC");
    }
}
