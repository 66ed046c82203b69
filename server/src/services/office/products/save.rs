//! Creating and changing products.

use super::checked::{Before, Checked, CheckedVariant, NO_SUCH_CATEGORY, check};
use super::drafts::Keeping;
use super::idempotency::IdempotencyKey;
use super::prose::Prose;
use super::shape::shape;
use super::snapshot::{Snapshot, snapshot};
use super::{PgProducts, id, lock, unchanged, variants};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use crate::services::office::in_turn;
use app::admin::products::api::{Typed, TypedVariant};
use app::admin::products::host::{Press, Saved};
use app::cart::api::Done;
use app::error::AppError;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

/// Longer titles are cut for the address, with room for a number.
const LONGEST_SLUG: usize = 200;
/// The constraint that no two products have one address.
const SLUGS: &str = "products_slug_key";
/// So often an address made from a title may be taken by others while it is written, before the form is refused.
const TRIES: u32 = 8;

impl PgProducts {
    pub(super) async fn save_product(&self, typed: Typed, tab: &str) -> Result<Saved, ServiceError> {
        let saved = self.save_once(&typed, tab).await.map_err(in_turn);
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

    /// The same from one opening of a form, by a double click or tried again, is saved once and answered alike. Whoever
    /// goes back to the form and changes something there means another one.
    async fn save_once(&self, typed: &Typed, tab: &str) -> Result<Saved, ServiceError> {
        let mut transaction = self.begin().await?;
        // `Debug` names every field, and nobody but the hash reads it.
        let key = || IdempotencyKey::new(self.user, &["save", tab, &format!("{typed:?}")]);
        let key = match (tab, typed.product.as_str()) {
            ("", "") => Some(key().for_a_minute()),
            // Its version says which of many is the first.
            ("", _) => None,
            _ => Some(key()),
        };
        if let Some(key) = &key
            && let Some(answer) = key.answer(&mut transaction).await?
        {
            return Ok(Saved { id: answer.product.to_string(), done: Done::saying(answer.notice) });
        }
        let (product, notice) = match typed.product.as_str() {
            "" => self.create(&mut transaction, typed).await?,
            _ => self.update(&mut transaction, typed).await?,
        };
        self.settle_draft(&mut transaction, &typed.product, tab).await?;
        if let Some(key) = key {
            key.keep(&mut transaction, product, &notice).await?;
        }
        transaction.commit().await?;
        Ok(Saved { id: product.to_string(), done: Done::saying(notice) })
    }

    /// Answers what was made, and what is said of it.
    async fn create(&self, connection: &mut PgConnection, typed: &Typed) -> Result<(Uuid, String), ServiceError> {
        let checked = check(typed, &Before::default(), &self.currency)?;
        if checked.variants.is_empty() {
            return Err(AppError::invalid("", "A new product has a price").into());
        }
        let product = Uuid::now_v7();
        write(connection, product, &checked, Row::New).await?;
        let after = snapshot(connection, product).await?;
        let id = product.to_string();
        let act = Act { after, ..about("product.create", &id, &checked.title) };
        audit::write(connection, &self.actor, act).await?;
        Ok((product, format!("Created {}", checked.title)))
    }

    /// Answers what was changed, and what is said of it.
    async fn update(&self, connection: &mut PgConnection, typed: &Typed) -> Result<(Uuid, String), ServiceError> {
        let product = id(&typed.product)?;
        let locked = lock(connection, product).await?;
        unchanged(&locked, &typed.version)?;
        let before = Snapshot::of(connection, product).await?;
        let body = Prose { html: before.text("description").to_owned(), source: before.source() };
        let slug = before.text("slug");
        let was = Before { slug, body, variants: before.variants(), prices: before.prices() };
        let checked = check(typed, &was, &self.currency)?;
        write(connection, product, &checked, Row::There).await?;
        let saved = Snapshot::of(connection, product).await?;
        let (before, after) = before.compared(&saved);
        let (before, after) = saved.identified(audit::difference(&before, &after));
        let act = Act { before, after, ..about("product.update", &typed.product, &checked.title) };
        audit::write(connection, &self.actor, act).await?;
        Ok((product, format!("Saved {}", checked.title)))
    }
}

/// Whether a product has a row yet.
#[derive(Clone, Copy)]
enum Row {
    New,
    There,
}

/// Writes a product and its variants, under the address that was typed, or else under one made from its title: where
/// somebody else takes that one first, under the next.
async fn write(connection: &mut PgConnection, product: Uuid, checked: &Checked, row: Row) -> Result<(), ServiceError> {
    let mut tries = TRIES;
    loop {
        let slug = slug_of(connection, product, checked).await?;
        let mut savepoint = connection.begin().await?;
        let Err(error) = write_row(&mut savepoint, product, checked, &slug, row).await else {
            savepoint.commit().await?;
            break;
        };
        savepoint.rollback().await?;
        tries -= 1;
        let is_taken = error.as_database_error().and_then(|error| error.constraint()) == Some(SLUGS);
        if !is_taken || checked.slug.is_some() || tries == 0 {
            return Err(in_words(error, None));
        }
    }
    variants::write(connection, product, checked).await
}

async fn write_row(
    connection: &mut PgConnection,
    product: Uuid,
    checked: &Checked,
    slug: &str,
    row: Row,
) -> Result<(), sqlx::Error> {
    let written = match row {
        Row::New => sqlx::query!(
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
        ),
        Row::There => sqlx::query!(
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
        ),
    };
    written.execute(connection).await?;
    Ok(())
}

/// What an entry of the audit log says of a product, before what changed in it.
pub fn about<'a>(act: &'static str, id: &'a str, name: &'a str) -> Act<'a> {
    Act { act, kind: "product", id, name, before: json!({}), after: json!({}), reason: "" }
}

/// Said where a deleted product would come back that has.
pub const THERE_AGAIN: &str = "This product is there again";

/// What the database found wrong, beside its field.
pub fn in_words(error: sqlx::Error, variant: Option<&CheckedVariant>) -> ServiceError {
    let error = ServiceError::from(error);
    let (name, message) = match error.constraint() {
        Some("products_pkey") => (String::new(), THERE_AGAIN),
        Some(SLUGS) => ("slug".to_owned(), "Another product has this address"),
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
    // One at a time of those with one title. Who types an address, or imports one, doesn't wait here.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('product slug ' || $1, 0))")
        .bind(slug)
        .execute(&mut *connection)
        .await?;
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
