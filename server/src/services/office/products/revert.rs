//! Taking back changes of a product, field by field: what has been changed since refuses, what else was changed stays.

use super::checked::stocked;
use super::save::{about, in_words, snapshot};
use super::{id, lock, sign};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor, difference};
use crate::services::office::trail::{Row, WayBack, changed_since, taking_back, without_field};
use app::admin::host::May;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::{Map, Value};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Fields of a product's own, as [`snapshot`] names them. `category`, a path of names, goes with `category_id`.
const OWN: [&str; 8] = ["title", "slug", "description", "category", "category_id", "vendor", "tags", "status"];
/// Fields of each variant, which stand alone for a plain product and before ` of ` and its options for another.
const OF_VARIANTS: [&str; 4] = ["price", "compare_at", "sku", "stock"];

/// `product.update`, `product.archive` and `product.restore`, taken back by what their entry says was there before.
pub struct ProductUpdate;

/// A variant's field, and the options of the variant that it is of; `None` for a field of another kind.
fn of_variant(field: &str) -> Option<(&str, &str)> {
    let (name, options) = field.split_once(" of ").unwrap_or((field, ""));
    OF_VARIANTS.contains(&name).then_some((name, options))
}

fn fields(value: &Value) -> impl Iterator<Item = &String> {
    value.as_object().into_iter().flat_map(Map::keys)
}

#[async_trait]
impl WayBack for ProductUpdate {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn fits(&self, entry: &Row) -> bool {
        let known = |field: &String| OWN.contains(&field.as_str()) || of_variant(field).is_some();
        // What was made or removed, such as a variant, has no value to go back to.
        fields(&entry.before).eq(fields(&entry.after))
            && fields(&entry.after).all(known)
            && fields(&entry.after).any(|field| field != "category")
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        let gone = |error| match error {
            ServiceError::NotFound => AppError::invalid("", "This product isn’t there any more").into(),
            error => error,
        };
        sign(connection, actor, "revert").await?;
        let product = id(&entry.subject_id).map_err(gone)?;
        lock(connection, product).await.map_err(gone)?;
        let mut variants = Variants::lock(connection, product).await?;
        let now = snapshot(connection, product).await?;
        let mut then = now.clone();
        for field in fields(&entry.after).filter(|field| *field != "category") {
            let (Some(before), Some(after)) = (entry.before.get(field), entry.after.get(field)) else { continue };
            match of_variant(field) {
                // Pieces are taken back as they were put in: what was sold since stays sold.
                Some(("stock", options)) => variants.add(options, whole(before) - whole(after))?,
                of => {
                    if now.get(field) != Some(after) {
                        return Err(changed_since(&words(field)));
                    }
                    then[field] = before.clone();
                    if let Some((name, options)) = of {
                        variants.set(options, name, before)?;
                    }
                }
            }
        }
        write(connection, product, &then).await.map_err(without_field)?;
        variants.write(connection).await.map_err(without_field)?;
        let after = snapshot(connection, product).await?;
        let (before, after) = difference(&now, &after);
        let title = then.get("title").and_then(Value::as_str).unwrap_or_default();
        let reason = taking_back(entry);
        let act = Act { before, after, reason: &reason, ..about("product.update", &entry.subject_id, title) };
        Ok(audit::write(connection, actor, act).await?)
    }
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

fn words(field: &str) -> String {
    if field == "category_id" { "category".to_owned() } else { field.replace('_', " ") }
}

/// Writes a product's own fields as they were.
async fn write(connection: &mut PgConnection, product: Uuid, then: &Value) -> Result<(), ServiceError> {
    let text = |name: &str| then.get(name).and_then(Value::as_str).unwrap_or_default();
    let tags: Vec<String> = then
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.as_str().map(str::to_owned))
        .collect();
    let category: Option<Uuid> = text("category_id").parse().ok();
    sqlx::query!(
        "update products
         set title = $2, slug = $3, body_html = $4, category_id = $5, vendor = $6, tags = $7, status = $8,
             version = version + 1, updated_at = now()
         where id = $1",
        product,
        text("title"),
        text("slug"),
        text("description"),
        category,
        text("vendor"),
        &tags,
        text("status")
    )
    .execute(connection)
    .await
    .map_err(|error| in_words(error, None))?;
    Ok(())
}

/// A product's variants by their options, locked, and what becomes of them.
struct Variants(BTreeMap<String, Variant>);

struct Variant {
    id: Uuid,
    sku: Option<String>,
    price: i64,
    compare_at: Option<i64>,
    on_hand: i32,
    add: i64,
    renamed: bool,
    changed: bool,
}

impl Variants {
    async fn lock(connection: &mut PgConnection, product: Uuid) -> Result<Self, sqlx::Error> {
        let rows = sqlx::query!(
            "select id, sku, price, compare_at, on_hand, option_values from variants where product_id = $1
             order by id
             for update",
            product
        )
        .fetch_all(connection)
        .await?;
        let variants = rows.into_iter().map(|row| {
            let variant = Variant {
                id: row.id,
                sku: row.sku,
                price: row.price,
                compare_at: row.compare_at,
                on_hand: row.on_hand,
                add: 0,
                renamed: false,
                changed: false,
            };
            (row.option_values.join(" / "), variant)
        });
        Ok(Self(variants.collect()))
    }

    fn of(&mut self, options: &str) -> Result<&mut Variant, ServiceError> {
        let gone = || AppError::invalid("", "One of its variants isn’t there any more");
        let variant = self.0.get_mut(options).ok_or_else(gone)?;
        variant.changed = true;
        Ok(variant)
    }

    fn add(&mut self, options: &str, pieces: i64) -> Result<(), ServiceError> {
        self.of(options)?.add = pieces;
        Ok(())
    }

    fn set(&mut self, options: &str, name: &str, value: &Value) -> Result<(), ServiceError> {
        let variant = self.of(options)?;
        match name {
            "price" => variant.price = whole(value),
            "compare_at" => variant.compare_at = value.as_i64(),
            _ => {
                variant.sku = value.as_str().map(str::to_owned);
                variant.renamed = true;
            }
        }
        Ok(())
    }

    async fn write(self, connection: &mut PgConnection) -> Result<(), ServiceError> {
        let mut changed: Vec<Variant> = self.0.into_values().filter(|variant| variant.changed).collect();
        changed.sort_by_key(|variant| variant.id);
        // So that two variants may have one another's SKUs again.
        let renamed: Vec<Uuid> = changed.iter().filter(|variant| variant.renamed).map(|variant| variant.id).collect();
        sqlx::query!("update variants set sku = null where id = any($1)", &renamed).execute(&mut *connection).await?;
        for variant in changed {
            let wrong = |words: String| AppError::invalid("", format!("Its stock can’t go back. {words}"));
            let add = i32::try_from(variant.add).map_err(|error| wrong(error.to_string()))?;
            let on_hand = stocked(variant.on_hand, add).map_err(wrong)?;
            sqlx::query!(
                "update variants
                 set sku = $2, price = $3, compare_at = $4, on_hand = $5, version = version + 1, updated_at = now()
                 where id = $1",
                variant.id,
                variant.sku,
                variant.price,
                variant.compare_at,
                on_hand
            )
            .execute(&mut *connection)
            .await
            .map_err(|error| in_words(error, None))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_variants_are_told_from_the_products_own() {
        assert_eq!(of_variant("price"), Some(("price", "")));
        assert_eq!(of_variant("compare_at of Red / One of two"), Some(("compare_at", "Red / One of two")));
        assert_eq!(of_variant("title"), None);
        assert_eq!(of_variant("products of Red"), None);
    }
}
