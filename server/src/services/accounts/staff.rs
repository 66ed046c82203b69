//! What the shop's operator does about accounts, on the command line.

use super::codes::{PAUSE, purpose_key};
use super::flows::Pending;
use super::names::claim;
use super::{AccountService, new_token, sessions};
use crate::error::ServiceError;
use crate::secret::token_hash;
use crate::services::office::audit::{self, Act, Actor, partly};
use app::account::api::{Purpose, Role};
use app::domain::{Email, Username};
use app::error::AppError;
use serde_json::{Value, json};
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long a link that sets a password lives.
pub(crate) const LINK_LIFE: time::Duration = time::Duration::hours(24);

/// An account as the operator's list shows it.
pub struct Listed {
    pub username: String,
    pub email: String,
    pub role: String,
    /// Somebody has been there: the code was entered, or the link followed that sets the password.
    pub verified: bool,
    pub blocked: bool,
    pub created_at: OffsetDateTime,
    pub last_seen_at: Option<OffsetDateTime>,
}

/// The account that a name means.
struct Named {
    id: Uuid,
    blocked: bool,
}

impl AccountService {
    /// Makes an account whose address counts as verified: whoever runs the shop vouches for it. Without a password,
    /// nobody can log in until a [`link`](Self::password_link) has set one.
    ///
    /// # Errors
    /// `Invalid` for a name, an address or a password that can't be had; the database's.
    pub async fn create(
        &self,
        username: &str,
        email: &str,
        admin: bool,
        password: Option<&str>,
    ) -> Result<Uuid, ServiceError> {
        let username =
            Username::parse(username, &self.shop_name).map_err(|error| AppError::invalid("username", error))?;
        let email = Email::parse(email).map_err(|error| AppError::invalid("email", error))?;
        let hash = match password {
            Some(text) => {
                let password = self.new_password(text, admin, &[username.as_str(), email.as_str()])?;
                Some(self.hasher.hash(password).await?)
            }
            None => None,
        };
        let role = if admin { Role::Admin } else { Role::Shopper };
        let mut transaction = self.pool.begin().await?;
        let id = self.insert(&mut transaction, &username, &email, role, hash).await?;
        let user = id.to_string();
        let act = Act::on_user("user.create", &user)
            .changing(json!({}), json!({ "role": role.key(), "email": partly(email.as_str()) }));
        audit::write(&mut transaction, &Actor::command_line(), act).await?;
        transaction.commit().await?;
        tracing::info!(user = %id, admin, "an account was made on the command line");
        Ok(id)
    }

    /// Makes such an account within the caller's transaction.
    ///
    /// # Errors
    /// `Invalid` for a name or an address that somebody has; the database's.
    pub(crate) async fn insert(
        &self,
        connection: &mut PgConnection,
        username: &Username,
        email: &Email,
        role: Role,
        hash: Option<String>,
    ) -> Result<Uuid, ServiceError> {
        let id = Uuid::now_v7();
        // A sign-up that nobody finished gives way.
        sqlx::query!("delete from users where email_key = $1 and verified_at is null", email.key())
            .execute(&mut *connection)
            .await?;
        let made = sqlx::query!(
            "insert into users (id, username, username_key, email, email_key, password_hash, role, verified_at)
             values ($1::uuid, $2, '~' || $1::uuid, $3, $4, $5, $6, now())",
            id,
            username.as_str(),
            email.as_str(),
            email.key(),
            hash,
            role.key()
        )
        .execute(&mut *connection)
        .await;
        if let Err(error) = made.map_err(ServiceError::from) {
            return Err(match error.constraint() {
                Some("users_email_key") => AppError::invalid("email", "There is an account with this address").into(),
                _ => error,
            });
        }
        claim(connection, id, username).await?;
        Ok(id)
    }

