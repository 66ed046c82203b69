//! Taking back changes of a product, field by field: what has been changed since refuses, what else was changed stays.

use super::checked::stocked;
use super::save::{about, in_words};
use super::snapshot::{Snapshot, VARIANTS, of_variant};
use super::{id, lock, sign};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor, difference};
use crate::services::office::trail::{Row, TAKES_BACK, WayBack, changed_since, taking_back, without_field};
use app::admin::host::May;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Fields of a product's own, as [`snapshot`] names them. `category`, a path of names, goes with `category_id`.
const OWN: [&str; 9] =
    ["title", "slug", "description", "description_source", "category", "category_id", "vendor", "tags", "status"];
/// Fields that say what others mean.
const BESIDE: [&str; 2] = ["category", VARIANTS];

/// `product.update`, `product.archive` and `product.restore`, taken back by what their entry says was there before.
pub struct ProductUpdate;

fn fields(value: &Value) -> impl Iterator<Item = &String> {
    value.as_object().into_iter().flat_map(Map::keys)
}

#[async_trait]
impl WayBack for ProductUpdate {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn fits(&self, entry: &Row) -> bool {
        let known = |field: &String| is_own(field) || BESIDE.contains(&field.as_str()) || of_variant(field).is_some();
        // What was made or removed, such as a variant, has no value to go back to. Options are made of variants, so their
        // entries don't say enough either; nor does one that tells of two variants which had the same name in turn.
        fields(&entry.before).eq(fields(&entry.after))
            && entry.before.get(VARIANTS) == entry.after.get(VARIANTS)
            && fields(&entry.after).all(known)
            && fields(&entry.after).any(|field| !BESIDE.contains(&field.as_str()))
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        sign(connection, actor, "revert").await?;
        let product = id(&entry.subject_id).map_err(gone)?;
        lock(connection, product).await.map_err(gone)?;
        let mut variants = Variants::lock(connection, product, entry.after.get(VARIANTS)).await?;
        let was = Snapshot::of(connection, product).await?;
        let now = was.fields();
        let mut then = now.clone();
        let mut has_pieces = false;
        for field in fields(&entry.after).filter(|field| !BESIDE.contains(&field.as_str())) {
            let (Some(before), Some(after)) = (entry.before.get(field), entry.after.get(field)) else { continue };
            match of_variant(field) {
                // Pieces are taken back as they were put in: what was sold since stays sold.
                Some(("stock", options)) => {
                    has_pieces = true;
                    variants.add(options, whole(before) - whole(after))?;
                }
                Some((name, options)) => variants.set(options, name, (before, after))?,
                None if now.get(field) == Some(after) => then[field] = before.clone(),
                None => return Err(changed_since(&words(field))),
            }
        }
        // Of any other field it shows in what it is now.
        if has_pieces && is_taken_back(connection, entry).await? {
            return Err(AppError::invalid("", "This has been taken back already").into());
        }
        // An entry from before sources were told of, or of two that had none.
        if entry.before.get("description").is_some() && entry.before.get("description_source").is_none() {
            then["description_source"] = Value::Null;
        }
        write(connection, product, &then).await.map_err(without_field)?;
        variants.write(connection).await.map_err(without_field)?;
        let is_now = Snapshot::of(connection, product).await?;
        let (before, after) = was.compared(&is_now);
        let (before, after) = is_now.identified(difference(&before, &after));
        let title = then.get("title").and_then(Value::as_str).unwrap_or_default();
        let reason = taking_back(entry);
        let act = Act { before, after, reason: &reason, ..about("product.update", &entry.subject_id, title) };
        Ok(audit::write(connection, actor, act).await?)
    }
}

/// Whether what an entry tells of has been taken back, by itself or with the whole that it is part of, and that hasn't in
/// turn.
async fn is_taken_back(connection: &mut PgConnection, entry: &Row) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with recursive back (id, nth) as (
               select $1::bigint, 0
               union all
               select (
                   select max(l.id)
                   from audit_log l
                   where l.subject_kind = 'product' and l.subject_id = $2 and l.id > b.id
                     and (l.act = 'product.update' and l.reason = $3 || b.id::text
                          or l.part_of = (
                              select u.id
                              from audit_log e
                              join audit_log w on w.id = e.part_of
                              join audit_log u on u.subject_kind = w.subject_kind and u.subject_id = w.subject_id
                              where e.id = b.id
                                and u.act = case w.act when 'product.bulk_update' then 'product.bulk_undo'
                                                       when 'import.apply' then 'import.undo' end
                          ))
               ), b.nth + 1
               from back b
               where b.id is not null
           )
           select max(nth) % 2 = 1 as "is_taken_back!" from back where id is not null"#,
        entry.id,
        entry.subject_id,
        TAKES_BACK
    )
    .fetch_one(connection)
    .await
}

/// Said of a product that there isn't.
pub(super) fn gone(error: ServiceError) -> ServiceError {
    match error {
        ServiceError::NotFound => AppError::invalid("", "This product isn’t there any more").into(),
        error => error,
    }
}

