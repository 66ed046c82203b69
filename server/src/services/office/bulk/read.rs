//! Edits as their pages show them.

use super::act::BulkAct;
use super::plan::Kept;
use super::undo::hindrances;
use super::{PgBulk, id};
use crate::error::ServiceError;
use crate::services::office::paging::{count, cut, offset};
use crate::services::words::{moment, stamp};
use app::admin::bulk::host::{Change, Edit, Field, Hindrance, History, State, Summary, Tally};
use app::admin::products::host::Status;
use app::domain::Money;
use serde_json::Value;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

/// Products that keep an edit from being taken back, as far as its page names them.
const HINDRANCES: i64 = 20;
/// Rows of an edit that the history looks through to tell whether it could be taken back; of a larger one its page
/// tells.
const LOOKED_THROUGH: i32 = 5_000;

fn tallies(kept: Vec<Kept>) -> Vec<Tally> {
    kept.into_iter().map(|Kept { reason, count, names }| Tally { reason, count, names }).collect()
}

impl PgBulk {
    pub(super) async fn load_history(&self, page: u32, size: u32) -> Result<History, ServiceError> {
        let mut rows = sqlx::query!(
            r#"select e.id, e.state, e.what, e.applied_at as "applied_at!", person(e.applied_by) as applied_by, e.products,
                      e.swept_at is not null as "is_swept!",
                      e.state = 'applied' and e.swept_at is null and (
                          e.rows > $3 or not exists (
                              select from bulk_edit_rows r
                              left join products p on p.id = r.product_id
                              where r.edit_id = e.id and p.version is distinct from r.after_version
                          )
                      ) as "can_undo!"
               from bulk_edits e
               where e.applied_at is not null
               order by e.applied_at desc, e.id desc
               limit $1 offset $2"#,
            i64::from(size) + 1,
            offset(page, size),
            LOOKED_THROUGH
        )
        .fetch_all(&self.pool)
        .await?;
        let more = cut(&mut rows, size);
        let edits = rows
            .into_iter()
            .map(|row| {
                Ok(Summary {
                    id: row.id.to_string(),
                    state: State::parse(&row.state).ok_or(ServiceError::NotFound)?,
                    what: row.what,
                    by: row.applied_by.unwrap_or_default(),
                    at: moment(row.applied_at),
                    stamp: stamp(Some(row.applied_at)).unwrap_or_default(),
                    products: count(row.products),
                    can_undo: row.can_undo,
                    is_swept: row.is_swept,
                })
            })
            .collect::<Result<_, ServiceError>>()?;
        Ok(History { edits, more })
    }

    pub(super) async fn load_edit(&self, edit: &str, page: u32, size: u32) -> Result<Edit, ServiceError> {
        let edit = id(edit)?;
        let row = sqlx::query!(
            r#"select created_at, person(actor_id) as "actor!", chosen_count, by_filter, state, act as "act: Json<BulkAct>", what, note, digest,
                      products, rows, stays as "stays: Json<Vec<Kept>>", refused as "refused: Json<Vec<Kept>>", applied_at,
                      person(applied_by) as applied_by, undone_at, person(undone_by) as undone_by,
                      swept_at is not null as "is_swept!"
               from bulk_edits where id = $1"#,
            edit
        )
        .fetch_optional(&self.pool)
        .await?
        .ok_or(ServiceError::NotFound)?;
        let state = State::parse(&row.state).ok_or(ServiceError::NotFound)?;
        let by = |at: Option<OffsetDateTime>, by: Option<String>| at.map(|at| (moment(at), by.unwrap_or_default()));
        let mut changes = self.load_changes(edit, page, size).await?;
        let more = cut(&mut changes, size);
        let found = match state {
            State::Applied if !row.is_swept => {
                let mut connection = self.pool.acquire().await?;
                hindrances(&mut connection, edit, HINDRANCES).await?
            }
            _ => Vec::new(),
        };
        Ok(Edit {
            id: edit.to_string(),
            state,
            chosen: count(row.chosen_count),
            by_filter: row.by_filter,
            begun: (moment(row.created_at), row.actor),
            applied: by(row.applied_at, row.applied_by),
            undone: by(row.undone_at, row.undone_by),
            what: row.what,
            note: row.note,
            seen: row.digest,
            products: count(row.products),
            rows: count(row.rows),
            is_of_variants: row.act.is_some_and(|Json(act)| act.is_of_variants()),
            stays: tallies(row.stays.0),
            refused: tallies(row.refused.0),
            changes,
            more,
            hindered: found.first().map_or(0, |first| u32::try_from(first.count).unwrap_or(u32::MAX)),
            hindrances: found
                .into_iter()
                .map(|one| Hindrance {
                    product: one.product.map(|id| id.to_string()),
                    title: one.title,
                    reason: one.reason,
                })
                .collect(),
            is_swept: row.is_swept,
        })
    }

    /// One more than a page has, if there are.
    async fn load_changes(&self, edit: Uuid, page: u32, size: u32) -> Result<Vec<Change>, ServiceError> {
        let rows = sqlx::query!(
            r#"select r.title, r.part, r.before, r.after, p.id as "product?"
               from bulk_edit_rows r
               left join products p on p.id = r.product_id
               where r.edit_id = $1
               order by r.number
               limit $2 offset $3"#,
            edit,
            i64::from(size) + 1,
            offset(page, size)
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Change {
                product: row.product.map(|id| id.to_string()),
                title: row.title,
                part: row.part,
                fields: self.fields(&row.before, &row.after),
            })
            .collect())
    }

    fn fields(&self, before: &Value, after: &Value) -> Vec<Field> {
        const SHOWN: [(&str, &str); 6] = [
            ("status", "Status"),
            ("category", "Category"),
            ("tags", "Tags"),
            ("price", "Price"),
            ("compare_at", "Price before"),
            ("stock", "Stock"),
        ];
        SHOWN
            .iter()
            .filter(|(key, _)| after.get(key).is_some() && before.get(key) != after.get(key))
            .map(|(key, label)| Field {
                label: (*label).to_owned(),
                old: self.said(key, before.get(key)),
                new: self.said(key, after.get(key)),
            })
            .collect()
    }

    fn said(&self, key: &str, value: Option<&Value>) -> String {
        match value {
            Some(Value::Number(number)) => match number.as_i64().filter(|_| key != "stock").and_then(Money::from_minor)
            {
                Some(money) => self.currency.format(money),
                None => number.to_string(),
            },
            Some(Value::String(text)) if key == "status" => {
                Status::parse(text).map_or(text.as_str(), |status| status.label()).to_owned()
            }
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => String::new(),
        }
    }
}
