//! An edit applied: once, and only if it does what was looked at.

use super::act::BulkAct;
use super::plan::{Change, plan};
use super::{PgBulk, hold, id, lock, parts, refusal, rows};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use crate::services::office::products::about;
use crate::services::office::reason::optional;
use crate::services::office::rights::must_still;
use crate::services::office::trail::without_field;
use app::admin::bulk::host::{DANGEROUS, State};
use app::admin::host::May;
use app::cart::api::Done;
use serde_json::{Value, json};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

const CHANGED: &str =
    "Some of these products have changed since you looked. Nothing has been done: this is what would change now.";
const ANOTHER: &str =
    "Another preview has been made since you looked. Nothing has been done: see what would change now.";
const DONE: &str = "The edit is applied";

impl PgBulk {
    pub(super) async fn apply_edit(
        &self,
        edit: &str,
        seen: &str,
        reason: &str,
        password: &str,
    ) -> Result<Done, ServiceError> {
        let edit = id(edit)?;
        let reason = optional(reason)?;
        let proven = self.prove_apply(edit, seen, password).await?;
        let mut transaction = self.transaction("bulk edit").await?;
        let locked = lock(&mut transaction, edit).await?;
        let act = match (locked.state, &locked.act) {
            // Whoever asks a second time finds it done.
            (State::Applied, _) if locked.digest == seen => return Ok(Done::saying(DONE)),
            (State::Ready, Some(act)) => act,
            (State::Open | State::Ready, _) => return Err(refusal("Say first what is to be changed")),
            (State::Applied | State::Undone, _) => return Err(refusal("This edit has been applied already")),
        };
        if locked.digest != seen || (is_dangerous(locked.rows) && !proven) {
            return Ok(Done::saying(ANOTHER));
        }
        hold(&mut transaction, &locked.chosen, act.is_of_variants()).await?;
        must_still(&mut transaction, &self.actor, May::Catalogue).await?;
        let plan = plan(&mut transaction, &locked.chosen, act, &self.currency).await.map_err(without_field)?;
        let is_same = plan.digest == locked.digest;
        let note = if is_same { "" } else { CHANGED };
        rows::store(&mut transaction, edit, act, &locked.what, note, &plan).await?;
        if !is_same {
            transaction.commit().await?;
            return Ok(Done::saying(CHANGED));
        }
        if plan.changes.is_empty() {
            return Err(refusal("There is nothing to change"));
        }
        rows::write(&mut transaction, edit, act, false).await?;
        self.seal(&mut transaction, edit).await?;
        let (before, mut after) = summary(act, &plan.changes);
        after["products"] = json!(plan.products);
        let subject = edit.to_string();
        let entry = Act { before, after, reason: &reason, ..about("product.bulk_update", &subject, &locked.what) };
        let entry = audit::numbered(&mut transaction, &self.actor, entry).await?;
        parts::write(&mut transaction, &self.actor, entry, edit, false).await?;
        transaction.commit().await?;
        Ok(Done::saying(DONE))
    }

    /// Whether the password was given where it has to be. Before the transaction: whoever holds a connection waits for
    /// no second one.
    async fn prove_apply(&self, edit: Uuid, seen: &str, password: &str) -> Result<bool, ServiceError> {
        let rows = sqlx::query_scalar!(
            "select rows from bulk_edits where id = $1 and state = 'ready' and digest = $2",
            edit,
            seen
        )
        .fetch_optional(&self.pool)
        .await?;
        if rows.is_some_and(is_dangerous) {
            self.proof.of(password).await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Writes down that it is done, and which versions it made: what is another by then has been touched since.
    async fn seal(&self, connection: &mut PgConnection, edit: Uuid) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "update bulk_edit_rows r set after_version = p.version
             from products p where p.id = r.product_id and r.edit_id = $1",
            edit
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query!(
            "update bulk_edits set state = 'applied', applied_at = now(), applied_by = $2 where id = $1",
            edit,
            self.user
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

pub(super) fn is_dangerous(rows: i32) -> bool {
    i64::from(rows) > i64::from(DANGEROUS)
}

/// What the audit log keeps of all changes together.
fn summary(act: &BulkAct, changes: &[Change]) -> (Value, Value) {
    /// Values that are told apart.
    const MOST: usize = 20;
    // `12 Draft`, of each value that there was.
    let counted = |field: &str| -> Vec<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for change in changes {
            let value = change.before.get(field).and_then(Value::as_str).unwrap_or_default();
            *counts.entry(if value.is_empty() { "none" } else { value }).or_default() += 1;
        }
        counts.into_iter().take(MOST).map(|(value, count)| format!("{count} {value}")).collect()
    };
    let numbers = |is_after: bool, field: &str| -> Vec<i64> {
        let side = |change: &Change| {
            let side = if is_after { &change.after } else { &change.before };
            side.get(field).and_then(Value::as_i64)
        };
        changes.iter().filter_map(side).collect()
    };
    match act {
        BulkAct::Status(to) => (json!({ "status": counted("status") }), json!({ "status": to })),
        BulkAct::Category { path, .. } => (json!({ "category": counted("category") }), json!({ "category": path })),
        BulkAct::Tags { add, remove } => (json!({}), json!({ "tags_added": add, "tags_removed": remove })),
        BulkAct::Price { .. } | BulkAct::EndSale => {
            let range = |is_after| {
                let prices = numbers(is_after, "price");
                json!({ "price_min": prices.iter().min(), "price_max": prices.iter().max() })
            };
            (range(false), range(true))
        }
        BulkAct::AddStock(_) | BulkAct::SetStock(_) => {
            let pieces = |is_after| json!({ "pieces": numbers(is_after, "stock").iter().sum::<i64>() });
            (pieces(false), pieces(true))
        }
    }
}