/// Whether a field is a product's own.
pub(super) fn is_own(field: &str) -> bool {
    OWN.contains(&field)
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

fn words(field: &str) -> String {
    match field {
        "category_id" => "category".to_owned(),
        "description_source" => "description".to_owned(),
        field => field.replace('_', " "),
    }
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
         set title = $2, slug = $3, body_html = $4, category_id = $5, vendor = $6, tags = $7, status = $8, body_source = $9,
             version = version + 1, updated_at = now()
         where id = $1",
        product,
        text("title"),
        text("slug"),
        text("description"),
        category,
        text("vendor"),
        &tags,
        text("status"),
        then.get("description_source").and_then(Value::as_str)
    )
    .execute(connection)
    .await
    .map_err(|error| in_words(error, None))?;
    Ok(())
}

/// A product's variants, locked, and what becomes of them.
struct Variants {
    all: Vec<Variant>,
    /// The ids of those that the entry tells of, by the options that they had then. Older entries have none.
    ids: BTreeMap<String, Uuid>,
}

struct Variant {
    id: Uuid,
    options: String,
    sku: Option<String>,
    price: i64,
    compare_at: Option<i64>,
    on_hand: i32,
    add: i64,
    renamed: bool,
    changed: bool,
}

impl Variants {
    async fn lock(connection: &mut PgConnection, product: Uuid, ids: Option<&Value>) -> Result<Self, sqlx::Error> {
        let rows = sqlx::query!(
            "select id, sku, price, compare_at, on_hand, option_values from variants where product_id = $1
             order by id
             for no key update",
            product
        )
        .fetch_all(connection)
        .await?;
        let variants = rows.into_iter().map(|row| Variant {
            id: row.id,
            options: row.option_values.join(" / "),
            sku: row.sku,
            price: row.price,
            compare_at: row.compare_at,
            on_hand: row.on_hand,
            add: 0,
            renamed: false,
            changed: false,
        });
        let ids = ids.and_then(Value::as_object).into_iter().flatten();
        let id = |(name, id): (&String, &Value)| Some((name.clone(), id.as_str()?.parse().ok()?));
        Ok(Self { all: variants.collect(), ids: ids.filter_map(id).collect() })
    }

    /// # Errors
    /// `Invalid` for one that is gone, whatever has its name now.
    fn of(&mut self, options: &str) -> Result<&mut Variant, ServiceError> {
        let id = self.ids.get(options).copied();
        let is_meant = |variant: &&mut Variant| match id {
            Some(id) => variant.id == id,
            None => variant.options == options,
        };
        let variant = self.all.iter_mut().find(is_meant).ok_or_else(|| gone_variant(options))?;
        variant.changed = true;
        Ok(variant)
    }

    fn add(&mut self, options: &str, pieces: i64) -> Result<(), ServiceError> {
        self.of(options)?.add = pieces;
        Ok(())
    }

    /// Puts a field back from what it became to what it was, if it is still that.
    fn set(&mut self, options: &str, name: &str, (was, became): (&Value, &Value)) -> Result<(), ServiceError> {
        let variant = self.of(options)?;
        let now = match name {
            "price" => json!(variant.price),
            "compare_at" => json!(variant.compare_at),
            _ => json!(variant.sku),
        };
        if now != *became {
            // As it is called now: its name then may be another's.
            let of = match variant.options.as_str() {
                "" => String::new(),
                name => [" of ", name].concat(),
            };
            return Err(changed_since(&[&words(name), of.as_str()].concat()));
        }
        match name {
            "price" => variant.price = whole(was),
            "compare_at" => variant.compare_at = was.as_i64(),
            _ => {
                variant.sku = was.as_str().map(str::to_owned);
                variant.renamed = true;
            }
        }
        Ok(())
    }

    async fn write(self, connection: &mut PgConnection) -> Result<(), ServiceError> {
        let mut changed: Vec<Variant> = self.all.into_iter().filter(|variant| variant.changed).collect();
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

fn gone_variant(options: &str) -> AppError {
    let words = match options {
        "" => "It has other variants now, and the one that was changed isn’t there any more".to_owned(),
        options => format!("Its variant {options} isn’t there any more"),
    };
    AppError::invalid("", words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_two_variants_of_one_name_has_no_way_back() {
        let entry = |then: &str, now: &str| Row {
            id: 1,
            at: time::OffsetDateTime::UNIX_EPOCH,
            actor: String::new(),
            act: "product.update".to_owned(),
            subject_kind: "product".to_owned(),
            subject_id: String::new(),
            subject: String::new(),
            before: json!({"price of Red": 1, VARIANTS: {"Red": then}}),
            after: json!({"price of Red": 2, VARIANTS: {"Red": now}}),
            reason: String::new(),
            request_id: String::new(),
        };
        assert!(ProductUpdate.fits(&entry("a", "a")));
        assert!(!ProductUpdate.fits(&entry("a", "b")));
    }

    #[test]
    fn fields_of_variants_are_told_from_the_products_own() {
        assert_eq!(of_variant("price"), Some(("price", "")));
        assert_eq!(of_variant("compare_at of Red / One of two"), Some(("compare_at", "Red / One of two")));
        assert_eq!(of_variant("title"), None);
        assert_eq!(of_variant("products of Red"), None);
    }
}
