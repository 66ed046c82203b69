//! What support does for people: sessions, resets, blocks.

use super::{PgUsers, in_words};
use crate::error::ServiceError;
use crate::mail::{Letter, enqueue};
use crate::services::accounts::staff::{set_blocked, was_blocked};
use crate::services::accounts::{LINK_LIFE, mailbox, sessions};
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::reason::written;
use app::account::api::Purpose;
use app::admin::host::May;
use app::cart::api::Done;
use app::domain::Email;
use app::error::{AppError, FieldError};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

impl PgUsers {
    pub(super) async fn keep_out(
        &self,
        user: &str,
        reason: &str,
        note: &str,
        password: &str,
    ) -> Result<(Done, bool), ServiceError> {
        self.me.must(May::Support)?;
        let reason = written("reason", reason).and_then(|reason| match reason.as_str() {
            "" => {
                let message = "Say why, for whoever looks at it later".to_owned();
                Err(FieldError { field: "reason".to_owned(), message })
            }
            _ => Ok(reason),
        });
        let (reason, note) = match (reason, written("note", note)) {
            (Ok(reason), Ok(note)) => (reason, note),
            (reason, note) => {
                let fields = reason.err().into_iter().chain(note.err()).collect();
                return Err(AppError::Invalid { fields }.into());
            }
        };
        self.prove(password).await?;
        let mut transaction = self.pool.begin().await?;
        let target = self.helped(&mut transaction, user).await?;
        if target.blocked {
            return Err(AppError::invalid("", "This account is blocked already").into());
        }
        set_blocked(&mut transaction, target.id, Some((&reason, &note))).await.map_err(in_words)?;
        let (before, after) = was_blocked(false, true);
        let id = target.id.to_string();
        let act = Act::on_user("user.block", &id).changing(before, after).because(&reason);
        let actor = Actor::of(&self.caller);
        audit::write_about(&mut transaction, &actor, target.id, act, &note).await?;
        transaction.commit().await?;
        tracing::info!(user, "an account was blocked");
        Ok((Done::saying(format!("{} is blocked, and logged out everywhere", target.username)), self.left(target.id)))
    }

    pub(super) async fn let_in(&self, user: &str) -> Result<Done, ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let target = self.helped(&mut transaction, user).await?;
        if !target.blocked {
            return Err(AppError::invalid("", "This account isn’t blocked").into());
        }
        set_blocked(&mut transaction, target.id, None).await?;
        let (before, after) = was_blocked(true, false);
        let id = target.id.to_string();
        self.write(&mut transaction, Act::on_user("user.unblock", &id).changing(before, after)).await?;
        transaction.commit().await?;
        tracing::info!(user, "an account was unblocked");
        Ok(Done::saying(format!("{} may log in again", target.username)))
    }

    pub(super) async fn send_reset(&self, user: &str) -> Result<Done, ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let target = self.helped(&mut transaction, user).await?;
        if target.blocked {
            return Err(AppError::invalid("", "This account is blocked. Unblock it first").into());
        }
        let email = &target.email;
        if self.accounts.has_just_mailed(&mut transaction, Purpose::Reset, target.id, email).await? {
            let notice = format!("A link is on its way to {} already. Another can follow in a minute", target.username);
            return Ok(Done::saying(notice));
        }
        let email_key = Email::parse(email).map(|email| email.key()).unwrap_or_default();
        self.accounts.count_mail(&mut transaction, &email_key).await?;
        let path = self.accounts.new_password_link(&mut transaction, target.id).await?;
        let letter = if target.has_password { Letter::ResetLink { path } } else { Letter::Invitation { path } };
        let expires_at = OffsetDateTime::now_utc() + LINK_LIFE;
        let to = mailbox(&target.email);
        enqueue(&mut transaction, self.accounts.secret(), Some(&to), &letter, expires_at).await?;
        let id = target.id.to_string();
        self.write(&mut transaction, Act::on_user("user.reset_started", &id)).await?;
        transaction.commit().await?;
        tracing::info!(user, "a reset was started in the back office");
        Ok(Done::saying(format!("A link that sets a new password is on its way to {}", target.username)))
    }

    pub(super) async fn log_out(&self, user: &str, session: &str) -> Result<Done, ServiceError> {
        self.me.must(May::Support)?;
        let session: Uuid = session.parse().map_err(|_| ServiceError::NotFound)?;
        let mut transaction = self.pool.begin().await?;
        let target = self.helped(&mut transaction, user).await?;
        if !sessions::end(&mut transaction, target.id, session).await? {
            return Err(ServiceError::NotFound);
        }
        let id = target.id.to_string();
        let act = Act::on_user("session.end", &id).changing(json!({}), json!({ "ended": 1 }));
        self.write(&mut transaction, act).await?;
        transaction.commit().await?;
        tracing::info!(user, "a session was ended in the back office");
        Ok(Done::saying("The session is ended"))
    }

    /// But for the one that this is asked from.
    pub(super) async fn log_out_everywhere(&self, user: &str) -> Result<Done, ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let target = self.helped(&mut transaction, user).await?;
        let kept = self.caller.session.as_ref().map(|session| session.id);
        let ended = sessions::end_all(&mut transaction, target.id, kept).await?;
        let id = target.id.to_string();
        let act = Act::on_user("session.end", &id).changing(json!({}), json!({ "ended": ended }));
        self.write(&mut transaction, act).await?;
        transaction.commit().await?;
        tracing::info!(user, ended, "sessions were ended in the back office");
        Ok(Done::saying(match self.is_me(target.id) {
            true => "Your other sessions are ended".to_owned(),
            false => format!("{} is logged out everywhere", target.username),
        }))
    }

    pub(super) async fn forget_tries(&self, user: &str) -> Result<Done, ServiceError> {
        self.me.must(May::Everything)?;
        let mut transaction = self.pool.begin().await?;
        let target = self.target(&mut transaction, user).await?;
        let email_key = Email::parse(&target.email).map(|email| email.key()).unwrap_or_default();
        self.accounts.clear_waits(&mut transaction, target.id, &email_key).await?;
        let id = target.id.to_string();
        self.write(&mut transaction, Act::on_user("user.clear_limits", &id)).await?;
        transaction.commit().await?;
        tracing::info!(user, "an account’s limits were cleared");
        Ok(Done::saying(format!("{} may try again at once", target.username)))
    }
}
