//! Bringing back a category that was deleted, or merged into another.
//!
//! What it had is kept beside the trail (`removed_categories`): a category may have had more products than an entry
//! should hold.

use super::edit::gone_from;
use super::tree::{Own, lineage, number, path, siblings};
use super::{act, in_words, lock};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::trail::{Row, WayBack, taking_back, without_field};
use app::admin::host::May;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// What a category had before it was taken apart.
pub struct Had {
    description: String,
    picture: Option<Uuid>,
    /// Among its siblings, from 0.
    place: usize,
    children: Vec<Uuid>,
    /// Names that it had before.
    addresses: Vec<String>,
}

impl Had {
    pub async fn of(connection: &mut PgConnection, source: &Own) -> Result<Self, ServiceError> {
        let row = sqlx::query!(
            r#"select description, picture_id,
                      array(select s.slug from category_slugs s where s.category_id = c.id) as "addresses!"
               from categories c where id = $1"#,
            source.id
        )
        .fetch_one(&mut *connection)
        .await?;
        let beside = siblings(connection, source.parent).await?;
        Ok(Self {
            description: row.description,
            picture: row.picture_id,
            place: beside.iter().position(|sibling| *sibling == source.id).unwrap_or_default(),
            children: siblings(connection, Some(source.id)).await?,
            addresses: row.addresses,
        })
    }

    /// Keeps it, with the products that went elsewhere, beside the entry that tells of the removal.
    pub async fn keep(
        self,
        connection: &mut PgConnection,
        entry: i64,
        source: &Own,
        (products, to): (&[Uuid], Option<Uuid>),
    ) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "insert into removed_categories
                 (entry_id, category_id, parent_id, name, slug, description, picture_id, place, children, addresses,
                  products, products_to)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            entry,
            source.id,
            source.parent,
            source.name,
            source.slug,
            self.description,
            self.picture,
            i32::try_from(self.place).unwrap_or(i32::MAX),
            &self.children,
            &self.addresses,
            products,
            to
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// `category.delete` and `category.merge`, taken back by what was kept beside their entries.
pub struct CategoryRemoval;

struct Removed {
    category_id: Uuid,
    parent_id: Option<Uuid>,
    name: String,
    slug: String,
    description: String,
    picture_id: Option<Uuid>,
    place: i32,
    children: Vec<Uuid>,
    addresses: Vec<String>,
    products: Vec<Uuid>,
    products_to: Option<Uuid>,
}

#[async_trait]
impl WayBack for CategoryRemoval {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn brings_back(&self) -> bool {
        true
    }

    fn fits(&self, entry: &Row) -> bool {
        // Entries from before this was kept don't say where the category was.
        entry.before.get("under_id").is_some()
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        lock(connection).await?;
        let removed = sqlx::query_as!(
            Removed,
            "select category_id, parent_id, name, slug, description, picture_id, place, children, addresses, products,
                    products_to
             from removed_categories where entry_id = $1",
            entry.id
        )
        .fetch_optional(&mut *connection)
        .await?
        .ok_or_else(|| AppError::invalid("", "This can’t be taken back"))?;
        let is_there = sqlx::query_scalar!(
            r#"select exists (select 1 from categories where id = $1) as "is!""#,
            removed.category_id
        )
        .fetch_one(&mut *connection)
        .await?;
        if is_there {
            return Err(AppError::invalid("", "This category is there again").into());
        }
        if removed.parent_id.is_some() && path(connection, removed.parent_id).await?.is_empty() {
            return Err(gone_from());
        }
        // Where those below it went: with the products, or up to where it stood itself.
        let children_in = if entry.act == "category.merge" { removed.products_to } else { removed.parent_id };
        let children = stand_up(connection, &removed, children_in).await.map_err(without_field)?;
        let products = fill(connection, &removed).await?;
        let names = path(connection, Some(removed.category_id)).await?;
        let after = json!({
            "path": names.join(" › "),
            "slug": removed.slug,
            "description": removed.description,
            "products": products,
            "categories": children,
        });
        let reason = taking_back(entry);
        let act = act("category.restore", &entry.subject_id, &removed.name, json!({}), after);
        Ok(audit::write(connection, actor, Act { reason: &reason, ..act }).await?)
    }
}

/// Puts the category where it stood, over those that it had and that still stand where it left them; says how many.
/// Those that it stands below by now stay where they are.
async fn stand_up(
    connection: &mut PgConnection,
    removed: &Removed,
    children_in: Option<Uuid>,
) -> Result<usize, ServiceError> {
    let id = removed.category_id;
    let mut order = siblings(connection, removed.parent_id).await?;
    let there = siblings(connection, children_in).await?;
    let above = lineage(connection, removed.parent_id).await?;
    let comes_back = |child: &Uuid| there.contains(child) && !above.contains(child);
    let children: Vec<Uuid> = removed.children.iter().copied().filter(comes_back).collect();
    order.retain(|sibling| !children.contains(sibling));
    // One of those below it may be called as it is, and stands beside it until it is below it again.
    sqlx::query!(
        "insert into categories (id, parent_id, slug, name, description, picture_id)
         select $1::uuid, $2, $3, left($4, 160) || ' ' || $1::uuid, $5, (select m.id from media m where m.id = $6)",
        id,
        removed.parent_id,
        removed.slug,
        removed.name,
        removed.description,
        removed.picture_id
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| in_words(error, "name"))?;
    sqlx::query!(
        "update categories set parent_id = $2, version = version + 1, moves = moves + 1, updated_at = now()
         where id = any($1)",
        &children,
        id
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| in_words(error, "name"))?;
    sqlx::query!("update categories set name = $2 where id = $1", id, removed.name)
        .execute(&mut *connection)
        .await
        .map_err(|error| in_words(error, "name"))?;
    number(connection, &children).await?;
    let place = usize::try_from(removed.place).unwrap_or_default().min(order.len());
    order.insert(place, id);
    number(connection, &order).await?;
    take_addresses(connection, removed).await?;
    Ok(children.len())
}

/// The addresses that it had lead to it again, but for those that mean something else by now.
async fn take_addresses(connection: &mut PgConnection, removed: &Removed) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from category_slugs where slug = $1", removed.slug).execute(&mut *connection).await?;
    sqlx::query!(
        "insert into category_slugs as s (slug, category_id)
         select a.slug, $2 from unnest($1::text[]) as a (slug)
         where not exists (select 1 from categories c where c.slug = a.slug)
         on conflict (slug) do update set category_id = excluded.category_id
         where s.category_id is not distinct from $3",
        &removed.addresses,
        removed.category_id,
        removed.products_to
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Its products come back from where they were put, but for those that have been moved on; says how many.
async fn fill(connection: &mut PgConnection, removed: &Removed) -> Result<u64, sqlx::Error> {
    // In the order of ids, as everybody who locks several does.
    sqlx::query!("select from products where id = any($1) order by id for no key update", &removed.products)
        .execute(&mut *connection)
        .await?;
    let moved = sqlx::query!(
        "update products set category_id = $2, version = version + 1, updated_at = now()
         where id = any($1) and category_id is not distinct from $3",
        &removed.products,
        removed.category_id,
        removed.products_to
    )
    .execute(connection)
    .await?;
    Ok(moved.rows_affected())
}
