//! How many rows a table has, for as much as that is worth.

use app::admin::view::table::Count;
use serde_json::Value;
use sqlx::{PgPool, Postgres, QueryBuilder};

/// Rows that are counted one by one. Beyond this a number would cost more than it tells.
pub const MOST: u32 = 10_000;

/// `rows`: writes the table and its conditions, as they stand after `from`. Of more than are counted it says what the
/// planner expects.
///
/// # Errors
/// The database's.
pub async fn count(pool: &PgPool, rows: impl Fn(&mut QueryBuilder<Postgres>)) -> Result<Count, sqlx::Error> {
    let mut counting = QueryBuilder::new("select count(*) from (select 1 from ");
    rows(&mut counting);
    counting.push(" limit ").push_bind(i64::from(MOST) + 1).push(") counted");
    let counted: i64 = counting.build_query_scalar().fetch_one(pool).await?;
    if let Some(exact) = u32::try_from(counted).ok().filter(|counted| *counted <= MOST) {
        return Ok(Count::Exact(exact));
    }
    let mut explaining = QueryBuilder::new("explain (format json) select 1 from ");
    rows(&mut explaining);
    let plan: Value = explaining.build_query_scalar().fetch_one(pool).await?;
    Ok(expected(&plan).filter(|about| *about > MOST).map_or(Count::MoreThan(MOST), Count::About))
}

/// Rows that a plan expects, in two digits: the others would be made up.
fn expected(plan: &Value) -> Option<u32> {
    let rows = plan.pointer("/0/Plan/Plan Rows")?.as_u64()?;
    let mut unit = 1;
    while rows / unit >= 100 {
        unit *= 10;
    }
    let rounded = (rows / unit + u64::from(rows % unit * 2 >= unit)) * unit;
    Some(u32::try_from(rounded).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_estimate_has_two_digits() {
        for (rows, said) in [(298_123, 300_000), (12_345, 12_000), (99_700, 100_000), (7, 7), (0, 0)] {
            assert_eq!(expected(&json!([{ "Plan": { "Plan Rows": rows } }])), Some(said), "{rows}");
        }
        assert_eq!(expected(&json!({})), None);
    }
}