    /// A path, good once and for a day, of the page that sets the account's password.
    ///
    /// # Errors
    /// The database's.
    pub async fn password_link(&self, user: Uuid) -> Result<String, ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let path = self.reset_link(&mut transaction, user, false).await?;
        transaction.commit().await?;
        Ok(path)
    }

    /// As [`password_link`](Self::password_link), to be mailed, within the caller's transaction. An older link dies with it.
    pub(crate) async fn new_password_link(
        &self,
        connection: &mut PgConnection,
        user: Uuid,
    ) -> Result<String, ServiceError> {
        self.reset_link(connection, user, true).await
    }

    async fn reset_link(
        &self,
        connection: &mut PgConnection,
        user: Uuid,
        mailed: bool,
    ) -> Result<String, ServiceError> {
        let email =
            sqlx::query_scalar!("select email from users where id = $1", user).fetch_one(&mut *connection).await?;
        let pending = Pending { link: true, mailed, ..Pending::default() };
        let token = self.new_link(connection, Purpose::Reset, user, &email, "/login", pending).await?;
        Ok(format!("/reset-password?token={token}"))
    }

    /// Whether a link for this was mailed to this address within the pause between two mails, and still holds: who asks
    /// for another has clicked twice. `email`: as the account has it, or is to have it.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn has_just_mailed(
        &self,
        connection: &mut PgConnection,
        purpose: Purpose,
        user: Uuid,
        email: &str,
    ) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar!(
            r#"select exists (
                   select from flows
                   where user_id = $1 and purpose = $2 and email = $3 and pending @> '{"mailed": true}'
                     and created_at > now() - make_interval(secs => $4)
               ) as "has!""#,
            user,
            purpose_key(purpose),
            email,
            f64::from(PAUSE)
        )
        .fetch_one(connection)
        .await
    }

    /// A path, good once and for a day, of the page that makes `email` the account's address, to be mailed. Whatever was
    /// under way to change it ends.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn new_address_link(
        &self,
        connection: &mut PgConnection,
        user: Uuid,
        email: &Email,
    ) -> Result<String, ServiceError> {
        sqlx::query!("delete from flows where user_id = $1 and purpose = 'change_email'", user)
            .execute(&mut *connection)
            .await?;
        sqlx::query!(
            "delete from one_time_codes where user_id = $1 and purpose = 'change_email' and redeemed_at is null",
            user
        )
        .execute(&mut *connection)
        .await?;
        let pending = Pending { link: true, mailed: true, ..Pending::default() };
        let token = self.new_link(connection, Purpose::ChangeEmail, user, email.as_str(), "/account", pending).await?;
        Ok(format!("/verify?token={token}"))
    }

    /// The token of a link that stands for a code, in place of an older one.
    async fn new_link(
        &self,
        connection: &mut PgConnection,
        purpose: Purpose,
        user: Uuid,
        email: &str,
        next_path: &str,
        pending: Pending,
    ) -> Result<String, ServiceError> {
        let email_key = Email::parse(email).map(|email| email.key()).unwrap_or_default();
        sqlx::query!(
            "delete from flows where user_id = $1 and purpose = $2 and pending @> '{\"link\": true}'",
            user,
            purpose_key(purpose)
        )
        .execute(&mut *connection)
        .await?;
        let token = new_token();
        sqlx::query!(
            "insert into flows (token_hash, purpose, user_id, email, email_key, pending, next_path, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            &token_hash(&token),
            purpose_key(purpose),
            user,
            email,
            email_key,
            Json(pending) as _,
            next_path,
            OffsetDateTime::now_utc() + LINK_LIFE
        )
        .execute(connection)
        .await?;
        Ok(token)
    }

    /// The account of this name, kept as it is until the transaction ends.
    async fn named(&self, connection: &mut PgConnection, username: &str) -> Result<Named, ServiceError> {
        sqlx::query_as!(
            Named,
            r#"select id, blocked_at is not null as "blocked!" from users where username_key = $1 for update"#,
            Username::key_of(username)
        )
        .fetch_optional(connection)
        .await?
        .ok_or(ServiceError::NotFound)
    }

    /// Blocks an account and ends its sessions.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` for the last active admin; the database's.
    pub async fn block(&self, username: &str, reason: &str, note: &str) -> Result<(), ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let Named { id, blocked } = self.named(&mut transaction, username).await?;
        let done = set_blocked(&mut transaction, id, Some((reason, note))).await;
        if let Err(error) = done.map_err(ServiceError::from) {
            return Err(match error.constraint() {
                Some("users_last_admin") => AppError::Forbidden.into(),
                _ => error,
            });
        }
        let (before, after) = was_blocked(blocked, true);
        let user = id.to_string();
        let act = Act::on_user("user.block", &user).changing(before, after).because(reason);
        audit::write_about(&mut transaction, &Actor::command_line(), id, act, note).await?;
        transaction.commit().await?;
        tracing::info!(user, "an account was blocked on the command line");
        Ok(())
    }

    /// # Errors
    /// `NotFound`; the database's.
    pub async fn unblock(&self, username: &str) -> Result<(), ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let Named { id, blocked } = self.named(&mut transaction, username).await?;
        set_blocked(&mut transaction, id, None).await?;
        let (before, after) = was_blocked(blocked, false);
        let user = id.to_string();
        let act = Act::on_user("user.unblock", &user).changing(before, after);
        audit::write(&mut transaction, &Actor::command_line(), act).await?;
        transaction.commit().await?;
        tracing::info!(user, "an account was unblocked on the command line");
        Ok(())
    }

    /// Ends all sessions of an account; says how many.
    ///
    /// # Errors
    /// `NotFound`; the database's.
    pub async fn end_sessions_of(&self, username: &str) -> Result<u64, ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let Named { id, .. } = self.named(&mut transaction, username).await?;
        let ended = sessions::end_all(&mut transaction, id, None).await?;
        let user = id.to_string();
        let act = Act::on_user("session.end", &user).changing(json!({}), json!({ "ended": ended }));
        audit::write(&mut transaction, &Actor::command_line(), act).await?;
        transaction.commit().await?;
        tracing::info!(user, ended, "sessions were ended on the command line");
        Ok(ended)
    }

    /// All accounts, the oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self) -> Result<Vec<Listed>, ServiceError> {
        let all = sqlx::query_as!(
            Listed,
            r#"select username, email, role, verified_at is not null and password_hash is not null as "verified!",
                      blocked_at is not null as "blocked!", created_at, last_seen_at
               from users order by created_at, id"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(all)
    }
}

/// Blocks an account, with a reason and what its owner is told, or lets it in again. No form that has the account's
/// version has any of it: what is typed there is as good as before.
///
/// # Errors
/// The database's; the constraint `users_last_admin` for the last active admin.
pub(crate) async fn set_blocked(
    connection: &mut PgConnection,
    user: Uuid,
    why: Option<(&str, &str)>,
) -> Result<(), sqlx::Error> {
    let (reason, note) = why.unwrap_or_default();
    sqlx::query!(
        "update users
         set blocked_at = case when $2 then coalesce(blocked_at, now()) end, blocked_reason = $3, blocked_note = $4,
             updated_at = now()
         where id = $1",
        user,
        why.is_some(),
        reason,
        note
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What an entry says of a block, before and after.
pub(crate) fn was_blocked(before: bool, after: bool) -> (Value, Value) {
    (json!({ "blocked": before }), json!({ "blocked": after }))
}
