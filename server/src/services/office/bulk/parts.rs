//! What an edit did to each of its products: entries of the audit log that are parts of the edit's.

use crate::services::office::audit::Actor;
use sqlx::PgConnection;
use uuid::Uuid;

/// Writes an entry for each product that an edit or, with `back`, its undoing has just changed. `entry`: the edit's.
/// Fields are called as in the entry of a product that was changed by itself.
///
/// # Errors
/// The database's.
pub(super) async fn write(
    connection: &mut PgConnection,
    actor: &Actor,
    entry: i64,
    edit: Uuid,
    back: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with sides as (
             select number, product_id, title, variant_id, part,
                    case when $6 then after else before end as was, case when $6 then before else after end as is_now
             from bulk_edit_rows
             where edit_id = $5
         ), fields as (
             select s.number, s.product_id, s.title, s.variant_id, s.part,
                    f.key || case when s.part = '' then '' else ' of ' || s.part end as field,
                    -- Of pieces that were sold since the rows were made nothing was taken back.
                    case when f.key = 'stock' and v.id is not null
                         then to_jsonb(v.on_hand - (s.is_now ->> 'stock')::integer + (s.was ->> 'stock')::integer)
                         else s.was -> f.key
                    end as was,
                    case when f.key = 'stock' and v.id is not null then to_jsonb(v.on_hand) else f.value end as is_now
             from sides s
             cross join lateral jsonb_each(s.is_now) f
             left join variants v on v.id = s.variant_id
             where f.value is distinct from s.was -> f.key
         ), told as (
             select product_id, min(title) as title, min(number) as number, jsonb_object_agg(field, was) as was,
                    jsonb_object_agg(field, is_now) as is_now,
                    case when bool_or(variant_id is not null) then jsonb_build_object(
                             'variants_id', jsonb_object_agg(part, variant_id) filter (where variant_id is not null))
                         else '{}'
                    end as ids
             from fields
             group by product_id
         )
         insert into audit_log (actor_id, actor, act, subject_kind, subject_id, subject, before, after, request_id, part_of)
         select $1, $2, 'product.update', 'product', product_id::text, title, was || ids, is_now || ids, $3, $4
         from told
         order by number",
        actor.id,
        &*actor.name,
        actor.request,
        entry,
        edit,
        back
    )
    .execute(connection)
    .await?;
    Ok(())
}
