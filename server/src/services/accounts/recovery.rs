//! The way back in for who has forgotten their password, or whose codes were stopped.

use super::codes::{Issue, Post, mailbox};
use super::flows::{Kept, Pending};
use super::log_in::write_on_own;
use super::people::{self, Person};
use super::verify::{TOKEN_LENGTH, WRONG_CODE, verified};
use super::{MESSAGE_LIFE, PgAccounts, sessions};
use crate::error::ServiceError;
use crate::mail::{Letter, enqueue};
use crate::secret::token_hash;
use crate::services::office::audit::{self, Act, Actor};
use app::account::api::Purpose;
use app::domain::{Email, OneTimeCode, OneTimeCodeError};
use app::error::{AppError, FieldError};
use app::form::Next;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// What shows that a new password comes from the account's owner.
enum Proof {
    Code(OneTimeCode),
    /// The token of a link that the shop's operator made.
    Link(String),
}

impl Proof {
    fn parse(typed: &str) -> Result<Self, OneTimeCodeError> {
        let typed = typed.trim();
        match typed.len() {
            TOKEN_LENGTH => Ok(Self::Link(typed.to_owned())),
            _ => OneTimeCode::parse(typed).map(Self::Code),
        }
    }
}

impl PgAccounts {
    pub(super) async fn start_reset(&self, email: &str) -> Result<Next, ServiceError> {
        let email = Email::parse(email).map_err(|error| AppError::invalid("email", error))?;
        let mut transaction = self.service.pool.begin().await?;
        let known = people::by_key(&mut transaction, Some(&email.key()), None).await?;
        self.ask_for_reset(&mut transaction, &email, known).await?;
        transaction.commit().await?;
        tracing::info!(client = %self.caller.client, "a password reset began");
        Ok(Next::to("/reset-password"))
    }

    /// Begins a reset in this browser, and mails the code where the address has an account.
    pub(super) async fn ask_for_reset(
        &self,
        connection: &mut PgConnection,
        email: &Email,
        known: Option<Person>,
    ) -> Result<(), ServiceError> {
        let service = &self.service;
        let email_key = email.key();
        let flow = self.caller.flow_hash(service.https);
        let kept = Kept {
            purpose: Purpose::Reset,
            user: known.as_ref().map(|known| known.id),
            email: email.as_str().to_owned(),
            email_key: email_key.clone(),
            pending: Pending { address: known.as_ref().map(|known| known.email.clone()), ..Pending::default() },
            next_path: "/login".to_owned(),
        };
        service.keep_flow(connection, &flow, &kept).await?;
        // For an address that is nobody's there is an entry as well, which costs the same and names nobody.
        let id = known.as_ref().map(|known| known.id.to_string()).unwrap_or_default();
        let actor = Actor::nobody(&self.caller.request);
        audit::write(connection, &actor, Act::on_user("user.reset_asked", &id)).await?;
        let post = match known {
            // To the address on record, never to the one that was typed.
            Some(known) => Post::Code { user: known.id, to: mailbox(&known.email) },
            None => Post::Nothing,
        };
        let issue = Issue { purpose: Purpose::Reset, flow, email_key: &email_key, post };
        service.send_code(connection, &self.caller, issue).await?;
        Ok(())
    }

