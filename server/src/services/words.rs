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

/// How long ago, as long as that says more than the day: `3 minutes ago`, `yesterday`, `24 November 2026`.
pub fn ago(time: OffsetDateTime, now: OffsetDateTime) -> String {
    let some = |number: i64, unit: &str| format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" });
    let passed = now - time;
    match (passed.whole_minutes(), passed.whole_hours(), (now.date() - time.date()).whole_days()) {
        (..=0, _, _) => "just now".to_owned(),
        (minutes @ ..60, _, _) => some(minutes, "minute"),
        (_, hours, days) if days == 0 || hours < 12 => some(hours, "hour"),
        (_, _, 1) => "yesterday".to_owned(),
        (_, _, days @ ..7) => some(days, "day"),
        _ => day(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn moments_are_told_from_now() {
        let now = datetime!(2026-11-25 14:00 UTC);
        for (time, words) in [
            (datetime!(2026-11-25 14:01 UTC), "just now"),
            (datetime!(2026-11-25 13:59:30 UTC), "just now"),
            (datetime!(2026-11-25 13:59 UTC), "1 minute ago"),
            (datetime!(2026-11-25 13:00:01 UTC), "59 minutes ago"),
            (datetime!(2026-11-25 13:00 UTC), "1 hour ago"),
            (datetime!(2026-11-25 01:00 UTC), "13 hours ago"),
            (datetime!(2026-11-24 23:00 UTC), "yesterday"),
            (datetime!(2026-11-22 23:00 UTC), "3 days ago"),
            (datetime!(2026-11-18 14:00 UTC), "18 November 2026"),
        ] {
            assert_eq!(ago(time, now), words, "{time}");
        }
    }
}
