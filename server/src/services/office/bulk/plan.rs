//! What an edit would do to each of the chosen products, as they are now.

use super::act::BulkAct;
use super::fate::{Fate, Product, Variant, of_product, of_variant};
use crate::error::ServiceError;
use crate::services::office::products::NO_SUCH_CATEGORY;
use app::domain::Currency;
use app::error::AppError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Variants of one edit, at most: all of them are in memory at once.
const MOST_ROWS: usize = 200_000;
/// Of those that can't be changed, how many are named.
const NAMED: usize = 5;

pub struct Change {
    pub product: Uuid,
    pub variant: Option<Uuid>,
    pub title: String,
    pub part: String,
    pub before: Value,
    pub after: Value,
}

/// How many are as they are for one reason.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub reason: String,
    pub count: u32,
    pub names: Vec<String>,
}

#[derive(Default)]
pub struct Plan {
    pub changes: Vec<Change>,
    pub stays: Vec<Kept>,
    pub refused: Vec<Kept>,
    pub products: usize,
    /// Another for every other plan.
    pub digest: String,
}

/// # Errors
/// `Invalid` where the act can't be done by now at all; the database's.
pub async fn plan(
    connection: &mut PgConnection,
    chosen: &[Uuid],
    act: &BulkAct,
    currency: &Currency,
) -> Result<Plan, ServiceError> {
    let mut making = Making::default();
    if act.is_of_variants() {
        for row in variants(connection, chosen).await? {
            let fate = of_variant(act, &row, currency);
            let part = row.options.unwrap_or_default().join(" / ");
            making.add(row.product, row.variant, row.title, part, fate);
        }
    } else {
        let names = names(connection, act).await?;
        for row in products(connection, chosen).await? {
            let fate = of_product(act, &row, &names);
            making.add(row.id, None, row.title, String::new(), fate);
        }
    }
    Ok(making.done(chosen.len(), act))
}

async fn products(connection: &mut PgConnection, chosen: &[Uuid]) -> Result<Vec<Product>, sqlx::Error> {
    sqlx::query_as!(
        Product,
        "select id, title, status, category_id, tags from products where id = any($1) order by title, id",
        chosen
    )
    .fetch_all(connection)
    .await
}

async fn variants(connection: &mut PgConnection, chosen: &[Uuid]) -> Result<Vec<Variant>, ServiceError> {
    let rows = sqlx::query_as!(
        Variant,
        r#"select p.id as product, p.title, v.id as "variant?", v.option_values as "options?", v.price as "price?",
                  v.compare_at, v.on_hand as "on_hand?"
           from products p left join variants v on v.product_id = p.id
           where p.id = any($1)
           order by p.title, p.id, v.position
           limit $2"#,
        chosen,
        i64::try_from(MOST_ROWS).unwrap_or(i64::MAX) + 1
    )
    .fetch_all(connection)
    .await?;
    if rows.len() > MOST_ROWS {
        let words = "These products have more than the 200,000 variants that can be changed at once. Choose fewer";
        return Err(AppError::invalid("", words).into());
    }
    Ok(rows)
}

/// The paths of all categories, for an act that changes them. The one that products go to stays until the transaction
/// ends.
async fn names(connection: &mut PgConnection, act: &BulkAct) -> Result<HashMap<Uuid, String>, ServiceError> {
    let BulkAct::Category { to, .. } = act else { return Ok(HashMap::new()) };
    if let Some(to) = to {
        sqlx::query!("select id from categories where id = $1 for key share", to)
            .fetch_optional(&mut *connection)
            .await?
            .ok_or_else(|| AppError::invalid("category", NO_SUCH_CATEGORY))?;
    }
    let rows = sqlx::query!(
        r#"with recursive tree as (
               select id, name as path, 1 as depth from categories where parent_id is null
               union all
               select c.id, tree.path || ' › ' || c.name, tree.depth + 1
               from tree join categories c on c.parent_id = tree.id
               where tree.depth < 20
           )
           select id as "id!", path as "path!" from tree"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.path)).collect())
}

#[derive(Default)]
struct Making {
    plan: Plan,
    found: HashSet<Uuid>,
    changing: HashSet<Uuid>,
}

impl Making {
    fn add(&mut self, product: Uuid, variant: Option<Uuid>, title: String, part: String, fate: Fate) {
        self.found.insert(product);
        match fate {
            Fate::Changes { before, after } => {
                self.changing.insert(product);
                self.plan.changes.push(Change { product, variant, title, part, before, after });
            }
            Fate::Stays(reason) => tally(&mut self.plan.stays, reason, 1, None),
            Fate::Refused(reason) => {
                let name = if part.is_empty() { title } else { [&title, ", ", &part].concat() };
                tally(&mut self.plan.refused, reason, 1, Some(name));
            }
        }
    }

    fn done(self, chosen: usize, act: &BulkAct) -> Plan {
        let mut plan = self.plan;
        let gone = chosen.saturating_sub(self.found.len());
        if gone > 0 {
            let gone = u32::try_from(gone).unwrap_or(u32::MAX);
            tally(&mut plan.refused, "deleted since".to_owned(), gone, None);
        }
        plan.products = self.changing.len();
        plan.digest = digest(act, &plan.changes);
        plan
    }
}

fn tally(tallies: &mut Vec<Kept>, reason: String, count: u32, name: Option<String>) {
    let at = match tallies.iter().position(|one| one.reason == reason) {
        Some(at) => at,
        None => {
            tallies.push(Kept { reason, count: 0, names: Vec::new() });
            tallies.len() - 1
        }
    };
    let Some(found) = tallies.get_mut(at) else { return };
    found.count += count;
    if found.names.len() < NAMED {
        found.names.extend(name);
    }
}

fn digest(act: &BulkAct, changes: &[Change]) -> String {
    let mut hash = Sha256::new();
    hash.update(serde_json::to_vec(act).unwrap_or_default());
    for change in changes {
        hash.update(change.product);
        hash.update(change.variant.unwrap_or_default());
        // Pieces that are added are as many, however many were sold meanwhile.
        if !matches!(act, BulkAct::AddStock(_)) {
            hash.update(change.before.to_string());
            hash.update(change.after.to_string());
        }
    }
    hex::encode(hash.finalize())
}
