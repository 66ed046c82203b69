//! Filters of tables under names.

use super::audit::Actor;
use crate::error::ServiceError;
use crate::services::office::whole;
use crate::services::words;
use app::account::api::Role;
use app::admin::host::Staff;
use app::admin::view::has_place;
use app::admin::views::host::{SavedView, Views};
use app::cart::api::Done;
use app::error::AppError;
use async_trait::async_trait;
use sqlx::PgPool;
use uuid::Uuid;

/// Characters.
const LONGEST_NAME: usize = 60;
const LONGEST_SEARCH: usize = 2000;
/// More would be no shorter than looking for the filter anew.
const MOST: i64 = 30;
/// What says which page of a table is shown, which belongs to no view.
const PLACES: [&str; 3] = ["page", "after", "before"];

/// The views that one member of the staff keeps.
#[derive(Clone)]
pub struct PgViews {
    pool: PgPool,
    me: Staff,
    user: Uuid,
}

#[async_trait]
impl Views for PgViews {
    async fn list(&self, page: &str) -> Result<Vec<SavedView>, AppError> {
        self.must(page)?;
        Ok(self.load(page).await?)
    }

    async fn save(&self, page: String, name: String, search: String) -> Result<Done, AppError> {
        self.must(&page)?;
        let this = self.clone();
        whole(async move { this.keep(&page, &name, &search).await }).await
    }

    async fn delete(&self, view: String) -> Result<Done, AppError> {
        let this = self.clone();
        whole(async move { this.discard(&view).await }).await
    }
}

impl PgViews {
    /// `None` for a stranger.
    pub fn new(pool: PgPool, me: Staff, actor: &Actor) -> Option<Self> {
        Some(Self { pool, me, user: actor.id? })
    }

    fn must(&self, page: &str) -> Result<(), AppError> {
        match has_place(self.me.role, page) {
            true => Ok(()),
            false if has_place(Role::Admin, page) => Err(AppError::Forbidden),
            false => Err(AppError::NotFound),
        }
    }

    async fn load(&self, page: &str) -> Result<Vec<SavedView>, ServiceError> {
        let rows = sqlx::query!(
            "select id, name, search from saved_views where user_id = $1 and page = $2 order by lower(name)",
            self.user,
            page
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| SavedView { id: row.id.to_string(), name: row.name, search: row.search })
            .collect())
    }

    async fn keep(&self, page: &str, name: &str, search: &str) -> Result<Done, ServiceError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(AppError::invalid("name", "Give the view a name").into());
        }
        if name.chars().count() > LONGEST_NAME || name.chars().any(words::misleads) {
            return Err(AppError::invalid("name", format!("Use at most {LONGEST_NAME} ordinary characters")).into());
        }
        let search = search_of(search);
        if search.len() > LONGEST_SEARCH {
            return Err(AppError::invalid("", "This filter is too long to keep").into());
        }
        let kept = sqlx::query!(
            "insert into saved_views (id, user_id, page, name, search)
             select $1, $2, $3, $4, $5
             where (select count(*) from saved_views where user_id = $2 and page = $3 and lower(name) <> lower($4)) < $6
             on conflict (user_id, page, lower(name)) do update set name = excluded.name, search = excluded.search",
            Uuid::now_v7(),
            self.user,
            page,
            name,
            search,
            MOST
        )
        .execute(&self.pool)
        .await?;
        match kept.rows_affected() {
            0 => Err(AppError::invalid("", format!("There are {MOST} views. Delete one first")).into()),
            _ => Ok(Done::saying(format!("Saved the view {name}"))),
        }
    }

    async fn discard(&self, view: &str) -> Result<Done, ServiceError> {
        let view = Uuid::try_parse(view).map_err(|_| ServiceError::NotFound)?;
        let name = sqlx::query_scalar!(
            "delete from saved_views where id = $1 and user_id = $2 returning name",
            view,
            self.user
        )
        .fetch_optional(&self.pool)
        .await?
        .ok_or(ServiceError::NotFound)?;
        Ok(Done::saying(format!("Deleted the view {name}")))
    }
}

/// A query string as the table writes it: it is put into links, so nothing else comes in.
fn search_of(text: &str) -> String {
    let pairs = form_urlencoded::parse(text.trim_start_matches('?').as_bytes());
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs.filter(|(name, value)| !PLACES.contains(&&**name) && !value.is_empty()))
        .finish()
}
