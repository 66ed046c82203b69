//! Finding things by a few letters of their name.

use super::products::{like, within_names};
use crate::error::ServiceError;
use crate::services::accounts::role_of;
use crate::services::words::literal;
use app::admin::find::host::{Finder, Hit};
use app::admin::host::{May, Staff};
use app::admin::products::host::Status;
use app::error::AppError;
use async_trait::async_trait;
use sqlx::PgPool;

pub struct PgFinder {
    pub pool: PgPool,
    pub me: Staff,
}

/// What is looked for.
struct Words {
    plain: String,
    /// A pattern for names with them anywhere.
    part: String,
    /// And for names that begin with them.
    beginning: String,
    /// The same two for what a product is called: its title, and its variants' numbers.
    product: String,
    product_beginning: String,
}

#[async_trait]
impl Finder for PgFinder {
    async fn find(&self, words: &str) -> Result<Vec<Hit>, AppError> {
        let plain = words.trim().replace('\0', "");
        if plain.is_empty() {
            return Ok(Vec::new());
        }
        let words = Words {
            part: like(&plain),
            beginning: [&literal(&plain), "%"].concat(),
            product: within_names(&plain),
            product_beginning: ["%\n", &literal(&plain), "%"].concat(),
            plain,
        };
        let mut hits = Vec::new();
        if self.me.role.may(May::Catalogue) {
            hits.extend(self.products(&words).await?);
            hits.extend(self.categories(&words).await?);
        }
        if self.me.role.may(May::Support) {
            hits.extend(self.users(&words).await?);
        }
        Ok(hits)
    }
}

impl PgFinder {
    /// Of words that half the catalogue has, some, which are the first met: to order them all would take the longer the
    /// more there are, and whoever goes on typing gets fewer. What is called just so is always among them.
    async fn products(&self, words: &Words) -> Result<Vec<Hit>, ServiceError> {
        let rows = sqlx::query!(
            r#"
            with found as (
                (select v.product_id as id from variants v where v.sku = $3)
                union
                (select p.id from products p where plain_text(p.title) = plain_text($3) limit 50)
                union
                (select p.id from products p where (E'\n' || p.title || E'\n' || p.skus) ilike $4 limit 50)
                union
                (select p.id from products p where (E'\n' || p.title || E'\n' || p.skus) ilike $1 limit 200)
            )
            select p.id, p.title, p.status, v.sku as "sku?"
            from found f
            join products p on p.id = f.id
            left join lateral (
                select v.sku from variants v
                where v.product_id = p.id
                order by (lower(v.sku) = lower($3)) is true desc, v.position
                limit 1
            ) v on true
            order by (lower(v.sku) = lower($3)) is true desc, p.title ilike $2 desc, length(p.title), p.title, p.id
            limit 8
            "#,
            words.product,
            words.beginning,
            words.plain,
            words.product_beginning
        )
        .fetch_all(&self.pool)
        .await?;
        let hit = |title, id: String, status: &str, sku: Option<String>| Hit {
            kind: "Product",
            title,
            detail: [Status::parse(status).map(|status| status.label().to_lowercase()), sku]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
            href: ["/admin/products/", &id].concat(),
        };
        Ok(rows.into_iter().map(|row| hit(row.title, row.id.to_string(), &row.status, row.sku)).collect())
    }

    async fn categories(&self, words: &Words) -> Result<Vec<Hit>, ServiceError> {
        let rows = sqlx::query!(
            r#"
            select c.id, c.name, category_path(c.parent_id) as "within!"
            from categories c
            where c.name ilike $1
            order by c.name ilike $2 desc, length(c.name), c.name, c.id
            limit 4
            "#,
            words.part,
            words.beginning
        )
        .fetch_all(&self.pool)
        .await?;
        let hit = |title, id: String, within: String| Hit {
            kind: "Category",
            title,
            detail: if within.is_empty() { within } else { ["in ", &within].concat() },
            href: ["/admin/categories/", &id].concat(),
        };
        Ok(rows.into_iter().map(|row| hit(row.name, row.id.to_string(), row.within)).collect())
    }

    async fn users(&self, words: &Words) -> Result<Vec<Hit>, ServiceError> {
        let rows = sqlx::query!(
            r#"
            select u.id as "id!", u.username as "username!", u.email as "email!", u.role as "role!"
            from (
                (select id, username, email, role from users where lower(username) = lower($3))
                union
                (
                    select id, username, email, role from users
                    where (username || ' ' || display_name || ' ' || email) ilike $1
                    limit 200
                )
            ) u
            order by u.username ilike $2 desc, u.email ilike $2 desc, length(u.username), u.username, u.id
            limit 6
            "#,
            words.part,
            words.beginning,
            words.plain
        )
        .fetch_all(&self.pool)
        .await?;
        let hit = |title, id: String, email: &str, role: &str| Hit {
            kind: role_of(role).name(),
            title,
            detail: email.to_owned(),
            href: ["/admin/users/", &id].concat(),
        };
        Ok(rows.into_iter().map(|row| hit(row.username, row.id.to_string(), &row.email, &row.role)).collect())
    }
}
