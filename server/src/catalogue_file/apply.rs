//! Carrying out a plan, in a few statements whatever its size.

use super::categories::Tree;
use super::holders::{Leaving, wait_for_holders};
use super::plan::Counts;
use super::words;
use sqlx::PgConnection;
use uuid::Uuid;

/// See [`super::Planned::hold`].
///
/// # Errors
/// Of the database; the caller rolls back.
pub(super) async fn hold(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    let removed: Vec<Uuid> = sqlx::query_scalar("select id from removed_variants").fetch_all(&mut *conn).await?;
    let renamed: Vec<Uuid> = sqlx::query_scalar(
        "select e.id from target_variants v join variants e on e.id = v.id where v.sku is distinct from e.sku",
    )
    .fetch_all(&mut *conn)
    .await?;
    wait_for_holders(conn, Leaving { removed: &removed, renamed: &renamed, brought_back: None }).await
}

/// # Errors
/// Of the database; the caller rolls back.
pub(super) async fn apply(conn: &mut PgConnection, tree: &Tree, counts: Counts) -> Result<(), sqlx::Error> {
    if counts.created + counts.updated == 0 {
        return Ok(());
    }
    tree.insert_added(&mut *conn).await?;
    for sql in [REMOVE, PRODUCTS, IMAGES, VARIANTS] {
        sqlx::raw_sql(sql).execute(&mut *conn).await?;
    }
    words::rebuild(conn).await
}

const REMOVE: &str = "
    delete from variants where id in (select id from removed_variants);
    delete from product_images where id in (select id from removed_images)";

/// New products come with their summary: the triggers on variants would write every one of them a second time, with all
/// of its indexes, and leave what is right alone.
const PRODUCTS: &str = "
    insert into products (id, slug, title, body_html, vendor, type, tags, category_id, status, option_names, seo_title,
                          seo_description, price_min, price_max, compare_at, on_hand)
    select t.id, t.slug, t.title, t.body_html, t.vendor, t.type, t.tags, t.category_id, t.status, t.option_names,
           t.seo_title, t.seo_description, s.price_min, s.price_max, s.compare_at, s.on_hand
    from target_products t
    join (
        select product,
               min(price) as price_min,
               max(price) as price_max,
               (array_agg(compare_at order by price, position))[1] as compare_at,
               least(sum(on_hand), 1000000000)::integer as on_hand
        from target_variants
        group by product
    ) s on s.product = t.number
    where t.is_new
    order by t.number;

    update products p
    set title = t.title, body_html = t.body_html, vendor = t.vendor, type = t.type, tags = t.tags,
        category_id = t.category_id, status = t.status, option_names = t.option_names, seo_title = t.seo_title,
        seo_description = t.seo_description, version = p.version + 1, updated_at = now()
    from target_products t
    where p.id = t.id and t.is_changed;

    -- A product whose variants or pictures alone change is another version of it too; its search text is not.
    update products p
    set version = p.version + 1, updated_at = now()
    from touched_products t
    where p.id = t.id and not t.is_changed";

const IMAGES: &str = "
    update product_images e
    set position = case when i.is_renumbered then i.position else e.position end, alt = i.alt, media_id = i.media_id
    from target_images i
    where e.id = i.id and i.is_changed;

    insert into product_images (id, product_id, position, alt, media_id, source)
    select id, product_id, position, alt, media_id, source
    from target_images
    where is_new
    order by product, position";

/// A SKU may pass from one variant to another, but the key on it is checked row by row: its old holder lets go first.
const VARIANTS: &str = "
    update variants e
    set sku = null
    from target_variants v
    where e.id = v.id
      and v.sku is distinct from e.sku
      and e.sku in (select o.sku from target_variants o where o.is_new or o.is_changed);

    update variants e
    set position = case when v.is_renumbered then v.position else e.position end,
        sku = v.sku, barcode = v.barcode, price = v.price, compare_at = v.compare_at, on_hand = v.on_hand,
        grams = v.grams, option_values = v.option_values, image_id = v.image_id,
        version = e.version + 1, updated_at = now()
    from target_variants v
    where e.id = v.id and v.is_changed;

    insert into variants (id, product_id, position, sku, barcode, price, compare_at, on_hand, grams, option_values, image_id)
    select id, product_id, position, sku, barcode, price, compare_at, on_hand, grams, option_values, image_id
    from target_variants
    where is_new
    order by number";
