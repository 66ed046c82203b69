//! From staged rows to what is to be done: each product, variant and picture of the file beside that of the shop.
//!
//! The plan is tables (`target_products`, `target_variants`, `target_images`, `removed_variants`, `removed_images`), each
//! row with its id and whether it is new or changed. A dry run reads them and stops; [`super::apply`] carries them out.

use super::categories::Tree;
use super::columns::{Column, Columns};
use super::read::Reading;
use super::report::{Change, ChangeKind, FieldChange, Problem};
use app::domain::{Currency, Money};
use sqlx::{PgConnection, Row};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Products by what becomes of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
}

/// Locks what the file names, so that the plan still holds when it is carried out; others may go on reading, and writing
/// everything else.
///
/// # Errors
/// Of the database.
pub(super) async fn lock(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    // In the order of ids, as everybody who locks several rows does.
    // Shoppers may go on putting variants into carts until it is known which of them go.
    sqlx::raw_sql(
        "select from products where slug in (select handle from staged_products) order by id for update;
         select from variants
         where product_id in (select id from products where slug in (select handle from staged_products))
         order by id for no key update",
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Problems that only the database can see in the staged rows. The products that have one are added to the refused.
///
/// # Errors
/// Of the database.
pub(super) async fn check_staged(conn: &mut PgConnection, reading: &mut Reading) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("analyze staged_products; analyze staged_variants; analyze staged_images; analyze staged_pictures")
        .execute(&mut *conn)
        .await?;
    // The handle's pattern is asked of the database, whose letters depend on its locale.
    let rows = sqlx::query(
        "select number, line, 'Handle' as column,
                'has more than letters, digits, hyphens, dots and underscores, or begins with a sign' as reason
         from staged_products
         where handle !~ '^[[:alnum:]][[:alnum:]_.-]*$'
         union all
         select v.product, v.line, 'Variant SKU', '“' || v.sku || '” belongs to another product, ' || p.slug
         from staged_variants v
         join staged_products s on s.number = v.product
         join variants e on e.sku = v.sku
         join products p on p.id = e.product_id
         where p.slug <> s.handle
           -- A product of the file has no variants but those of the file, whose SKUs differ.
           and not exists (select from staged_products o where o.handle = p.slug)
         order by 2",
    )
    .fetch_all(conn)
    .await?;
    take_problems(rows, reading)
}

fn take_problems(rows: Vec<sqlx::postgres::PgRow>, reading: &mut Reading) -> Result<(), sqlx::Error> {
    for row in rows {
        reading.refused.insert(row.try_get("number")?);
        let line: i64 = row.try_get("line")?;
        reading.problems.add(Problem {
            line: u64::try_from(line).unwrap_or(0),
            column: Some(row.try_get("column")?),
            reason: row.try_get("reason")?,
        });
    }
    Ok(())
}

/// Takes refused products out of the staged rows, so that the plan speaks of the others.
///
/// # Errors
/// Of the database.
pub(super) async fn drop_refused(
    conn: &mut PgConnection,
    refused: &HashSet<i32>,
    pictures: &[i32],
) -> Result<Vec<i32>, sqlx::Error> {
    let mut refused: Vec<i32> = refused.iter().copied().collect();
    if refused.is_empty() && pictures.is_empty() {
        return Ok(refused);
    }
    let by_picture: Vec<i32> = sqlx::query_scalar(
        "select product from staged_images where picture = any($1)
         union
         select product from staged_variants where picture = any($1)",
    )
    .bind(pictures)
    .fetch_all(&mut *conn)
    .await?;
    refused.extend(&by_picture);
    for delete in [
        "delete from staged_products where number = any($1)",
        "delete from staged_variants where product = any($1)",
        "delete from staged_images where product = any($1)",
    ] {
        sqlx::query(delete).bind(&refused).execute(&mut *conn).await?;
    }
    Ok(by_picture)
}

/// Makes the plan's tables. Problems that show only now are added to the reading, and their products to the refused.
///
/// # Errors
/// Of the database.
pub(super) async fn make(
    conn: &mut PgConnection,
    columns: &Columns,
    reading: &mut Reading,
    tree: &mut Tree,
) -> Result<(), sqlx::Error> {
    let numbers: Vec<i32> = (1..).take(reading.categories.len()).collect();
    let ids: Vec<Option<Uuid>> = reading.categories.iter().map(|path| tree.at(path)).collect();
    sqlx::raw_sql("create temp table staged_categories (number integer primary key, id uuid not null) on commit drop")
        .execute(&mut *conn)
        .await?;
    sqlx::query("insert into staged_categories select * from unnest($1::int[], $2::uuid[])")
        .bind(numbers)
        .bind(ids)
        .execute(&mut *conn)
        .await?;
    sqlx::raw_sql(TARGET_PRODUCTS).execute(&mut *conn).await?;
    let images = if columns.has(Column::ImageSrc) { TARGET_IMAGES } else { KEPT_IMAGES };
    sqlx::raw_sql(images).execute(&mut *conn).await?;
    make_variants(conn, columns).await?;
    if !columns.has(Column::Option1Name) || !columns.has(Column::ImageSrc) {
        check_targets(conn, columns, reading).await?;
    }
    sqlx::raw_sql(REMOVED).execute(&mut *conn).await?;
    Ok(())
}

const TARGET_PRODUCTS: &str = "
    create temp table target_products on commit drop as
    select t.*,
           p.id is null as is_new,
           p.id is not null
           and (p.title, p.body_html, p.vendor, p.type, p.tags, p.category_id, p.status, p.option_names, p.seo_title,
                p.seo_description)
               is distinct from
               (t.title, t.body_html, t.vendor, t.type, t.tags, t.category_id, t.status, t.option_names, t.seo_title,
                t.seo_description) as is_changed
    from (
        select s.number,
               s.line,
               coalesce(p.id, s.new_id) as id,
               s.handle as slug,
               s.title,
               coalesce(s.body_html, p.body_html, '') as body_html,
               coalesce(s.vendor, p.vendor, '') as vendor,
               coalesce(s.type, p.type, '') as type,
               coalesce(string_to_array(s.tags, chr(31)), p.tags, '{}') as tags,
               case when s.category is null then p.category_id else c.id end as category_id,
               -- As Shopify reads a file that says nothing of it.
               coalesce(s.status, p.status, 'active') as status,
               coalesce(string_to_array(s.option_names, chr(31)), p.option_names, '{}') as option_names,
               coalesce(s.seo_title, p.seo_title, '') as seo_title,
               coalesce(s.seo_description, p.seo_description, '') as seo_description
        from staged_products s
        left join products p on p.slug = s.handle
        left join staged_categories c on c.number = s.category
    ) t
    left join products p on p.id = t.id;
    create unique index on target_products (id);
    create unique index on target_products (number);
    analyze target_products";

/// Pictures are matched by their name, the second of a name with the second. Their order counts, not their numbers: gaps
/// that an editor left in the positions are no difference. A file may call any of the shop's own by its medium, whatever
/// name it once came under.
const TARGET_IMAGES: &str = "
    create temp table target_images on commit drop as
    with named as (
        select product, number, new_id, source, picture, position as wish, alt from staged_images
        union all
        -- A variant's picture that no row names as the product's comes behind the others.
        select * from (
            select distinct on (v.product, v.image, v.picture)
                   v.product, 1000000000 + v.number, gen_random_uuid(), v.image, v.picture, null::integer, null
            from staged_variants v
            where v.image is not null
              and not exists (
                  select from staged_images i
                  where i.product = v.product and i.source = v.image and i.picture is not distinct from v.picture)
            order by v.product, v.image, v.picture, v.number
        ) of_variants
    ), placed as (
        select n.product,
               t.id as product_id,
               n.new_id,
               n.source,
               n.picture,
               f.media_id,
               coalesce(nullif(n.source, ''), f.media_id::text) as name,
               n.alt,
               row_number() over (partition by n.product order by n.wish nulls last, n.number)::integer as position
        from named n
        join target_products t on t.number = n.product
        left join staged_pictures f on f.number = n.picture
        -- Local pictures without a medium are left out.
        where n.picture is null or f.media_id is not null
    ), wanted as (
        select *, row_number() over (partition by product, name order by position) as nth from placed
    ), present as (
        select id, product_id, position, alt, media_id, name,
               row_number() over (partition by product_id order by position) as rank,
               row_number() over (partition by product_id, name order by position) as nth
        from (
            select e.id, e.product_id, e.position, e.alt, e.media_id,
                   case when e.source = '' or o.media_id is not null then e.media_id::text else e.source end as name
            from product_images e
            join target_products t on t.id = e.product_id
            left join (select distinct product_id, media_id from wanted where source = '') o
                on o.product_id = e.product_id and o.media_id = e.media_id
        ) named
    ), matched as (
        select w.product, w.product_id, w.picture, w.name, w.source, w.position,
               coalesce(e.id, w.new_id) as id,
               -- An address that has been copied into the shop's own media stays so.
               case when w.picture is null then e.media_id else w.media_id end as media_id,
               coalesce(w.alt, e.alt, '') as alt,
               e.id as old_id,
               e.position as old_position,
               e.alt as old_alt,
               e.media_id as old_media_id,
               bool_or(e.id is null or e.rank <> w.position) over (partition by w.product) as is_renumbered
        from wanted w
        left join present e on e.product_id = w.product_id and e.name = w.name and e.nth = w.nth
    )
    select *,
           old_id is null as is_new,
           old_id is not null
           and ((media_id, alt) is distinct from (old_media_id, old_alt)
                or (is_renumbered and position <> old_position)) as is_changed
    from matched;
    create index on target_images (product_id);
    create index on target_images (id);
    analyze target_images";

const KEPT_IMAGES: &str = "
    create temp table target_images on commit drop as
    select t.number as product, e.product_id, null::integer as picture, e.source as name, e.source, e.position, e.id,
           e.media_id, e.alt, e.id as old_id, e.position as old_position, e.alt as old_alt, e.media_id as old_media_id,
           false as is_renumbered, false as is_new, false as is_changed
    from product_images e
    join target_products t on t.id = e.product_id;
    create index on target_images (product_id);
    analyze target_images";

/// Variants are matched by SKU, and those that have no match so by their options.
async fn make_variants(conn: &mut PgConnection, columns: &Columns) -> Result<(), sqlx::Error> {
    // Bound values can't stand in `create table as`; these are the program's own words.
    let given = |column: Column| if columns.has(column) { "true" } else { "false" };
    let sql = format!(
        "create temp table target_variants on commit drop as
         with staged as (
             select v.*, t.id as product_id, t.option_names, string_to_array(v.option_values, chr(31)) as options
             from staged_variants v
             join target_products t on t.number = v.product
         ), present as (
             select e.*, row_number() over (partition by e.product_id order by e.position) as rank
             from variants e
             join target_products t on t.id = e.product_id
         ), by_sku as (
             select s.number, e.id
             from staged s
             join present e on e.product_id = s.product_id and e.sku = s.sku
         ), by_options as (
             select s.number, e.id
             from staged s
             join present e on e.product_id = s.product_id and e.option_values = coalesce(s.options, '{{}}')
             where not exists (select from by_sku m where m.number = s.number)
               and not exists (select from by_sku m where m.id = e.id)
         ), matched as (
             select s.number,
                    s.product,
                    s.line,
                    s.product_id,
                    coalesce(e.id, s.new_id) as id,
                    s.position,
                    case when {has_sku} then s.sku else e.sku end as sku,
                    case when {has_barcode} then s.barcode else coalesce(e.barcode, '') end as barcode,
                    s.price,
                    case when {has_compare_at} then s.compare_at else e.compare_at end as compare_at,
                    coalesce(s.on_hand, e.on_hand, 0) as on_hand,
                    case when {has_grams} then s.grams else e.grams end as grams,
                    coalesce(s.options, e.option_values, '{{}}') as option_values,
                    case when {has_image} then i.id else e.image_id end as image_id,
                    -- What the file leaves open and the shop does not answer.
                    s.options is null and e.id is null and s.option_names <> '{{}}' as lacks_options,
                    s.image is not null and i.id is null as lacks_image,
                    e.id as old_id,
                    e.position as old_position,
                    e.sku as old_sku,
                    e.barcode as old_barcode,
                    e.price as old_price,
                    e.compare_at as old_compare_at,
                    e.on_hand as old_on_hand,
                    e.grams as old_grams,
                    e.option_values as old_option_values,
                    e.image_id as old_image_id,
                    bool_or(e.id is null or e.rank <> s.position) over (partition by s.product) as is_renumbered
             from staged s
             left join (select * from by_sku union all select * from by_options) m on m.number = s.number
             left join present e on e.id = m.id
             left join lateral (
                 select i.id
                 from target_images i
                 where i.product_id = s.product_id
                   and i.source = s.image
                   and (s.image <> '' or i.picture = s.picture)
                 order by i.position
                 limit 1
             ) i on s.image is not null
         )
         select *,
                old_id is null as is_new,
                old_id is not null
                and ((sku, barcode, price, compare_at, on_hand, grams, option_values, image_id)
                         is distinct from
                         (old_sku, old_barcode, old_price, old_compare_at, old_on_hand, old_grams, old_option_values,
                          old_image_id)
                     or (is_renumbered and position <> old_position)) as is_changed
         from matched;
         create index on target_variants (product_id);
         create index on target_variants (id);
         create index on target_variants (sku);
         analyze target_variants",
        has_sku = given(Column::Sku),
        has_barcode = given(Column::Barcode),
        has_compare_at = given(Column::CompareAt),
        has_grams = given(Column::Grams),
        has_image = given(Column::VariantImage),
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(conn).await?;
    Ok(())
}

/// Problems of files that lean on what the shop has: without option columns, or without pictures.
async fn check_targets(conn: &mut PgConnection, columns: &Columns, reading: &mut Reading) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(
        "select product as number, line, 'Variant SKU' as column,
                'names no variant of this product, which has options; a new one needs the option columns' as reason
         from target_variants
         where lacks_options
         union all
         select product, line, 'Variant SKU', 'is a second variant of a product that has no options to tell them by'
         from (
             select *, row_number() over (partition by product, option_values order by number) as nth
             from target_variants
         ) v
         where nth > 1 and not lacks_options
         union all
         select product, line, 'Variant Image', 'is none of the product’s pictures; a new one needs the column Image Src'
         from target_variants
         where lacks_image and not $1
         order by 2",
    )
    .bind(columns.has(Column::ImageSrc))
    .fetch_all(&mut *conn)
    .await?;
    if rows.is_empty() {
        return Ok(());
    }
    take_problems(rows, reading)?;
    let refused: Vec<i32> = reading.refused.iter().copied().collect();
    for delete in [
        "delete from target_products where number = any($1)",
        "delete from target_variants where product = any($1)",
        "delete from target_images where product = any($1)",
    ] {
        sqlx::query(delete).bind(&refused).execute(&mut *conn).await?;
    }
    Ok(())
}

const REMOVED: &str = "
    create temp table removed_variants on commit drop as
    select e.id, t.number as product
    from target_products t
    join variants e on e.product_id = t.id
    where not exists (select from target_variants v where v.id = e.id);

    create temp table removed_images on commit drop as
    select e.id, t.number as product
    from target_products t
    join product_images e on e.product_id = t.id
    where not exists (select from target_images i where i.id = e.id);

    -- Products of the shop that change in any of their parts.
    create temp table touched_products on commit drop as
    select number, id, is_changed
    from target_products t
    where not is_new
      and number in (
          select number from target_products where is_changed
          union all
          select product from target_variants where is_new or is_changed
          union all
          select product from target_images where is_new or is_changed
          union all
          select product from removed_variants
          union all
          select product from removed_images
      )";

/// # Errors
/// Of the database.
pub(super) async fn counts(conn: &mut PgConnection) -> Result<Counts, sqlx::Error> {
    let (created, updated, all): (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from target_products where is_new),
                (select count(*) from touched_products),
                (select count(*) from target_products)",
    )
    .fetch_one(conn)
    .await?;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(Counts { created: count(created), updated: count(updated), unchanged: count(all - created - updated) })
}

