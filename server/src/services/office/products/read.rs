//! A product as it is stored, for its form.

use super::prose::Prose;
use super::snapshot::distinct;
use super::{PgProducts, id};
use crate::catalogue_file::join;
use crate::error::ServiceError;
use crate::services::words;
use app::admin::products::api::{Typed, TypedOption, TypedVariant};
use app::admin::products::host::{Status, Stored, StoredVariant};
use app::domain::{Currency, Money};
use time::OffsetDateTime;

impl PgProducts {
    pub(super) async fn load_product(&self, product: &str) -> Result<Stored, ServiceError> {
        let product = id(product)?;
        let row = sqlx::query!(
            r#"
            select p.version - p.picture_acts as "version!", p.title, p.slug, p.body_html, p.body_source, p.category_id, p.vendor, p.tags, p.status,
                   p.updated_at, p.option_names,
                   coalesce(
                       (
                           select coalesce(person(a.actor_id), a.actor)
                           from audit_log a
                           where a.subject_kind = 'product' and a.subject_id = p.id::text and a.at = p.updated_at
                           order by a.id desc
                           limit 1
                       ),
                       (
                           select coalesce(person(a.actor_id), a.actor)
                           from audit_log a
                           where a.act in ('product.bulk_update', 'product.bulk_undo') and a.part_of is null
                             and a.at = p.updated_at
                           limit 1
                       )
                   ) as updated_by,
                   (
                       select count(distinct l.cart_id)
                       from variants v join cart_lines l on l.variant_id = v.id
                       where v.product_id = p.id
                   ) as "carts!",
                   (
                       select count(distinct i.wishlist_id)
                       from variants v join wishlist_items i on i.variant_id = v.id
                       where v.product_id = p.id
                   ) as "wishlists!"
            from products p
            where p.id = $1
            "#,
            product
        )
        .fetch_optional(&self.pool)
        .await?
        .ok_or(ServiceError::NotFound)?;
        let variants = sqlx::query!(
            r#"select v.id, v.sku, v.price, v.compare_at, v.on_hand, v.option_values,
                      (select count(distinct l.cart_id) from cart_lines l where l.variant_id = v.id) as "carts!",
                      (select count(*) from wishlist_items i where i.variant_id = v.id) as "wishlists!"
               from variants v where v.product_id = $1
               order by v.position"#,
            product
        )
        .fetch_all(&self.pool)
        .await?;
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        // Without variants an option has no values to be told by.
        let names = if variants.is_empty() { Vec::new() } else { row.option_names };
        let options = names.into_iter().enumerate().map(|(at, name)| {
            let values = distinct(variants.iter().filter_map(|variant| variant.option_values.get(at)));
            TypedOption { name, was: values.clone(), values, more: String::new() }
        });
        let options = options.collect();
        let typed = Typed {
            product: product.to_string(),
            version: row.version.to_string(),
            title: row.title,
            slug: row.slug,
            body: Prose { html: row.body_html, source: row.body_source }.shown(),
            category: row.category_id.map(|id| id.to_string()).unwrap_or_default(),
            vendor: row.vendor,
            tags: join(&row.tags, ',', ", "),
            status: row.status.clone(),
            options,
            variants: variants
                .iter()
                .map(|variant| TypedVariant {
                    id: variant.id.to_string(),
                    of: variant.option_values.clone(),
                    gone: String::new(),
                    sku: variant.sku.clone().unwrap_or_default(),
                    price: amount(&self.currency, Some(variant.price)),
                    compare_at: amount(&self.currency, variant.compare_at),
                    add: String::new(),
                })
                .collect(),
        };
        Ok(Stored {
            typed,
            variants: variants
                .into_iter()
                .map(|variant| StoredVariant {
                    id: variant.id.to_string(),
                    name: variant.option_values.join(" / "),
                    on_hand: variant.on_hand,
                    carts: count(variant.carts),
                    wishlists: count(variant.wishlists),
                })
                .collect(),
            status: Status::parse(&row.status).unwrap_or(Status::Draft),
            updated: words::ago(OffsetDateTime::now_utc(), row.updated_at),
            updated_by: row.updated_by,
            carts: count(row.carts),
            wishlists: count(row.wishlists),
        })
    }
}

/// As a price field has it; empty for none.
fn amount(currency: &Currency, minor: Option<i64>) -> String {
    minor.and_then(Money::from_minor).map(|money| currency.plain(money)).unwrap_or_default()
}
