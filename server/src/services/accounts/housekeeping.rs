//! What is over is thrown away.

use super::AccountService;
use crate::services::housekeeping;
use std::sync::Arc;
use tokio::task::JoinHandle;

impl AccountService {
    /// See [`housekeeping::start`].
    pub fn start_housekeeping(self: &Arc<Self>) -> JoinHandle<()> {
        let service = Arc::clone(self);
        housekeeping::start("accounts", move || {
            let service = Arc::clone(&service);
            async move { service.tidy().await }
        })
    }

    /// Deletes sessions, flows, codes and links that have ended, counts that no limit looks at any more, and accounts
    /// that nobody verified within two days.
    ///
    /// # Errors
    /// The database's.
    pub async fn tidy(&self) -> Result<(), sqlx::Error> {
        for statement in [
            "delete from sessions where expires_at <= now() or last_seen_at <= now() - idle_limit",
            "delete from flows where expires_at <= now()",
            "delete from one_time_codes where expires_at <= now()",
            "delete from unlock_tokens where expires_at <= now()",
            // The longest window is a day.
            "delete from throttles where window_start <= now() - interval '2 days'",
            "delete from users where verified_at is null and created_at <= now() - interval '48 hours'",
        ] {
            sqlx::query(statement).execute(&self.pool).await?;
        }
        Ok(())
    }
}
