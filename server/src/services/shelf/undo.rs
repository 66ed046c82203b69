//! What was removed comes back, once.

use super::{PgShelf, id};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::error::AppError;
use serde_json::Value;
use uuid::Uuid;

impl PgShelf {
    pub(super) async fn take_back(&self, undo: &str) -> Result<Done, ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner(&mut transaction).await?;
        // Whoever presses twice finds it done: the second waits for the first, and the row is gone.
        let removed = sqlx::query!(
            "delete from undos where id = $1 and owner_id = $2 returning kind, removed",
            id(undo)?,
            owner.id()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(removed) = removed else {
            return Err(AppError::invalid("", "This has been brought back already, or too long ago").into());
        };
        let notice = match removed.kind.as_str() {
            "lines" => restore_lines(&mut transaction, owner, &removed.removed).await?,
            kind => super::wishlists::restore(&mut transaction, owner, kind, &removed.removed).await?,
        };
        transaction.commit().await?;
        Ok(Done::saying(notice))
    }
}

/// Into the cart as it is now: what has been added meanwhile stays, and together they are no more than there is.
async fn restore_lines(
    connection: &mut sqlx::PgConnection,
    owner: super::Owner,
    removed: &Value,
) -> Result<&'static str, sqlx::Error> {
    let cart = sqlx::query_scalar!(
        "insert into carts (id, user_id, guest_id) values ($1, $2, $3)
         on conflict (owner_id) do update set touched_at = now()
         returning id",
        Uuid::now_v7(),
        owner.user(),
        owner.guest()
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into cart_lines as l (id, cart_id, variant_id, saved, quantity, price, name, created_at)
         select r.id, $1, v.id, r.saved, r.quantity, r.price, r.name, r.created_at
         from jsonb_populate_recordset(null::cart_lines, $2) r left join variants v on v.id = r.variant_id
         order by r.variant_id
         on conflict (cart_id, variant_id, saved) do update
         set quantity = greatest(l.quantity, least(
                 l.quantity + excluded.quantity,
                 (select cart_limit(v.on_hand, l.saved) from variants v where v.id = l.variant_id)
             ))",
        cart,
        removed
    )
    .execute(connection)
    .await?;
    Ok("It’s back in your cart")
}