/// The first products that change, by their numbers, with what changes in them.
///
/// # Errors
/// Of the database.
pub(super) async fn changes(
    conn: &mut PgConnection,
    currency: &Currency,
    tree: &Tree,
    most: usize,
) -> Result<BTreeMap<i32, Change>, sqlx::Error> {
    if most == 0 {
        return Ok(BTreeMap::new());
    }
    let heads = sqlx::query(
        "select number, line, slug, title, is_new
         from target_products
         where is_new or number in (select number from touched_products)
         order by number
         limit $1",
    )
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(&mut *conn)
    .await?;
    let mut changes: BTreeMap<i32, Change> = BTreeMap::new();
    for row in heads {
        let is_new: bool = row.try_get("is_new")?;
        let line: i64 = row.try_get("line")?;
        let kind =
            if is_new { ChangeKind::Created { title: row.try_get("title")? } } else { ChangeKind::Updated(Vec::new()) };
        let change = Change { line: u64::try_from(line).unwrap_or(0), handle: row.try_get("slug")?, kind };
        changes.insert(row.try_get("number")?, change);
    }
    let updated: Vec<i32> = changes
        .iter()
        .filter(|(_, change)| matches!(change.kind, ChangeKind::Updated(_)))
        .map(|(number, _)| *number)
        .collect();
    for row in sqlx::query(FIELD_CHANGES).bind(updated).fetch_all(conn).await? {
        let number: i32 = row.try_get("product")?;
        let Some(Change { kind: ChangeKind::Updated(fields), .. }) = changes.get_mut(&number) else { continue };
        let column: String = row.try_get("column")?;
        let for_people = |text: Option<String>| {
            let text = text.unwrap_or_default();
            match column.as_str() {
                "Variant Price" | "Variant Compare At Price" => text
                    .parse()
                    .ok()
                    .and_then(Money::from_minor)
                    .map_or_else(String::new, |money| currency.plain(money)),
                "Product Category" => Uuid::parse_str(&text).map_or_else(|_| String::new(), |id| tree.path(id)),
                _ => text,
            }
        };
        let (old, new) = (for_people(row.try_get("old")?), for_people(row.try_get("new")?));
        fields.push(FieldChange { part: row.try_get("part")?, column, old, new });
    }
    Ok(changes)
}

