//! The query string of an address.

use std::borrow::Cow;

/// Names and values, as every page reads them: without control characters, which nobody types and no database need be asked
/// for. Those that stand for a space stay, since texts of the catalogue may have them. `search`: with or without its `?`.
pub fn parameters(search: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(search.trim_start_matches('?').as_bytes()).map(|(name, value)| (typed(name), typed(value)))
}

fn typed(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_odd = |c: char| c.is_control() && !c.is_whitespace();
    match text.contains(is_odd) {
        true => Cow::Owned(text.replace(is_odd, "")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_comes_in_by_an_address() {
        let read: Vec<(String, String)> =
            parameters("?q%00=%00a%1Bb%C2%80+c&d=%0A").map(|(name, value)| (name.into(), value.into())).collect();
        let expected = [("q", "ab c"), ("d", "\n")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read, expected);
    }
}
