//! What every service has to throw away from time to time.

use sqlx::{PgPool, Postgres, Transaction};
use std::future::Future;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

const EVERY: Duration = Duration::from_secs(10 * 60);

/// Tidies now and every ten minutes, for as long as the shop runs. Several processes may do so at once. `what` is for
/// the log.
pub fn start<W>(what: &'static str, tidy: impl Fn() -> W + Send + 'static) -> JoinHandle<()>
where
    W: Future<Output = Result<(), sqlx::Error>> + Send,
{
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = tidy().await {
                tracing::warn!(%error, what, "could not be tidied; the next round will");
            }
        }
    })
}

/// A transaction in which a statement may take longer than a page's: of the largest things to throw away there are some
/// hundred thousand rows, and what couldn't go in time would be tried again for ever, before all that comes after it.
///
/// # Errors
/// The database's.
pub async fn unhurried(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql("set local statement_timeout = '10min'").execute(&mut *transaction).await?;
    Ok(transaction)
}
