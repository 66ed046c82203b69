//! Creating and changing products.

use super::checked::{Before, Checked, CheckedVariant, NO_SUCH_CATEGORY, check};
use super::drafts::Keeping;
use super::prose::Prose;
use super::shape::shape;
use super::snapshot::{Snapshot, snapshot};
use super::{PgProducts, id, lock, unchanged, variants};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use app::admin::products::api::{Typed, TypedVariant};
use app::admin::products::host::{Press, Saved};
use app::cart::api::Done;
use app::error::AppError;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// Longer titles are cut for the address, with room for a number.
const LONGEST_SLUG: usize = 200;

impl PgProducts {
    pub(super) async fn save_product(&self, typed: Typed, tab: &str) -> Result<Saved, ServiceError> {
        let saved =
            if typed.product.is_empty() { self.create(&typed, tab).await } else { self.update(&typed, tab).await };
        if let Err(ServiceError::Refused(AppError::Invalid { .. } | AppError::Conflict { .. })) = &saved {
            self.keep(typed, tab, Keeping::Pressing).await?;
        }
        saved
    }

    /// What a button makes of the form is the draft, for the page that shows it; so is what it couldn't make anything of.
    pub(super) async fn shape_product(&self, typed: Typed, tab: &str, press: &Press) -> Result<(), ServiceError> {
        let (typed, refused) = match shape(&typed, press) {
            Ok(shaped) => (shaped, None),
            Err(error) => (typed, Some(error)),
        };
        self.must_be_there(&typed.product).await?;
        self.keep(typed, tab, Keeping::Pressing).await?;
        refused.map_or(Ok(()), |error| Err(error.into()))
    }

    async fn create(&self, typed: &Typed, tab: &str) -> Result<Saved, ServiceError> {
        let checked = check(typed, &Before::default(), &self.currency)?;
        if checked.variants.is_empty() {
            return Err(AppError::invalid("", "A new product has a price").into());
        }
        let product = Uuid::now_v7();
        let mut transaction = self.begin().await?;
        let slug = slug_of(&mut transaction, product, &checked).await?;
        let inserted = sqlx::query!(
            "insert into products (id, slug, title, body_html, body_source, category_id, vendor, tags, status, option_names)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            product,
            slug,
            checked.title,
            checked.body.html,
            checked.body.source,
            checked.category,
            checked.vendor,
            &checked.tags,
            checked.status.key(),
            &checked.options
        )
        .execute(&mut *transaction)
        .await;
        inserted.map_err(|error| in_words(error, None))?;
        variants::write(&mut transaction, product, &checked).await?;
        let after = snapshot(&mut transaction, product).await?;
        let id = product.to_string();
        let act = Act { after, ..about("product.create", &id, &checked.title) };
        audit::write(&mut transaction, &self.actor, act).await?;
        self.settle_draft(&mut transaction, "", tab).await?;
        transaction.commit().await?;
        Ok(Saved { id, done: Done::saying(format!("Created {}", checked.title)) })
    }

    async fn update(&self, typed: &Typed, tab: &str) -> Result<Saved, ServiceError> {
        let product = id(&typed.product)?;
        let mut transaction = self.begin().await?;
        let locked = lock(&mut transaction, product).await?;
        unchanged(&locked, &typed.version)?;
        let before = Snapshot::of(&mut transaction, product).await?;
        let body = Prose { html: before.text("description").to_owned(), source: before.source() };
        let slug = before.text("slug");
        let was = Before { slug, body, variants: before.variants(), prices: before.prices() };
        let checked = check(typed, &was, &self.currency)?;
        self.write(&mut transaction, product, &checked).await?;
        let saved = Snapshot::of(&mut transaction, product).await?;
        let (before, after) = before.compared(&saved);
        let (before, after) = saved.identified(audit::difference(&before, &after));
        let act = Act { before, after, ..about("product.update", &typed.product, &checked.title) };
        audit::write(&mut transaction, &self.actor, act).await?;
        self.settle_draft(&mut transaction, &typed.product, tab).await?;
        transaction.commit().await?;
        Ok(Saved { id: typed.product.clone(), done: Done::saying(format!("Saved {}", checked.title)) })
    }

    async fn write(&self, connection: &mut PgConnection, product: Uuid, checked: &Checked) -> Result<(), ServiceError> {
        let slug = slug_of(connection, product, checked).await?;
        let written = sqlx::query!(
            "update products
             set slug = $2, title = $3, body_html = $4, body_source = $5, category_id = $6, vendor = $7, tags = $8,
                 status = $9, option_names = $10, version = version + 1, updated_at = now()
             where id = $1",
            product,
            slug,
            checked.title,
            checked.body.html,
            checked.body.source,
            checked.category,
            checked.vendor,
            &checked.tags,
            checked.status.key(),
            &checked.options
        )
        .execute(&mut *connection)
        .await;
        written.map_err(|error| in_words(error, None))?;
        variants::write(connection, product, checked).await
    }
}

/// What an entry of the audit log says of a product, before what changed in it.
pub fn about<'a>(act: &'static str, id: &'a str, name: &'a str) -> Act<'a> {
    Act { act, kind: "product", id, name, before: json!({}), after: json!({}), reason: "" }
}

/// What the database found wrong, beside its field.
pub fn in_words(error: sqlx::Error, variant: Option<&CheckedVariant>) -> ServiceError {
    let error = ServiceError::from(error);
    let (name, message) = match error.constraint() {
        Some("products_slug_key") => ("slug".to_owned(), "Another product has this address"),
        Some("products_slug_check") => ("slug".to_owned(), "This can’t be a product’s address"),
        Some("products_category_id_fkey") => ("category".to_owned(), NO_SUCH_CATEGORY),
        Some("variants_sku_key") => {
            let name = variant.map(|variant| TypedVariant::field(variant.at, "sku")).unwrap_or_default();
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
