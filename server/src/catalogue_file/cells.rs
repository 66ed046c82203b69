//! What a cell's text means, and how a value is written into one.

use std::borrow::Cow;

/// Spreadsheets take a cell that begins so for a formula.
fn starts_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Makes a cell inert in a spreadsheet by an apostrophe in front. One that begins with apostrophes and then so gets one
/// more, or [`restore`] could not tell it from a neutralised cell.
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if starts_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Undoes [`neutralise`], exactly: every other text stays as it is.
pub fn restore(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if starts_formula(rest) => rest,
        _ => text,
    }
}

/// Text that is shown on one line: white space at the ends goes, line ends and tabs inside become spaces.
///
/// # Errors
/// The reason, for a text that carries other control characters.
pub fn one_line(text: &str) -> Result<Cow<'_, str>, &'static str> {
    let text = text.trim();
    if !text.contains(char::is_control) {
        return Ok(Cow::Borrowed(text));
    }
    let spaced: String = text.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }).collect();
    if spaced.contains(char::is_control) { Err("contains a control character") } else { Ok(Cow::Owned(spaced)) }
}

/// Why a text is no whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWhole {
    Negative,
    TooLarge,
    NotANumber,
}

/// A whole number in ASCII digits, up to `most`. `12.0` is one too, because spreadsheets write it.
///
/// # Errors
/// For every other text, among them `1e9`, `１` and `1,000`.
pub fn whole_number(text: &str, most: u64) -> Result<u64, NotWhole> {
    let text = text.trim();
    let (whole, zeros) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = whole.strip_prefix(['-', '−']) {
        return Err(if digits(rest) { NotWhole::Negative } else { NotWhole::NotANumber });
    }
    if !digits(whole) || zeros.is_empty() || zeros.bytes().any(|byte| byte != b'0') {
        return Err(NotWhole::NotANumber);
    }
    match whole.parse() {
        Ok(number) if number <= most => Ok(number),
        _ => Err(NotWhole::TooLarge),
    }
}

/// Parts between separators, trimmed; none of an empty text. A backslash takes the separator, or another backslash,
/// literally, so that a category named `> 2 l` or a tag with a comma comes back from an export.
pub fn split(text: &str, separator: char) -> Vec<String> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut parts = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let literal = if c == '\\' { chars.next_if(|&next| next == separator || next == '\\') } else { None };
        match (literal, parts.last_mut()) {
            (None, _) if c == separator => parts.push(String::new()),
            (literal, Some(part)) => part.push(literal.unwrap_or(c)),
            (_, None) => {}
        }
    }
    for part in &mut parts {
        let trimmed = part.trim();
        if trimmed.len() != part.len() {
            *part = trimmed.to_owned();
        }
    }
    parts
}

/// Undone by [`split`], for trimmed parts.
pub fn join(parts: &[String], separator: char, between: &str) -> String {
    let escaped: Vec<String> =
        parts.iter().map(|part| part.replace('\\', "\\\\").replace(separator, &format!("\\{separator}"))).collect();
    escaped.join(between)
}

/// HTML as it may be stored and shown.
///
/// Cleaned until cleaning changes nothing more (the second time, with few exceptions), so that what an export writes is
/// read back as it is.
pub fn clean_html(html: &str) -> Cow<'_, str> {
    let html = html.trim();
    // Without these there is nothing to clean, and plain text is what many shops write.
    if !html.contains(['<', '>', '&', '\u{a0}', '\r', '\0']) {
        return Cow::Borrowed(html);
    }
    let mut html = Cow::Borrowed(html);
    for _ in 0..5 {
        let cleaned = ammonia::clean(&html);
        let cleaned = cleaned.trim();
        if cleaned == html {
            break;
        }
        html = Cow::Owned(cleaned.to_owned());
    }
    html
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_neutralised_and_restored() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("@home Glass Vase", "'@home Glass Vase"),
            ("-12", "'-12"),
            ("\tx", "'\tx"),
            ("'=x", "''=x"),
            ("'tis", "'tis"),
            ("", ""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(neutralise(text), written, "{text}");
            assert_eq!(restore(written), text, "{written}");
        }
    }

    #[test]
    fn whole_numbers_are_ascii_digits() {
        use NotWhole::*;
        let most = 1_000_000_000;
        for (text, number) in [("0", Ok(0)), (" 1 ", Ok(1)), ("007", Ok(7)), ("12.0", Ok(12)), ("1000000000", Ok(most))]
        {
            assert_eq!(whole_number(text, most), number, "{text}");
        }
        for (text, error) in [
            ("-1", Negative),
            ("−1", Negative),
            ("2147483648", TooLarge),
            ("9223372036854775808", TooLarge),
            ("99999999999999999999999", TooLarge),
            ("1e9", NotANumber),
            ("１", NotANumber),
            ("1,000", NotANumber),
            ("1.5", NotANumber),
            ("1.", NotANumber),
            (".0", NotANumber),
            ("+1", NotANumber),
            ("0x1", NotANumber),
            ("", NotANumber),
        ] {
            assert_eq!(whole_number(text, most), Err(error), "{text}");
        }
    }

    #[test]
    fn html_is_cleaned_to_a_fixed_point() {
        assert_eq!(clean_html("<p onclick=x>A<script>alert(1)</script></p>"), "<p>A</p>");
        assert_eq!(clean_html("Salt & pepper > sugar"), "Salt &amp; pepper &gt; sugar");
        let nested = clean_html("<pre>\n\n\nx</pre>").into_owned();
        assert_eq!(clean_html(&nested), nested);
    }

    proptest! {
        #[test]
        fn neutralised_text_comes_back(text in "['=+@\\-\t\r a]{0,6}") {
            let written = neutralise(&text);
            prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(restore(&written), text.as_str());
        }

        #[test]
        fn joined_parts_come_back(parts in prop::collection::vec("[a-c>,\\\\]{1,4}", 1..4)) {
            prop_assert_eq!(split(&join(&parts, '>', " > "), '>'), parts.clone());
            prop_assert_eq!(split(&join(&parts, ',', ", "), ','), parts);
        }
    }
}
