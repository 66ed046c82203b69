//! What an account is called, where its mail goes, what it may do, and its end.

use super::{PgUsers, Target, in_words};
use crate::error::ServiceError;
use crate::mail::{Letter, enqueue};
use crate::services::accounts::profile::{erase, renaming, wrong_display_name};
use crate::services::accounts::{LINK_LIFE, MESSAGE_LIFE, mailbox, names};
use crate::services::office::audit::{self, Act, Actor, partly};
use crate::services::office::reason::optional;
use app::account::api::{Purpose, Role};
use app::admin::host::May;
use app::admin::users::host::Wanted;
use app::cart::api::Done;
use app::domain::{Email, Username};
use app::error::{AppError, FieldError};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

impl PgUsers {
    /// Says also whether the password was asked for.
    pub(super) async fn change(
        &self,
        user: &str,
        version: &str,
        wanted: &Wanted,
        password: &str,
    ) -> Result<(Done, bool), ServiceError> {
        self.me.must(May::Everything)?;
        let proven = self.prove_address(user, &wanted.email, password).await?;
        let mut transaction = self.pool.begin().await?;
        let target = self.target(&mut transaction, user).await?;
        let current = target.version.to_string();
        let moves = wanted.email.trim() != target.email && Email::parse(&wanted.email).is_ok();
        // Where the address has changed since it was looked at for the password, so has the version.
        if version.trim() != current || moves && !proven {
            return Err(AppError::Conflict { current }.into());
        }
        let display_name = wanted.display_name.trim();
        let mut fields: Vec<FieldError> = wrong_display_name(display_name).into_iter().collect();
        let wrong = |field: &str, message: String| FieldError { field: field.to_owned(), message };
        let username = Username::parse(&wanted.username, &self.shop_name);
        let username = match username {
            // A name from before a rule that it breaks now may stay.
            _ if wanted.username.trim() == target.username => Ok(None),
            Ok(name) => Ok(Some(name)),
            Err(error) => Err(wrong("username", error.to_string())),
        };
        let email = match Email::parse(&wanted.email) {
            _ if wanted.email.trim() == target.email => Ok(None),
            Ok(_) if !target.verified => Err(wrong(
                "email",
                "Nobody has shown that the present address is theirs. Delete the account, and make one for the new \
                 address"
                    .to_owned(),
            )),
            Ok(email) => Ok(Some(email)),
            Err(error) => Err(wrong("email", error.to_string())),
        };
        fields.extend(username.as_ref().err().cloned());
        fields.extend(email.as_ref().err().cloned());
        let (Ok(username), Ok(email), true) = (username, email, fields.is_empty()) else {
            return Err(AppError::Invalid { fields }.into());
        };
        let renamed = self.rename(&mut transaction, &target, username.as_ref(), display_name).await?;
        if let Some(email) = &email {
            self.ask_for_address(&mut transaction, &target, email).await?;
        }
        transaction.commit().await?;
        tracing::info!(user, "an account was edited");
        let done = Done::saying(match (renamed, email) {
            (_, Some(email)) => {
                format!("Saved. {} counts once the link that we mailed there is opened", email.as_str())
            }
            (true, None) => "Saved".to_owned(),
            (false, None) => "Nothing to save: all is as it was".to_owned(),
        });
        Ok((done, proven))
    }

    /// Says whether anything was to change.
    async fn rename(
        &self,
        connection: &mut PgConnection,
        target: &Target,
        username: Option<&Username>,
        display_name: &str,
    ) -> Result<bool, ServiceError> {
        if username.is_none() && display_name == target.display_name {
            return Ok(false);
        }
        let new_name = username.map_or(target.username.as_str(), Username::as_str);
        if let Some(name) = username {
            match names::claim(connection, target.id, name).await {
                Err(error) if error.constraint() == Some("users_username_key") => {
                    return Err(AppError::invalid("username", names::TAKEN).into());
                }
                done => done?,
            }
        }
        sqlx::query!(
            "update users set display_name = $2, version = version + 1, updated_at = now() where id = $1",
            target.id,
            display_name
        )
        .execute(&mut *connection)
        .await?;
        let (before, after) = renaming((&target.username, &target.display_name), (new_name, display_name));
        let id = target.id.to_string();
        self.write(connection, Act::on_user("user.update", &id).changing(before, after)).await?;
        Ok(true)
    }

