//! Out of the shop, and back.

use super::save::about;
use super::snapshot::snapshot;
use super::unmake::keep;
use super::{Locked, PgProducts, id, lock, unchanged};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::reason::optional;
use app::cart::api::Done;
use serde_json::json;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

impl PgProducts {
    /// What somebody has set aside stays, archived: their page goes on saying what it was. Answers whether it is gone.
    pub(super) async fn take_away(
        &self,
        product: &str,
        version: &str,
        reason: &str,
        password: &str,
    ) -> Result<(Done, bool), ServiceError> {
        let key = id(product)?;
        let reason = optional(reason)?;
        // Before the transaction: whoever holds a connection waits for no second one.
        let proven = !is_used(&self.pool, key).await?;
        if proven {
            self.proof.of(password).await?;
        }
        let mut transaction = self.begin().await?;
        let locked = lock(&mut transaction, key).await?;
        unchanged(&locked, version)?;
        let used =
            take_out(&mut transaction, &self.actor, &Leaving { key, locked: &locked, reason: &reason, proven }).await?;
        let title = &locked.title;
        let notice = match used {
            true => format!("Archived {title}: it is in a cart or on a wishlist, so it can’t be deleted"),
            false => format!("Deleted {title}"),
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

/// A product that is about to go, locked.
pub(super) struct Leaving<'a> {
    pub key: Uuid,
    pub locked: &'a Locked,
    pub reason: &'a str,
    /// Whether whoever does it has shown who they are.
    pub proven: bool,
}

/// Deletes a product, or archives one that somebody has set aside, and keeps what it takes to bring it back. Says whether
/// somebody has.
pub(super) async fn take_out(
    connection: &mut PgConnection,
    actor: &Actor,
    leaving: &Leaving<'_>,
) -> Result<bool, sqlx::Error> {
    let (key, title) = (leaving.key, &leaving.locked.title);
    let product = key.to_string();
    // Whoever adds a variant to a cart just now shares its row; after this lock nobody can.
    sqlx::query!("select id from variants where product_id = $1 order by id for update", key)
        .fetch_all(&mut *connection)
        .await?;
    // Nobody deletes without a proof, not even what its last shopper has just put back.
    let used = !leaving.proven || is_used(&mut *connection, key).await?;
    let act = |act| Act { reason: leaving.reason, ..about(act, &product, title) };
    if used {
        sqlx::query!(
            "update products set status = 'archived', version = version + 1, updated_at = now() where id = $1",
            key
        )
        .execute(&mut *connection)
        .await?;
        let (before, after) = (json!({"status": leaving.locked.status}), json!({"status": "archived"}));
        audit::write(connection, actor, act("product.archive").changing(before, after)).await?;
    } else {
        let before = snapshot(connection, key).await?;
        let entry = audit::numbered(connection, actor, act("product.delete").changing(before, json!({}))).await?;
        keep(connection, entry, key).await?;
        sqlx::query!("delete from products where id = $1", key).execute(&mut *connection).await?;
        sqlx::query!("delete from product_drafts where product = $1", product).execute(connection).await?;
    }
    Ok(used)
}

/// Whether somebody has it in a cart or on a wishlist.
async fn is_used(executor: impl PgExecutor<'_>, product: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from variants v join cart_lines l on l.variant_id = v.id where v.product_id = $1)
               or exists (select from variants v join wishlist_items i on i.variant_id = v.id where v.product_id = $1)
               as "used!""#,
        product
    )
    .fetch_one(executor)
    .await
}
