//! Taking an import back, from what was kept of the products around it.
//!
//! Fields become what they were; of a stock, as much as the import added is taken away, so that what was sold since
//! stays sold. Nothing is done unless all of it can be.

use super::holders::{Leaving, wait_for_holders};
use super::words;
use sqlx::PgConnection;
use uuid::Uuid;

/// What came of it, in products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Undone {
    pub restored: u64,
    pub deleted: u64,
    /// New ones that somebody has set aside: they stay, out of sight.
    pub archived: u64,
}

/// Why a product keeps an import from being taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hindrance {
    pub product: Option<Uuid>,
    pub title: String,
    /// A clause for people.
    pub reason: String,
}

/// Sets a transaction up for [`hindrances`] and [`take_back`], and keeps all others from the import's products.
///
/// # Errors
/// Of the database.
pub(crate) async fn begin_undo(conn: &mut PgConnection, import: Uuid, actor: &str) -> Result<(), sqlx::Error> {
    super::begin(conn, "import undo", actor).await?;
    for lock in [
        "select from products
         where id in (select product_id from import_products where import_id = $1 and kind <> 'unchanged')
         order by id for update",
        "select from variants
         where product_id in (select product_id from import_products where import_id = $1 and kind <> 'unchanged')
         order by id for no key update",
    ] {
        sqlx::query(lock).bind(import).execute(&mut *conn).await?;
    }
    // Those that go: all of a new product, as it may go itself, and others that were not there before.
    let (removed, renamed) = sqlx::query!(
        r#"
        with former as (
            select v.*
            from import_products i
            cross join lateral jsonb_to_recordset(i.before -> 'variants') v(id uuid, sku text)
            where i.import_id = $1 and i.kind = 'changed'
        )
        select v.id as "id!", f.id is null as "removed!"
        from import_products i
        join variants v on v.product_id = i.product_id
        left join former f on f.id = v.id
        where i.import_id = $1 and i.kind <> 'unchanged' and (f.id is null or f.sku is distinct from v.sku)
        "#,
        import
    )
    .fetch_all(&mut *conn)
    .await?
    .into_iter()
    .partition::<Vec<_>, _>(|row| row.removed);
    let [removed, renamed] = [removed, renamed].map(|rows| rows.into_iter().map(|row| row.id).collect::<Vec<Uuid>>());
    wait_for_holders(conn, Leaving { removed: &removed, renamed: &renamed, brought_back: Some(import) }).await
}