    /// The new address counts once its owner opens the link in the mail there; the old one is told at once. Until then
    /// nothing of the account goes to the new one.
    async fn ask_for_address(
        &self,
        connection: &mut PgConnection,
        target: &Target,
        email: &Email,
    ) -> Result<(), ServiceError> {
        let taken = sqlx::query_scalar!(
            r#"select exists (
                   select 1 from users where email_key = $1 and id <> $2 and verified_at is not null
               ) as "taken!""#,
            email.key(),
            target.id
        )
        .fetch_one(&mut *connection)
        .await?;
        if taken {
            return Err(AppError::invalid("email", "There is an account with this address").into());
        }
        // The same form again: its link is on its way.
        if self.accounts.has_just_mailed(connection, Purpose::ChangeEmail, target.id, email.as_str()).await? {
            return Ok(());
        }
        self.accounts.count_mail(connection, &email.key()).await?;
        let path = self.accounts.new_address_link(connection, target.id, email).await?;
        let secret = self.accounts.secret();
        let now = OffsetDateTime::now_utc();
        enqueue(connection, secret, Some(&email.mailbox()), &Letter::NewEmailLink { path }, now + LINK_LIFE).await?;
        let told = Letter::EmailChangeByStaff { new_email: email.as_str().to_owned() };
        enqueue(connection, secret, Some(&mailbox(&target.email)), &told, now + MESSAGE_LIFE).await?;
        let id = target.id.to_string();
        let act = Act::on_user("user.email_asked", &id)
            .changing(json!({ "email": partly(&target.email) }), json!({ "email": partly(email.as_str()) }));
        self.write(connection, act).await?;
        Ok(())
    }

    pub(super) async fn change_role(
        &self,
        user: &str,
        role: &str,
        reason: &str,
        password: &str,
    ) -> Result<(Done, bool), ServiceError> {
        self.me.must(May::Everything)?;
        let role = Role::parse(role).ok_or_else(|| AppError::invalid("role", "Choose a role"))?;
        let reason = optional(reason)?;
        self.prove(password).await?;
        let mut transaction = self.pool.begin().await?;
        let target = self.target(&mut transaction, user).await?;
        if role == target.role {
            return Err(AppError::invalid("role", format!("It is {} already", role.name())).into());
        }
        if !target.verified {
            return Err(AppError::invalid("role", "Nobody has shown that its address is theirs").into());
        }
        // The form that has a version has no role: what is typed there is as good as before.
        sqlx::query!("update users set role = $2, updated_at = now() where id = $1", target.id, role.key())
            .execute(&mut *transaction)
            .await
            .map_err(in_words)?;
        let id = target.id.to_string();
        let act = Act::on_user("user.set_role", &id)
            .changing(json!({ "role": target.role.key() }), json!({ "role": role.key() }))
            .because(&reason);
        audit::write_about(&mut transaction, &Actor::of(&self.caller), target.id, act, "").await?;
        transaction.commit().await?;
        tracing::info!(user, role = role.key(), "a role was changed");
        let notice = format!("{} has the role {} now, and logs in anew", target.username, role.name());
        Ok((Done::saying(notice), self.left(target.id)))
    }

    /// Why stays with the log: the words about a person that go with the account would be gone at once.
    pub(super) async fn remove(&self, user: &str, reason: &str, password: &str) -> Result<(Done, bool), ServiceError> {
        self.me.must(May::Everything)?;
        let reason = optional(reason)?;
        self.prove(password).await?;
        let mut transaction = self.pool.begin().await?;
        let target = self.target(&mut transaction, user).await?;
        let to = mailbox(&target.email);
        let expires_at = OffsetDateTime::now_utc() + MESSAGE_LIFE;
        // To an address that is nobody's yet there is nothing to say.
        let to = target.verified.then_some(to.as_str());
        enqueue(&mut transaction, self.accounts.secret(), to, &Letter::AccountRemoved, expires_at).await?;
        erase(&mut transaction, target.id).await.map_err(in_words)?;
        let id = target.id.to_string();
        let act =
            Act::on_user("user.delete", &id).changing(json!({ "role": target.role.key() }), json!({})).because(&reason);
        self.write(&mut transaction, act).await?;
        transaction.commit().await?;
        tracing::info!(user, "an account was deleted in the back office");
        Ok((Done::saying(format!("The account of {} is deleted", target.username)), self.left(target.id)))
    }
}