const FIELD_CHANGES: &str = "
    select t.number as product, null as part, d.at, d.column, d.old, d.new
    from target_products t
    join products p on p.id = t.id
    cross join lateral (values
        (1, 'Title', p.title, t.title),
        (2, 'Body (HTML)', p.body_html, t.body_html),
        (3, 'Vendor', p.vendor, t.vendor),
        (4, 'Product Category', p.category_id::text, t.category_id::text),
        (5, 'Type', p.type, t.type),
        (6, 'Tags', array_to_string(p.tags, ', '), array_to_string(t.tags, ', ')),
        (7, 'Status', p.status, t.status),
        (8, 'Option names', array_to_string(p.option_names, ', '), array_to_string(t.option_names, ', ')),
        (9, 'SEO Title', p.seo_title, t.seo_title),
        (10, 'SEO Description', p.seo_description, t.seo_description)
    ) d (at, \"column\", old, new)
    where t.number = any($1) and t.is_changed and d.old is distinct from d.new
    union all
    select v.product, coalesce(v.old_sku, nullif(array_to_string(v.old_option_values, ' / '), ''), 'the variant'),
           100 + v.position * 10 + d.at, d.column, d.old, d.new
    from target_variants v
    cross join lateral (values
        (0, 'Position', v.old_position::text, v.position::text),
        (1, 'Option values', array_to_string(v.old_option_values, ' / '), array_to_string(v.option_values, ' / ')),
        (2, 'Variant SKU', v.old_sku, v.sku),
        (3, 'Variant Grams', v.old_grams::text, v.grams::text),
        (4, 'Variant Inventory Qty', v.old_on_hand::text, v.on_hand::text),
        (5, 'Variant Price', v.old_price::text, v.price::text),
        (6, 'Variant Compare At Price', v.old_compare_at::text, v.compare_at::text),
        (7, 'Variant Barcode', v.old_barcode, v.barcode),
        (8, 'Variant Image',
            (select i.source from product_images i where i.id = v.old_image_id),
            (select i.source from target_images i where i.id = v.image_id))
    ) d (at, \"column\", old, new)
    where v.product = any($1) and v.is_changed
      and (d.old is distinct from d.new or d.at = 8 and v.old_image_id is distinct from v.image_id)
      and (d.at <> 0 or v.is_renumbered)
    union all
    select v.product, null, 100 + v.position * 10, 'Variant', null,
           coalesce(v.sku, nullif(array_to_string(v.option_values, ' / '), ''), 'new')
    from target_variants v
    where v.product = any($1) and v.is_new
    union all
    select r.product, null, 1000000, 'Variant',
           coalesce(e.sku, nullif(array_to_string(e.option_values, ' / '), ''), 'one'), null
    from removed_variants r
    join variants e on e.id = r.id
    where r.product = any($1)
    union all
    select i.product, i.name, 2000000 + i.position * 10 + d.at, d.column, d.old, d.new
    from target_images i
    cross join lateral (values
        (0, 'Image Position', i.old_position::text, i.position::text),
        (1, 'Image Alt Text', i.old_alt, i.alt),
        (2, 'Image Src', i.name, case when i.media_id is distinct from i.old_media_id
                                     then i.name || ' (another picture)' else i.name end)
    ) d (at, \"column\", old, new)
    where i.product = any($1) and i.is_changed and d.old is distinct from d.new and (d.at <> 0 or i.is_renumbered)
    union all
    select i.product, null, 2000000 + i.position * 10, 'Image Src', null, i.name
    from target_images i
    where i.product = any($1) and i.is_new
    union all
    select r.product, null, 3000000, 'Image Src', coalesce(nullif(e.source, ''), 'a picture'), null
    from removed_images r
    join product_images e on e.id = r.id
    where r.product = any($1)
    order by product, at, \"column\", old, new";
