//! What was removed comes back, once.

use super::add::full;
use super::{MOST_LINES, Owner, PgShelf, id};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::error::AppError;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

impl PgShelf {
    pub(super) async fn take_back(&self, undo: &str) -> Result<Done, ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner(&mut transaction).await?;
        self.lock(&mut transaction, owner).await?;
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
            "lines" => self.restore_lines(&mut transaction, owner, &removed.removed).await?,
            kind => super::wishlists::restore(&mut transaction, owner, kind, &removed.removed).await?,
        };
        transaction.commit().await?;
        Ok(Done::saying(notice))
    }

    /// Into the cart as it is now: what has been added meanwhile stays, and together they are no more than there is.
    /// The last piece of something is held again, unless another has it by now.
    async fn restore_lines(
        &self,
        connection: &mut PgConnection,
        owner: Owner,
        removed: &Value,
    ) -> Result<&'static str, ServiceError> {
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
             set (quantity, short) = (
                     select may.quantity, l.quantity + excluded.quantity - may.quantity
                     from variants v
                     cross join lateral (
                         select least(l.quantity + excluded.quantity, cart_limit(v.on_hand, l.saved)) as cut
                     ) c
                     cross join lateral (select greatest(l.quantity, c.cut) as quantity) may
                     where v.id = l.variant_id
                 ),
                 price = least(l.price, excluded.price), merged = false",
            cart,
            removed
        )
        .execute(&mut *connection)
        .await?;
        let lines = sqlx::query_scalar!(r#"select count(*) as "lines!" from cart_lines where cart_id = $1"#, cart)
            .fetch_one(&mut *connection)
            .await?;
        if lines > MOST_LINES {
            return Err(full().into());
        }
        sqlx::query!(
            "insert into holds (variant_id, cart_id, until)
             select v.id, $1, now() + make_interval(secs => $3)
             from jsonb_populate_recordset(null::cart_lines, $2) r
             join variants v on v.id = r.variant_id
             join products p on p.id = v.product_id
             where not r.saved and v.on_hand = 1 and p.status = 'active' and $3 > 0
             order by v.id
             on conflict (variant_id) do update
             set cart_id = excluded.cart_id, until = excluded.until
             where holds.cart_id = excluded.cart_id or holds.until <= now()",
            cart,
            removed,
            self.service.hold.as_secs_f64()
        )
        .execute(connection)
        .await?;
        Ok("It’s back in your cart")
    }
}
