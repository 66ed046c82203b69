//! Where a category stands.

use super::edit::{gone, gone_from};
use super::tree::{Own, is_within, number, own, path, siblings};
use super::{PgCategories, act, chosen, id, in_words, lock};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::trail::{Row, WayBack, changed_since, taking_back, without_field};
use app::admin::host::May;
use app::cart::api::Done;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

pub const BELOW_ITSELF: &str = "A category can’t be put under itself, or under one below it";

impl PgCategories {
    pub(super) async fn hang(&self, category: &str, from: &str, parent: &str) -> Result<Done, ServiceError> {
        let id = id(category)?;
        let parent = match parent {
            "" => None,
            parent => Some(chosen("parent", parent)?),
        };
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction).await?;
        let own = own(&mut transaction, id).await?;
        if own.parent == parent {
            return Ok(Done::saying(format!("{} is there already", own.name)));
        }
        if own.parent.map(|id| id.to_string()).unwrap_or_default() != from {
            let now = path(&mut transaction, own.parent).await?;
            let place = if now.is_empty() { "at the top".to_owned() } else { format!("under {}", now.join(" › ")) };
            let words = format!("Someone else moved this category in the meantime: it is {place} now. Choose again");
            return Err(AppError::invalid("parent", words).into());
        }
        let (before, after) = put(&mut transaction, &own, parent, None).await?;
        self.log(&mut transaction, act("category.move", category, &own.name, before, after)).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Moved {}", own.name)))
    }

    pub(super) async fn step(&self, category: &str, from: &str, way: &str) -> Result<Done, ServiceError> {
        let id = id(category)?;
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction).await?;
        let own = own(&mut transaction, id).await?;
        let mut order = siblings(&mut transaction, own.parent).await?;
        let at = order.iter().position(|sibling| *sibling == id).unwrap_or_default();
        let to = match way {
            "up" => at.checked_sub(1),
            "down" => Some(at + 1).filter(|to| *to < order.len()),
            _ => return Err(AppError::invalid("", "Choose up or down").into()),
        };
        // The same step again, as by a double click.
        if !from.is_empty() && from != (at + 1).to_string() {
            return Ok(Done::default());
        }
        // It is at that end already: as on a page that is a step behind.
        let Some(to) = to else { return Ok(Done::default()) };
        order.swap(at, to);
        number(&mut transaction, &order).await?;
        self.log(&mut transaction, act("category.reorder", category, &own.name, place(at), place(to))).await?;
        transaction.commit().await?;
        Ok(Done::default())
    }
}

/// As entries have it: 1 for the first.
fn place(at: usize) -> Value {
    json!({"place": at + 1})
}

/// A place that an entry tells of, from 0.
fn place_in(fields: &Value) -> Option<usize> {
    usize::try_from(fields.get("place")?.as_u64()?).ok()?.checked_sub(1)
}

/// Puts a category under another one, or, for none, at the top: at a place among those there, or behind them. Answers
/// what an entry says of it, before and after.
async fn put(
    connection: &mut PgConnection,
    own: &Own,
    parent: Option<Uuid>,
    at: Option<usize>,
) -> Result<(Value, Value), ServiceError> {
    if is_within(connection, parent, own.id).await? {
        return Err(AppError::invalid("parent", BELOW_ITSELF).into());
    }
    let before = path(connection, own.parent).await?;
    let after = path(connection, parent).await?;
    if parent.is_some() && after.is_empty() {
        return Err(AppError::invalid("parent", "Choose a category").into());
    }
    let left = siblings(connection, own.parent).await?;
    let stood = left.iter().position(|sibling| *sibling == own.id).unwrap_or_default();
    let mut order = siblings(connection, parent).await?;
    let at = at.map_or(order.len(), |at| at.min(order.len()));
    order.insert(at, own.id);
    sqlx::query!(
        "update categories set parent_id = $2, version = version + 1, moves = moves + 1, updated_at = now()
         where id = $1",
        own.id,
        parent
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| in_words(error, "parent"))?;
    number(connection, &order).await?;
    let under = |path: &[String], id: Option<Uuid>, at: usize| json!({"under": path.join(" › "), "under_id": id, "place": at + 1});
    Ok((under(&before, own.parent, stood), under(&after, parent, at)))
}

/// `category.move`, taken back to where its entry says that the category was.
pub struct CategoryMove;

#[async_trait]
impl WayBack for CategoryMove {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn fits(&self, entry: &Row) -> bool {
        [&entry.before, &entry.after].into_iter().all(|fields| fields.get("under_id").is_some())
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        lock(connection).await?;
        let own = own(connection, id(&entry.subject_id).map_err(gone)?).await.map_err(gone)?;
        let under = |fields: &Value| fields.get("under_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        if own.parent != under(&entry.after) {
            return Err(changed_since("place"));
        }
        let there: Option<Uuid> = under(&entry.before);
        if there.is_some() && path(connection, there).await?.is_empty() {
            return Err(gone_from());
        }
        let moved = put(connection, &own, there, place_in(&entry.before)).await.map_err(without_field)?;
        let reason = taking_back(entry);
        let act = act("category.move", &entry.subject_id, &own.name, moved.0, moved.1);
        Ok(audit::write(connection, actor, Act { reason: &reason, ..act }).await?)
    }
}

/// `category.reorder`, taken back to the place that its entry says it had.
pub struct CategoryReorder;

#[async_trait]
impl WayBack for CategoryReorder {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn fits(&self, entry: &Row) -> bool {
        place_in(&entry.before).is_some() && place_in(&entry.after).is_some()
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        lock(connection).await?;
        let own = own(connection, id(&entry.subject_id).map_err(gone)?).await.map_err(gone)?;
        let mut order = siblings(connection, own.parent).await?;
        let (Some(back), Some(from)) = (place_in(&entry.before), place_in(&entry.after)) else {
            return Err(changed_since("place"));
        };
        if order.get(from) != Some(&own.id) || back >= order.len() {
            return Err(changed_since("place"));
        }
        order.remove(from);
        order.insert(back, own.id);
        number(connection, &order).await?;
        let reason = taking_back(entry);
        let act = act("category.reorder", &entry.subject_id, &own.name, place(from), place(back));
        Ok(audit::write(connection, actor, Act { reason: &reason, ..act }).await?)
    }
}
