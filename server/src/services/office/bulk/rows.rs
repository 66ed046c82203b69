//! A plan as rows, and the rows as changes: what an edit writes and what taking it back writes differ only in which side
//! of the rows it is.

use super::act::BulkAct;
use super::count;
use super::plan::Plan;
use crate::error::ServiceError;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// Keeps a plan in place of the one before.
pub async fn store(
    connection: &mut PgConnection,
    edit: Uuid,
    act: &BulkAct,
    what: &str,
    note: &str,
    plan: &Plan,
) -> Result<(), ServiceError> {
    sqlx::query!("delete from bulk_edit_rows where edit_id = $1", edit).execute(&mut *connection).await?;
    let changes = &plan.changes;
    let products: Vec<Uuid> = changes.iter().map(|one| one.product).collect();
    let variants: Vec<Option<Uuid>> = changes.iter().map(|one| one.variant).collect();
    let titles: Vec<String> = changes.iter().map(|one| one.title.clone()).collect();
    let parts: Vec<String> = changes.iter().map(|one| one.part.clone()).collect();
    let before: Vec<Value> = changes.iter().map(|one| one.before.clone()).collect();
    let after: Vec<Value> = changes.iter().map(|one| one.after.clone()).collect();
    sqlx::query!(
        "insert into bulk_edit_rows (edit_id, number, product_id, variant_id, title, part, before, after)
         select $1, t.number::integer, t.product, t.variant, t.title, t.part, t.before, t.after
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[])
             with ordinality t(product, variant, title, part, before, after, number)",
        edit,
        &products,
        &variants as _,
        &titles,
        &parts,
        &before,
        &after
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update bulk_edits
         set state = 'ready', act = $2, what = $3, note = $4, digest = $5, products = $6, rows = $7, stays = $8,
             refused = $9
         where id = $1",
        edit,
        json!(act),
        what,
        note,
        plan.digest,
        count(plan.products),
        count(changes.len()),
        json!(plan.stays),
        json!(plan.refused)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Sets a column of the products themselves. Triggers go by the columns that a statement names, so one that set the others
/// to what they are would have every product's search vector made anew for a change of its status.
macro_rules! set_column {
    ($connection:expr, $edit:expr, $back:expr, $column:literal) => {
        sqlx::query!(
            "update products p set "
                + $column
                + ", version = p.version + 1, updated_at = now()
             from (
                 select product_id, case when $2 then before else after end as side
                 from bulk_edit_rows where edit_id = $1
             ) w
             where p.id = w.product_id",
            $edit,
            $back
        )
        .execute($connection)
        .await
        .map(drop)
    };
}

/// Makes what the rows name what it is after the edit or, with `back`, what it was before. A stock changes by as much as
/// the two differ, so that what was sold since stays sold. Every product becomes another version.
pub async fn write(connection: &mut PgConnection, edit: Uuid, act: &BulkAct, back: bool) -> Result<(), sqlx::Error> {
    match act {
        BulkAct::Status(_) => set_column!(connection, edit, back, "status = w.side ->> 'status'")?,
        BulkAct::Category { .. } => {
            set_column!(connection, edit, back, "category_id = (w.side ->> 'category_id')::uuid")?
        }
        BulkAct::Tags { .. } => {
            set_column!(connection, edit, back, "tags = array(select jsonb_array_elements_text(w.side -> 'tags'))")?
        }
        BulkAct::Price { .. } | BulkAct::EndSale => {
            sqlx::query!(
                "update variants v
                 set price = (w.side ->> 'price')::bigint, compare_at = (w.side ->> 'compare_at')::bigint,
                     version = v.version + 1, updated_at = now()
                 from (
                     select variant_id, case when $2 then before else after end as side
                     from bulk_edit_rows where edit_id = $1
                 ) w
                 where v.id = w.variant_id",
                edit,
                back
            )
            .execute(&mut *connection)
            .await?;
            raise_versions(connection, edit).await?;
        }
        BulkAct::AddStock(_) | BulkAct::SetStock(_) => {
            sqlx::query!(
                "update variants v
                 set on_hand = v.on_hand + case when $2 then -w.more else w.more end, version = v.version + 1,
                     updated_at = now()
                 from (
                     select variant_id, (after ->> 'stock')::integer - (before ->> 'stock')::integer as more
                     from bulk_edit_rows where edit_id = $1
                 ) w
                 where v.id = w.variant_id",
                edit,
                back
            )
            .execute(&mut *connection)
            .await?;
            raise_versions(connection, edit).await?;
        }
    }
    Ok(())
}

/// A product whose variants change is another version of it too.
async fn raise_versions(connection: &mut PgConnection, edit: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update products set version = version + 1, updated_at = now()
         where id in (select product_id from bulk_edit_rows where edit_id = $1)",
        edit
    )
    .execute(connection)
    .await?;
    Ok(())
}
