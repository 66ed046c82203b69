//! How a message leaves: by SMTP, into a folder, or not at all.

use super::compose::Mail;
use super::mailbox::Mailbox;
use lettre::message::Mailbox as Address;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::error::Error as _;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// For the whole of connecting, TLS, authentication and the message. A mail server that takes longer is in trouble.
pub const SEND_LIMIT: Duration = Duration::from_secs(15);

/// Why a message didn't leave, in words that hold nothing of its address: they go to the log and the outbox.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The mail server can't be reached or used at all: no letter would leave now.
    #[error("{0}")]
    Away(String),
    /// This letter was put off.
    #[error("{0}")]
    Later(String),
    /// This letter was refused for good.
    #[error("{0}")]
    Refused(String),
}

pub enum Mailer {
    Smtp(Smtp),
    /// One `.eml` file for each letter.
    File(PathBuf),
    Memory(Mailbox),
}

impl Mailer {
    /// # Errors
    /// Says whom the trouble is with: the letter or the way out.
    pub async fn send(&self, mail: &Mail, limit: Duration) -> Result<(), Fault> {
        match self {
            Self::Smtp(smtp) => smtp.send(mail, limit).await,
            Self::File(folder) => write(folder, mail).await.map_err(|error| Fault::Away(error.kind().to_string())),
            Self::Memory(mailbox) => {
                mailbox.keep(mail);
                Ok(())
            }
        }
    }

    /// Whether a letter could leave now, as far as can be told without sending one.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn test(&self) -> Result<(), Fault> {
        match self {
            Self::Smtp(smtp) => smtp.test().await,
            Self::File(folder) => {
                let probe = folder.join(format!(".probe-{}", std::process::id()));
                let written = async {
                    tokio::fs::create_dir_all(folder).await?;
                    tokio::fs::write(&probe, b"x").await?;
                    tokio::fs::remove_file(&probe).await
                };
                written.await.map_err(|error| Fault::Away(error.kind().to_string()))
            }
            Self::Memory(_) => Ok(()),
        }
    }
}

/// A file is there whole or not at all: whoever watches the folder never reads half a letter.
async fn write(folder: &Path, mail: &Mail) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let name = uuid::Uuid::now_v7();
    let unfinished = folder.join(format!(".{name}.part"));
    let mut file = tokio::fs::File::create(&unfinished).await?;
    let written = async {
        file.write_all(&mail.message.formatted()).await?;
        file.sync_all().await?;
        tokio::fs::rename(&unfinished, folder.join(format!("{name}.eml"))).await
    };
    let written = written.await;
    if written.is_err() {
        let _ = tokio::fs::remove_file(&unfinished).await;
    }
    written
}

/// A mail server, and connections to it that are used again.
pub struct Smtp {
    builder: AsyncSmtpTransportBuilder,
    transport: Mutex<Transport>,
}

impl Smtp {
    /// From a URL: `smtps://user:password@host:465` speaks TLS from the start, `smtp://host:587?tls=required` after
    /// STARTTLS or not at all, `?tls=opportunistic` if the server can, and `smtp://host:25` never.
    ///
    /// Must be called within the runtime: the pool has a task of its own.
    ///
    /// # Errors
    /// For anything else, in words that don't repeat the URL, which has a password in it.
    pub fn new(url: &str) -> Result<Self, &'static str> {
        const FORM: &str = "write it as smtps://user:password@host:465 or smtp://user:password@host:587?tls=required";
        // lettre takes a misspelt parameter for none, which would mean: without TLS.
        let query = url.split_once('?').map_or("", |(_, query)| query);
        if !matches!(query, "" | "tls=required" | "tls=opportunistic") {
            return Err(FORM);
        }
        let builder = Transport::from_url(url)
            .map_err(|_| FORM)?
            .timeout(Some(SEND_LIMIT))
            .pool_config(PoolConfig::new().max_size(4));
        Ok(Self { transport: Mutex::new(builder.clone().build()), builder })
    }

    fn transport(&self) -> Transport {
        self.transport.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    async fn send(&self, mail: &Mail, limit: Duration) -> Result<(), Fault> {
        let transport = self.transport();
        let raw = mail.message.formatted();
        self.within(limit, transport.send_raw(mail.message.envelope(), &raw)).await.map(|_| ())
    }

    async fn test(&self) -> Result<(), Fault> {
        let transport = self.transport();
        match self.within(SEND_LIMIT, transport.test_connection()).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Fault::Away("the mail server left".to_owned())),
            Err(fault) => Err(fault),
        }
    }

    async fn within<T>(&self, limit: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Fault> {
        match tokio::time::timeout(limit, work).await {
            Ok(done) => done.map_err(|error| fault(&error)),
            Err(_) => {
                // The connection was left in the middle of a conversation, and its pool would take it for a sound one:
                // the next letter would end up in this one. So the pool goes, and its connections with it.
                let fresh = self.builder.clone().build();
                let old = std::mem::replace(
                    &mut *self.transport.lock().unwrap_or_else(|poisoned| poisoned.into_inner()),
                    fresh,
                );
                tokio::spawn(async move { old.shutdown().await });
                Err(Fault::Away(format!("no answer within {} s", limit.as_secs())))
            }
        }
    }
}