    pub(super) async fn finish_reset(&self, code: &str, password: &str) -> Result<Next, ServiceError> {
        let service = &self.service;
        let mut fields = Vec::new();
        let proof = Proof::parse(code);
        if let Err(error) = &proof {
            fields.push(FieldError { field: "code".to_owned(), message: error.to_string() });
        }
        let checked = service.new_password(password, false, &[]);
        if let Err(AppError::Invalid { fields: more }) = &checked {
            fields.extend_from_slice(more);
        }
        let (Ok(proof), Ok(new), true) = (proof, checked, fields.is_empty()) else {
            return Err(AppError::Invalid { fields }.into());
        };
        let hash = service.hasher.hash(new).await?;
        let mut transaction = service.pool.begin().await?;
        let proven = self.proven(&mut transaction, &proof).await?;
        let Some((user, flow, kept)) = proven else {
            // A wrong guess counts.
            transaction.commit().await?;
            tracing::info!(client = %self.caller.client, "a password reset was refused");
            return Err(AppError::invalid("code", WRONG_CODE).into());
        };
        let person = people::by_id(&mut transaction, user).await?.ok_or(ServiceError::NotFound)?;
        // Whose account it is may be told only now. If the password won't do, the code is still good: nothing of this
        // is committed.
        service.new_password(password, person.staff, &[&person.username, &person.email])?;
        if !person.verified {
            verified(&mut transaction, user, &kept).await?;
        }
        set_password(&mut transaction, user, &hash).await?;
        sessions::end_all(&mut transaction, user, None).await?;
        service.drop_flow(&mut transaction, &flow).await?;
        let to = mailbox(&person.email);
        let expires_at = OffsetDateTime::now_utc() + MESSAGE_LIFE;
        enqueue(&mut transaction, &service.secret, Some(&to), &Letter::PasswordChanged, expires_at).await?;
        write_on_own(&mut transaction, &self.caller, "user.password_reset", user).await?;
        transaction.commit().await?;
        if self.caller.session.as_ref().is_some_and(|session| session.user_id == user) {
            self.caller.leave(service.https);
        }
        self.caller.end_flow(service.https);
        tracing::info!(%user, "a password was reset; every session of its account is ended");
        Ok(Next::saying("/login", "Your password is changed. Log in with it"))
    }

    /// The account that the proof is for, with the flow that it ends.
    async fn proven(
        &self,
        connection: &mut PgConnection,
        proof: &Proof,
    ) -> Result<Option<(Uuid, [u8; 32], Kept)>, ServiceError> {
        let token = match proof {
            Proof::Link(token) => Some(token),
            Proof::Code(_) => self.caller.flow.as_ref(),
        };
        let Some(flow) = token.map(|token| token_hash(token)) else { return Ok(None) };
        let Some(kept) = self.service.kept_flow(connection, &flow).await? else { return Ok(None) };
        let user = match proof {
            _ if kept.purpose != Purpose::Reset => None,
            Proof::Link(_) if kept.pending.link => {
                // Once, also when it is used twice at the same time.
                let used = sqlx::query!("delete from flows where token_hash = $1", &flow).execute(connection).await?;
                kept.user.filter(|_| used.rows_affected() == 1)
            }
            Proof::Link(_) => None,
            Proof::Code(code) => {
                let of = (Purpose::Reset, kept.email_key.as_str(), &flow);
                self.service.redeem(connection, &self.caller, of, code).await?
            }
        };
        Ok(user.map(|user| (user, flow, kept)))
    }

    pub(super) async fn allow_codes(&self, token: &str) -> Result<Next, ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let user = sqlx::query_scalar!(
            "delete from unlock_tokens where token_hash = $1 and expires_at > now() returning user_id",
            &token_hash(token.trim())
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(user) = user else {
            return Err(AppError::invalid("", "This link has been used, or is too old. Ask for a new code").into());
        };
        sqlx::query!("update users set wrong_codes = 0 where id = $1", user).execute(&mut *transaction).await?;
        sqlx::query!("delete from unlock_tokens where user_id = $1", user).execute(&mut *transaction).await?;
        write_on_own(&mut transaction, &self.caller, "user.codes_allowed", user).await?;
        transaction.commit().await?;
        tracing::info!(%user, "codes were allowed again");
        Ok(Next::saying("/login", "Codes work again. Log in, or ask for a new code"))
    }
}

/// Replaces a password. Codes that could replace it again die with the old one. Whoever sets the first has followed the
/// link of an invitation, and shows with it that the address is theirs.
pub async fn set_password(connection: &mut PgConnection, user: Uuid, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users
         set password_hash = $2, version = version + 1, updated_at = now(),
             verified_at = case when password_hash is null and verified_at is not null then now() else verified_at end
         where id = $1",
        user,
        hash
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from one_time_codes where user_id = $1 and purpose = 'reset' and redeemed_at is null", user)
        .execute(connection)
        .await?;
    Ok(())
}
