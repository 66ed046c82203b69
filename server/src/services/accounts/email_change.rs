//! A new address: it counts once its code is in, and the old one is told.

use super::codes::{Issue, Issued, Post, mailbox};
use super::flows::{Kept, Pending};
use super::people::{self, Person};
use super::{MESSAGE_LIFE, PgAccounts, sessions};
use crate::error::ServiceError;
use crate::mail::{Letter, enqueue};
use crate::services::office::audit::{self, Act, Actor, partly};
use app::account::api::Purpose;
use app::domain::Email;
use app::error::AppError;
use app::form::Next;
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

impl PgAccounts {
    pub(super) async fn start_email_change(&self, email: &str, password: &str) -> Result<Next, ServiceError> {
        let service = &self.service;
        let session = self.caller.signed_in()?;
        let email = Email::parse(email).map_err(|error| AppError::invalid("email", error))?;
        let person = self.with_password("password", password).await?;
        if email.as_str() == person.email {
            return Err(AppError::invalid("email", "This is your address already").into());
        }
        let email_key = email.key();
        let flow = self.caller.flow_hash(service.https);
        let mut transaction = service.pool.begin().await?;
        let known = people::by_key(&mut transaction, Some(&email_key), None).await?;
        let kept = Kept {
            purpose: Purpose::ChangeEmail,
            user: Some(person.id),
            email: email.as_str().to_owned(),
            email_key: email_key.clone(),
            pending: Pending::default(),
            next_path: "/account".to_owned(),
        };
        service.keep_flow(&mut transaction, &flow, &kept).await?;
        let post = self.new_address_post(person.id, email.as_str(), known);
        let issue = Issue { purpose: Purpose::ChangeEmail, flow, email_key: &email_key, post };
        if service.send_code(&mut transaction, &self.caller, issue).await? == Issued::Sent {
            let letter = Letter::EmailChangeRequested { new_email: email.as_str().to_owned() };
            self.tell(&mut transaction, &person.email, &letter).await?;
        }
        let fresh = sessions::renew(&mut transaction, session).await?.ok_or(AppError::SignIn)?;
        let id = person.id.to_string();
        let act = Act::on_user("user.email_asked", &id)
            .changing(json!({ "email": partly(&person.email) }), json!({ "email": partly(email.as_str()) }));
        audit::write(&mut transaction, &Actor::of(&self.caller), act).await?;
        transaction.commit().await?;
        self.caller.enter(&fresh, service.https);
        tracing::info!(user = %person.id, "a new address was asked for");
        Ok(Next::to("/verify"))
    }

    /// A code, unless somebody else has the address: then its owner is told, and nobody else learns of it.
    pub(super) fn new_address_post(&self, user: Uuid, email: &str, known: Option<Person>) -> Post {
        match known {
            Some(known) if known.id != user && known.verified => {
                Post::Instead { to: mailbox(&known.email), letter: Letter::AlreadySignedUp }
            }
            _ => Post::Code { user, to: mailbox(email) },
        }
    }

    pub(super) async fn finish_email_change(
        &self,
        connection: &mut PgConnection,
        user: Uuid,
        kept: &Kept,
    ) -> Result<(), ServiceError> {
        let Person { email: old, .. } = people::by_id(connection, user).await?.ok_or(AppError::SignIn)?;
        // Somebody's unfinished sign-up doesn't keep the address from who has just shown that it is theirs.
        sqlx::query!(
            "delete from users where email_key = $1 and id <> $2 and verified_at is null",
            kept.email_key,
            user
        )
        .execute(&mut *connection)
        .await?;
        // Codes under way for the old address would still be good for this account.
        sqlx::query!(
            "delete from one_time_codes where user_id = $1 and redeemed_at is null and email_key <> $2",
            user,
            kept.email_key
        )
        .execute(&mut *connection)
        .await?;
        let changed = sqlx::query!(
            "update users set email = $2, email_key = $3, version = version + 1, updated_at = now() where id = $1",
            user,
            kept.email,
            kept.email_key
        )
        .execute(&mut *connection)
        .await;
        if let Err(error) = changed.map_err(ServiceError::from) {
            return Err(match error.constraint() {
                Some("users_email_key") => AppError::invalid("code", super::verify::WRONG_CODE).into(),
                _ => error,
            });
        }
        let id = user.to_string();
        let act = Act::on_user("user.email_changed", &id)
            .changing(json!({ "email": partly(&old) }), json!({ "email": partly(&kept.email) }));
        audit::write(connection, &Actor::person(&self.caller, user), act).await?;
        let letter = Letter::EmailChanged { new_email: kept.email.clone() };
        self.tell(connection, &old, &letter).await?;
        tracing::info!(%user, "an address was changed");
        Ok(())
    }

    async fn tell(&self, connection: &mut PgConnection, address: &str, letter: &Letter) -> Result<(), ServiceError> {
        let expires_at = OffsetDateTime::now_utc() + MESSAGE_LIFE;
        enqueue(connection, &self.service.secret, Some(&mailbox(address)), letter, expires_at).await?;
        Ok(())
    }
}
