//! What nobody will come back for is thrown away.

use super::ShelfService;
use crate::services::housekeeping;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Rows removed by one statement, which must end within the database's time limit.
const BATCH: i64 = 1000;

// Each takes how many rows to remove at most, and for how many seconds they must have been of no use. What somebody is
// at work on is left for the next round, so that nobody waits for this, nor this for them.
const GUESTS: &str = "delete from guests where id in (
    select g.id from guests g
    where g.seen_at < now() - make_interval(secs => $2)
      and not exists (
          select from carts c where c.guest_id = g.id and c.touched_at >= now() - make_interval(secs => $2)
      )
    order by g.seen_at limit $1 for update skip locked
)";
const ACTS: &str = "delete from cart_acts where (cart_id, key) in (
    select cart_id, key from cart_acts
    where created_at < now() - make_interval(secs => $2) limit $1 for update skip locked
)";
const UNDOS: &str = "delete from undos where id in (
    select id from undos where created_at < now() - make_interval(secs => $2) limit $1 for update skip locked
)";
const HOLDS: &str = "delete from holds where variant_id in (
    select variant_id from holds where until <= now() - make_interval(secs => $2) limit $1 for update skip locked
)";

impl ShelfService {
    /// See [`housekeeping::start`].
    pub fn start_housekeeping(self: &Arc<Self>) -> JoinHandle<()> {
        let service = Arc::clone(self);
        housekeeping::start("carts", move || {
            let service = Arc::clone(&service);
            async move { service.tidy().await }
        })
    }

    /// Deletes guests who have stayed away, with their carts and lists; and what makes sense only for a moment: names
    /// of acts, offers to undo, holds that have ended. Carts of accounts stay for ever.
    ///
    /// # Errors
    /// The database's.
    pub async fn tidy(&self) -> Result<(), sqlx::Error> {
        for (statement, age) in [(GUESTS, self.guest_life), (ACTS, DAY), (UNDOS, DAY), (HOLDS, Duration::ZERO)] {
            loop {
                let gone = sqlx::query(statement).bind(BATCH).bind(age.as_secs_f64()).execute(&self.pool).await?;
                if gone.rows_affected() < BATCH.unsigned_abs() {
                    break;
                }
            }
        }
        Ok(())
    }
}
