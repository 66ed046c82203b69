use super::fold::fold;
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// A password that its owner may have: normalised, so that every keyboard spells it alike.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// What a new password is measured by.
#[derive(Clone, Copy)]
pub struct PasswordRules<'a> {
    /// Characters: [`Password::SHORTEST`] or [`Password::SHORTEST_OF_STAFF`].
    pub shortest: usize,
    /// What guessers try first: the shop's name, the account's name and address.
    pub names: &'a [&'a str],
    /// Whether a text, in lower case, is one of the most common passwords.
    pub is_common: fn(&str) -> bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordError {
    Empty,
    TooShort { shortest: usize },
    TooLong,
    Common,
    Name,
}

impl Password {
    /// NIST SP 800-63B-4 asks for 8 beside a second factor and 15 alone; the shop stands between, for shoppers.
    pub const SHORTEST: usize = 12;
    pub const SHORTEST_OF_STAFF: usize = 15;
    pub const LONGEST: usize = 128;

    /// A new password.
    ///
    /// # Errors
    /// As [`PasswordError`] says. There are no rules about which characters: they make passwords worse.
    pub fn parse(text: &str, rules: PasswordRules<'_>) -> Result<Self, PasswordError> {
        let password = Self::typed(text).ok_or(PasswordError::TooLong)?;
        let length = password.0.chars().count();
        if length == 0 {
            return Err(PasswordError::Empty);
        }
        if length < rules.shortest {
            return Err(PasswordError::TooShort { shortest: rules.shortest });
        }
        let folded = fold(&password.0);
        if is_one_of(&folded, |name| rules.names.iter().any(|own| is_name(name, own))) {
            return Err(PasswordError::Name);
        }
        if is_series(&folded) || is_one_of(&folded, rules.is_common) {
            return Err(PasswordError::Common);
        }
        Ok(password)
    }

    /// A password that is only compared with the right one; `None` if it can't be anybody's.
    pub fn typed(text: &str) -> Option<Self> {
        // Before it is normalised, which costs what it is long.
        if text.len() > Self::LONGEST * 4 * 3 {
            return None;
        }
        let normal: String = text.nfkc().collect();
        (normal.chars().count() <= Self::LONGEST).then_some(Self(normal))
    }

    /// Whether it would do for a member of the staff: one that was set as a shopper's may not.
    pub fn is_long_enough_for_staff(&self) -> bool {
        self.0.chars().count() >= Self::SHORTEST_OF_STAFF
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Whether `text` is such a word: as it stands, with signs and digits around it, or several times over.
fn is_one_of(text: &str, is_word: impl Fn(&str) -> bool) -> bool {
    let letters = text.trim_matches(|c: char| !c.is_alphabetic());
    let compact: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let core = compact.trim_matches(|c: char| !c.is_alphabetic());
    [text, letters, &compact, core]
        .into_iter()
        .filter(|form| !form.is_empty())
        .any(|form| is_word(form) || unit(form).is_some_and(&is_word))
}

/// The shortest text that `text` is a repetition of, if it is one.
fn unit(text: &str) -> Option<&str> {
    let length = text.len();
    (1..=length / 2)
        .filter(|size| length.is_multiple_of(*size) && text.is_char_boundary(*size))
        .map(|size| &text[..size])
        .find(|unit| unit.repeat(length / unit.len()) == text)
}

/// `own` without what is not a letter or digit; short names would forbid too much.
fn is_name(word: &str, own: &str) -> bool {
    let own = fold(own);
    let compact: String = own.chars().filter(|c| c.is_alphanumeric()).collect();
    let core = compact.trim_matches(|c: char| !c.is_alphabetic());
    compact.chars().count() >= 3 && (word == own || word == compact || word == core && core.chars().count() >= 3)
}

/// One character over and over, or characters in their order: `aaaaaaaaaaaa`, `123456789012`, `abcdefghijkl`.
fn is_series(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let same = |step: i64| {
        codes.windows(2).all(|pair| {
            let next = pair[1] - pair[0];
            // After 9 comes 0, and after 0 comes 9.
            next == step || step != 0 && next == -9 * step
        })
    };
    codes.len() > 1 && (same(0) || same(1) || same(-1))
}

/// Never in a log.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Choose a password"),
            Self::TooShort { shortest } => {
                write!(f, "Use at least {shortest} characters. A few words in a row are easy to remember")
            }
            Self::TooLong => write!(f, "Use at most {} characters", Password::LONGEST),
            Self::Common => f.write_str("This is one of the passwords that guessers try first. Choose another"),
            Self::Name => f.write_str("Choose a password that isn’t your name, your address or the shop’s name"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULES: PasswordRules<'static> = PasswordRules {
        shortest: Password::SHORTEST,
        names: &["Fieldstone", "annabelle.lee", "annabelle@example.com", "annabelle"],
        is_common: |word| ["password", "123456", "dragon", "qwertyuiop"].contains(&word),
    };

    fn parse(text: &str) -> Result<Password, PasswordError> {
        Password::parse(text, RULES)
    }

    #[test]
    fn any_long_enough_text_will_do() {
        for text in [
            "correct horse battery staple",
            "zwölf Zeichen",
            "это мой пароль",
            "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧",
            "dragonflies at noon",
            "            x           ",
            &"ab1".repeat(42),
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        assert_eq!(parse(&"ä".repeat(129)), Err(PasswordError::TooLong));
        assert_eq!(parse(&"x1é".repeat(43)[..]), Err(PasswordError::TooLong));
        assert_eq!(parse(&"x".repeat(1_000_000)), Err(PasswordError::TooLong));
        assert_eq!(parse("elevenchars"), Err(PasswordError::TooShort { shortest: 12 }));
        let staff = PasswordRules { shortest: Password::SHORTEST_OF_STAFF, ..RULES };
        assert!(Password::parse("fourteen chars", staff).is_err());
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for text in [
            "passwordpassword",
            "Password!2024!",
            "password1234",
            "123456123456",
            "qwertyuiop!!",
            "dragon-dragon",
            "1234dragon1234",
            "aaaaaaaaaaaaaa",
            "123456789012",
            "abcdefghijklmn",
            "987654321098",
        ] {
            assert_eq!(parse(text), Err(PasswordError::Common), "{text}");
        }
        for text in [
            "fieldstone123",
            "FieldstoneFieldstone",
            "annabelle.lee",
            "annabellelee1",
            "annabelle@example.com",
            "Annabelle2024!",
            "annabelleannabelle",
        ] {
            assert_eq!(parse(text), Err(PasswordError::Name), "{text}");
        }
    }

    #[test]
    fn one_password_however_it_is_spelled() {
        assert_eq!(Password::typed("cafe\u{301} au lait"), Password::typed("café au lait"));
        assert_eq!(format!("{:?}", Password::typed("secret")), "Some(Password(…))");
    }

    proptest! {
        #[test]
        fn what_passes_is_as_long_as_asked(text in "\\PC{0,140}") {
            if let Ok(password) = parse(&text) {
                let length = std::str::from_utf8(password.as_bytes()).map(|text| text.chars().count()).unwrap_or(0);
                prop_assert!((Password::SHORTEST..=Password::LONGEST).contains(&length));
                prop_assert_eq!(Password::typed(&text), Some(password));
            }
        }
    }
}
