//! A picture goes, and comes back while that can be taken back.

use super::place::{number, order_of};
use super::{By, MOST, PgPictures, id, lock, lock_of, record};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::error::AppError;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

impl PgPictures {
    pub(super) async fn take_away(&self, picture: &str) -> Result<Done, ServiceError> {
        let key = id(picture)?;
        if let Some(done) = self.cancel(key).await? {
            return Ok(done);
        }
        let mut transaction = self.pool.begin().await?;
        let position = take_away(&mut transaction, self.by(), key).await?;
        transaction.commit().await?;
        Ok(Done { notice: Some(format!("Removed picture {position}")), undo: Some(picture.to_owned()) })
    }

    pub(super) async fn bring_back(&self, undo: &str) -> Result<Done, ServiceError> {
        let key = id(undo)?;
        let mut transaction = self.pool.begin().await?;
        let position = bring_back(&mut transaction, self.by(), key).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Picture {position} is back")))
    }
}

/// Removes a picture, which can be brought back for a day. Says where it stood, from 1.
pub(super) async fn take_away(connection: &mut PgConnection, by: By<'_>, key: Uuid) -> Result<i32, ServiceError> {
    let changing = lock_of(connection, key).await?;
    sqlx::query!("select id from variants where product_id = $1 order by id for update", changing.product)
        .fetch_all(&mut *connection)
        .await?;
    sqlx::query!(
        "insert into removed_pictures (id, product_id, media_id, position, alt, decorative, source, variants)
         select i.id, i.product_id, i.media_id, i.position, i.alt, i.decorative, i.source,
                array(select v.id from variants v where v.image_id = i.id)
         from product_images i where i.id = $1",
        key
    )
    .execute(&mut *connection)
    .await?;
    let gone = sqlx::query!("delete from product_images where id = $1 returning media_id, source", key)
        .fetch_one(&mut *connection)
        .await?;
    let order = order_of(connection, changing.product).await?;
    number(connection, &order).await?;
    let before = json!({
        "picture": gone.media_id.map_or(gone.source, |id| id.to_string()),
        "position": changing.position,
        "shows": changing.alt,
        "picture_id": key,
    });
    let product = (changing.product, changing.locked.title.as_str());
    record(connection, by, "product.remove_picture", product, (before, json!({}))).await?;
    Ok(changing.position)
}

/// Puts a picture where it was, as far as there are still as many, and for the variants that have got no other one
/// meanwhile. Says where, from 1.
pub(super) async fn bring_back(connection: &mut PgConnection, by: By<'_>, key: Uuid) -> Result<usize, ServiceError> {
    let product = sqlx::query_scalar!("select product_id from removed_pictures where id = $1", key)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or_else(too_late)?;
    let locked = lock(connection, product).await?;
    // Whoever presses twice finds it done.
    let removed = sqlx::query!(
        "delete from removed_pictures where id = $1
         returning media_id, position, alt, decorative, source, variants",
        key
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or_else(too_late)?;
    let mut order = order_of(connection, product).await?;
    if order.len() >= MOST {
        return Err(AppError::invalid("", format!("A product has at most {MOST} pictures")).into());
    }
    let at = usize::try_from(removed.position).unwrap_or(1).saturating_sub(1).min(order.len());
    order.insert(at, key);
    sqlx::query!(
        "insert into product_images (id, product_id, position, media_id, alt, decorative, source)
         values ($1, $2, $3, $4, $5, $6, $7)",
        key,
        product,
        // For the moment behind all others.
        i32::try_from(order.len()).unwrap_or(i32::MAX),
        removed.media_id,
        removed.alt,
        removed.decorative,
        removed.source
    )
    .execute(&mut *connection)
    .await?;
    number(connection, &order).await?;
    sqlx::query!(
        "update variants v set image_id = $3, version = version + 1, updated_at = now()
         from (
             select id from variants where product_id = $1 and id = any($2) and image_id is null order by id for update
         ) free
         where v.id = free.id",
        product,
        &removed.variants,
        key
    )
    .execute(&mut *connection)
    .await?;
    let after = json!({"position": at + 1, "shows": removed.alt, "picture_id": key});
    record(connection, by, "product.restore_picture", (product, &locked.title), (json!({}), after)).await?;
    Ok(at + 1)
}

fn too_late() -> ServiceError {
    AppError::invalid("", "This has been brought back already, or too long ago").into()
}
