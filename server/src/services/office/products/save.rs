//! Creating and changing products.

use super::checked::{Before, Checked, CheckedVariant, GONE, NO_SUCH_CATEGORY, check, stocked};
use super::{PgProducts, id, lock, unchanged};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use app::admin::products::api::{Typed, TypedVariant};
use app::admin::products::host::Saved;
use app::cart::api::Done;
use app::error::{AppError, FieldError};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Longer titles are cut for the address, with room for a number.
const LONGEST_SLUG: usize = 200;

impl PgProducts {
    pub(super) async fn save_product(&self, typed: Typed) -> Result<Saved, ServiceError> {
        let saved = if typed.product.is_empty() { self.create(&typed).await } else { self.update(&typed).await };
        if let Err(ServiceError::Refused(AppError::Invalid { .. } | AppError::Conflict { .. })) = &saved {
            self.keep_refused(&typed).await?;
        }
        saved
    }

    async fn create(&self, typed: &Typed) -> Result<Saved, ServiceError> {
        let checked = check(typed, &Before::default(), &self.currency)?;
        let [variant] = checked.variants.as_slice() else {
            return Err(AppError::invalid("", "A new product has one price. Import a file to give it variants").into());
        };
        let on_hand = stocked(0, variant.add)
            .map_err(|_| AppError::invalid(&field(variant, "add"), "Stock can’t be negative"))?;
        let product = Uuid::now_v7();
        let mut transaction = self.begin().await?;
        let slug = slug_of(&mut transaction, product, &checked).await?;
        let inserted = sqlx::query!(
            "insert into products (id, slug, title, body_html, category_id, vendor, tags, status)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            product,
            slug,
            checked.title,
            checked.body,
            checked.category,
            checked.vendor,
            &checked.tags,
            checked.status.key()
        )
        .execute(&mut *transaction)
        .await;
        inserted.map_err(|error| in_words(error, None))?;
        let inserted = sqlx::query!(
            "insert into variants (id, product_id, position, sku, price, compare_at, on_hand)
             values ($1, $2, 1, $3, $4, $5, $6)",
            Uuid::now_v7(),
            product,
            variant.sku,
            variant.price.minor(),
            variant.compare_at.map(app::domain::Money::minor),
            on_hand
        )
        .execute(&mut *transaction)
        .await;
        inserted.map_err(|error| in_words(error, Some(variant)))?;
        let after = snapshot(&mut transaction, product).await?;
        let id = product.to_string();
        let act = Act { after, ..about("product.create", &id, &checked.title) };
        audit::write(&mut transaction, &self.actor, act).await?;
        self.forget_refused(&mut transaction, "").await?;
        transaction.commit().await?;
        Ok(Saved { id, done: Done::saying(format!("Created {}", checked.title)) })
    }

    async fn update(&self, typed: &Typed) -> Result<Saved, ServiceError> {
        let product = id(&typed.product)?;
        let mut transaction = self.begin().await?;
        let locked = lock(&mut transaction, product).await?;
        unchanged(&locked, &typed.version)?;
        let before = snapshot(&mut transaction, product).await?;
        let text = |name: &str| before.get(name).and_then(Value::as_str).unwrap_or_default();
        let checked = check(typed, &Before { slug: text("slug"), body: text("description") }, &self.currency)?;
        self.write(&mut transaction, product, &checked).await?;
        let after = snapshot(&mut transaction, product).await?;
        let (before, after) = audit::difference(&before, &after);
        let act = Act { before, after, ..about("product.update", &typed.product, &checked.title) };
        audit::write(&mut transaction, &self.actor, act).await?;
        self.forget_refused(&mut transaction, &typed.product).await?;
        transaction.commit().await?;
        Ok(Saved { id: typed.product.clone(), done: Done::saying(format!("Saved {}", checked.title)) })
    }

    async fn write(&self, connection: &mut PgConnection, product: Uuid, checked: &Checked) -> Result<(), ServiceError> {
        let slug = slug_of(connection, product, checked).await?;
        let written = sqlx::query!(
            "update products
             set slug = $2, title = $3, body_html = $4, category_id = $5, vendor = $6, tags = $7, status = $8,
                 version = version + 1, updated_at = now()
             where id = $1",
            product,
            slug,
            checked.title,
            checked.body,
            checked.category,
            checked.vendor,
            &checked.tags,
            checked.status.key()
        )
        .execute(&mut *connection)
        .await;
        written.map_err(|error| in_words(error, None))?;
        write_variants(connection, product, &checked.variants).await
    }

    async fn forget_refused(&self, connection: &mut PgConnection, product: &str) -> Result<(), sqlx::Error> {
        sqlx::query!("delete from refused_products where user_id = $1 and product = $2", self.user, product)
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// What an entry of the audit log says of a product, before what changed in it.
pub fn about<'a>(act: &'static str, id: &'a str, name: &'a str) -> Act<'a> {
    Act { act, kind: "product", id, name, before: json!({}), after: json!({}), reason: "" }
}

