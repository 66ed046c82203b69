//! Categories that go, and where what they had goes.

use super::restore::Had;
use super::tree::{Own, is_within, number, own, path, siblings};
use super::{PgCategories, act, chosen, id, in_words, lock};
use crate::error::ServiceError;
use crate::services::office::audit;
use app::admin::categories::host::{DANGEROUS, NOWHERE, Seen};
use app::cart::api::Done;
use app::error::AppError;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

impl PgCategories {
    pub(super) async fn merge_into(
        &self,
        category: &str,
        seen: &Seen,
        into: &str,
        password: &str,
    ) -> Result<Done, ServiceError> {
        let id = id(category)?;
        let into = chosen("into", into)?;
        self.prove(id, password).await?;
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction).await?;
        hold_products(&mut transaction, id).await?;
        let source = own(&mut transaction, id).await?;
        let there = products_in(&mut transaction, id).await?;
        as_seen(&source, there, seen)?;
        if is_within(&mut transaction, Some(into), id).await? {
            return Err(AppError::invalid("into", "Choose a category that isn’t this one, nor below it").into());
        }
        let target = other(&mut transaction, "into", into).await?;
        let names = path(&mut transaction, Some(id)).await?;
        let target_names = path(&mut transaction, Some(into)).await?;
        let had = Had::of(&mut transaction, &source).await?;
        let moved = move_products(&mut transaction, id, Some(into)).await?;
        let products = moved.len();
        let children = move_children(&mut transaction, &source, Some(into), "into").await?;
        leave_address(&mut transaction, &source, into).await?;
        drop_category(&mut transaction, id).await?;
        let before = json!({"path": names.join(" › "), "slug": source.slug, "under_id": source.parent});
        let after = json!({"into": target_names.join(" › "), "products": products, "categories": children});
        let act = act("category.merge", category, &source.name, before, after);
        let entry = audit::numbered(&mut transaction, &self.actor, act).await?;
        had.keep(&mut transaction, entry, &source, (&moved, Some(into))).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Merged {} into {}. {} went along", source.name, target.name, counted(products))))
    }

    pub(super) async fn remove(
        &self,
        category: &str,
        seen: &Seen,
        products: &str,
        password: &str,
    ) -> Result<Done, ServiceError> {
        let id = id(category)?;
        self.prove(id, password).await?;
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction).await?;
        hold_products(&mut transaction, id).await?;
        let source = own(&mut transaction, id).await?;
        let there = products_in(&mut transaction, id).await?;
        let to = match products {
            NOWHERE => None,
            "" if there == 0 => None,
            // On a page from before it had any, nobody was asked.
            "" => return Err(AppError::invalid("products", "Choose where its products go").into()),
            to => Some(chosen("products", to)?),
        };
        as_seen(&source, there, seen)?;
        if to == Some(id) {
            return Err(AppError::invalid("products", "Choose another category").into());
        }
        if let Some(to) = to {
            other(&mut transaction, "products", to).await?;
        }
        let names = path(&mut transaction, Some(id)).await?;
        let had = Had::of(&mut transaction, &source).await?;
        let products = move_products(&mut transaction, id, to).await?;
        let moved = products.len();
        let children = move_children(&mut transaction, &source, source.parent, "").await?;
        if let Some(to) = to {
            leave_address(&mut transaction, &source, to).await?;
        }
        drop_category(&mut transaction, id).await?;
        let to_names = path(&mut transaction, to).await?;
        let before = json!({"path": names.join(" › "), "slug": source.slug, "under_id": source.parent});
        let after = json!({"products": moved, "products_to": to_names.join(" › "), "categories": children});
        let act = act("category.delete", category, &source.name, before, after);
        let entry = audit::numbered(&mut transaction, &self.actor, act).await?;
        had.keep(&mut transaction, entry, &source, (&products, to)).await?;
        transaction.commit().await?;
        Ok(Done::saying(match (moved, to_names.last()) {
            (0, _) => format!("Deleted {}", source.name),
            (moved, Some(to)) => format!("Deleted {}. {} went to {to}", source.name, counted(moved)),
            (1, None) => format!("Deleted {}. 1 product is in no category now", source.name),
            (moved, None) => format!("Deleted {}. {moved} products are in no category now", source.name),
        }))
    }
}

impl PgCategories {
    /// Asks for the password where many products are about to move. Before the transaction: whoever holds a connection
    /// waits for no second one.
    async fn prove(&self, category: Uuid, password: &str) -> Result<(), ServiceError> {
        let products = sqlx::query_scalar!(
            r#"select count(*) as "count!" from (select from products where category_id = $1 limit $2) p"#,
            category,
            i64::from(DANGEROUS) + 1
        )
        .fetch_one(&self.pool)
        .await?;
        if products > i64::from(DANGEROUS) { self.proof.of(password).await } else { Ok(()) }
    }
}

pub(super) async fn products_in(connection: &mut PgConnection, category: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from products where category_id = $1"#, category)
        .fetch_one(connection)
        .await
}

/// # Errors
/// When the category isn't as the form showed it: nobody decides about what they haven't seen.
fn as_seen(source: &Own, products: i64, seen: &Seen) -> Result<(), AppError> {
    if source.version.to_string() != seen.version {
        let words =
            format!("Someone else changed this category in the meantime: it is {} now. Look again", source.name);
        return Err(AppError::invalid("", words));
    }
    if products > seen.products.parse().unwrap_or_default() {
        let now = counted(usize::try_from(products).unwrap_or(usize::MAX));
        return Err(AppError::invalid("", format!("It has {now} now, more than you have seen. Look again")));
    }
    Ok(())
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
        "update categories set parent_id = $2, version = version + 1, moves = moves + 1, updated_at = now()
         where id = any($1)",
        &children,
        to
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| in_words(error, field))?;
    number(connection, &order).await?;
    Ok(children.len())
}

/// Keeps all others from its products before the category is locked, and in the order of their ids: whoever puts
/// products into a category has them locked in that order first.
async fn hold_products(connection: &mut PgConnection, category: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("select from products where category_id = $1 order by id for no key update", category)
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts all products of a category elsewhere; says which. Whoever is editing one of them is told.
async fn move_products(connection: &mut PgConnection, from: Uuid, to: Option<Uuid>) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "update products set category_id = $2, version = version + 1, updated_at = now() where category_id = $1
         returning id",
        from,
        to
    )
    .fetch_all(connection)
    .await
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

pub(super) async fn drop_category(connection: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from categories where id = $1", id).execute(connection).await?;
    Ok(())
}

fn counted(products: usize) -> String {
    if products == 1 { "1 product".to_owned() } else { format!("{products} products") }
}
