//! Where a category stands.

use super::tree::{is_within, number, own, path, siblings};
use super::{PgCategories, act, chosen, id, in_words, lock};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::error::AppError;
use serde_json::json;

impl PgCategories {
    pub(super) async fn hang(&self, category: &str, parent: &str) -> Result<Done, ServiceError> {
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
        if is_within(&mut transaction, parent, id).await? {
            return Err(
                AppError::invalid("parent", "A category can’t be put under itself, or under one below it").into()
            );
        }
        let before = path(&mut transaction, own.parent).await?;
        let after = path(&mut transaction, parent).await?;
        if parent.is_some() && after.is_empty() {
            return Err(AppError::invalid("parent", "Choose a category").into());
        }
        let mut order = siblings(&mut transaction, parent).await?;
        order.push(id);
        sqlx::query!(
            "update categories set parent_id = $2, version = version + 1, updated_at = now() where id = $1",
            id,
            parent
        )
        .execute(&mut *transaction)
        .await
        .map_err(|error| in_words(error, "parent"))?;
        number(&mut transaction, &order).await?;
        let under = |path: &[String]| json!({"under": path.join(" › ")});
        self.log(&mut transaction, act("category.move", category, &own.name, under(&before), under(&after))).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Moved: {}", own.name)))
    }

    pub(super) async fn step(&self, category: &str, way: &str) -> Result<Done, ServiceError> {
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
        // It is at that end already: as on a page that is a step behind.
        let Some(to) = to else { return Ok(Done::default()) };
        order.swap(at, to);
        number(&mut transaction, &order).await?;
        let place = |at: usize| json!({"place": at + 1});
        self.log(&mut transaction, act("category.reorder", category, &own.name, place(at), place(to))).await?;
        transaction.commit().await?;
        Ok(Done::default())
    }
}
