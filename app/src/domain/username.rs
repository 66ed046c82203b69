use super::fold::look;
use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::{GeneralSecurityProfile, MixedScript};

/// A name that others see: 3 to 30 letters and digits, with `_`, `.` and `-` between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

/// Why a name can't be had, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameError {
    Empty,
    TooShort,
    TooLong,
    Character,
    Edge,
    Mixed,
    Reserved,
}

/// Names that would pass for the shop's own people or places.
const RESERVED: &[&str] = &[
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "administration",
    "anonymous",
    "api",
    "billing",
    "cart",
    "checkout",
    "contact",
    "customerservice",
    "everyone",
    "guest",
    "help",
    "helpdesk",
    "hostmaster",
    "info",
    "login",
    "logout",
    "mail",
    "mailerdaemon",
    "manager",
    "me",
    "mod",
    "moderator",
    "nobody",
    "noreply",
    "null",
    "office",
    "official",
    "operator",
    "orders",
    "owner",
    "password",
    "postmaster",
    "privacy",
    "register",
    "root",
    "sales",
    "security",
    "service",
    "shop",
    "shopfront",
    "signin",
    "signup",
    "staff",
    "store",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "team",
    "undefined",
    "user",
    "webmaster",
    "you",
];

static RESERVED_LOOKS: LazyLock<HashSet<String>> =
    LazyLock::new(|| RESERVED.iter().map(|name| bare_look(name)).collect());

impl Username {
    pub const SHORTEST: usize = 3;
    pub const LONGEST: usize = 30;

    /// Spaces around it don't count. `shop`: the shop's own name, which nobody may have.
    ///
    /// # Errors
    /// As [`UsernameError`] says.
    pub fn parse(text: &str, shop: &str) -> Result<Self, UsernameError> {
        let name: String = text.trim().nfc().collect();
        let length = name.chars().count();
        if length == 0 {
            return Err(UsernameError::Empty);
        }
        if length < Self::SHORTEST {
            return Err(UsernameError::TooShort);
        }
        if length > Self::LONGEST {
            return Err(UsernameError::TooLong);
        }
        if !name.chars().all(in_name) {
            return Err(UsernameError::Character);
        }
        let at_edge = |c: Option<char>| c.is_some_and(|c| !"_.-".contains(c) && !is_combining_mark(c));
        let last = name.chars().rev().find(|c| !is_combining_mark(*c));
        if !at_edge(name.chars().next()) || !at_edge(last) {
            return Err(UsernameError::Edge);
        }
        if !name.as_str().is_single_script() {
            return Err(UsernameError::Mixed);
        }
        let bare = bare_look(&name);
        if RESERVED_LOOKS.contains(&bare) || bare == bare_look(shop) {
            return Err(UsernameError::Reserved);
        }
        Ok(Self(name))
    }

    /// As its owner writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Names with the same key can't be told apart, so that only one of them is anybody's.
    pub fn key(&self) -> String {
        look(&self.0)
    }

    /// The key of what somebody typed as their name.
    pub fn key_of(typed: &str) -> String {
        look(typed.trim())
    }
}

fn in_name(c: char) -> bool {
    match c {
        '_' | '.' | '-' => true,
        c if c.is_ascii() => c.is_ascii_alphanumeric(),
        c => (c.is_alphanumeric() || is_combining_mark(c)) && c.identifier_allowed(),
    }
}

/// A name's look without its signs: `a.d-m_i_n` is `admin`.
fn bare_look(name: &str) -> String {
    look(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

impl fmt::Display for UsernameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Choose a username",
            Self::TooShort => "Choose a username of at least 3 characters",
            Self::TooLong => "Choose a username of at most 30 characters",
            Self::Character => "Use only letters, digits, and the signs _ . - in your username",
            Self::Edge => "Begin and end your username with a letter or a digit",
            Self::Mixed => "Use the letters of one alphabet in your username",
            Self::Reserved => "This name is the shop’s own. Choose another",
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Username, UsernameError> {
        Username::parse(text, "Fieldstone & Co")
    }

    #[test]
    fn names_of_any_alphabet_are_taken_as_written() {
        for text in ["ann", "Ann.Lee", "ann_lee-2", "Zoë", "Иван", "田中太郎", "हिन्दी", "x".repeat(30).as_str()]
        {
            assert_eq!(parse(&format!(" {text} ")).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_name_is_refused_with_its_reason() {
        for (text, error) in [
            ("  ", UsernameError::Empty),
            ("al", UsernameError::TooShort),
            (&"x".repeat(31), UsernameError::TooLong),
            ("ann lee", UsernameError::Character),
            ("ann@example.com", UsernameError::Character),
            ("ann\u{200d}lee", UsernameError::Character),
            ("ann\u{1b}[31m", UsernameError::Character),
            ("<b>ann</b>", UsernameError::Character),
            ("-ann", UsernameError::Edge),
            ("...", UsernameError::Edge),
            ("аnna", UsernameError::Mixed),
            ("admin", UsernameError::Reserved),
            ("Adm1n", UsernameError::Reserved),
            ("a.d.m.i.n", UsernameError::Reserved),
            ("R00t", UsernameError::Reserved),
            ("support", UsernameError::Reserved),
            ("FieldstoneCo", UsernameError::Reserved),
            ("fie1dstone-co", UsernameError::Reserved),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn look_alikes_share_a_key() {
        for (one, other) in [("Ann", "ann"), ("paypal", "PaypaI"), ("paypal", "paypa1"), ("bob0", "bobo")] {
            assert_eq!(parse(one).unwrap().key(), parse(other).unwrap().key(), "{one} {other}");
        }
        assert_eq!(parse("ann").unwrap().key(), Username::key_of("  ANN "));
        assert_ne!(parse("ann").unwrap().key(), parse("anne").unwrap().key());
    }

    proptest! {
        #[test]
        fn what_passes_is_a_name_again(text in "\\PC{0,32}") {
            if let Ok(name) = parse(&text) {
                prop_assert_eq!(parse(name.as_str()), Ok(name.clone()));
                prop_assert!(!name.as_str().contains(['@', ' ', '<', '/']));
            }
        }
    }
}
