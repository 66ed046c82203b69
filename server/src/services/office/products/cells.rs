//! Price and stock of a plain product, changed in its row of the table.

use super::checked::{delta, pieces, stocked};
use super::save::about;
use super::{Locked, PgProducts, id, lock};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use app::admin::products::host::Cell;
use app::cart::api::Done;
use app::domain::Money;
use app::error::AppError;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// A plain product and its variant, both locked.
struct Plain {
    product: Uuid,
    variant: Uuid,
    title: String,
    price: i64,
    on_hand: i32,
}

impl PgProducts {
    pub(super) async fn change_price(&self, cell: &Cell) -> Result<Done, ServiceError> {
        let price = Money::parse(&cell.typed, &self.currency).map_err(|error| AppError::invalid("price", error))?;
        let mut transaction = self.begin().await?;
        let plain = lock_plain(&mut transaction, cell, "price").await?;
        if plain.price == price.minor() {
            return Ok(Done::default());
        }
        sqlx::query!(
            "update variants set price = $2, version = version + 1, updated_at = now() where id = $1",
            plain.variant,
            price.minor()
        )
        .execute(&mut *transaction)
        .await?;
        let (before, after) = (json!({"price": plain.price}), json!({"price": price.minor()}));
        self.finish(transaction, &plain, before, after).await?;
        let before = Money::from_minor(plain.price).map(|money| self.currency.format(money)).unwrap_or_default();
        let words = format!("Price of {}: {before} → {}", plain.title, self.currency.format(price));
        Ok(Done::saying(words))
    }

    pub(super) async fn change_stock(&self, cell: &Cell) -> Result<Done, ServiceError> {
        let wrong = |message: String| AppError::invalid("stock", message);
        let typed = cell.typed.trim();
        let adds = typed.starts_with(['+', '-', '−']);
        let number = if adds { delta(typed) } else { pieces(typed) }.map_err(wrong)?;
        let mut transaction = self.begin().await?;
        let plain = lock_plain(&mut transaction, cell, "stock").await?;
        if !adds && cell.seen != plain.on_hand.to_string() {
            // Somebody bought some: the number that was counted is of before.
            let words = format!("There are {} now, no longer {}. Look again", plain.on_hand, cell.seen);
            return Err(wrong(words).into());
        }
        let on_hand = stocked(if adds { plain.on_hand } else { 0 }, number).map_err(wrong)?;
        if on_hand == plain.on_hand {
            return Ok(Done::default());
        }
        sqlx::query!(
            "update variants set on_hand = $2, version = version + 1, updated_at = now() where id = $1",
            plain.variant,
            on_hand
        )
        .execute(&mut *transaction)
        .await?;
        let (before, after) = (json!({"stock": plain.on_hand}), json!({"stock": on_hand}));
        self.finish(transaction, &plain, before, after).await?;
        Ok(Done::saying(format!("Stock of {}: {} → {on_hand}", plain.title, plain.on_hand)))
    }

    async fn finish(
        &self,
        mut transaction: sqlx::Transaction<'static, sqlx::Postgres>,
        plain: &Plain,
        before: Value,
        after: Value,
    ) -> Result<(), ServiceError> {
        sqlx::query!("update products set version = version + 1, updated_at = now() where id = $1", plain.product)
            .execute(&mut *transaction)
            .await?;
        let product = plain.product.to_string();
        let act = Act { before, after, ..about("product.update", &product, &plain.title) };
        audit::write(&mut transaction, &self.actor, act).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// # Errors
/// Beside `field`, when the product isn't as its row showed it: also for the second of two equal requests.
async fn lock_plain(connection: &mut PgConnection, cell: &Cell, field: &str) -> Result<Plain, ServiceError> {
    let variant = id(&cell.variant)?;
    let product = sqlx::query_scalar!("select product_id from variants where id = $1", variant)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let Locked { title, version, plain, .. } = lock(connection, product).await?;
    if version.to_string() != cell.version || !plain {
        return Err(AppError::invalid(field, "This product has changed meanwhile. Look again").into());
    }
    let row = sqlx::query!("select price, on_hand from variants where id = $1 for update", variant)
        .fetch_optional(connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
    Ok(Plain { product, variant, title, price: row.price, on_hand: row.on_hand })
}
