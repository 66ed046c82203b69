//! What people change about their account.

use super::codes::mailbox;
use super::log_in::write_on_own;
use super::recovery::set_password;
use super::{MESSAGE_LIFE, PgAccounts, names, role_of, sessions};
use crate::error::ServiceError;
use crate::mail::{Letter, enqueue};
use crate::services::office::audit::{self, Act, Actor, difference, partly};
use crate::services::words;
use app::account::api::Profile;
use app::domain::Username;
use app::error::{AppError, FieldError};
use app::form::Next;
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Characters.
const LONGEST_DISPLAY_NAME: usize = 80;

impl PgAccounts {
    pub(super) async fn load_profile(&self) -> Result<Profile, ServiceError> {
        let session = self.caller.signed_in()?;
        let row = sqlx::query!(
            r#"select username, display_name, email, role, created_at,
                      (select f.email from flows f
                       where f.user_id = u.id and f.purpose = 'change_email' and f.expires_at > now()
                       order by f.created_at desc limit 1) as pending_email
               from users u where id = $1"#,
            session.user_id
        )
        .fetch_optional(&self.service.pool)
        .await?
        .ok_or(AppError::SignIn)?;
        Ok(Profile {
            username: row.username,
            display_name: row.display_name,
            email: row.email,
            pending_email: row.pending_email,
            role: role_of(&row.role),
            since: words::day(row.created_at),
        })
    }

    pub(super) async fn change_profile(&self, username: &str, display_name: &str) -> Result<Next, ServiceError> {
        let session = self.caller.signed_in()?;
        let mut fields = Vec::new();
        let name = Username::parse(username, &self.service.shop_name);
        if let Err(error) = &name {
            fields.push(FieldError { field: "username".to_owned(), message: error.to_string() });
        }
        let display_name = display_name.trim();
        fields.extend(wrong_display_name(display_name));
        let (Ok(name), true) = (name, fields.is_empty()) else {
            return Err(AppError::Invalid { fields }.into());
        };
        let mut transaction = self.service.pool.begin().await?;
        let old = sqlx::query!("select username, display_name from users where id = $1 for update", session.user_id)
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or(AppError::SignIn)?;
        match names::claim(&mut transaction, session.user_id, &name).await {
            Err(error) if error.constraint() == Some("users_username_key") => {
                return Err(AppError::invalid("username", names::TAKEN).into());
            }
            done => done?,
        }
        sqlx::query!(
            "update users set display_name = $2, version = version + 1, updated_at = now() where id = $1",
            session.user_id,
            display_name
        )
        .execute(&mut *transaction)
        .await?;
        let (before, after) = renaming((&old.username, &old.display_name), (name.as_str(), display_name));
        if before != after {
            let id = session.user_id.to_string();
            let act = Act::on_user("user.update", &id).changing(before, after);
            audit::write(&mut transaction, &Actor::of(&self.caller), act).await?;
        }
        transaction.commit().await?;
        Ok(Next::saying("/account", "Saved"))
    }

    pub(super) async fn replace_password(&self, current: &str, password: &str) -> Result<Next, ServiceError> {
        let person = self.with_password("current_password", current).await?;
        let session = self.caller.signed_in()?;
        let new = self.service.new_password(password, person.staff, &[&person.username, &person.email])?;
        let hash = self.service.hasher.hash(new).await?;
        let mut transaction = self.service.pool.begin().await?;
        set_password(&mut transaction, person.id, &hash).await?;
        // Logged out while this was under way: it must not bring the session back, nor act for it.
        let Some(fresh) = sessions::renew(&mut transaction, session).await? else {
            return Err(AppError::SignIn.into());
        };
        sessions::end_all(&mut transaction, person.id, Some(session.id)).await?;
        let to = mailbox(&person.email);
        let expires_at = OffsetDateTime::now_utc() + MESSAGE_LIFE;
        enqueue(&mut transaction, &self.service.secret, Some(&to), &Letter::PasswordChanged, expires_at).await?;
        write_on_own(&mut transaction, &self.caller, "user.password_changed", person.id).await?;
        transaction.commit().await?;
        self.caller.enter(&fresh, self.service.https);
        tracing::info!(user = %person.id, "a password was changed");
        Ok(Next::saying("/account/security", "Your password is changed, and your other devices are logged out"))
    }

    pub(super) async fn delete_account(&self, password: &str) -> Result<Next, ServiceError> {
        let person = self.with_password("password", password).await?;
        let mut transaction = self.service.pool.begin().await?;
        let to = mailbox(&person.email);
        let expires_at = OffsetDateTime::now_utc() + MESSAGE_LIFE;
        enqueue(&mut transaction, &self.service.secret, Some(&to), &Letter::AccountDeleted, expires_at).await?;
        if let Err(error) = erase(&mut transaction, person.id).await.map_err(ServiceError::from) {
            return Err(match error.constraint() {
                Some("users_last_admin") => {
                    AppError::invalid("password", "You are the shop’s last admin. Make another one first").into()
                }
                _ => error,
            });
        }
        write_on_own(&mut transaction, &self.caller, "user.delete", person.id).await?;
        transaction.commit().await?;
        self.caller.leave(self.service.https);
        tracing::info!(user = %person.id, "an account was deleted by its owner");
        Ok(Next::saying("/", "Your account is deleted"))
    }
}

/// What an entry says of another username and name to be shown, each given in this order: the second is a person's own,
/// and kept in part.
pub fn renaming(old: (&str, &str), new: (&str, &str)) -> (Value, Value) {
    let fields = |(username, shown): (&str, &str)| json!({ "username": username, "display_name": shown });
    let (mut before, mut after) = difference(&fields(old), &fields(new));
    for side in [&mut before, &mut after] {
        if let Some(shown) = side.get_mut("display_name") {
            *shown = partly(shown.as_str().unwrap_or_default()).into();
        }
    }
    (before, after)
}

/// What is wrong with a name that others are shown.
pub fn wrong_display_name(name: &str) -> Option<FieldError> {
    if name.chars().count() <= LONGEST_DISPLAY_NAME && !name.chars().any(words::misleads) {
        return None;
    }
    let message = format!("Use at most {LONGEST_DISPLAY_NAME} ordinary characters");
    Some(FieldError { field: "display_name".to_owned(), message })
}

/// Deletes an account with all that is its own, what was removed from its cart and lists and could be brought back
/// included. What the audit log says about it stays, and names nobody.
///
/// # Errors
/// The database's; the constraint `users_last_admin` for the last active admin.
pub async fn erase(connection: &mut PgConnection, user: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from undos where owner_id = $1", user).execute(&mut *connection).await?;
    sqlx::query!("delete from users where id = $1", user).execute(connection).await?;
    Ok(())
}
