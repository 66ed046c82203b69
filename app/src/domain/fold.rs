//! What two spellings of one name have in common.

use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// Compatibility-normalised and case-folded. Upper case comes first: it unites letters that lower case keeps apart
/// (`ß` and `ss`, `ı` and `i`), which is how one address once passed for another (CVE-2019-19844).
pub fn fold(text: &str) -> String {
    let once = |text: &str| -> String {
        text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect()
    };
    // Folding can make what folds again.
    once(&once(text))
}

/// `c` as the ASCII characters that it is mistaken for, if there are such.
pub fn ascii_look_alike(c: char) -> Option<String> {
    let mut bytes = [0; 4];
    let alike: String = skeleton(c.encode_utf8(&mut bytes)).collect();
    (!alike.is_empty() && alike.is_ascii()).then_some(alike)
}

/// What a name looks like at a glance: all names that look alike have the same.
pub fn look(text: &str) -> String {
    let seen: String = skeleton(&fold(text)).collect();
    fold(&seen)
        .chars()
        .map(|c| match c {
            // One stroke, or one ring, in most typefaces.
            'i' | '1' | '|' => 'l',
            '0' => 'o',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn look_alikes_look_alike() {
        for (one, other) in [
            ("paypal", "PayPa1"),
            ("paypal", "paypaI"),
            ("oslo", "0slo"),
            ("ann", "аnn"),
            ("modern", "rnodern"),
            ("straße", "STRASSE"),
            ("mike", "mıke"),
            ("ann", "ａｎｎ"),
            ("ſam", "sam"),
        ] {
            assert_eq!(look(one), look(other), "{one} {other}");
        }
        assert_ne!(look("ann"), look("anna"));
    }

    proptest! {
        #[test]
        fn folding_is_done_once_and_for_all(text in "\\PC{0,20}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert_eq!(fold(&text.to_lowercase()), fold(&text.to_lowercase().to_uppercase()));
        }
    }
}
