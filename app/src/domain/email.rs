use super::fold::{ascii_look_alike, fold};
use idna::AsciiDenyList;
use std::fmt;
use unicode_normalization::char::is_combining_mark;

/// An e-mail address (RFC 5321, with RFC 6531's letters): a mailbox's name and a domain that mail can be sent to.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    written: String,
    /// Bytes of `written` before the `@`.
    local: usize,
    /// In ASCII, lower case.
    domain: String,
}

/// Why a text is no address, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailError {
    Empty,
    TooLong,
    NoAt,
    Local,
    Quoted,
    Domain,
}

impl Email {
    /// Bytes of the whole: RFC 5321's path without its brackets.
    pub const LONGEST: usize = 254;
    const LONGEST_LOCAL: usize = 64;

    /// Spaces around it don't count.
    ///
    /// # Errors
    /// For what mail can't be sent to, and for the forms that nobody's address has: quoted names, comments, hosts by
    /// number, domains without a dot.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > Self::LONGEST {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError::NoAt)?;
        if local.contains('"') {
            return Err(EmailError::Quoted);
        }
        let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
        if local.is_empty() || local.len() > Self::LONGEST_LOCAL || dots || !local.chars().all(in_local) {
            return Err(EmailError::Local);
        }
        let ascii = idna::domain_to_ascii_cow(domain.as_bytes(), AsciiDenyList::STD3)
            .map_err(|_| EmailError::Domain)?
            .into_owned();
        let labels = || ascii.split('.');
        let fits = ascii.len() <= 253
            && labels().count() >= 2
            && labels().all(|label| {
                (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
            })
            // The last label of a name isn't a number; that of a host's address is.
            && labels().next_back().is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit()));
        if !fits || local.len() + 1 + ascii.len() > Self::LONGEST {
            return Err(EmailError::Domain);
        }
        Ok(Self { local: local.len(), written: text.to_owned(), domain: ascii })
    }

    /// As its owner wrote it.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    pub fn local(&self) -> &str {
        &self.written[..self.local]
    }

    /// For the mail server: the domain in ASCII.
    pub fn mailbox(&self) -> String {
        format!("{}@{}", self.local(), self.domain)
    }

    /// Addresses with the same key are one address, as far as accounts go: letter case, compatibility forms and
    /// look-alikes of ASCII letters don't tell mailboxes apart. ASCII look-alikes of each other (`l` and `1`) do.
    pub fn key(&self) -> String {
        let mut key = String::with_capacity(self.written.len());
        for c in fold(self.local()).chars() {
            match (!c.is_ascii()).then(|| ascii_look_alike(c)).flatten() {
                Some(alike) => key.push_str(&fold(&alike)),
                None => key.push(c),
            }
        }
        key.push('@');
        key.push_str(&self.domain);
        key
    }
}

/// RFC 5322's `atext`, letters and digits of any script, and the dots between.
fn in_local(c: char) -> bool {
    match c {
        c if c.is_ascii() => c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c),
        c => c.is_alphanumeric() || is_combining_mark(c),
    }
}

/// Whole addresses stay out of logs.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Enter your e-mail address",
            Self::TooLong => "Enter an e-mail address of at most 254 characters",
            Self::NoAt => "Enter an e-mail address with an @, such as name@example.com",
            Self::Local => "Check the part before the @: it may have letters, digits and signs, but no spaces",
            Self::Quoted => "Enter an e-mail address without quotation marks",
            Self::Domain => "Check the part after the @: it should look like example.com",
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(text: &str) -> String {
        Email::parse(text).unwrap().key()
    }

    #[test]
    fn addresses_are_taken_as_written() {
        for text in [
            "ann@example.com",
            "a.b+tag@sub.example.co.uk",
            "o'hara@example.com",
            "zoë@bücher.example",
            "用户@例子.广告",
        ] {
            assert_eq!(Email::parse(&format!(" {text} ")).unwrap().as_str(), text);
        }
        assert_eq!(Email::parse("Ann@BÜCHER.example").unwrap().mailbox(), "Ann@xn--bcher-kva.example");
    }

    #[test]
    fn what_mail_can_not_reach_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        let longer = format!("a@{}.example", "b.".repeat(130));
        for (text, error) in [
            ("", EmailError::Empty),
            ("ann", EmailError::NoAt),
            ("@example.com", EmailError::Local),
            ("a b@example.com", EmailError::Local),
            ("a@b@example.com", EmailError::Local),
            (".a@example.com", EmailError::Local),
            ("a..b@example.com", EmailError::Local),
            ("Ann <ann@example.com>", EmailError::Local),
            ("a\r\nbcc: x@example.com", EmailError::Local),
            ("a\u{200b}b@example.com", EmailError::Local),
            ("\"a b\"@example.com", EmailError::Quoted),
            ("a@localhost", EmailError::Domain),
            ("a@[127.0.0.1]", EmailError::Domain),
            ("a@127.0.0.1", EmailError::Domain),
            ("a@-example.com", EmailError::Domain),
            ("a@exa_mple.com", EmailError::Domain),
            ("a@example.com.", EmailError::Domain),
            ("a@example..com", EmailError::Domain),
            (long.as_str(), EmailError::Local),
            (longer.as_str(), EmailError::TooLong),
        ] {
            assert_eq!(Email::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn one_mailbox_has_one_key() {
        for (one, other) in [
            ("Mike@Example.com", "mike@example.COM"),
            ("mike@example.com", "mıke@example.com"),
            ("mike@example.com", "ｍike@example.com"),
            ("ann@example.com", "аnn@example.com"),
            ("ann@bücher.example", "ann@xn--bcher-kva.example"),
            ("ann@bücher.example", "ann@BÜCHER。example"),
            ("strasse@example.com", "straße@example.com"),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        for (one, other) in [("john1@example.com", "johnl@example.com"), ("ann@a.example", "ann@b.example")] {
            assert_ne!(key(one), key(other));
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_no_control_character_passes(text in "\\PC{0,12}@?\\PC{0,12}", odd in any::<char>()) {
            let _ = Email::parse(&text);
            if let Ok(email) = Email::parse(&format!("a{odd}b@example.com")) {
                prop_assert!(!odd.is_control() && !odd.is_whitespace());
                prop_assert!(email.mailbox().len() <= Email::LONGEST);
                prop_assert_eq!(key(&email.as_str().to_lowercase()), email.key());
            }
        }
    }
}
