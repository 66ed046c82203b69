//! From a letter to a message that any mail program can show.

use super::Letter;
use super::words::Words;
use askama::Template;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use uuid::Uuid;

/// A message, and its parts as they were before they were encoded.
pub struct Mail {
    pub to: Address,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub message: Message,
}

/// Why a letter can't become a message. Says nothing of its address.
#[derive(Debug, thiserror::Error)]
pub enum Unsendable {
    #[error("the address is none")]
    Address,
    #[error("the template: {0}")]
    Template(#[from] askama::Error),
    #[error("the message can’t be put together")]
    Message,
}

/// What all letters have in common.
pub struct Composer {
    shop: String,
    home: String,
    from: Mailbox,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'a> {
    shop: &'a str,
    home: &'a str,
    words: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    shop: &'a str,
    home: &'a str,
    words: &'a Words,
}

impl Composer {
    /// `home`: the shop's public address, scheme and host, without a closing slash.
    pub fn new(shop: &str, home: &str, from: Mailbox) -> Self {
        // Names from the configuration end up in headers: one line, whatever was in it. lettre panics over a sender
        // with control characters.
        let from = Mailbox::new(from.name.as_deref().map(one_line), from.email);
        Self { shop: one_line(shop), home: home.to_owned(), from }
    }

    /// `id`: the letter's own, so that each try to send it bears the same `Message-ID` and a mailbox that got it twice
    /// can tell.
    ///
    /// # Errors
    /// When `to` is no mail address.
    pub fn compose(&self, id: Uuid, to: &str, letter: &Letter) -> Result<Mail, Unsendable> {
        let to = address(to)?;
        let words = Words::of(letter, &self.shop, &self.home);
        let text = Text { shop: &self.shop, home: &self.home, words: &words }.render()?;
        let html = Html { shop: &self.shop, home: &self.home, words: &words }.render()?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(words.subject.as_str())
            .date_now()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(text.clone(), html.clone()))
            .map_err(|_| Unsendable::Message)?;
        Ok(Mail { to, subject: words.subject, text, html, message })
    }
}

/// With the domain in ASCII, so that only an addressee whose own part isn't asks more of the mail servers than most
/// can do.
fn address(to: &str) -> Result<Address, Unsendable> {
    let (user, domain) = to.rsplit_once('@').ok_or(Unsendable::Address)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| Unsendable::Address)?;
    Address::new(user, domain).map_err(|_| Unsendable::Address)
}

fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// RFC 3834: keeps holiday notices and other machines from answering.
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HOME: &str = "https://shop.example";

    fn composer(shop: &str, from: &str) -> Composer {
        Composer::new(shop, HOME, from.parse().unwrap())
    }

    fn compose(letter: &Letter) -> Mail {
        composer("Fieldstone", "Fieldstone <shop@shop.example>")
            .compose(Uuid::nil(), "ada@example.com", letter)
            .unwrap()
    }

    fn head(mail: &Mail) -> String {
        let whole = String::from_utf8(mail.message.formatted()).unwrap();
        whole.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ")
    }

    fn every_letter() -> Vec<Letter> {
        let code = || "123456".to_owned();
        let new_email = || "ada@elsewhere.example".to_owned();
        vec![
            Letter::SignUpCode { code: code() },
            Letter::AlreadySignedUp,
            Letter::ResetCode { code: code() },
            Letter::NewEmailCode { code: code() },
            Letter::EmailChangeRequested { new_email: new_email() },
            Letter::EmailChanged { new_email: new_email() },
            Letter::PasswordChanged,
            Letter::CodesStopped { path: "/unlock?token=abc-DEF".to_owned() },
            Letter::AccountDeleted,
        ]
    }

    #[test]
    fn every_letter_names_the_shop_says_why_it_came_and_what_to_do_if_it_was_not_the_reader() {
        for letter in every_letter() {
            let mail = compose(&letter);
            let kind = letter.kind();
            assert!(mail.subject.contains("Fieldstone"), "{kind}: {}", mail.subject);
            for part in [&mail.text, &mail.html] {
                assert!(part.contains("You get this because"), "{kind}: {part}");
                assert!(part.contains("If it wasn’t you"), "{kind}: {part}");
                assert!(part.contains("Fieldstone") && part.contains(HOME), "{kind}: {part}");
                assert!(!part.contains('!') || part.starts_with("<!doctype"), "{kind} shouts: {part}");
            }
            let with_code = mail.text.contains("123 456");
            let asks = matches!(kind, "sign_up_code" | "reset_code" | "new_email_code");
            assert_eq!(with_code, asks, "{kind}: {}", mail.text);
            if asks {
                let copied = mail.html.replace("<span style=\"padding-left:.35em;\">", "");
                assert!(copied.contains("123456"), "{kind}: the code can’t be copied whole: {}", mail.html);
                assert!(mail.text.contains("10 minutes") && mail.html.contains("10 minutes"), "{kind}");
                assert!(!mail.subject.contains("123"), "{kind}: a subject ends up in mail servers’ logs");
            }
        }
    }

    #[test]
    fn only_a_letter_about_stopped_codes_leads_into_the_shop() {
        for letter in every_letter() {
            let mail = compose(&letter);
            let links = mail.html.matches("href=\"").count();
            let into = mail.html.contains("href=\"https://shop.example/unlock?token=abc-DEF\"");
            let expected = matches!(letter, Letter::CodesStopped { .. });
            assert_eq!((links, into), (if expected { 2 } else { 1 }, expected), "{}", letter.kind());
            assert_eq!(mail.text.contains("\nhttps://shop.example/unlock?token=abc-DEF\n"), expected);
        }
    }

    #[test]
    fn html_needs_nothing_from_elsewhere_and_fits_a_narrow_window() {
        for letter in every_letter() {
            let html = compose(&letter).html;
            for part in ["<img", "<script", "<link", "src=", "url(", "@import"] {
                assert!(!html.contains(part), "{}: {part}", letter.kind());
            }
            assert!(html.contains("max-width:560px") && html.contains("width:100%"));
            assert!(html.contains("prefers-color-scheme: dark") && html.contains("name=\"color-scheme\""));
        }
    }

    #[test]
    fn text_reads_as_it_should() {
        let text = compose(&Letter::SignUpCode { code: "012345".to_owned() }).text;
        assert_eq!(
            text,
            "Finish signing up\n\n\
             You get this because somebody, most likely you, is signing up at Fieldstone with this address. Enter this \
             code on the page that asks for it:\n\n    \
             012 345\n\n\
             The code is good for 10 minutes from when it was asked for, once, and only in the browser that asked for \
             it. Keep it to yourself: nobody from the shop will ever ask you for it.\n\n\
             If it wasn’t you, do nothing: without the code there will be no account.\n\n\
             -- \nFieldstone\nhttps://shop.example\n\
             This letter was sent by a machine. Nobody reads replies to it."
        );
    }

    #[test]
    fn machines_are_told_that_a_machine_wrote() {
        let mail = compose(&Letter::PasswordChanged);
        let head = head(&mail);
        for line in [
            "From: Fieldstone <shop@shop.example>",
            "To: ada@example.com",
            "Auto-Submitted: auto-generated",
            "Message-ID: <00000000-0000-0000-0000-000000000000@shop.example>",
            "MIME-Version: 1.0",
        ] {
            assert!(head.lines().any(|have| have == line), "{line} is not in\n{head}");
        }
        assert!(head.contains("\r\nDate: ") || head.starts_with("Date: "), "{head}");
        assert!(!head.contains("Reply-To"), "{head}");
        assert!(head.contains("multipart/alternative"), "{head}");
        let whole = String::from_utf8(mail.message.formatted()).unwrap();
        assert!(whole.find("text/plain").unwrap() < whole.find("text/html").unwrap(), "the better part comes last");
        assert!(whole.is_ascii() && whole.split("\r\n").all(|line| line.len() <= 998), "any server can carry it");
    }

    #[test]
    fn nothing_in_a_name_or_an_address_becomes_a_header_or_a_tag() {
        let shop = "Field\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>";
        let from = Mailbox::new(Some(shop.to_owned()), "shop@shop.example".parse().unwrap());
        let composer = Composer::new(shop, HOME, from);
        let letter = Letter::EmailChanged { new_email: "\"<b>\"@example.com\r\nX: y".to_owned() };
        let mail = composer.compose(Uuid::nil(), "ada@example.com", &letter).unwrap();
        let head = head(&mail);
        let names: Vec<&str> = head.lines().filter_map(|line| line.split(':').next()).collect();
        let expected =
            ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"];
        assert_eq!(names, expected, "{head}");
        assert!(!mail.html.contains("<script") && !mail.html.contains("<b>"), "{}", mail.html);
        for to in [
            "ada@example.com\r\nBcc: eve@example.com",
            "ada@example.com, eve@example.com",
            "ada\r\n@example.com",
            "<ada@example.com>",
            "ada",
            "@example.com",
            "",
        ] {
            assert!(composer.compose(Uuid::nil(), to, &letter).is_err(), "{to:?}");
        }
    }

    #[test]
    fn names_in_any_script_are_encoded_and_domains_are_ascii() {
        let composer = composer("Füldstön", "Füldstön <shop@shop.example>");
        let mail = composer.compose(Uuid::nil(), "ada@bücher.example", &Letter::AccountDeleted).unwrap();
        let head = head(&mail);
        assert!(head.is_ascii() && head.contains("From: =?utf-8?b?"), "{head}");
        assert_eq!(mail.message.envelope().to()[0].to_string(), "ada@xn--bcher-kva.example");
    }
}
