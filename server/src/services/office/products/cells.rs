//! Price and stock of a variant, changed in its product's row of the table.

use super::checked::{delta, pieces, stocked};
use super::idempotency::IdempotencyKey;
use super::save::about;
use super::snapshot::VARIANTS;
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

const CHANGED: &str = "This product has changed meanwhile. Look again";

/// A product and one of its variants, both locked.
struct Held {
    product: Uuid,
    variant: Uuid,
    title: String,
    /// Its option values; empty for a plain product's.
    options: String,
    version: i64,
    price: i64,
    on_hand: i32,
}

impl Held {
    /// # Errors
    /// Beside `field`, when the product isn't as its row showed it.
    fn is_as_seen(&self, cell: &Cell, field: &str) -> Result<(), AppError> {
        if self.version.to_string() == cell.version { Ok(()) } else { Err(AppError::invalid(field, CHANGED)) }
    }

    /// As people call it.
    fn name(&self) -> String {
        if self.options.is_empty() { self.title.clone() } else { [&self.title, ", ", &self.options].concat() }
    }

    /// A field of the variant as the log's snapshots of the product call it, which taking it back goes by.
    fn field(&self, name: &str) -> String {
        if self.options.is_empty() { name.to_owned() } else { [name, " of ", &self.options].concat() }
    }

    /// What an entry says of a field, on one side of a change.
    fn told(&self, field: &str, value: i64) -> Value {
        json!({ field: value, VARIANTS: { &self.options: self.variant } })
    }
}

impl PgProducts {
    pub(super) async fn change_price(&self, cell: &Cell) -> Result<Done, ServiceError> {
        let price = Money::parse(&cell.typed, &self.currency).map_err(|error| AppError::invalid("price", error))?;
        let mut transaction = self.begin().await?;
        let held = hold(&mut transaction, cell).await?;
        if held.price == price.minor() {
            return Ok(Done::default());
        }
        held.is_as_seen(cell, "price")?;
        sqlx::query!(
            "update variants set price = $2, version = version + 1, updated_at = now() where id = $1",
            held.variant,
            price.minor()
        )
        .execute(&mut *transaction)
        .await?;
        let field = held.field("price");
        let (before, after) = (held.told(&field, held.price), held.told(&field, price.minor()));
        self.finish(transaction, &held, before, after).await?;
        let before = Money::from_minor(held.price).map(|money| self.currency.format(money)).unwrap_or_default();
        let words = format!("Price of {}: {before} → {}", held.name(), self.currency.format(price));
        Ok(Done::saying(words))
    }

    pub(super) async fn change_stock(&self, cell: &Cell) -> Result<Done, ServiceError> {
        let wrong = |message: String| AppError::invalid("stock", message);
        let typed = cell.typed.trim();
        let adds = typed.starts_with(['+', '-', '−']);
        let number = if adds { delta(typed) } else { pieces(typed) }.map_err(wrong)?;
        let mut transaction = self.begin().await?;
        // Sent again from a row that has not changed since, `+3` is still the three of before.
        let parts = ["set_stock", &cell.variant, &cell.version, &number.to_string()];
        let key = (adds && !cell.version.is_empty()).then(|| IdempotencyKey::new(self.user, &parts));
        if let Some(key) = &key
            && let Some(answer) = key.answer(&mut transaction).await?
        {
            return Ok(Done::saying(answer.notice));
        }
        let held = hold(&mut transaction, cell).await?;
        // What is added or taken comes to the same, whatever else has changed meanwhile.
        if !adds {
            held.is_as_seen(cell, "stock")?;
        }
        if !adds && cell.seen != held.on_hand.to_string() {
            // Somebody bought some: the number that was counted is of before.
            let words = format!("There are {} now, no longer {}. Look again", held.on_hand, cell.seen);
            return Err(wrong(words).into());
        }
        let on_hand = stocked(if adds { held.on_hand } else { 0 }, number).map_err(wrong)?;
        if on_hand == held.on_hand {
            return Ok(Done::default());
        }
        sqlx::query!(
            "update variants set on_hand = $2, version = version + 1, updated_at = now() where id = $1",
            held.variant,
            on_hand
        )
        .execute(&mut *transaction)
        .await?;
        let field = held.field("stock");
        let (before, after) = (held.told(&field, held.on_hand.into()), held.told(&field, on_hand.into()));
        let notice = format!("Stock of {}: {} → {on_hand}", held.name(), held.on_hand);
        if let Some(key) = key {
            key.keep(&mut transaction, held.product, &notice).await?;
        }
        self.finish(transaction, &held, before, after).await?;
        Ok(Done::saying(notice))
    }

    async fn finish(
        &self,
        mut transaction: sqlx::Transaction<'static, sqlx::Postgres>,
        held: &Held,
        before: Value,
        after: Value,
    ) -> Result<(), ServiceError> {
        sqlx::query!("update products set version = version + 1, updated_at = now() where id = $1", held.product)
            .execute(&mut *transaction)
            .await?;
        let product = held.product.to_string();
        let act = Act { before, after, ..about("product.update", &product, &held.title) };
        audit::write(&mut transaction, &self.actor, act).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// # Errors
/// `NotFound` for a variant that is gone.
async fn hold(connection: &mut PgConnection, cell: &Cell) -> Result<Held, ServiceError> {
    let variant = id(&cell.variant)?;
    let product = sqlx::query_scalar!("select product_id from variants where id = $1", variant)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let Locked { title, version, .. } = lock(connection, product).await?;
    let row =
        sqlx::query!("select price, on_hand, option_values from variants where id = $1 for no key update", variant)
            .fetch_optional(connection)
            .await?
            .ok_or(ServiceError::NotFound)?;
    let options = row.option_values.join(" / ");
    Ok(Held { product, variant, title, options, version, price: row.price, on_hand: row.on_hand })
}
