//! The app's traits, implemented with SQL.

pub mod accounts;
pub mod catalog;
pub mod office;
pub mod shelf;
mod words;

mod housekeeping;

use crate::error::ServiceError;
use app::error::AppError;
use std::future::Future;
use tracing::Instrument;

/// Does `work` to its end, even when the client leaves: a transaction that is dropped half-way could stay open on its
/// connection.
///
/// # Errors
/// The work's own; `Unavailable` if it panics.
async fn whole<T, W>(work: W) -> Result<T, AppError>
where
    T: Send + 'static,
    W: Future<Output = Result<T, ServiceError>> + Send + 'static,
{
    match tokio::spawn(work.in_current_span()).await {
        Ok(done) => Ok(done?),
        Err(error) => {
            tracing::error!(%error, "an act failed");
            Err(AppError::Unavailable { request_id: None })
        }
    }
}
