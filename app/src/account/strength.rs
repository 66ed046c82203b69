//! How hard a password is to guess, told while it is typed. Only a hint: what is refused is decided by the host.

/// NIST SP 800-63B-4, for passwords that stand alone.
pub const SHORTEST: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    TooShort,
    Weak,
    Good,
    Strong,
}

impl Strength {
    pub fn words(self) -> &'static str {
        match self {
            Self::TooShort => "Too short",
            Self::Weak => "Weak: easy to guess",
            Self::Good => "Good",
            Self::Strong => "Strong",
        }
    }

    /// For the style of the bar: how many of its four parts are filled.
    pub fn level(self) -> &'static str {
        match self {
            Self::TooShort => "1",
            Self::Weak => "2",
            Self::Good => "3",
            Self::Strong => "4",
        }
    }
}

/// Words that guessers try first, beside those that belong to the shop and the person.
const COMMON: [&str; 14] = [
    "password", "passwort", "welcome", "letmein", "iloveyou", "sunshine", "princess", "football", "baseball", "dragon",
    "monkey", "master", "admin", "secret",
];
const ROWS: [&str; 4] = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop"];
/// A character that follows from those before it, in hundredths of what a free one counts.
const FORESEEN: usize = 10;
/// A whole word that is easy to think of.
const EASY_WORD: usize = 200;
const GOOD: usize = 850;
const STRONG: usize = 1500;

/// `about`: what belongs to the shop and the person, such as their names.
pub fn strength(password: &str, about: &[&str]) -> Strength {
    if password.chars().count() < SHORTEST {
        return Strength::TooShort;
    }
    let mut rest = password.to_ascii_lowercase();
    let mut worth = 0;
    let about = about.iter().map(|word| word.trim().to_ascii_lowercase()).filter(|word| word.chars().count() >= 4);
    for word in about.chain(COMMON.iter().map(|word| (*word).to_owned())) {
        if rest.contains(&word) {
            rest = rest.replace(&word, "\u{0}");
            worth += EASY_WORD;
        }
    }
    let chars: Vec<char> = rest.chars().filter(|c| *c != '\u{0}').collect();
    for at in 0..chars.len() {
        worth += if is_foreseen(&chars, at) { FORESEEN } else { 100 };
    }
    match worth {
        STRONG.. => Strength::Strong,
        GOOD..STRONG => Strength::Good,
        _ => Strength::Weak,
    }
}

/// Whether a character repeats the one before, goes on with a sequence or a row of keys, or with what was there already.
fn is_foreseen(chars: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| chars[before]) else { return false };
    let here = chars[at];
    let step = i64::from(u32::from(here)) - i64::from(u32::from(before));
    // From 9 to 0 a sequence of digits goes on.
    let runs_on = here.is_alphanumeric() && step.abs() <= 1 || (before, here) == ('9', '0') || here == before;
    let on_a_row = ROWS.iter().any(|row| {
        let place = |c| row.find(c);
        matches!((place(before), place(here)), (Some(a), Some(b)) if a.abs_diff(b) == 1)
    });
    let again = at >= 2 && {
        let last = &chars[at - 2..=at];
        chars[..at].windows(3).any(|earlier| earlier == last)
    };
    runs_on || on_a_row || again
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_leads() {
        assert_eq!(strength("", &[]), Strength::TooShort);
        assert_eq!(strength("kV7#pw2!xQz", &[]), Strength::TooShort);
        assert_eq!(strength("kV7#pw2!xQzR", &[]), Strength::Good);
        assert_eq!(strength("lamp gravel otter piano", &[]), Strength::Strong);
        // Characters, not bytes.
        assert_eq!(strength("äöüßäöüßäöü", &[]), Strength::TooShort);
    }

    #[test]
    fn what_a_guesser_thinks_of_first_counts_little() {
        for password in [
            "aaaaaaaaaaaaaaaa",
            "123456789012",
            "abcdefghijklmnop",
            "qwertyuiopasdf",
            "abcabcabcabcabcabc",
            "passwordpassword",
            "Password12345678",
            "fieldstone2026",
            "ada.lovelace1815",
        ] {
            assert_eq!(strength(password, &["Fieldstone", "ada.lovelace"]), Strength::Weak, "{password}");
        }
    }

    #[test]
    fn more_of_the_same_is_never_better_than_something_new() {
        assert!(strength("gravel otter gravel otter", &[]) < strength("gravel otter piano lamps", &[]));
        // A name of three letters is in too many words to mean anything.
        assert_eq!(strength("shadows on adaptive ground", &["ada"]), Strength::Strong);
    }
}
