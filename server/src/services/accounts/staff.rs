//! What the shop's operator does about accounts, on the command line.

use super::codes::purpose_key;
use super::flows::Pending;
use super::names::claim;
use super::{AccountService, new_token, sessions};
use crate::error::ServiceError;
use crate::secret::token_hash;
use app::account::api::Purpose;
use app::domain::{Email, Username};
use app::error::AppError;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long a link that sets a password lives.
const LINK_LIFE: time::Duration = time::Duration::hours(24);

/// An account as the operator's list shows it.
pub struct Listed {
    pub username: String,
    pub email: String,
    pub role: String,
    pub verified: bool,
    pub blocked: bool,
    pub created_at: OffsetDateTime,
    pub last_seen_at: Option<OffsetDateTime>,
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
        let id = Uuid::now_v7();
        let mut transaction = self.pool.begin().await?;
        // A sign-up that nobody finished gives way.
        sqlx::query!("delete from users where email_key = $1 and verified_at is null", email.key())
            .execute(&mut *transaction)
            .await?;
        let made = sqlx::query!(
            "insert into users (id, username, username_key, email, email_key, password_hash, role, verified_at)
             values ($1::uuid, $2, '~' || $1::uuid, $3, $4, $5, $6, now())",
            id,
            username.as_str(),
            email.as_str(),
            email.key(),
            hash,
            if admin { "admin" } else { "shopper" }
        )
        .execute(&mut *transaction)
        .await;
        if let Err(error) = made.map_err(ServiceError::from) {
            return Err(match error.constraint() {
                Some("users_email_key") => AppError::invalid("email", "There is an account with this address").into(),
                _ => error,
            });
        }
        claim(&mut transaction, id, &username).await?;
        transaction.commit().await?;
        tracing::info!(user = %id, admin, "an account was made on the command line");
        Ok(id)
    }

    /// A path, good once and for a day, of the page that sets the account's password.
    ///
    /// # Errors
    /// The database's.
    pub async fn password_link(&self, user: Uuid) -> Result<String, ServiceError> {
        let token = new_token();
        sqlx::query!(
            "insert into flows (token_hash, purpose, user_id, email, email_key, pending, next_path, expires_at)
             select $1, $2, id, email, email_key, $3, '/login', $4 from users where id = $5",
            &token_hash(&token),
            purpose_key(Purpose::Reset),
            Json(Pending { link: true, ..Pending::default() }) as _,
            OffsetDateTime::now_utc() + LINK_LIFE,
            user
        )
        .execute(&self.pool)
        .await?;
        Ok(format!("/reset-password?token={token}"))
    }

    async fn named(&self, username: &str) -> Result<Uuid, ServiceError> {
        sqlx::query_scalar!("select id from users where username_key = $1", Username::key_of(username))
            .fetch_optional(&self.pool)
            .await?
            .ok_or(ServiceError::NotFound)
    }

    /// Blocks an account and ends its sessions.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` for the last active admin; the database's.
    pub async fn block(&self, username: &str, reason: &str, note: &str) -> Result<(), ServiceError> {
        let user = self.named(username).await?;
        let blocked = sqlx::query!(
            "update users
             set blocked_at = coalesce(blocked_at, now()), blocked_reason = $2, blocked_note = $3,
                 version = version + 1, updated_at = now()
             where id = $1",
            user,
            reason,
            note
        )
        .execute(&self.pool)
        .await;
        if let Err(error) = blocked.map_err(ServiceError::from) {
            return Err(match error.constraint() {
                Some("users_last_admin") => AppError::Forbidden.into(),
                _ => error,
            });
        }
        tracing::info!(%user, "an account was blocked on the command line");
        Ok(())
    }

    /// # Errors
    /// `NotFound`; the database's.
    pub async fn unblock(&self, username: &str) -> Result<(), ServiceError> {
        let user = self.named(username).await?;
        sqlx::query!(
            "update users
             set blocked_at = null, blocked_reason = '', blocked_note = '', version = version + 1, updated_at = now()
             where id = $1",
            user
        )
        .execute(&self.pool)
        .await?;
        tracing::info!(%user, "an account was unblocked on the command line");
        Ok(())
    }

    /// Ends all sessions of an account; says how many.
    ///
    /// # Errors
    /// `NotFound`; the database's.
    pub async fn end_sessions_of(&self, username: &str) -> Result<u64, ServiceError> {
        let user = self.named(username).await?;
        let mut connection = self.pool.acquire().await?;
        let ended = sessions::end_all(&mut connection, user, None).await?;
        tracing::info!(%user, ended, "sessions were ended on the command line");
        Ok(ended)
    }

    /// All accounts, the oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self) -> Result<Vec<Listed>, ServiceError> {
        let all = sqlx::query_as!(
            Listed,
            r#"select username, email, role, verified_at is not null as "verified!", blocked_at is not null as "blocked!",
                      created_at, last_seen_at
               from users order by created_at, id"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(all)
    }
}
