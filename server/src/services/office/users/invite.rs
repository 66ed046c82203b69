//! Making accounts for others: they set the password themselves, by a link in a mail.

use super::PgUsers;
use crate::error::ServiceError;
use crate::mail::{Letter, enqueue};
use crate::services::accounts::{LINK_LIFE, names};
use crate::services::office::audit::{Act, partly};
use app::account::api::Role;
use app::admin::host::May;
use app::cart::api::Done;
use app::domain::{Email, Username};
use app::error::{AppError, FieldError};
use serde_json::json;
use time::OffsetDateTime;

impl PgUsers {
    pub(super) async fn invite(
        &self,
        username: &str,
        email: &str,
        role: &str,
        password: &str,
    ) -> Result<(Done, String), ServiceError> {
        self.me.must(May::Everything)?;
        let mut fields = Vec::new();
        let mut wrong = |field: &str, message: String| fields.push(FieldError { field: field.to_owned(), message });
        let username = Username::parse(username, &self.shop_name).map_err(|error| wrong("username", error.to_string()));
        let email = Email::parse(email).map_err(|error| wrong("email", error.to_string()));
        let role = Role::parse(role).ok_or_else(|| wrong("role", "Choose a role".to_owned()));
        let (Ok(username), Ok(email), Ok(role)) = (username, email, role) else {
            return Err(AppError::Invalid { fields }.into());
        };
        if role != Role::Shopper {
            self.prove(password).await?;
        }
        let mut transaction = self.pool.begin().await?;
        self.still_here(&mut transaction).await?;
        let id = match self.accounts.insert(&mut transaction, &username, &email, role, None).await {
            Err(error) if error.constraint() == Some("users_username_key") => {
                return Err(AppError::invalid("username", names::TAKEN).into());
            }
            made => made?,
        };
        self.accounts.count_mail(&mut transaction, &email.key()).await?;
        let path = self.accounts.new_password_link(&mut transaction, id).await?;
        let letter = Letter::Invitation { path };
        let expires_at = OffsetDateTime::now_utc() + LINK_LIFE;
        enqueue(&mut transaction, self.accounts.secret(), Some(&email.mailbox()), &letter, expires_at).await?;
        let user = id.to_string();
        let act = Act::on_user("user.create", &user)
            .changing(json!({}), json!({ "role": role.key(), "email": partly(email.as_str()) }));
        self.write(&mut transaction, act).await?;
        transaction.commit().await?;
        tracing::info!(user, "an account was made in the back office");
        let notice = format!("{} has an account, and an invitation is on its way", username.as_str());
        Ok((Done::saying(notice), user))
    }
}
