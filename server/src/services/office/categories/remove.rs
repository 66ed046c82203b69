//! Categories that go, and where what they had goes.

use super::tree::{Own, is_within, number, own, path, siblings};
use super::{PgCategories, act, chosen, id, in_words, lock};
use crate::error::ServiceError;
use app::admin::categories::host::NOWHERE;
use app::cart::api::Done;
use app::error::AppError;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

impl PgCategories {
    pub(super) async fn merge_into(&self, category: &str, into: &str) -> Result<Done, ServiceError> {
        let id = id(category)?;
        let into = chosen("into", into)?;
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction).await?;
        let source = own(&mut transaction, id).await?;
        if is_within(&mut transaction, Some(into), id).await? {
            return Err(AppError::invalid("into", "Choose a category that isn’t this one, nor below it").into());
        }
        let target = other(&mut transaction, "into", into).await?;
        let names = path(&mut transaction, Some(id)).await?;
        let target_names = path(&mut transaction, Some(into)).await?;
        let products = move_products(&mut transaction, id, Some(into)).await?;
        let children = move_children(&mut transaction, &source, Some(into), "into").await?;
        leave_address(&mut transaction, &source, into).await?;
        drop_category(&mut transaction, id).await?;
        let before = json!({"path": names.join(" › "), "slug": source.slug});
        let after = json!({"into": target_names.join(" › "), "products": products, "categories": children});
        self.log(&mut transaction, act("category.merge", category, &source.name, before, after)).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Merged {} into {}. {} went along", source.name, target.name, counted(products))))
    }

    pub(super) async fn remove(&self, category: &str, products: &str) -> Result<Done, ServiceError> {
        let id = id(category)?;
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction).await?;
        let source = own(&mut transaction, id).await?;
        let to = match products {
            NOWHERE => None,
            // On a page from before it had any, nobody was asked.
            "" => return Err(AppError::invalid("products", "Choose where its products go").into()),
            to => Some(chosen("products", to)?),
        };
        if to == Some(id) {
            return Err(AppError::invalid("products", "Choose another category").into());
        }
        if let Some(to) = to {
            other(&mut transaction, "products", to).await?;
        }
        let names = path(&mut transaction, Some(id)).await?;
        let moved = move_products(&mut transaction, id, to).await?;
        let children = move_children(&mut transaction, &source, source.parent, "").await?;
        if let Some(to) = to {
            leave_address(&mut transaction, &source, to).await?;
        }
        drop_category(&mut transaction, id).await?;
        let to_names = path(&mut transaction, to).await?;
        let before = json!({"path": names.join(" › "), "slug": source.slug});
        let after = json!({"products": moved, "products_to": to_names.join(" › "), "categories": children});
        self.log(&mut transaction, act("category.delete", category, &source.name, before, after)).await?;
        transaction.commit().await?;
        Ok(Done::saying(match (moved, to_names.last()) {
            (0, _) => format!("Deleted: {}", source.name),
            (moved, Some(to)) => format!("Deleted: {}. {} went to {to}", source.name, counted(moved)),
            (1, None) => format!("Deleted: {}. 1 product is in no category now", source.name),
            (moved, None) => format!("Deleted: {}. {moved} products are in no category now", source.name),
        }))
    }
}

/// The category that something goes to, which stays where it is until the transaction ends.
async fn other(connection: &mut PgConnection, field: &'static str, id: Uuid) -> Result<Own, ServiceError> {
    match own(connection, id).await {
        Err(ServiceError::NotFound) => Err(AppError::invalid(field, "Choose a category").into()),
        found => found,
    }
}

/// Puts those right below a category behind the ones that `to` has; says how many.
async fn move_children(
    connection: &mut PgConnection,
    source: &Own,
    to: Option<Uuid>,
    field: &'static str,
) -> Result<usize, ServiceError> {
    let children = siblings(connection, Some(source.id)).await?;
    if children.is_empty() {
        return Ok(0);
    }
    let mut order = siblings(connection, to).await?;
    match order.iter().position(|sibling| *sibling == source.id) {
        // Those that move up by one level stand where their category stood.
        Some(at) => drop(order.splice(at..=at, children.iter().copied())),
        None => order.extend(&children),
    }
    // One of them may be called as their category is, which stands there until it goes.
    sqlx::query!(
        "update categories c set name = left(c.name, 160) || ' ' || c.id
         where c.id = $1 and exists (select 1 from categories child where child.parent_id = c.id and child.name = c.name)",
        source.id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update categories set parent_id = $2, version = version + 1, updated_at = now() where id = any($1)",
        &children,
        to
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| in_words(error, field))?;
    number(connection, &order).await?;
    Ok(children.len())
}

/// Puts all products of a category elsewhere; says how many. Whoever is editing one of them is told.
async fn move_products(connection: &mut PgConnection, from: Uuid, to: Option<Uuid>) -> Result<u64, sqlx::Error> {
    let moved = sqlx::query!(
        "update products set category_id = $2, version = version + 1, updated_at = now() where category_id = $1",
        from,
        to
    )
    .execute(connection)
    .await?;
    Ok(moved.rows_affected())
}

/// The addresses that a category has and had lead to another one.
async fn leave_address(connection: &mut PgConnection, source: &Own, to: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("update category_slugs set category_id = $2 where category_id = $1", source.id, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "insert into category_slugs (slug, category_id) values ($1, $2)
         on conflict (slug) do update set category_id = excluded.category_id, created_at = now()",
        source.slug,
        to
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn drop_category(connection: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from categories where id = $1", id).execute(connection).await?;
    Ok(())
}

fn counted(products: u64) -> String {
    if products == 1 { "1 product".to_owned() } else { format!("{products} products") }
}
