//! What nobody will come back for is thrown away; the history stays.

use super::read::GONE;
use super::work::ImportWork;
use crate::catalogue_file::forget;
use crate::services::housekeeping::{self, unhurried};
use std::sync::Arc;
use tokio::task::JoinHandle;

impl ImportWork {
    /// See [`housekeeping::start`].
    pub fn start_housekeeping(self: &Arc<Self>) -> JoinHandle<()> {
        let this = Arc::clone(self);
        housekeeping::start("imports", move || {
            let this = Arc::clone(&this);
            async move { this.tidy().await }
        })
    }

    /// Writes down what died with its process, and throws away files and rows: of imports that were never applied, or
    /// undone, after a month; of others after three, in which they can be undone.
    ///
    /// # Errors
    /// The database's.
    pub async fn tidy(&self) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "update imports set state = import_state(state, beat_at), note = $1
             where state in ('checking', 'applying', 'undoing') and state <> import_state(state, beat_at)",
            GONE
        )
        .execute(&self.pool)
        .await?;
        // One at a time, so that what is done stays done.
        loop {
            let mut transaction = unhurried(&self.pool).await?;
            let old = sqlx::query_scalar!(
                "update imports
                 set file = null, swept_at = now()
                 where id = (
                     select id
                     from imports
                     where swept_at is null
                       and (state in ('ready', 'refused', 'interrupted') and created_at < now() - interval '30 days'
                            or state = 'undone' and undone_at < now() - interval '30 days'
                            or state = 'applied' and applied_at < now() - interval '90 days')
                     limit 1
                     for update skip locked
                 )
                 returning id"
            )
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(old) = old else { return Ok(()) };
            sqlx::query!("delete from import_products where import_id = $1", old).execute(&mut *transaction).await?;
            sqlx::query!("delete from import_problems where import_id = $1", old).execute(&mut *transaction).await?;
            forget(&mut transaction, old).await?;
            transaction.commit().await?;
        }
    }
}