/// The first `most` products that have been touched since or, where it is looked for thoroughly, whose former state isn't
/// possible any more; one reason each.
///
/// # Errors
/// Of the database.
pub(crate) async fn hindrances(
    conn: &mut PgConnection,
    import: Uuid,
    thoroughly: bool,
    most: i64,
) -> Result<Vec<Hindrance>, sqlx::Error> {
    sqlx::query_as!(
        Hindrance,
        r#"
        with touched as (
            select number, product_id, title, after_version, before, after
            from import_products
            where import_id = $1 and kind <> 'unchanged'
        ), was as (
            select t.number, v.*
            from touched t
            cross join lateral jsonb_to_recordset(t.before -> 'variants') v(id uuid, sku text, on_hand integer)
        ), became as (
            select v.*
            from touched t
            cross join lateral jsonb_to_recordset(t.after -> 'variants') v(id uuid, on_hand integer)
        ), hindrances as (
            select t.number, 1 as at, 'it was deleted' as reason
            from touched t
            where not exists (select from products p where p.id = t.product_id)
            union all
            select t.number, 2, 'it was changed'
            from touched t
            join products p on p.id = t.product_id
            where p.version <> t.after_version
            union all
            select w.number, 3, 'so many pieces were sold that the stock would fall below nothing'
            from was w
            join became b on b.id = w.id
            join variants v on v.id = w.id
            where $3 and v.on_hand + w.on_hand - b.on_hand < 0
            union all
            select w.number, 4, 'another product has its SKU ' || w.sku || ' now'
            from was w
            join variants v on v.sku = w.sku
            where $3 and not exists (select from touched t where t.product_id = v.product_id)
            union all
            select t.number, 5, 'its category is gone'
            from touched t
            where $3 and t.before #>> '{product,category_id}' is not null
              and not exists (select from categories c where c.id = (t.before #>> '{product,category_id}')::uuid)
            union all
            select t.number, 6, 'a picture of it is gone'
            from touched t
            cross join lateral jsonb_to_recordset(t.before -> 'images') i(media_id uuid)
            where $3 and i.media_id is not null and not exists (select from media m where m.id = i.media_id)
        )
        select t.product_id as product, t.title, h.reason as "reason!"
        from (select distinct on (number) number, reason from hindrances order by number, at) h
        join touched t on t.number = h.number
        order by t.number
        limit $2
        "#,
        import,
        most,
        thoroughly
    )
    .fetch_all(conn)
    .await
}

/// Takes an import back that nothing hinders.
///
/// # Errors
/// Of the database; the caller rolls back.
pub(crate) async fn take_back(conn: &mut PgConnection, import: Uuid) -> Result<Undone, sqlx::Error> {
    sqlx::query(
        "create temp table former on commit drop as
         select product_id, before, after from import_products where import_id = $1 and kind = 'changed'",
    )
    .bind(import)
    .execute(&mut *conn)
    .await?;
    // New products go first: a former variant may have had the SKU of one of theirs.
    let fate = sqlx::query!(
        r#"
        with made as (
            select i.product_id as id,
                   exists (
                       select from variants v
                       where v.product_id = i.product_id
                         and (exists (select from cart_lines l where l.variant_id = v.id)
                              or exists (select from wishlist_items w where w.variant_id = v.id))
                   ) as is_set_aside
            from import_products i
            where i.import_id = $1 and i.kind = 'new'
        ),
        archived as (
            update products p
            set status = 'archived', version = p.version + 1, updated_at = now()
            from made m
            where p.id = m.id and m.is_set_aside
            returning p.id
        ),
        deleted as (
            delete from products p using made m where p.id = m.id and not m.is_set_aside
            returning p.id
        )
        select (select count(*) from archived) as "archived!", (select count(*) from deleted) as "deleted!"
        "#,
        import
    )
    .fetch_one(&mut *conn)
    .await?;
    for sql in [FORMER, IMAGES, VARIANTS] {
        sqlx::raw_sql(sql).execute(&mut *conn).await?;
    }
    bring_back_lines(conn, import).await?;
    let restored = sqlx::query(PRODUCTS).execute(&mut *conn).await?.rows_affected();
    remove_categories(conn, import).await?;
    words::rebuild(conn).await?;
    sqlx::query!("update import_products set before = null, after = null where import_id = $1", import)
        .execute(&mut *conn)
        .await?;
    forget(conn, import).await?;
    let [archived, deleted] = [fate.archived, fate.deleted].map(|count| u64::try_from(count).unwrap_or_default());
    Ok(Undone { restored, deleted, archived })
}

/// Lines of carts and items of wishlists that are still waiting have again what they were of.
async fn bring_back_lines(conn: &mut PgConnection, import: Uuid) -> Result<(), sqlx::Error> {
    // A log-in may have put two carts together, and with them two lines of one variant: the older has it back.
    sqlx::query!(
        "update cart_lines l
         set variant_id = b.variant_id
         from (
             select distinct on (l.cart_id, i.variant_id, l.saved) l.id, i.variant_id
             from import_lines i
             join cart_lines l on l.id = i.line_id and l.variant_id is null
             join variants v on v.id = i.variant_id
             where i.import_id = $1
               and not exists (
                   select from cart_lines o
                   where o.cart_id = l.cart_id and o.variant_id = i.variant_id and o.saved = l.saved
               )
             order by l.cart_id, i.variant_id, l.saved, l.created_at, l.id
         ) b
         where l.id = b.id",
        import
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update wishlist_items w
         set variant_id = b.variant_id
         from (
             select distinct on (w.wishlist_id, i.variant_id) w.id, i.variant_id
             from import_lines i
             join wishlist_items w on w.id = i.line_id and w.variant_id is null
             join variants v on v.id = i.variant_id
             where i.import_id = $1
               and not exists (
                   select from wishlist_items o where o.wishlist_id = w.wishlist_id and o.variant_id = i.variant_id
               )
             order by w.wishlist_id, i.variant_id, w.created_at, w.id
         ) b
         where w.id = b.id",
        import
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets go of what was kept for an undo that there won't be any more.
///
/// # Errors
/// Of the database.
pub(crate) async fn forget(conn: &mut PgConnection, import: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from import_lines where import_id = $1", import).execute(&mut *conn).await?;
    sqlx::query!("delete from import_media where import_id = $1", import).execute(conn).await?;
    Ok(())
}

/// The categories that the import made go, unless somebody has put something into them or changed them.
async fn remove_categories(conn: &mut PgConnection, import: Uuid) -> Result<(), sqlx::Error> {
    let made = sqlx::query_scalar!("select categories from imports where id = $1", import)
        .fetch_optional(&mut *conn)
        .await?
        .unwrap_or_default();
    for category in made.into_iter().rev() {
        sqlx::query!(
            "delete from categories c
             where c.id = $1 and c.version = 1
               and not exists (select from categories o where o.parent_id = c.id)
               and not exists (select from products p where p.category_id = c.id)",
            category
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

const FORMER: &str = "
    create temp table former_variants on commit drop as
    select v.*, (a.on_hand is null) as is_gone, coalesce(v.on_hand - a.on_hand, 0) as delta
    from former f
    cross join lateral jsonb_populate_recordset(null::variants, f.before -> 'variants') v
    left join lateral (
        select (o ->> 'on_hand')::integer as on_hand
        from jsonb_array_elements(f.after -> 'variants') o
        where o ->> 'id' = v.id::text
    ) a on true;
    create index on former_variants (id);
    analyze former_variants;

    create temp table former_images on commit drop as
    select i.*
    from former f
    cross join lateral jsonb_populate_recordset(null::product_images, f.before -> 'images') i;
    create index on former_images (id);
    analyze former_images";

const IMAGES: &str = "
    delete from product_images e
    where e.product_id in (select product_id from former)
      and not exists (select from former_images i where i.id = e.id);

    update product_images e
    set position = i.position, alt = i.alt, decorative = i.decorative, media_id = i.media_id, source = i.source
    from former_images i
    where e.id = i.id
      and (e.position, e.alt, e.decorative, e.media_id, e.source)
          is distinct from (i.position, i.alt, i.decorative, i.media_id, i.source);

    insert into product_images (id, product_id, position, alt, decorative, media_id, source)
    select id, product_id, position, alt, decorative, media_id, source
    from former_images i
    where not exists (select from product_images e where e.id = i.id)
    order by product_id, position";

/// The key on SKUs is checked row by row: whoever has one that is another's again lets go of it first. Nobody does but
/// products of the import.
const VARIANTS: &str = "
    delete from variants e
    where e.product_id in (select product_id from former)
      and not exists (select from former_variants v where v.id = e.id);

    update variants e
    set sku = null
    from former_variants v
    where e.sku = v.sku and e.id <> v.id;

    update variants e
    set position = v.position, sku = v.sku, barcode = v.barcode, price = v.price, compare_at = v.compare_at,
        on_hand = e.on_hand + v.delta, grams = v.grams, option_values = v.option_values, image_id = v.image_id,
        version = e.version + 1, updated_at = now()
    from former_variants v
    where e.id = v.id
      and (v.delta <> 0
           or (e.position, e.sku, e.barcode, e.price, e.compare_at, e.grams, e.option_values, e.image_id)
              is distinct from
              (v.position, v.sku, v.barcode, v.price, v.compare_at, v.grams, v.option_values, v.image_id));

    insert into variants (id, product_id, position, sku, barcode, price, compare_at, on_hand, grams, option_values,
                          image_id, version, created_at)
    select id, product_id, position, sku, barcode, price, compare_at, on_hand, grams, option_values, image_id,
           version + 1, created_at
    from former_variants
    where is_gone
    order by product_id, position";

/// What was kept before sources were says nothing of one: then it stays with the HTML that it belongs to.
const PRODUCTS: &str = "
    update products p
    set title = f.title, body_html = f.body_html,
        body_source = case when f.has_source then f.body_source else p.body_source end, vendor = f.vendor, type = f.type, tags = f.tags,
        category_id = f.category_id, status = f.status, option_names = f.option_names, seo_title = f.seo_title,
        seo_description = f.seo_description, version = p.version + 1, updated_at = now()
    from (
        select o.product_id, o.before -> 'product' ? 'body_source' as has_source, r.*
        from former o
        cross join lateral jsonb_to_record(o.before -> 'product') r(
            title text, body_html text, body_source text, vendor text, type text, tags text[], category_id uuid, status text,
            option_names text[], seo_title text, seo_description text)
    ) f
    where p.id = f.product_id";
