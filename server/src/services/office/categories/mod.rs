//! The tree of categories, changed. Whoever changes its shape holds a lock on all of it, so that two moves at the same
//! moment can't put two categories below each other.

mod edit;
mod place;
mod remove;
mod restore;
mod tree;
mod unmake;

pub use edit::CategoryUpdate;
pub use place::{CategoryMove, CategoryReorder};
pub use restore::CategoryRemoval;
pub use unmake::CategoryCreation;

use super::audit::{self, Act, Actor};
use super::proof::Proof;
use super::whole;
use crate::error::ServiceError;
use app::admin::categories::host::{Categories, Category, Seen, Wanted};
use app::admin::host::{May, Staff};
use app::cart::api::Done;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

#[derive(Clone)]
pub struct PgCategories {
    pub pool: PgPool,
    pub me: Staff,
    pub actor: Actor,
    pub proof: Proof,
}

#[async_trait]
impl Categories for PgCategories {
    async fn tree(&self) -> Result<Vec<Category>, AppError> {
        self.me.must(May::Catalogue)?;
        Ok(tree::load(&self.pool).await?)
    }

    async fn create(&self, wanted: Wanted) -> Result<(Done, String), AppError> {
        self.me.must(May::Catalogue)?;
        let this = self.clone();
        whole(async move { this.make(&wanted).await }).await
    }

    async fn save(&self, category: String, version: String, wanted: Wanted) -> Result<Done, AppError> {
        self.me.must(May::Catalogue)?;
        let this = self.clone();
        whole(async move { this.edit(&category, &version, &wanted).await }).await
    }

    async fn put_under(&self, category: String, from: String, parent: String) -> Result<Done, AppError> {
        self.me.must(May::Catalogue)?;
        let this = self.clone();
        whole(async move { this.hang(&category, &from, &parent).await }).await
    }

    async fn shift(&self, category: String, from: String, way: String) -> Result<Done, AppError> {
        self.me.must(May::Catalogue)?;
        let this = self.clone();
        whole(async move { this.step(&category, &from, &way).await }).await
    }

    async fn merge(&self, category: String, seen: Seen, into: String, password: String) -> Result<Done, AppError> {
        self.me.must(May::Catalogue)?;
        let this = self.clone();
        whole(async move { this.merge_into(&category, &seen, &into, &password).await }).await
    }

    async fn delete(&self, category: String, seen: Seen, products: String, password: String) -> Result<Done, AppError> {
        self.me.must(May::Catalogue)?;
        let this = self.clone();
        whole(async move { this.remove(&category, &seen, &products, &password).await }).await
    }
}

impl PgCategories {
    async fn log(&self, connection: &mut PgConnection, act: Act<'_>) -> Result<(), ServiceError> {
        Ok(audit::write(connection, &self.actor, act).await?)
    }
}

/// What was done to a category, for the audit log.
fn act<'a>(act: &'static str, id: &'a str, name: &'a str, before: Value, after: Value) -> Act<'a> {
    Act { act, kind: "category", id, name, before, after, reason: "" }
}

/// An id as a form sends it. What is none is nobody's.
fn id(text: &str) -> Result<Uuid, ServiceError> {
    Uuid::try_parse(text).map_err(|_| ServiceError::NotFound)
}

/// Another category as a form's field names it.
fn chosen(field: &'static str, text: &str) -> Result<Uuid, ServiceError> {
    Uuid::try_parse(text).map_err(|_| AppError::invalid(field, "Choose a category").into())
}

/// Makes what follows in this transaction the only change of the tree's shape. Moving many products into other
/// categories indexes each of them anew, which may take longer than a page does.
async fn lock(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "set local statement_timeout = '60s';
         select pg_advisory_xact_lock(hashtext('categories'))",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A constraint that a change would have broken, in words beside `field`.
fn in_words(error: sqlx::Error, field: &str) -> ServiceError {
    let error = ServiceError::from(error);
    match error.constraint() {
        Some("categories_sibling_name_key") => {
            AppError::invalid(field, "There is a category of this name there already. Rename one of them first").into()
        }
        Some("categories_slug_key") => {
            AppError::invalid("slug", "Another category has this address. Choose another one").into()
        }
        Some("categories_slug_check") => AppError::invalid("slug", edit::ADDRESS).into(),
        Some("categories_not_below_itself") => AppError::invalid(field, place::BELOW_ITSELF).into(),
        // Somebody has just deleted it.
        Some("categories_parent_id_fkey") => AppError::invalid("parent", "Choose a category").into(),
        _ => error,
    }
}
