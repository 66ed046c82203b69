//! What a browser is in the middle of: between the form that asks for a code and the form that takes it.

use super::codes::{PAUSE, purpose_key};
use super::{AccountService, FLOW_LIFE, PgAccounts};
use crate::error::ServiceError;
use crate::http::local::local_path;
use crate::secret::token_hash;
use app::account::api::{Flow, Purpose};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// What takes effect once the code is right.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pending {
    /// Of a sign-up: not the account's own until its code is in, since anybody may sign up with any address.
    pub username: Option<String>,
    pub password_hash: Option<String>,
    /// The address that the code is sent to, and so the one that it proves.
    pub address: Option<String>,
    /// Whether "stay signed in" was asked for.
    pub stay: bool,
    /// A link from the shop's operator: its token is the proof, and there is no code.
    pub link: bool,
    /// A link that was mailed, rather than shown to the operator.
    pub mailed: bool,
}

/// A flow as it is kept.
pub struct Kept {
    pub purpose: Purpose,
    pub user: Option<Uuid>,
    /// As this browser typed it.
    pub email: String,
    pub email_key: String,
    pub pending: Pending,
    pub next_path: String,
}

impl AccountService {
    /// Writes what the browser with this token is in the middle of, in place of what it was.
    pub(super) async fn keep_flow(
        &self,
        connection: &mut PgConnection,
        token_hash: &[u8; 32],
        flow: &Kept,
    ) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "insert into flows (token_hash, purpose, user_id, email, email_key, pending, next_path, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8))
             on conflict (token_hash) do update
             set purpose = excluded.purpose, user_id = excluded.user_id, email = excluded.email,
                 email_key = excluded.email_key, pending = excluded.pending, next_path = excluded.next_path,
                 created_at = now(), expires_at = excluded.expires_at",
            token_hash,
            purpose_key(flow.purpose),
            flow.user,
            flow.email,
            flow.email_key,
            Json(&flow.pending) as _,
            flow.next_path,
            FLOW_LIFE.as_secs_f64()
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    pub(super) async fn kept_flow(
        &self,
        connection: &mut PgConnection,
        token_hash: &[u8; 32],
    ) -> Result<Option<Kept>, sqlx::Error> {
        let row = sqlx::query!(
            r#"select purpose, user_id, email, email_key, pending as "pending: Json<Pending>", next_path
               from flows where token_hash = $1 and expires_at > now()"#,
            token_hash
        )
        .fetch_optional(connection)
        .await?;
        Ok(row.map(|row| Kept {
            purpose: purpose_of(&row.purpose),
            user: row.user_id,
            email: row.email,
            email_key: row.email_key,
            pending: row.pending.0,
            next_path: row.next_path,
        }))
    }

    /// Says whether there was such a one.
    pub(super) async fn drop_flow(
        &self,
        connection: &mut PgConnection,
        token_hash: &[u8; 32],
    ) -> Result<bool, sqlx::Error> {
        let dropped = sqlx::query!("delete from flows where token_hash = $1", token_hash).execute(connection).await?;
        Ok(dropped.rows_affected() == 1)
    }
}

impl PgAccounts {
    /// The flow of this browser, for its page.
    pub(super) async fn current_flow(&self) -> Result<Option<Flow>, ServiceError> {
        let Some(token) = &self.caller.flow else { return Ok(None) };
        let row = sqlx::query!(
            r#"select f.purpose, f.email,
                      coalesce(ceil($2::float8 - extract(epoch from now() - c.created_at)::float8), 0)::int as "resend_in!"
               from flows f
               left join one_time_codes c
                   on c.purpose = f.purpose and c.email_key = f.email_key and c.redeemed_at is null
               where f.token_hash = $1 and f.expires_at > now()"#,
            &token_hash(token),
            f64::from(PAUSE)
        )
        .fetch_optional(&self.service.pool)
        .await?;
        Ok(row.map(|row| Flow {
            purpose: purpose_of(&row.purpose),
            email: row.email,
            resend_in: u32::try_from(row.resend_in).unwrap_or(0),
        }))
    }
}

fn purpose_of(key: &str) -> Purpose {
    match key {
        "reset" => Purpose::Reset,
        "change_email" => Purpose::ChangeEmail,
        _ => Purpose::SignUp,
    }
}

/// Where a visitor goes after logging in: the path they came from, if it is a page of the shop.
pub fn next_path(asked: &str, otherwise: &str) -> String {
    let path = if asked.is_empty() { otherwise } else { local_path(asked) };
    // Back to a form for the signed-out, or to data: nobody means that.
    let bare = path.split(['?', '#']).next().unwrap_or_default();
    let pointless = ["/login", "/signup", "/verify", "/forgot-password", "/reset-password", "/unlock"].contains(&bare)
        || bare.starts_with("/api/");
    if pointless { otherwise.to_owned() } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_leads_to_a_page_of_the_shop() {
        assert_eq!(next_path("/wishlist?add=1", "/account"), "/wishlist?add=1");
        assert_eq!(next_path("", "/account"), "/account");
        assert_eq!(next_path("https://evil.example", "/account"), "/");
        assert_eq!(next_path("//evil.example", "/account"), "/");
        assert_eq!(next_path("/login?next=/x", "/account"), "/account");
        assert_eq!(next_path("/api/account/profile", "/account"), "/account");
    }
}
