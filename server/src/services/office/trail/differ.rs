//! Long texts before and after, cut to what differs.

use crate::services::catalog::plain;
use serde_json::Value;

/// Words of what stayed that stand on either side of what differs, so that one sees where it is.
const AROUND: usize = 6;

/// Where two texts differ, each with the words around: `…is thrown in one piece of grey…`.
pub fn around(before: &str, after: &str) -> (String, String) {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split_whitespace().collect(), after.split_whitespace().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - same;
    let same_end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count().min(rest);
    let part = |words: &[&str]| {
        let (from, to) = (same.saturating_sub(AROUND), words.len() - same_end.saturating_sub(AROUND));
        let dots = |is_cut: bool| if is_cut { "…" } else { "" };
        [dots(from > 0), &words[from..to].join(" "), dots(to < words.len())].concat()
    };
    (part(&old), part(&new))
}

/// A description before and after, as people read it: what was written, where both sides have that, and else the text
/// of what came of it. `None` for a side that an entry says nothing of.
pub fn description(before: &Value, after: &Value) -> (Option<String>, Option<String>) {
    let source = |side: &Value| side.get("description_source").and_then(Value::as_str).map(str::to_owned);
    let html = |side: &Value| side.get("description").and_then(Value::as_str).map(|html| plain(html, usize::MAX));
    match (source(before), source(after)) {
        (Some(old), Some(new)) => (Some(old), Some(new)),
        (old, new) => (html(before).or(old), html(after).or(new)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_stayed_is_left_out() {
        let text = |colour: &str| {
            format!("{}is thrown in one piece of {colour} clay and{}", "Word ".repeat(50), " fired".repeat(50))
        };
        let (old, new) = around(&text("grey"), &text("very blue"));
        assert_eq!(old, "…is thrown in one piece of grey clay and fired fired fired fired…");
        assert_eq!(new, "…is thrown in one piece of very blue clay and fired fired fired fired…");
        assert_eq!(around("a a", "a a a"), ("a a".to_owned(), "a a a".to_owned()));
        assert_eq!(around("", "One word"), (String::new(), "One word".to_owned()));
        assert_eq!(around("One word", "One word"), ("One word".to_owned(), "One word".to_owned()));
    }

    #[test]
    fn a_description_reads_as_it_was_written_or_as_it_is_shown() {
        let written = |source: &str| json!({"description": "<p>x</p>", "description_source": source});
        let read = |text: &str| Some(text.to_owned());
        assert_eq!(description(&written("A *mug*."), &written("A bowl.")), (read("A *mug*."), read("A bowl.")));
        let html = json!({"description": "<p>A <u>mug</u> &amp; more.</p>"});
        assert_eq!(description(&html, &written("A bowl.")), (read("A mug & more."), read("x")));
        assert_eq!(description(&json!({}), &html).0, None);
    }
}
