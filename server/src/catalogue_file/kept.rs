//! What is kept of a plan (`import_products`, `import_problems`): to be shown before it is carried out, to tell whether it
//! is still what was shown, and to take it back.

use super::Planned;
use super::plan;
use super::report::{Change, ChangeKind, FieldChange};
use app::domain::Currency;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// Rows per statement.
const BATCH: usize = 1000;
/// Letters of a value that are kept to be shown.
const SHOWN: usize = 300;
/// Letters before the first difference of two long texts that are kept with it.
const BEFORE_DIFFERENCE: usize = 60;

/// Keeps a plan in place of what was kept of the import before, within the transaction that made it.
///
/// # Errors
/// Of the database.
pub(crate) async fn keep_plan(
    conn: &mut PgConnection,
    import: Uuid,
    planned: &Planned,
    currency: &Currency,
) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from import_products where import_id = $1", import).execute(&mut *conn).await?;
    sqlx::query!("delete from import_problems where import_id = $1", import).execute(&mut *conn).await?;
    let lines: Vec<(i32, &super::Problem)> = (0..).zip(&planned.report.problems).collect();
    for some in lines.chunks(BATCH) {
        let numbers: Vec<i32> = some.iter().map(|(number, _)| *number).collect();
        let lines: Vec<i64> = some.iter().map(|(_, problem)| problem.line.cast_signed()).collect();
        let columns: Vec<Option<String>> = some.iter().map(|(_, problem)| problem.column.clone()).collect();
        let reasons: Vec<String> = some.iter().map(|(_, problem)| problem.reason.clone()).collect();
        sqlx::query!(
            r#"insert into import_problems (import_id, number, line, "column", reason)
               select $1, p.number, p.line, p.name, p.reason
               from unnest($2::integer[], $3::bigint[], $4::text[], $5::text[]) p(number, line, name, reason)"#,
            import,
            &numbers,
            &lines,
            columns.as_slice() as _,
            &reasons
        )
        .execute(&mut *conn)
        .await?;
    }
    if !planned.is_made {
        return Ok(());
    }
    summarise(conn).await?;
    sqlx::query(
        "insert into import_products (import_id, number, line, kind, product_id, handle, title, version)
         select $1, number, line, kind, product_id, handle, title, version from planned_products",
    )
    .bind(import)
    .execute(&mut *conn)
    .await?;
    if planned.report.updated == 0 {
        return Ok(());
    }
    let changes = plan::changes(conn, currency, &planned.tree, usize::MAX).await?;
    let changes: Vec<(i32, Value)> =
        changes.into_iter().filter_map(|(number, change)| Some((number, fields(change)?))).collect();
    for some in changes.chunks(BATCH) {
        let (numbers, fields): (Vec<i32>, Vec<Value>) = some.iter().cloned().unzip();
        sqlx::query!(
            "update import_products i
             set fields = f.fields
             from unnest($2::integer[], $3::jsonb[]) f(number, fields)
             where i.import_id = $1 and i.number = f.number",
            import,
            &numbers,
            &fields
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The plan, a row for each product.
async fn summarise(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "create temp table planned_products on commit drop as
         select t.number,
                t.line,
                case when t.is_new then 'new' when u.number is not null then 'changed' else 'unchanged' end as kind,
                case when not t.is_new then t.id end as product_id,
                t.slug as handle,
                t.title,
                p.version
         from target_products t
         left join touched_products u on u.number = t.number
         left join products p on p.id = t.id",
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a plan does to each product what the kept one says: to the same version of those that it changes. Pieces
/// that were sold meanwhile make no other version.
///
/// # Errors
/// Of the database.
pub(crate) async fn is_as_shown(conn: &mut PgConnection, import: Uuid, planned: &Planned) -> Result<bool, sqlx::Error> {
    if !planned.is_made || planned.report.is_refused() {
        return Ok(false);
    }
    summarise(conn).await?;
    let same = sqlx::query_scalar(
        "select not exists (
             select
             from (
                 select number, kind, product_id, case when kind = 'changed' then version end as version
                 from import_products
                 where import_id = $1
             ) s
             full join (
                 select number, kind, product_id, case when kind = 'changed' then version end as version
                 from planned_products
             ) p on p.number = s.number
             where (s.kind, s.product_id, s.version) is distinct from (p.kind, p.product_id, p.version)
         )",
    )
    .bind(import)
    .fetch_one(&mut *conn)
    .await?;
    sqlx::raw_sql("drop table planned_products").execute(conn).await?;
    Ok(same)
}

/// Keeps what the products are that will change, and who has something of what will be removed: that of carts and
/// wishlists, which must be [held](Planned::hold).
///
/// # Errors
/// Of the database.
pub(crate) async fn keep_before(conn: &mut PgConnection, import: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into import_lines (import_id, line_id, variant_id)
         select $1, l.id, l.variant_id from removed_variants r join cart_lines l on l.variant_id = r.id
         union all
         select $1, w.id, w.variant_id from removed_variants r join wishlist_items w on w.variant_id = r.id",
    )
    .bind(import)
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update import_products set before = whole_product(product_id) where import_id = $1 and kind = 'changed'",
        import
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps what the import has made of them, and the pictures that it took away. A new product is deleted by an undo,
/// whatever it is: what there is to know of one is its version.
///
/// # Errors
/// Of the database.
pub(crate) async fn keep_after(conn: &mut PgConnection, import: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update import_products i
         set product_id = p.id, after_version = p.version,
             after = case when i.kind = 'changed' then whole_product(p.id) end
         from products p
         where i.import_id = $1 and i.kind <> 'unchanged' and p.slug = i.handle",
        import
    )
    .execute(&mut *conn)
    .await?;
    // Pictures that its products show no longer would be thrown away.
    sqlx::query!(
        "insert into import_media (import_id, media_id)
         select distinct i.import_id, was.media_id
         from import_products i
         cross join lateral jsonb_to_recordset(i.before -> 'images') was (media_id uuid)
         where i.import_id = $1 and was.media_id is not null
           and not exists (
               select from product_images e where e.product_id = i.product_id and e.media_id = was.media_id
           )",
        import
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What changes in a product, to be shown. `None` for a new one.
fn fields(change: Change) -> Option<Value> {
    let ChangeKind::Updated(fields) = change.kind else { return None };
    let fields = fields.into_iter().map(|FieldChange { part, column, old, new }| {
        let (old, new) = around_difference(&old, &new);
        json!({ "part": part, "column": column, "old": old, "new": new })
    });
    Some(Value::Array(fields.collect()))
}

/// Of two texts what shows where they differ: long ones begin shortly before that.
fn around_difference(old: &str, new: &str) -> (String, String) {
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    let is_long = old.chars().nth(SHOWN).is_some() || new.chars().nth(SHOWN).is_some();
    let from = if is_long { same.saturating_sub(BEFORE_DIFFERENCE) } else { 0 };
    let part = |text: &str| {
        let mut part: String = text.chars().skip(from).take(SHOWN).collect();
        if from > 0 && !part.is_empty() {
            part.insert(0, '…');
        }
        if text.chars().nth(from + SHOWN).is_some() {
            part.push('…');
        }
        part
    };
    (part(old), part(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_to_where_they_differ() {
        assert_eq!(around_difference("red", "blue"), ("red".to_owned(), "blue".to_owned()));
        let long = |end: &str| format!("{}{end}", "ä".repeat(1000));
        let (old, new) = around_difference(&long("red"), &long("blue"));
        assert!(old.starts_with("…ä") && old.ends_with("äred"), "{old}");
        assert!(new.ends_with("äblue") && new.chars().count() < 100, "{new}");
        let (old, new) = around_difference("", &long(""));
        assert!(old.is_empty() && new.starts_with('ä') && new.ends_with('…'), "{new}");
    }
}
