//! One-time codes: six digits in a mail, good once, for one purpose, one address and the browser that asked.
//!
//! Every path does the same for an address with an account and for one without: such a code can't be right, and its
//! letter goes to nobody.

use super::throttle::{self, Limit, MAIL_FROM_CLIENT};
use super::{AccountService, Caller, MESSAGE_LIFE, new_token};
use crate::error::ServiceError;
use crate::mail::{Letter, enqueue};
use crate::secret::token_hash;
use crate::services::office::audit::{self, Act, Actor};
use app::account::api::Purpose;
use app::domain::{Email, OneTimeCode};
use app::error::AppError;
use rand::RngExt;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long a code lives.
const LIFE: time::Duration = time::Duration::minutes(10);
/// Seconds between two mails to one address.
pub const PAUSE: i32 = 60;
/// Wrong guesses in a row that stop an account's codes (NIST SP 800-63B-4, section 3.2.2).
pub const STOP_AFTER: i32 = 100;
/// How long the link lives that lets an account have codes again.
const LINK_LIFE: time::Duration = time::Duration::days(7);

pub fn purpose_key(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignUp => "sign_up",
        Purpose::Reset => "reset",
        Purpose::ChangeEmail => "change_email",
    }
}

/// Who a code is for, and what is mailed.
pub struct Issue<'a> {
    pub purpose: Purpose,
    pub flow: [u8; 32],
    pub email_key: &'a str,
    pub post: Post,
}

/// What the address gets.
pub enum Post {
    /// A code that is good for `user`.
    Code { user: Uuid, to: String },
    /// A letter in place of a code, to the owner of an account that the code would not be for.
    Instead { to: String, letter: Letter },
    /// Nothing: nobody with an account has this address.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issued {
    Sent,
    /// One was sent a moment ago, and still holds.
    TooSoon,
}

impl AccountService {
    fn code_mac(&self, purpose: &str, email_key: &str, flow: &[u8; 32], code: &OneTimeCode) -> [u8; 32] {
        self.secret.mac("one-time code", &[purpose.as_bytes(), email_key.as_bytes(), flow, code.as_str().as_bytes()])
    }

    /// [`issue`](Self::issue), counted against the client that asks.
    ///
    /// # Errors
    /// As `issue`, and `TooMany` when the client has asked for too much mail.
    pub async fn send_code(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        issue: Issue<'_>,
    ) -> Result<Issued, ServiceError> {
        let issued = self.issue(connection, issue).await?;
        if issued == Issued::Sent {
            let (limit, subject) = caller.counted(&self.secret, MAIL_FROM_CLIENT);
            throttle::count(connection, &[(limit, subject)]).await?;
            let beyond = Limit { tries: limit.tries + 1, ..limit };
            if let Some(retry_after) = throttle::wait(connection, &[(beyond, subject)]).await? {
                tracing::warn!(client = %caller.client, "a client asks for too much mail");
                return Err(AppError::TooMany { retry_after }.into());
            }
        }
        Ok(issued)
    }

    /// Makes a code that replaces the address's older one, and writes its mail.
    ///
    /// # Errors
    /// `TooMany` when the address has had its mails for the hour or the day; the database's.
    async fn issue(&self, connection: &mut PgConnection, issue: Issue<'_>) -> Result<Issued, ServiceError> {
        let code = OneTimeCode::nth(rand::rng().random_range(0..OneTimeCode::COUNT));
        let purpose = purpose_key(issue.purpose);
        let user = match &issue.post {
            Post::Code { user, .. } => Some(*user),
            Post::Instead { .. } | Post::Nothing => None,
        };
        let stopped = sqlx::query_scalar!(
            r#"select exists (select 1 from users where id = $1 and wrong_codes >= $2) as "stopped!""#,
            user,
            STOP_AFTER
        )
        .fetch_one(&mut *connection)
        .await?;
        let mac = match user {
            Some(_) if !stopped => self.code_mac(purpose, issue.email_key, &issue.flow, &code),
            _ => rand::random(),
        };
        let made = sqlx::query!(
            "insert into one_time_codes (purpose, email_key, user_id, flow_hash, mac, expires_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (purpose, email_key) do update
             set user_id = excluded.user_id, flow_hash = excluded.flow_hash, mac = excluded.mac, wrong = 0,
                 redeemed_at = null, created_at = now(), expires_at = excluded.expires_at
             where one_time_codes.redeemed_at is not null
                or one_time_codes.created_at <= now() - make_interval(secs => $7)",
            purpose,
            issue.email_key,
            user,
            &issue.flow,
            &mac,
            OffsetDateTime::now_utc() + LIFE,
            f64::from(PAUSE)
        )
        .execute(&mut *connection)
        .await?;
        if made.rows_affected() == 0 {
            return Ok(Issued::TooSoon);
        }
        self.count_mail(connection, issue.email_key).await?;
        let letter = match issue.purpose {
            Purpose::SignUp => Letter::SignUpCode { code: code.as_str().to_owned() },
            Purpose::Reset => Letter::ResetCode { code: code.as_str().to_owned() },
            Purpose::ChangeEmail => Letter::NewEmailCode { code: code.as_str().to_owned() },
        };
        let expires_at = OffsetDateTime::now_utc() + LIFE;
        match issue.post {
            Post::Code { user, .. } if stopped => self.send_way_out(connection, user).await?,
            Post::Code { to, .. } => enqueue(connection, &self.secret, Some(&to), &letter, expires_at).await?,
            Post::Instead { to, letter } => {
                enqueue(connection, &self.secret, Some(&to), &letter, OffsetDateTime::now_utc() + MESSAGE_LIFE).await?;
            }
            Post::Nothing => enqueue(connection, &self.secret, None, &letter, expires_at).await?,
        }
        Ok(Issued::Sent)
    }

