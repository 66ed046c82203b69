//! What nobody will come back for is thrown away; the history stays.

use crate::services::housekeeping::{self, unhurried};
use sqlx::PgPool;
use tokio::task::JoinHandle;

/// See [`housekeeping::start`].
pub fn start_housekeeping(pool: PgPool) -> JoinHandle<()> {
    housekeeping::start("bulk edits", move || {
        let pool = pool.clone();
        async move { tidy(&pool).await }
    })
}

/// Forgets what was chosen and never applied, after two days, and what edits changed, after a month in which they can be
/// undone.
///
/// # Errors
/// The database's.
pub async fn tidy(pool: &PgPool) -> Result<(), sqlx::Error> {
    // One at a time, so that what is done stays done.
    loop {
        let mut transaction = unhurried(pool).await?;
        let gone = sqlx::query!(
            "delete from bulk_edits
             where id = (
                 select id from bulk_edits
                 where swept_at is null and created_at < now() - interval '2 days' and applied_at is null
                 limit 1
                 for update skip locked
             )"
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        if gone.rows_affected() == 0 {
            break;
        }
    }
    loop {
        let mut transaction = unhurried(pool).await?;
        let old = sqlx::query_scalar!(
            "update bulk_edits
             set chosen = '{}', swept_at = now()
             where id = (
                 select id from bulk_edits
                 where swept_at is null and created_at < now() - interval '30 days'
                   and applied_at < now() - interval '30 days'
                 limit 1
                 for update skip locked
             )
             returning id"
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(old) = old else { return Ok(()) };
        sqlx::query!("delete from bulk_edit_rows where edit_id = $1", old).execute(&mut *transaction).await?;
        transaction.commit().await?;
    }
}