/// Replies quote addresses, so nothing is kept of them but their numbers.
fn fault(error: &Error) -> Fault {
    let Some(code) = error.status() else {
        let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
        let said = match io {
            // TLS wraps its own errors in this kind; they name certificates and servers, not people.
            Some(io) if io.kind() == std::io::ErrorKind::InvalidData => format!("TLS: {io}"),
            Some(io) => io.kind().to_string(),
            None if error.is_tls() => error.to_string(),
            // What lettre itself finds impossible: fixed texts, such as that the server can't do STARTTLS.
            None if error.is_client() => error.source().map_or_else(String::new, ToString::to_string),
            None if error.is_response() => "an answer that isn’t SMTP".to_owned(),
            None => "the connection failed".to_owned(),
        };
        return Fault::Away(said);
    };
    let number = code.to_string();
    let enhanced = error.source().map(ToString::to_string).and_then(|text| enhanced_code(&text));
    let said = match enhanced {
        Some(enhanced) => format!("{number} {enhanced}"),
        None => number.clone(),
    };
    match number.as_str() {
        // RFC 4954 and 5321: leaving, or not content with who we are. Every letter would hear the same, and the letters
        // are not to blame.
        "421" | "454" | "530" | "534" | "535" | "538" => Fault::Away(said),
        _ if error.is_permanent() => Fault::Refused(said),
        _ => Fault::Later(said),
    }
}

/// RFC 3463, at the start of a reply's text: `5.1.1`.
fn enhanced_code(text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?;
    let numbers: Vec<&str> = word.split('.').collect();
    let fits = numbers.len() == 3
        && numbers.iter().all(|number| (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()));
    fits.then(|| word.to_owned())
}

/// Whether codes and passwords would travel in the clear.
pub fn is_in_the_clear(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("smtp://") else { return false };
    if rest.contains("tls=required") {
        return false;
    }
    let host = rest.split(['/', '?']).next().unwrap_or(rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(v6),
        None => host.split(':').next().unwrap_or(host),
    };
    name != "localhost" && !name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `Fieldstone <shop@example.com>`, or only the address.
///
/// # Errors
/// For anything else.
pub fn parse_from(text: &str) -> Result<Address, String> {
    text.trim().parse().map_err(|_| "a sender is written as Fieldstone <shop@example.com>".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_mail_server_is_written_as_a_url() {
        for url in [
            "smtps://user:pass%40word@mail.example:465",
            "smtps://mail.example",
            "smtp://mail.example:587?tls=required",
            "smtp://mail.example/shop.example?tls=opportunistic",
            "smtp://127.0.0.1:2525",
        ] {
            assert!(Smtp::new(url).is_ok(), "{url}");
        }
        for url in ["mail.example", "https://mail.example", "smtp://", "smtp://mail.example?tsl=required", ""] {
            let said = Smtp::new(url).err().unwrap_or_default();
            assert!(said.contains("smtps://user:password@host"), "{url}: {said}");
        }
    }

    #[test]
    fn what_travels_in_the_clear_is_known() {
        for url in ["smtp://mail.example", "smtp://u:p@mail.example:25", "smtp://10.0.0.1?tls=opportunistic"] {
            assert!(is_in_the_clear(url), "{url}");
        }
        for url in [
            "smtps://mail.example",
            "smtp://mail.example?tls=required",
            "smtp://127.0.0.1:25",
            "smtp://u:p@localhost",
            "smtp://[::1]:25",
        ] {
            assert!(!is_in_the_clear(url), "{url}");
        }
    }

    #[test]
    fn of_a_reply_only_its_numbers_are_kept() {
        assert_eq!(enhanced_code("5.1.1 <ada@example.com> unknown"), Some("5.1.1".to_owned()));
        for text in ["ada@example.com", "5.1", "5.1.1.1 x", "5.1.a", "12345.1.1", ""] {
            assert_eq!(enhanced_code(text), None, "{text}");
        }
    }

    #[test]
    fn a_sender_is_one_address() {
        assert!(parse_from("Fieldstone <shop@example.com>").is_ok());
        assert!(parse_from("shop@example.com").is_ok());
        for text in ["Fieldstone", "a@b.example, c@d.example", "x <a@b.example>\r\nBcc: c@d.example"] {
            assert!(parse_from(text).is_err(), "{text:?}");
        }
    }
}
