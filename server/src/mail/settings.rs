//! Which way mail goes, by the configuration.

use super::{Mailbox, Mailer, Smtp, mailer};
use crate::config::Serve;
use clap::Args;
use lettre::Address;
use lettre::message::Mailbox as Sender;
use std::path::PathBuf;

#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// The mail server: smtps://user:password@host:465, or smtp://user:password@host:587?tls=required for STARTTLS.
    #[arg(long, env = "SHOPFRONT_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Whom letters come from, such as "Fieldstone <shop@example.com>".
    #[arg(long, env = "SHOPFRONT_MAIL_FROM", value_parser = mailer::parse_from)]
    pub mail_from: Option<Sender>,
    /// A folder that letters are written to instead of being sent, one .eml file each.
    #[arg(long, env = "SHOPFRONT_MAIL_DIR", conflicts_with = "smtp_url")]
    pub mail_dir: Option<PathBuf>,
    /// Without a mail server: keep letters in memory and show them at /dev/mail. For development, on a loopback
    /// address only.
    #[arg(long, env = "SHOPFRONT_DEV_MAIL", value_parser = clap::builder::FalseyValueParser::new())]
    pub dev_mail: bool,
}

/// What the configuration comes to.
pub struct Post {
    /// Without one, letters wait in the outbox.
    pub mailer: Option<Mailer>,
    pub from: Sender,
    /// What the development mailer keeps, where it is the mailer.
    pub dev_mail: Option<Mailbox>,
}

/// Settings that are wrong or don't go together, in words for the operator.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {mend}")]
pub struct Unusable {
    pub what: &'static str,
    pub mend: &'static str,
}

impl Settings {
    /// Must be called within the runtime, as [`Smtp::new`].
    ///
    /// # Errors
    /// For settings that are wrong or don't go together.
    pub fn post(&self, serve: &Serve) -> Result<Post, Unusable> {
        if self.dev_mail && (!serve.addr.ip().is_loopback() || serve.is_https()) {
            return Err(Unusable {
                what: "--dev-mail shows every code to everybody, so it works only on a loopback address and without an \
                       https address",
                mend: "leave out --dev-mail (SHOPFRONT_DEV_MAIL), or set --addr 127.0.0.1:3000 and no https --base-url",
            });
        }
        let (mailer, dev_mail) = match (&self.smtp_url, &self.mail_dir) {
            (Some(url), _) => {
                let smtp =
                    Smtp::new(url).map_err(|mend| Unusable { what: "SHOPFRONT_SMTP_URL can’t be read", mend })?;
                (Some(Mailer::Smtp(smtp)), None)
            }
            (None, Some(folder)) => (Some(Mailer::File(folder.clone())), None),
            (None, None) if self.dev_mail => {
                let kept = Mailbox::default();
                (Some(Mailer::Memory(kept.clone())), Some(kept))
            }
            (None, None) => (None, None),
        };
        let is_for_others = self.smtp_url.is_some() || self.mail_dir.is_some();
        let from = match (&self.mail_from, Address::new("shop", "localhost")) {
            (Some(from), _) => from.clone(),
            (None, Ok(local)) if !is_for_others => Sender::new(Some(serve.name.clone()), local),
            _ => {
                return Err(Unusable {
                    what: "nobody is named whom mail comes from",
                    mend: "set SHOPFRONT_MAIL_FROM, such as 'Fieldstone <shop@example.com>'",
                });
            }
        };
        Ok(Post { mailer, from, dev_mail })
    }
}
