//! What is over is thrown away.

use super::AccountService;
use std::sync::Arc;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(10 * 60);

impl AccountService {
    /// Tidies now and every ten minutes, for as long as the shop runs. Several processes may do so at once.
    pub fn start_housekeeping(self: &Arc<Self>) -> tokio::task::JoinHandle<()> {
        let service = Arc::clone(self);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(EVERY);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if let Err(error) = service.tidy().await {
                    tracing::warn!(%error, "accounts could not be tidied; the next round will");
                }
            }
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
