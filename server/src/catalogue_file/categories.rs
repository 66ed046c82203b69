//! The category tree as a file sees it: paths of names.

use super::cells;
use sqlx::{PgConnection, Row};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

struct Category {
    parent: Option<Uuid>,
    name: String,
}

/// All categories of the shop, and those that a file adds to them.
#[derive(Default)]
pub(crate) struct Tree {
    categories: HashMap<Uuid, Category>,
    children: HashMap<(Option<Uuid>, String), Uuid>,
    slugs: HashSet<String>,
    /// Id and slug, parents first.
    added: Vec<(Uuid, String)>,
}

/// Longer slugs are cut, with room for a number within the schema's 255.
const MAX_SLUG: usize = 200;

impl Tree {
    /// # Errors
    /// Of the database.
    pub async fn load(conn: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let mut tree = Self::default();
        for row in sqlx::query("select id, parent_id, name, slug from categories").fetch_all(conn).await? {
            let (id, parent, name): (Uuid, Option<Uuid>, String) =
                (row.try_get("id")?, row.try_get("parent_id")?, row.try_get("name")?);
            tree.slugs.insert(row.try_get("slug")?);
            tree.children.insert((parent, name.clone()), id);
            tree.categories.insert(id, Category { parent, name });
        }
        Ok(tree)
    }

    pub fn added(&self) -> usize {
        self.added.len()
    }

    /// The ids of those, parents first.
    pub fn added_ids(&self) -> Vec<Uuid> {
        self.added.iter().map(|(id, _)| *id).collect()
    }

    /// The category at a path; those that are missing along it are added. None for the empty path.
    pub fn at(&mut self, path: &[String]) -> Option<Uuid> {
        let mut parent = None;
        for (depth, name) in path.iter().enumerate() {
            let key = (parent, name.clone());
            let id = match self.children.get(&key) {
                Some(&id) => id,
                None => {
                    let id = Uuid::now_v7();
                    let slug = self.free_slug(&path[..=depth]);
                    self.slugs.insert(slug.clone());
                    self.added.push((id, slug));
                    self.categories.insert(id, Category { parent, name: name.clone() });
                    self.children.insert(key, id);
                    id
                }
            };
            parent = Some(id);
        }
        parent
    }

    /// As [`Tree::at`], for a path as a file has it.
    pub fn at_path(&mut self, path: &str) -> Option<Uuid> {
        self.at(&cells::split(path, '>'))
    }

    /// `A > B > C`, as a file has it; empty for an unknown id.
    pub fn path(&self, id: Uuid) -> String {
        let mut names = Vec::new();
        let mut next = Some(id);
        // The schema forbids only the smallest circle.
        while let Some(category) = next.and_then(|id| self.categories.get(&id)).filter(|_| names.len() < 100) {
            names.push(category.name.clone());
            next = category.parent;
        }
        names.reverse();
        cells::join(&names, '>', " > ")
    }

    /// Inserts what was added.
    ///
    /// # Errors
    /// Of the database.
    pub async fn insert_added(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        if self.added.is_empty() {
            return Ok(());
        }
        let mut ids = Vec::new();
        let mut parents = Vec::new();
        let mut names = Vec::new();
        let mut slugs = Vec::new();
        for (id, slug) in &self.added {
            if let Some(category) = self.categories.get(id) {
                ids.push(*id);
                parents.push(category.parent);
                names.push(category.name.as_str());
                slugs.push(slug.as_str());
            }
        }
        sqlx::query(
            "insert into categories (id, parent_id, name, slug)
             select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])",
        )
        .bind(ids)
        .bind(parents)
        .bind(names)
        .bind(slugs)
        .execute(conn)
        .await?;
        Ok(())
    }

    /// The shortest name that tells the category from all others, so that the same file gives the same addresses in
    /// every empty shop.
    pub fn free_slug(&self, path: &[String]) -> String {
        let slug_of = |names: &[String]| {
            let mut slug = slug::slugify(names.join(" "));
            // Slugs are ASCII.
            slug.truncate(MAX_SLUG);
            let slug = slug.trim_end_matches('-');
            if slug.is_empty() { "category".to_owned() } else { slug.to_owned() }
        };
        let whole = slug_of(path);
        let candidates =
            [slug_of(&path[path.len() - 1..]), slug_of(&path[path.len().saturating_sub(2)..]), whole.clone()];
        let numbered = (2..).map(|number: u64| format!("{whole}-{number}"));
        candidates.into_iter().chain(numbered).find(|slug| !self.slugs.contains(slug)).unwrap_or(whole)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn slugs_tell_categories_of_one_name_apart() {
        let mut tree = Tree::default();
        for path in ["Women > Shoes", "Men > Shoes", "Sale > Men > Shoes", "Sale > Men > SHOES", "+ > +"] {
            tree.at_path(path).unwrap();
        }
        let slugs: Vec<&str> = tree.added.iter().map(|(_, slug)| slug.as_str()).collect();
        assert_eq!(
            slugs,
            [
                "women",
                "shoes",
                "men",
                "men-shoes",
                "sale",
                "sale-men",
                "sale-men-shoes",
                "sale-men-shoes-2",
                "category",
                "category-2"
            ]
        );
        let shoes = tree.at_path("Men>Shoes").unwrap();
        assert_eq!(tree.path(shoes), "Men > Shoes");
        assert_eq!(tree.at_path(" "), None);
    }
}
