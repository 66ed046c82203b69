//! What nobody will come back for is thrown away.

use super::ShelfService;
use std::sync::Arc;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(10 * 60);
/// Guests removed by one statement, which must end within the database's time limit.
const BATCH: i64 = 1000;

impl ShelfService {
    /// Tidies now and every ten minutes, for as long as the shop runs. Several processes may do so at once.
    pub fn start_housekeeping(self: &Arc<Self>) -> tokio::task::JoinHandle<()> {
        let service = Arc::clone(self);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(EVERY);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if let Err(error) = service.tidy().await {
                    tracing::warn!(%error, "carts could not be tidied; the next round will");
                }
            }
        })
    }

    /// Deletes guests who have stayed away, with their carts and lists; and what makes sense only for a moment: names
    /// of acts, offers to undo, holds that have ended. Carts of accounts stay for ever.
    ///
    /// # Errors
    /// The database's.
    pub async fn tidy(&self) -> Result<(), sqlx::Error> {
        loop {
            let gone = sqlx::query!(
                "delete from guests g
                 where g.id in (
                     select id from guests where seen_at < now() - make_interval(secs => $1)
                     order by seen_at limit $2 for update skip locked
                 )
                 and not exists (
                     select from carts c
                     where c.guest_id = g.id and c.touched_at >= now() - make_interval(secs => $1)
                 )",
                self.guest_life.as_secs_f64(),
                BATCH
            )
            .execute(&self.pool)
            .await?;
            if gone.rows_affected() < BATCH.unsigned_abs() {
                break;
            }
        }
        for statement in [
            "delete from cart_acts where created_at < now() - interval '1 day'",
            "delete from undos where created_at < now() - interval '1 day'",
            "delete from holds where until <= now()",
        ] {
            sqlx::query(statement).execute(&self.pool).await?;
        }
        Ok(())
    }
}
