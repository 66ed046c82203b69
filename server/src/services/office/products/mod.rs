//! Products, for those who may work on the catalogue.
//!
//! Every act locks the product first, then its variants in the order of their ids, as imports do. Each raises the
//! product's version, which is what a form compares with: who saves what somebody else has changed meanwhile is told so.

mod cells;
mod checked;
mod export;
mod read;
mod refused;
mod remove;
mod revert;
mod save;
mod table;

pub use revert::ProductUpdate;
pub use table::like;

pub(super) use save::about;

use super::audit::Actor;
use crate::error::ServiceError;
use crate::http::Host;
use crate::services::accounts::Caller;
use crate::services::catalog::ImageHosts;
use crate::services::whole;
use app::admin::host::{May, Staff};
use app::admin::products::api::Typed;
use app::admin::products::host::{CategoryName, Cell, Products, Query, Saved, Stored, Table};
use app::cart::api::Done;
use app::domain::Currency;
use app::error::AppError;
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Products as one member of the staff may work on them.
#[derive(Clone)]
pub struct PgProducts {
    pool: PgPool,
    currency: Currency,
    image_hosts: ImageHosts,
    /// With how many pieces, or fewer, a product counts as low in stock.
    low_stock: i32,
    me: Staff,
    user: Uuid,
    actor: Actor,
}

impl PgProducts {
    /// `None` for a stranger.
    pub fn new(host: &Host, me: Staff, caller: &Caller) -> Option<Self> {
        let actor = Actor::of(caller);
        Some(Self {
            pool: host.pool.clone(),
            currency: host.shop.currency.clone(),
            image_hosts: host.image_hosts.clone(),
            low_stock: host.figures.low_stock(),
            me,
            user: actor.id?,
            actor,
        })
    }

    fn must(&self) -> Result<(), AppError> {
        self.me.must(May::Catalogue)
    }

    /// # Errors
    /// `Forbidden`.
    pub fn may_export(&self) -> Result<(), AppError> {
        self.must()
    }

    /// A transaction whose stock movements say who made them.
    async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        sign(&mut transaction, &self.actor, "edit").await?;
        Ok(transaction)
    }
}

/// The transaction's stock movements say who made them, and why.
async fn sign(connection: &mut PgConnection, actor: &Actor, reason: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select set_config('shop.actor', $1, true) as actor, set_config('shop.reason', $2, true) as reason",
        actor.name,
        reason
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// An id as a form sends it. What is none is nothing's.
pub(super) fn id(text: &str) -> Result<Uuid, ServiceError> {
    Uuid::try_parse(text).map_err(|_| ServiceError::NotFound)
}

/// A product that is being changed.
pub(super) struct Locked {
    pub(super) title: String,
    version: i64,
    status: String,
    pub(super) plain: bool,
}

/// Keeps all others from a product until the transaction ends.
pub(super) async fn lock(connection: &mut PgConnection, product: Uuid) -> Result<Locked, ServiceError> {
    sqlx::query_as!(
        Locked,
        r#"select title, version, status, option_names = '{}' as "plain!" from products where id = $1 for update"#,
        product
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::NotFound)
}

/// # Errors
/// `Conflict` when `version` isn't the one that is there.
fn unchanged(locked: &Locked, version: &str) -> Result<(), AppError> {
    let current = locked.version.to_string();
    if current == version { Ok(()) } else { Err(AppError::Conflict { current }) }
}

#[async_trait]
impl Products for PgProducts {
    async fn table(&self, query: &Query) -> Result<Table, AppError> {
        self.must()?;
        Ok(self.load_table(query).await?)
    }

    async fn categories(&self) -> Result<Vec<CategoryName>, AppError> {
        self.must()?;
        Ok(self.load_categories().await?)
    }

    async fn product(&self, id: &str) -> Result<Stored, AppError> {
        self.must()?;
        Ok(self.load_product(id).await?)
    }

    async fn refused(&self, id: &str) -> Result<Option<Typed>, AppError> {
        self.must()?;
        Ok(self.load_refused(id).await?)
    }

    async fn save(&self, typed: Typed) -> Result<Saved, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.save_product(typed).await }).await
    }

    async fn remove(&self, product: String, version: String) -> Result<(Done, bool), AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.take_out(&product, &version).await }).await
    }

    async fn restore(&self, product: String) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.bring_back(&product).await }).await
    }

    async fn set_price(&self, cell: Cell) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.change_price(&cell).await }).await
    }

    async fn set_stock(&self, cell: Cell) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.change_stock(&cell).await }).await
    }
}
