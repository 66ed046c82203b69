//! Out of the shop, and back.

use super::save::{about, snapshot};
use super::{PgProducts, id, lock, unchanged};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use app::cart::api::Done;
use serde_json::json;
use uuid::Uuid;

impl PgProducts {
    /// What somebody has set aside stays, archived: their page goes on saying what it was. Answers whether it is gone.
    pub(super) async fn take_out(&self, product: &str, version: &str) -> Result<(Done, bool), ServiceError> {
        let key = id(product)?;
        let mut transaction = self.begin().await?;
        let locked = lock(&mut transaction, key).await?;
        unchanged(&locked, version)?;
        // Whoever adds a variant to a cart just now shares its row; after this lock nobody can.
        sqlx::query!("select id from variants where product_id = $1 order by id for update", key)
            .fetch_all(&mut *transaction)
            .await?;
        let used = sqlx::query_scalar!(
            r#"select exists (select from variants v join cart_lines l on l.variant_id = v.id where v.product_id = $1)
                   or exists (select from variants v join wishlist_items i on i.variant_id = v.id where v.product_id = $1)
                   as "used!""#,
            key
        )
        .fetch_one(&mut *transaction)
        .await?;
        let title = &locked.title;
        let notice = if used {
            sqlx::query!(
                "update products set status = 'archived', version = version + 1, updated_at = now() where id = $1",
                key
            )
            .execute(&mut *transaction)
            .await?;
            let (before, after) = (json!({"status": locked.status}), json!({"status": "archived"}));
            let act = Act { before, after, ..about("product.archive", product, title) };
            audit::write(&mut transaction, &self.actor, act).await?;
            format!("Archived {title}: it is in a cart or on a wishlist, so it can’t be deleted")
        } else {
            let before = snapshot(&mut transaction, key).await?;
            sqlx::query!("delete from products where id = $1", key).execute(&mut *transaction).await?;
            let act = Act { before, ..about("product.delete", product, title) };
            audit::write(&mut transaction, &self.actor, act).await?;
            format!("Deleted {title}")
        };
        transaction.commit().await?;
        Ok((Done::saying(notice), !used))
    }

    /// As a draft, so that nobody buys what hasn't been looked at.
    pub(super) async fn bring_back(&self, product: &str) -> Result<Done, ServiceError> {
        let key: Uuid = id(product)?;
        let mut transaction = self.begin().await?;
        let locked = lock(&mut transaction, key).await?;
        if locked.status == "archived" {
            sqlx::query!(
                "update products set status = 'draft', version = version + 1, updated_at = now() where id = $1",
                key
            )
            .execute(&mut *transaction)
            .await?;
            let (before, after) = (json!({"status": "archived"}), json!({"status": "draft"}));
            let act = Act { before, after, ..about("product.restore", product, &locked.title) };
            audit::write(&mut transaction, &self.actor, act).await?;
        }
        transaction.commit().await?;
        Ok(Done::saying(format!("{} is a draft again", locked.title)))
    }
}
