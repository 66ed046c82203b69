//! The tree as it stands.

use crate::error::ServiceError;
use app::admin::categories::host::Category;
use sqlx::{PgConnection, PgPool};
use std::collections::HashMap;
use uuid::Uuid;

struct Row {
    id: Uuid,
    parent_id: Option<Uuid>,
    slug: String,
    name: String,
    description: String,
    version: i64,
    products: i64,
}

pub async fn load(pool: &PgPool) -> Result<Vec<Category>, ServiceError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id, c.parent_id, c.slug, c.name, c.description, c.version - c.moves as "version!", coalesce(p.number, 0) as "products!"
           from categories c
           left join (
               select category_id, count(*) as number from products where category_id is not null group by category_id
           ) p on p.category_id = c.id
           order by c.position, plain_text(c.name), c.id"#
    )
    .fetch_all(pool)
    .await?;
    Ok(ordered(&rows))
}

/// Each before those below it.
fn ordered(rows: &[Row]) -> Vec<Category> {
    let mut below: HashMap<Option<Uuid>, Vec<&Row>> = HashMap::new();
    for row in rows {
        below.entry(row.parent_id).or_default().push(row);
    }
    let mut tree = Vec::with_capacity(rows.len());
    add(&mut tree, &below, None, 0, "");
    tree
}

/// Adds those right below `parent`, each with its own; returns how many products they have.
fn add(
    tree: &mut Vec<Category>,
    below: &HashMap<Option<Uuid>, Vec<&Row>>,
    parent: Option<Uuid>,
    depth: usize,
    path: &str,
) -> u32 {
    let siblings = below.get(&parent).map_or(&[][..], Vec::as_slice);
    let mut sum = 0_u32;
    for (nth, row) in siblings.iter().enumerate() {
        let path = if path.is_empty() { row.name.clone() } else { [path, " › ", &row.name].concat() };
        let products = u32::try_from(row.products).unwrap_or(u32::MAX);
        let at = tree.len();
        tree.push(Category {
            id: row.id.to_string(),
            parent: parent.map(|id| id.to_string()).unwrap_or_default(),
            slug: row.slug.clone(),
            name: row.name.clone(),
            description: row.description.clone(),
            version: row.version,
            depth,
            path: path.clone(),
            products,
            all_products: 0,
            place: nth + 1,
            is_first: nth == 0,
            is_last: nth + 1 == siblings.len(),
        });
        let all = products.saturating_add(add(tree, below, Some(row.id), depth + 1, &path));
        tree[at].all_products = all;
        sum = sum.saturating_add(all);
    }
    sum
}

/// A category, locked until the transaction ends, so that nothing is put into it meanwhile.
pub struct Own {
    pub id: Uuid,
    pub parent: Option<Uuid>,
    pub name: String,
    pub slug: String,
    /// The one that forms have.
    pub version: i64,
}

pub async fn own(connection: &mut PgConnection, id: Uuid) -> Result<Own, ServiceError> {
    sqlx::query_as!(
        Own,
        r#"select id, parent_id as parent, name, slug, version - moves as "version!" from categories where id = $1
           for update"#,
        id
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::NotFound)
}

/// The names from the top down to a category; empty for none.
pub async fn path(connection: &mut PgConnection, id: Option<Uuid>) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with recursive up as (
               select parent_id, name, 1 as depth from categories where id = $1
               union all
               select c.parent_id, c.name, up.depth + 1 from categories c join up on c.id = up.parent_id
               where up.depth < 100
           )
           select name as "name!" from up order by depth desc"#,
        id
    )
    .fetch_all(connection)
    .await
}

/// A category and those above it; empty for none.
pub async fn lineage(connection: &mut PgConnection, id: Option<Uuid>) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with recursive up as (
               select id, parent_id from categories where id = $1
               union
               select c.id, c.parent_id from categories c join up on c.id = up.parent_id
           )
           select id as "id!" from up"#,
        id
    )
    .fetch_all(connection)
    .await
}

/// Whether `id` is `above`, or below it.
pub async fn is_within(connection: &mut PgConnection, id: Option<Uuid>, above: Uuid) -> Result<bool, sqlx::Error> {
    Ok(lineage(connection, id).await?.contains(&above))
}

/// Those right below a category, or at the top, in their order.
pub async fn siblings(connection: &mut PgConnection, parent: Option<Uuid>) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from categories where parent_id is not distinct from $1 order by position, plain_text(name), id",
        parent
    )
    .fetch_all(connection)
    .await
}

/// Numbers siblings in this order.
pub async fn number(connection: &mut PgConnection, order: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update categories c set position = o.place
         from unnest($1::uuid[]) with ordinality as o (id, place)
         where c.id = o.id and c.position <> o.place",
        order
    )
    .execute(connection)
    .await?;
    Ok(())
}
