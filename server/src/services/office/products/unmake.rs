//! Taking back that a product was made, or deleted.
//!
//! What a deleted one was is kept beside the trail (`removed_products`): an entry has its fields, not its pictures.

use super::remove::{Leaving, take_out};
use super::revert::{gone, is_own};
use super::save::{THERE_AGAIN, about, in_words};
use super::snapshot::{of_variant, snapshot};
use super::{id, lock, sign};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::trail::{Row, WayBack, taking_back, without_field};
use app::admin::host::May;
use app::error::AppError;
use async_trait::async_trait;
use sqlx::PgConnection;
use uuid::Uuid;

/// `product.create`: it goes again, as from its own page.
pub struct ProductCreation;

#[async_trait]
impl WayBack for ProductCreation {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn is_dangerous(&self) -> bool {
        true
    }

    fn fits(&self, entry: &Row) -> bool {
        // An import, which is taken back as a whole, doesn't tell the address.
        entry.after.get("slug").is_some()
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        sign(connection, actor, "revert").await?;
        let key = id(&entry.subject_id).map_err(gone)?;
        let locked = lock(connection, key).await.map_err(gone)?;
        let now = snapshot(connection, key).await?;
        // Pieces come and go with sales. Fields that there weren't then are of options that it has got since.
        let counts = |field: &String| {
            field != "category" && (is_own(field) || of_variant(field).is_some_and(|(name, _)| name != "stock"))
        };
        let then = entry.after.as_object().into_iter().flatten();
        let differs = then.filter(|(field, _)| counts(field)).any(|(field, then)| now.get(field) != Some(then));
        if differs {
            let words = "It has been changed since it was made. Delete or archive it on its page";
            return Err(AppError::invalid("", words).into());
        }
        let reason = taking_back(entry);
        take_out(connection, actor, &Leaving { key, locked: &locked, reason: &reason, proven: true }).await?;
        Ok(())
    }
}

/// Keeps what a product is that is about to be deleted, beside the entry that tells of it.
///
/// # Errors
/// The database's.
pub(super) async fn keep(connection: &mut PgConnection, entry: i64, product: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into removed_products (entry_id, product_id, slug, addresses, whole, media, made_at)
         select $1, p.id, p.slug, array(select s.slug from product_slugs s where s.product_id = p.id),
                whole_product(p.id),
                array(select i.media_id from product_images i where i.product_id = p.id and i.media_id is not null),
                p.created_at
         from products p where p.id = $2",
        entry,
        product
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// `product.delete`, taken back by what was kept beside its entry: under its ids, so that what knows it by them finds it.
pub struct ProductRemoval;

#[async_trait]
impl WayBack for ProductRemoval {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn brings_back(&self) -> bool {
        true
    }

    fn fits(&self, entry: &Row) -> bool {
        // Entries from before sources were told of have nothing kept beside them, nor have those of an import's undoing,
        // which don't tell the address.
        entry.before.get("description_source").is_some() && entry.before.get("slug").is_some()
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        sign(connection, actor, "revert").await?;
        let product = id(&entry.subject_id).map_err(gone)?;
        let state = sqlx::query!(
            r#"select exists (select from removed_products where entry_id = $1) as "is_kept!",
                      exists (select from products where id = $2) as "is_there!""#,
            entry.id,
            product
        )
        .fetch_one(&mut *connection)
        .await?;
        if state.is_there {
            return Err(AppError::invalid("", THERE_AGAIN).into());
        }
        if !state.is_kept {
            return Err(AppError::invalid("", "This can’t be taken back. What it was wasn’t kept").into());
        }
        // Of those who take it back at the same moment, the others wait for the first one's row, which is there then.
        stand_up(connection, entry.id).await.map_err(|error| without_field(in_words(error, None)))?;
        let after = snapshot(connection, product).await?;
        let reason = taking_back(entry);
        let act = Act { after, reason: &reason, ..about("product.restore", &entry.subject_id, &entry.subject) };
        Ok(audit::write(connection, actor, act).await?)
    }
}

/// Writes a product again with its variants, and the pictures that are still there.
async fn stand_up(connection: &mut PgConnection, entry: i64) -> Result<(), sqlx::Error> {
    for sql in [PRODUCT, ADDRESSES, PICTURES, VARIANTS] {
        sqlx::query(sql).bind(entry).execute(&mut *connection).await?;
    }
    Ok(())
}

const PRODUCT: &str = "
    insert into products (id, slug, title, body_html, body_source, vendor, type, tags, category_id, status, option_names,
                          seo_title, seo_description, created_at)
    select r.product_id, r.slug, o.title, o.body_html, o.body_source, o.vendor, o.type, o.tags,
           (select c.id from categories c where c.id = o.category_id), o.status, o.option_names, o.seo_title,
           o.seo_description, r.made_at
    from removed_products r
    cross join lateral jsonb_to_record(r.whole -> 'product') o(
        title text, body_html text, body_source text, vendor text, type text, tags text[], category_id uuid, status text,
        option_names text[], seo_title text, seo_description text)
    where r.entry_id = $1";

/// Addresses that mean something else by now stay with that.
const ADDRESSES: &str = "
    with own as (
        delete from product_slugs s using removed_products r where r.entry_id = $1 and s.slug = r.slug
    )
    insert into product_slugs (slug, product_id)
    select a.slug, r.product_id
    from removed_products r
    cross join lateral unnest(r.addresses) a (slug)
    where r.entry_id = $1 and not exists (select from products p where p.slug = a.slug)
    on conflict (slug) do nothing";

const PICTURES: &str = "
    insert into product_images (id, product_id, position, alt, decorative, media_id, source)
    select i.id, i.product_id, row_number() over (order by i.position), i.alt, i.decorative, i.media_id, i.source
    from removed_products r
    cross join lateral jsonb_populate_recordset(null::product_images, r.whole -> 'images') i
    where r.entry_id = $1 and (i.media_id is null or exists (select from media m where m.id = i.media_id))";

const VARIANTS: &str = "
    insert into variants (id, product_id, position, sku, barcode, price, compare_at, on_hand, grams, option_values,
                          image_id, version, created_at)
    select v.id, v.product_id, v.position, v.sku, v.barcode, v.price, v.compare_at, v.on_hand, v.grams, v.option_values,
           (select i.id from product_images i where i.id = v.image_id), v.version + 1, v.created_at
    from removed_products r
    cross join lateral jsonb_populate_recordset(null::variants, r.whole -> 'variants') v
    where r.entry_id = $1
    order by v.position";
