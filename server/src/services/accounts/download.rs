//! All that the shop holds about somebody, for them to keep.

use super::log_in::write_on_own;
use super::{PgAccounts, sessions};
use crate::error::ServiceError;
use crate::services::shelf;
use crate::services::words::stamp;
use app::error::AppError;
use serde_json::{Value, json};

impl PgAccounts {
    /// # Errors
    /// `SignIn`; `Invalid` for a wrong password; `TooMany`.
    pub async fn download(&self, password: String) -> Result<Value, AppError> {
        self.whole(|this| async move { this.own_data(&password).await }).await
    }

    async fn own_data(&self, password: &str) -> Result<Value, ServiceError> {
        let person = self.with_password("password", password).await?;
        let session = self.caller.signed_in()?;
        let mut connection = self.service.pool.acquire().await?;
        let fresh = sessions::renew(&mut connection, session).await?.ok_or(AppError::SignIn)?;
        write_on_own(&mut connection, &self.caller, "user.data_taken", person.id).await?;
        self.caller.enter(&fresh, self.service.https);
        let user = sqlx::query!(
            "select username, email, display_name, role, verified_at, created_at, updated_at, last_seen_at, blocked_note
             from users where id = $1",
            person.id
        )
        .fetch_one(&mut *connection)
        .await?;
        let devices = sqlx::query!(
            "select user_agent, host(address) as address, stay, created_at, authenticated_at, last_seen_at, expires_at
             from sessions where user_id = $1 order by created_at",
            person.id
        )
        .fetch_all(&mut *connection)
        .await?;
        let flows = sqlx::query!(
            "select purpose, email, created_at, expires_at from flows where user_id = $1 order by created_at",
            person.id
        )
        .fetch_all(&mut *connection)
        .await?;
        // Without what others wrote about them for each other; what they were told about a block is told above.
        let history = sqlx::query!(
            r#"select l.at, l.act, l.before || coalesce(w.before, '{}') as "before!",
                      l.after || coalesce(w.after, '{}') as "after!"
               from audit_log l left join words_about_people w on w.entry_id = l.id
               where l.subject_kind = 'user' and l.subject_id = $1
               order by l.id"#,
            person.id.to_string()
        )
        .fetch_all(&mut *connection)
        .await?;
        let shelf = shelf::own_data(&mut connection, person.id).await?;
        tracing::info!(user = %person.id, "somebody downloaded their data");
        Ok(json!({
            "account": {
                "username": user.username,
                "email": user.email,
                "display_name": user.display_name,
                "role": user.role,
                "address_verified": stamp(user.verified_at),
                "signed_up": stamp(Some(user.created_at)),
                "changed": stamp(Some(user.updated_at)),
                "last_seen": stamp(user.last_seen_at),
                "note_about_blocking": user.blocked_note,
                "password": "kept only as a hash, which is not part of this file",
            },
            "sessions": devices.iter().map(|session| json!({
                "browser": session.user_agent,
                "address": session.address,
                "stays_signed_in": session.stay,
                "signed_in": stamp(Some(session.created_at)),
                "password_given": stamp(Some(session.authenticated_at)),
                "last_seen": stamp(Some(session.last_seen_at)),
                "ends": stamp(Some(session.expires_at)),
            })).collect::<Vec<_>>(),
            "under_way": flows.iter().map(|flow| json!({
                "what": flow.purpose,
                "email": flow.email,
                "began": stamp(Some(flow.created_at)),
                "ends": stamp(Some(flow.expires_at)),
            })).collect::<Vec<_>>(),
            "history": history.iter().map(|entry| json!({
                "at": stamp(Some(entry.at)),
                "what": entry.act,
                "before": entry.before,
                "after": entry.after,
            })).collect::<Vec<_>>(),
            "cart_and_wishlists": shelf,
        }))
    }
}
