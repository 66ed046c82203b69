//! What an import, or its undoing, did to each of its products: entries of the audit log that are parts of the import's.

use crate::services::office::audit::Actor;
use sqlx::PgConnection;
use uuid::Uuid;

/// Writes an entry for each product that an import has made or changed, by what is kept of them. `entry`: the import's.
///
/// # Errors
/// The database's.
pub(super) async fn write_applied(
    conn: &mut PgConnection,
    actor: &Actor,
    entry: i64,
    import: Uuid,
) -> Result<(), sqlx::Error> {
    keep_names(conn).await?;
    sqlx::raw_sql(
        "create temp table product_states (product_id uuid, title text, kind text, before jsonb, after jsonb)
                   on commit drop",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into product_states
         select product_id, title, kind, product_fields(before), product_fields(after)
         from import_products
         where import_id = $1 and kind = 'changed'
         order by number",
    )
    .bind(import)
    .execute(&mut *conn)
    .await?;
    sqlx::query(NEW).bind(import).execute(&mut *conn).await?;
    write(conn, actor, entry).await
}

/// New products as `product_fields` tells them, but all at once: a file may have nothing else. What the description of one
/// says is in the file, and its history begins without it.
const NEW: &str = "
    with made as (
        select number, product_id from import_products where import_id = $1 and kind = 'new'
    ), of_variants as (
        select v.product_id,
               jsonb_object_agg(f.field || case when n.name = '' then '' else ' of ' || n.name end, f.held) as fields
        from made m
        join variants v on v.product_id = m.product_id
        cross join lateral (select array_to_string(v.option_values, ' / ') as name) n
        cross join lateral (
            values ('price', to_jsonb(v.price)), ('compare_at', to_jsonb(v.compare_at)), ('sku', to_jsonb(v.sku)),
                   ('stock', to_jsonb(v.on_hand)), ('barcode', to_jsonb(v.barcode)), ('grams', to_jsonb(v.grams))
        ) f (field, held)
        group by v.product_id
    ), of_pictures as (
        select i.product_id,
               jsonb_agg(coalesce(nullif(i.alt, ''), nullif(i.source, ''), 'a picture') order by i.position) as names
        from made m
        join product_images i on i.product_id = m.product_id
        group by i.product_id
    )
    insert into product_states
    select p.id, p.title, 'new', null,
           jsonb_build_object(
               'title', p.title, 'vendor', p.vendor, 'type', p.type, 'tags', p.tags, 'category_id', p.category_id,
               'status', p.status, 'options', p.option_names, 'seo_title', p.seo_title,
               'seo_description', p.seo_description, 'pictures', coalesce(i.names, '[]'))
           || coalesce(v.fields, '{}')
    from made m
    join products p on p.id = m.product_id
    left join of_variants v on v.product_id = p.id
    left join of_pictures i on i.product_id = p.id
    order by m.number";

/// Keeps what the products of an import are before it is undone, for [`write_undone`].
///
/// # Errors
/// The database's.
pub(super) async fn keep_states(conn: &mut PgConnection, import: Uuid) -> Result<(), sqlx::Error> {
    keep_names(conn).await?;
    sqlx::query(
        "create temp table product_states on commit drop as
         select i.product_id, p.title, 'changed' as kind, product_fields(whole_product(p.id)) as before,
                null::jsonb as after
         from import_products i
         join products p on p.id = i.product_id
         where i.import_id = $1 and i.kind <> 'unchanged'
         order by i.number",
    )
    .bind(import)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes an entry for each product that the undoing of an import has restored, archived or deleted.
///
/// # Errors
/// The database's.
pub(super) async fn write_undone(conn: &mut PgConnection, actor: &Actor, entry: i64) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "update product_states s set after = product_fields(whole_product(s.product_id)), title = p.title
         from products p where p.id = s.product_id;
         update product_states set kind = 'gone' where after is null;",
    )
    .execute(&mut *conn)
    .await?;
    write(conn, actor, entry).await
}

/// The paths of all categories: looked up once, and as they were before some of them go.
async fn keep_names(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "create temp table category_names on commit drop as select id::text as id, category_path(id) as path from categories",
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What changed in each product; of those that did, also which variants are meant, by their names in the entry. Of one that
/// is made or gone there is no way back that could ask for them.
async fn write(conn: &mut PgConnection, actor: &Actor, entry: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "with named as (
             select s.*, b.path as was_in, a.path as is_in
             from product_states s
             left join category_names b on b.id = s.before ->> 'category_id'
             left join category_names a on a.id = s.after ->> 'category_id'
         ), sides as (
             select product_id, title, kind,
                    case kind when 'changed' then before -> 'variants_id' end as were,
                    case kind when 'changed' then after -> 'variants_id' end as are,
                    before - 'variants_id'
                        || case when before is not null then jsonb_build_object('category', was_in) else '{}' end
                        as before,
                    after - 'variants_id'
                        || case when after is not null then jsonb_build_object('category', is_in) else '{}' end
                        as after
             from named
         ), told as materialized (
             select product_id, title, kind, were, are,
                    case when before is null then '{}' else differing_fields(before, coalesce(after, '{}')) end as before,
                    case when before is null then after else differing_fields(after, before) end as after
             from sides
         )
         insert into audit_log (actor_id, actor, act, subject_kind, subject_id, subject, before, after, request_id, part_of)
         select $1, $2,
                case kind when 'new' then 'product.create' when 'gone' then 'product.delete' else 'product.update' end,
                'product', product_id::text, title,
                before || coalesce(variants_told(before, were), '{}'), after || coalesce(variants_told(after, are), '{}'),
                $3, $4
         from told",
    )
    .bind(actor.id)
    .bind(&*actor.name)
    .bind(&actor.request)
    .bind(entry)
    .execute(&mut *conn)
    .await?;
    sqlx::raw_sql("drop table product_states; drop table category_names").execute(conn).await?;
    Ok(())
}