async fn write_variants(
    connection: &mut PgConnection,
    product: Uuid,
    typed: &[CheckedVariant],
) -> Result<(), ServiceError> {
    let rows =
        sqlx::query!("select id, sku, on_hand from variants where product_id = $1 order by id for update", product)
            .fetch_all(&mut *connection)
            .await?;
    let there: HashMap<Uuid, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut changes = Vec::new();
    let mut wrong = Vec::new();
    for variant in typed {
        let found = variant.id.and_then(|id| there.get(&id));
        let Some(row) = found else { return Err(AppError::invalid("", GONE).into()) };
        match stocked(row.on_hand, variant.add) {
            Ok(_) => changes.push((row.id, row.sku != variant.sku, variant)),
            Err(message) => wrong.push(FieldError { field: field(variant, "add"), message }),
        }
    }
    if !wrong.is_empty() {
        return Err(AppError::Invalid { fields: wrong }.into());
    }
    // So that two variants may change their SKUs for one another's.
    let renamed: Vec<Uuid> = changes.iter().filter(|(_, renamed, _)| *renamed).map(|(id, _, _)| *id).collect();
    if renamed.len() > 1 {
        sqlx::query!("update variants set sku = null where id = any($1)", &renamed).execute(&mut *connection).await?;
    }
    changes.sort_by_key(|(id, _, _)| *id);
    for (id, _, variant) in changes {
        let written = sqlx::query!(
            "update variants
             set sku = $2, price = $3, compare_at = $4, on_hand = on_hand + $5, version = version + 1, updated_at = now()
             where id = $1
               and (sku, price, compare_at, $5) is distinct from ($2::text, $3::bigint, $4::bigint, 0)",
            id,
            variant.sku,
            variant.price.minor(),
            variant.compare_at.map(app::domain::Money::minor),
            variant.add
        )
        .execute(&mut *connection)
        .await;
        written.map_err(|error| in_words(error, Some(variant)))?;
    }
    Ok(())
}

fn field(variant: &CheckedVariant, name: &str) -> String {
    TypedVariant::field(variant.at, name)
}

/// What the database found wrong, beside its field.
pub fn in_words(error: sqlx::Error, variant: Option<&CheckedVariant>) -> ServiceError {
    let error = ServiceError::from(error);
    let (name, message) = match error.constraint() {
        Some("products_slug_key") => ("slug".to_owned(), "Another product has this address"),
        Some("products_slug_check") => ("slug".to_owned(), "This can’t be a product’s address"),
        Some("products_category_id_fkey") => ("category".to_owned(), NO_SUCH_CATEGORY),
        Some("variants_sku_key") => {
            let name = variant.map(|variant| field(variant, "sku")).unwrap_or_default();
            (name, "Another product or variant has this SKU")
        }
        _ => return error,
    };
    AppError::invalid(&name, message).into()
}

/// The address that was typed, or else one made from the title.
async fn slug_of(connection: &mut PgConnection, product: Uuid, checked: &Checked) -> Result<String, sqlx::Error> {
    match &checked.slug {
        Some(slug) => Ok(slug.clone()),
        None => free_slug(connection, product, &checked.title).await,
    }
}

/// An address made from a title that no other product has, nor had: old ones still lead to whom they belonged.
async fn free_slug(connection: &mut PgConnection, product: Uuid, title: &str) -> Result<String, sqlx::Error> {
    let mut slug = slug::slugify(title);
    // Slugs are ASCII.
    slug.truncate(LONGEST_SLUG);
    let slug = slug.trim_matches('-');
    let slug = if slug.is_empty() { "product" } else { slug };
    sqlx::query_scalar!(
        r#"
        select c.slug as "slug!"
        from (
            select $1::text as slug, 1 as number
            union all
            select $1 || '-' || number, number from generate_series(2, 1000) number
            union all
            select $1 || '-' || $2::uuid, 1001
        ) c
        where not exists (select from products p where p.slug = c.slug and p.id <> $2)
          and not exists (select from product_slugs s where s.slug = c.slug and s.product_id <> $2)
        order by c.number
        limit 1
        "#,
        slug,
        product
    )
    .fetch_one(connection)
    .await
}

/// A product as the audit log has it: its own fields, and those of each variant under its name.
pub async fn snapshot(connection: &mut PgConnection, product: Uuid) -> Result<Value, sqlx::Error> {
    let row = sqlx::query!(
        r#"select p.title, p.slug, p.body_html, p.category_id, p.vendor, p.tags, p.status,
                  category_path(p.category_id) as "category!"
           from products p where p.id = $1"#,
        product
    )
    .fetch_one(&mut *connection)
    .await?;
    let variants = sqlx::query!(
        "select sku, price, compare_at, on_hand, option_values from variants where product_id = $1 order by position",
        product
    )
    .fetch_all(connection)
    .await?;
    let mut fields = Map::new();
    let mut put = |name: String, value: Value| {
        fields.insert(name, value);
    };
    put("title".to_owned(), json!(row.title));
    put("slug".to_owned(), json!(row.slug));
    put("description".to_owned(), json!(row.body_html));
    put("category".to_owned(), json!(row.category));
    put("category_id".to_owned(), json!(row.category_id));
    put("vendor".to_owned(), json!(row.vendor));
    put("tags".to_owned(), json!(row.tags));
    put("status".to_owned(), json!(row.status));
    for variant in variants {
        let of = match variant.option_values.is_empty() {
            true => String::new(),
            false => [" of ", &variant.option_values.join(" / ")].concat(),
        };
        put(["price", &of].concat(), json!(variant.price));
        put(["compare_at", &of].concat(), json!(variant.compare_at));
        put(["sku", &of].concat(), json!(variant.sku));
        put(["stock", &of].concat(), json!(variant.on_hand));
    }
    Ok(Value::Object(fields))
}
