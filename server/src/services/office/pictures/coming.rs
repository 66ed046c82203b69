//! Pictures that are being prepared, or that could not be: for the eyes of the staff only.

use super::{PgPictures, id, lock, state};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use crate::services::office::products::{Locked, about};
use app::admin::pictures::host::{Coming, ProductPicture};
use app::cart::api::Done;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

impl PgPictures {
    pub(super) async fn load_coming(&self, product: &str) -> Result<Vec<Coming>, ServiceError> {
        let rows = sqlx::query!(
            "select id, file_name, alt, decorative, state, reason from picture_jobs
             where product_id = $1 and state <> 'done'
             order by number",
            id(product)?
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Coming {
                file: row.file_name,
                failed: (row.state == "failed").then_some(row.reason),
                picture: ProductPicture {
                    id: row.id.to_string(),
                    picture: None,
                    seen: state(&row.alt, row.decorative, &[]),
                    decorative: row.decorative,
                    alt: row.alt,
                    variants: Vec::new(),
                },
            })
            .collect())
    }

    /// Gives a picture up that is being prepared or has failed; `None` for one that is neither.
    pub(super) async fn cancel(&self, picture: Uuid) -> Result<Option<Done>, ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let Some(job) = lock_job(&mut transaction, picture).await? else { return Ok(None) };
        sqlx::query!("delete from picture_jobs where id = $1", picture).execute(&mut *transaction).await?;
        let before = json!({"picture": picture, "shows": job.alt});
        // The product is as before, so its version stays.
        let product = job.product.to_string();
        let act = Act { before, ..about("product.cancel_picture", &product, &job.locked.title) };
        audit::write(&mut transaction, &self.actor, act).await?;
        transaction.commit().await?;
        self.media.forget_original(picture).await;
        Ok(Some(Done::saying(format!("Removed {}", job.name()))))
    }
}

/// A picture that isn't one yet, its product locked: nobody makes it one meanwhile.
struct Job {
    product: Uuid,
    locked: Locked,
    file: String,
    alt: String,
}

impl Job {
    fn name(&self) -> &str {
        if self.file.is_empty() { "the picture" } else { &self.file }
    }
}

async fn lock_job(connection: &mut PgConnection, picture: Uuid) -> Result<Option<Job>, ServiceError> {
    let product = sqlx::query_scalar!("select product_id from picture_jobs where id = $1 and state <> 'done'", picture)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(product) = product else { return Ok(None) };
    let locked = lock(connection, product).await?;
    // It may have become one until the lock was there.
    let job =
        sqlx::query!("select file_name, alt from picture_jobs where id = $1 and state <> 'done' for update", picture)
            .fetch_optional(connection)
            .await?;
    Ok(job.map(|row| Job { product, locked, file: row.file_name, alt: row.alt }))
}