    /// Takes one guess at the live code `of` a purpose, an address and a flow. `Some` with its user, once, if it is right. Wrong guesses
    /// are counted by the same statement that compares, so that parallel ones can't get past the fifth; the caller must
    /// commit them.
    ///
    /// # Errors
    /// The database's.
    pub async fn redeem(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        of: (Purpose, &str, &[u8; 32]),
        code: &OneTimeCode,
    ) -> Result<Option<Uuid>, ServiceError> {
        let (purpose, email_key, flow) = of;
        let mac = self.code_mac(purpose_key(purpose), email_key, flow, code);
        let guess = sqlx::query!(
            r#"update one_time_codes c
               set wrong = c.wrong + case when c.mac = $4 then 0 else 1 end,
                   redeemed_at = case when c.mac = $4 then now() end
               where c.purpose = $1 and c.email_key = $2 and c.flow_hash = $3
                 and c.redeemed_at is null and c.wrong < 5 and c.expires_at > now()
                 and not exists (select 1 from users u where u.id = c.user_id and u.wrong_codes >= $5)
               returning c.user_id, c.mac = $4 as "right!""#,
            purpose_key(purpose),
            email_key,
            flow,
            &mac,
            STOP_AFTER
        )
        .fetch_optional(&mut *connection)
        .await?;
        let user = guess.as_ref().and_then(|guess| guess.user_id);
        let right = guess.is_some_and(|guess| guess.right);
        let wrong = sqlx::query_scalar!(
            "update users set wrong_codes = case when $2 then 0 else wrong_codes + 1 end where id = $1
             returning wrong_codes",
            user,
            right
        )
        .fetch_optional(&mut *connection)
        .await?;
        let Some(user) = user else { return Ok(None) };
        if wrong == Some(STOP_AFTER) {
            tracing::warn!(%user, "codes stopped after too many wrong ones in a row");
            self.send_way_out(connection, user).await?;
            let id = user.to_string();
            let actor = Actor::nobody(&caller.request);
            audit::write(connection, &actor, Act::on_user("user.codes_stopped", &id)).await?;
        }
        Ok(right.then_some(user))
    }

    /// Mails the owner of an account whose codes were stopped the link that allows them again.
    async fn send_way_out(&self, connection: &mut PgConnection, user: Uuid) -> Result<(), ServiceError> {
        let token = new_token();
        let expires_at = OffsetDateTime::now_utc() + LINK_LIFE;
        sqlx::query!(
            "insert into unlock_tokens (token_hash, user_id, expires_at) values ($1, $2, $3)",
            &token_hash(&token),
            user,
            expires_at
        )
        .execute(&mut *connection)
        .await?;
        let email =
            sqlx::query_scalar!("select email from users where id = $1", user).fetch_one(&mut *connection).await?;
        let letter = Letter::CodesStopped { path: format!("/unlock?token={token}") };
        enqueue(connection, &self.secret, Some(&mailbox(&email)), &letter, expires_at).await?;
        Ok(())
    }
}

/// A stored address as the mail server wants it.
pub fn mailbox(stored: &str) -> String {
    Email::parse(stored).map_or_else(|_| stored.to_owned(), |email| email.mailbox())
}
