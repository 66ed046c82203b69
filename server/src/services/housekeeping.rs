//! What every service has to throw away from time to time.

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
