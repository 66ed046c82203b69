//! Taking back that a category was made.

use super::edit::gone;
use super::remove::{drop_category, products_in};
use super::tree::{own, path, siblings};
use super::{act, id, lock};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::trail::{Row, WayBack, changed_since, taking_back};
use app::admin::host::May;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::json;
use sqlx::PgConnection;

/// `category.create`: it goes again, as long as there is nothing in it.
pub struct CategoryCreation;

#[async_trait]
impl WayBack for CategoryCreation {
    fn needs(&self) -> May {
        May::Catalogue
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        lock(connection).await?;
        let own = own(connection, id(&entry.subject_id).map_err(gone)?).await.map_err(gone)?;
        let is_used =
            products_in(connection, own.id).await? > 0 || !siblings(connection, Some(own.id)).await?.is_empty();
        if is_used {
            return Err(AppError::invalid("", "There is something in it by now. Delete or merge it on its page").into());
        }
        let description = sqlx::query_scalar!("select description from categories where id = $1", own.id)
            .fetch_one(&mut *connection)
            .await?;
        for (field, now, words) in [("slug", &own.slug, "address"), ("description", &description, "description")] {
            if entry.after.get(field).is_some_and(|then| then.as_str() != Some(now)) {
                return Err(changed_since(words));
            }
        }
        if own.name != entry.subject {
            return Err(changed_since("name"));
        }
        let names = path(connection, Some(own.id)).await?;
        drop_category(connection, own.id).await?;
        let before = json!({"path": names.join(" › "), "slug": own.slug});
        let reason = taking_back(entry);
        let act = act("category.delete", &entry.subject_id, &own.name, before, json!({}));
        Ok(audit::write(connection, actor, Act { reason: &reason, ..act }).await?)
    }
}
