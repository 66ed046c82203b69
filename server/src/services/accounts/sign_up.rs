//! Signing up: a name, an address and a password, which become an account once the address's code is in.

use super::codes::{Issue, Post, mailbox};
use super::flows::{Kept, Pending, next_path};
use super::throttle::{self, MAIL_FROM_CLIENT};
use super::{PgAccounts, names, people};
use crate::error::ServiceError;
use crate::mail::Letter;
use app::account::api::Purpose;
use app::domain::{Email, Username};
use app::error::{AppError, FieldError};
use app::form::Next;
use sqlx::PgConnection;
use uuid::Uuid;

/// What the fields of a sign-up say, parsed.
struct Wanted {
    username: Username,
    email: Email,
    password_hash: String,
    next_path: String,
}

impl PgAccounts {
    pub(super) async fn start_sign_up(
        &self,
        username: &str,
        email: &str,
        password: &str,
        next: &str,
    ) -> Result<Next, ServiceError> {
        let mut fields = Vec::new();
        let mut wrong = |field: &str, message: String| fields.push(FieldError { field: field.to_owned(), message });
        let name = Username::parse(username, &self.service.shop_name);
        let address = Email::parse(email);
        if let Ok(name) = &name {
            let mut connection = self.service.pool.acquire().await?;
            if names::is_taken(&mut connection, &name.key(), None).await? {
                wrong("username", names::TAKEN.to_owned());
            }
        }
        if let Err(error) = &name {
            wrong("username", error.to_string());
        }
        if let Err(error) = &address {
            wrong("email", error.to_string());
        }
        let password = self.service.new_password(password, false, &[username.trim(), email.trim()]);
        if let Err(AppError::Invalid { fields: more }) = &password {
            fields.extend_from_slice(more);
        }
        let (Ok(username), Ok(email), Ok(password), true) = (name, address, password, fields.is_empty()) else {
            return Err(AppError::Invalid { fields }.into());
        };
        // Looked up before the hash is made, which is the dear part; counted when mail is written.
        let client = self.caller.counted(&self.service.secret, MAIL_FROM_CLIENT);
        {
            let mut connection = self.service.pool.acquire().await?;
            if let Some(retry_after) = throttle::wait(&mut connection, &[client]).await? {
                return Err(AppError::TooMany { retry_after }.into());
            }
        }
        let password_hash = self.service.hasher.hash(password).await?;
        let wanted = Wanted { username, email, password_hash, next_path: next_path(next, "/") };
        // Two who want the same name or address in the same moment: the second finds what the first has written.
        for _ in 0..3 {
            match self.write_sign_up(&wanted).await {
                Err(error) if error.constraint().is_some_and(|name| name.starts_with("users_")) => {}
                done => return done,
            }
        }
        self.write_sign_up(&wanted).await
    }

    async fn write_sign_up(&self, wanted: &Wanted) -> Result<Next, ServiceError> {
        let service = &self.service;
        let key = wanted.email.key();
        let flow = self.caller.flow_hash(service.https);
        let mut transaction = service.pool.begin().await?;
        let known = people::by_key(&mut transaction, Some(&key), None).await?;
        let user = upsert(&mut transaction, wanted, &key).await?;
        let post = match (user, known) {
            (Some(user), _) => Post::Code { user, to: wanted.email.mailbox() },
            (None, Some(known)) => Post::Instead { to: mailbox(&known.email), letter: Letter::AlreadySignedUp },
            (None, None) => Post::Nothing,
        };
        let kept = Kept {
            purpose: Purpose::SignUp,
            user,
            email: wanted.email.as_str().to_owned(),
            email_key: key.clone(),
            pending: Pending {
                username: Some(wanted.username.as_str().to_owned()),
                password_hash: Some(wanted.password_hash.clone()),
                address: Some(wanted.email.as_str().to_owned()),
                ..Pending::default()
            },
            next_path: wanted.next_path.clone(),
        };
        service.keep_flow(&mut transaction, &flow, &kept).await?;
        let issue = Issue { purpose: Purpose::SignUp, flow, email_key: &key, post };
        // Sent a moment ago or now: the answer is the same.
        service.send_code(&mut transaction, &self.caller, issue).await?;
        transaction.commit().await?;
        tracing::info!(client = %self.caller.client, "a sign-up began");
        Ok(Next::to("/verify"))
    }
}

/// Writes the account, unverified; the latest sign-up over an unverified one wins. `None` if the address has an account
/// that is verified, or blocked.
async fn upsert(connection: &mut PgConnection, wanted: &Wanted, email_key: &str) -> Result<Option<Uuid>, sqlx::Error> {
    let id = Uuid::now_v7();
    sqlx::query_scalar!(
        "insert into users (id, username, username_key, email, email_key, password_hash)
         -- Another unverified account may hold the name; which of them gets it is decided by who verifies first.
         select $1::uuid, $2::text,
                case when exists (select 1 from users where username_key = $3 and email_key <> $5)
                     then '~' || $1::uuid else $3 end,
                $4::text, $5, $6::text
         on conflict (email_key) do update
         set username = excluded.username, username_key = excluded.username_key, email = excluded.email,
             password_hash = excluded.password_hash, version = users.version + 1, created_at = now(), updated_at = now()
         where users.verified_at is null and users.blocked_at is null
         returning id",
        id,
        wanted.username.as_str(),
        wanted.username.key(),
        wanted.email.as_str(),
        email_key,
        wanted.password_hash
    )
    .fetch_optional(connection)
    .await
}
