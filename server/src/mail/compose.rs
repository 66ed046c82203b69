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
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(words.subject.as_str())
            .date_now()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(AutoSubmitted);
        if let Some(list) =
            words.unsubscribe.as_ref().and_then(|unsubscribe| ListUnsubscribe::new(&unsubscribe.one_click))
        {
            message = message.header(list).header(OneClick);
        }
        let message = message
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

pub fn one_line(text: &str) -> String {
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

/// RFC 2369: where a mail program's own button goes that ends such mail.
#[derive(Clone)]
struct ListUnsubscribe(String);

impl ListUnsubscribe {
    /// `None` for an address that a header can't have as it is: a configured one may be in any script.
    fn new(url: &str) -> Option<Self> {
        url.bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))
            .then(|| Self(format!("<{url}>")))
    }
}

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// RFC 8058: and that posting there does it.
#[derive(Clone, Copy)]
struct OneClick;

impl Header for OneClick {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::mail::Wished;

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
            Letter::Invitation { path: "/reset-password?token=abc-DEF".to_owned() },
            Letter::ResetLink { path: "/reset-password?token=abc-DEF".to_owned() },
            Letter::NewEmailLink { path: "/verify?token=abc-DEF".to_owned() },
            Letter::EmailChangeByStaff { new_email: new_email() },
            Letter::AccountRemoved,
            Letter::PriceFell { items: vec![wished()], unsubscribe: "abc-DEF".to_owned() },
            Letter::BackInStock {
                items: vec![Wished { was: None, ..wished() }, wished()],
                unsubscribe: "abc-DEF".to_owned(),
            },
        ]
    }

    fn wished() -> Wished {
        Wished {
            name: "Tarn <mug>, Sage".to_owned(),
            path: "/products/tarn-mug?variant=TARN-1".to_owned(),
            price: "€4.00".to_owned(),
            was: Some("€5.00".to_owned()),
        }
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
    fn a_letter_leads_into_the_shop_only_where_there_is_something_to_do() {
        for letter in every_letter() {
            let mail = compose(&letter);
            let mut expected: Vec<&str> = match letter {
                Letter::CodesStopped { .. } => vec!["https://shop.example/unlock?token=abc-DEF"],
                Letter::Invitation { .. } | Letter::ResetLink { .. } => {
                    vec!["https://shop.example/reset-password?token=abc-DEF"]
                }
                Letter::NewEmailLink { .. } => vec!["https://shop.example/verify?token=abc-DEF"],
                Letter::PriceFell { .. } | Letter::BackInStock { .. } => vec![
                    "https://shop.example/products/tarn-mug?variant=TARN-1",
                    "https://shop.example/unsubscribe?token=abc-DEF",
                ],
                _ => Vec::new(),
            };
            for url in &expected {
                assert!(mail.text.lines().any(|line| line.trim() == *url), "{url} is not in\n{}", mail.text);
            }
            expected.push(HOME);
            let links: Vec<&str> =
                mail.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert!(links.iter().all(|link| expected.contains(link)), "{}: {links:?}", letter.kind());
            assert!(expected.iter().all(|url| links.contains(url)), "{}: {links:?}", letter.kind());
        }
    }

    #[test]
    fn mail_that_was_asked_for_can_be_ended_with_one_click_and_no_other_can() {
        for letter in every_letter() {
            let asked_for = matches!(letter, Letter::PriceFell { .. } | Letter::BackInStock { .. });
            let head = head(&compose(&letter));
            for line in [
                "List-Unsubscribe: <https://shop.example/api/wishlist/unsubscribe/abc-DEF>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            ] {
                assert_eq!(head.lines().any(|have| have == line), asked_for, "{}: {head}", letter.kind());
            }
        }
        assert!(ListUnsubscribe::new("https://bücher.example/").is_none());
        assert!(ListUnsubscribe::new("https://shop.example/\r\nBcc: eve@example.com").is_none());
    }

    #[test]
    fn a_letter_about_wishes_names_them_with_what_they_cost() {
        let mail = compose(&Letter::PriceFell { items: vec![wished()], unsubscribe: "abc".to_owned() });
        assert!(mail.text.contains(
            "It has fallen:\n\n\
             Tarn <mug>, Sage: now €4.00, was €5.00\n\
             https://shop.example/products/tarn-mug?variant=TARN-1\n\n\
             That was so"
        ));
        assert!(mail.text.contains("stays as it is:\n\nhttps://shop.example/unsubscribe?token=abc\n\n-- \n"));
        let html = &mail.html;
        assert!(
            html.contains(">Tarn &#60;mug&#62;, Sage</a>") || html.contains(">Tarn &lt;mug&gt;, Sage</a>"),
            "{html}"
        );
        let back = Letter::BackInStock { items: vec![Wished { was: None, ..wished() }], unsubscribe: "abc".to_owned() };
        assert!(compose(&back).text.contains("\n\nTarn <mug>, Sage: €4.00\n"));
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
