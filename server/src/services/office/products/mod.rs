//! Products, for those who may work on the catalogue.
//!
//! Every act locks the product first, then its variants in the order of their ids, as imports do. Each raises the
//! product's version. A form compares with that of the last act which wasn't on pictures alone: who saves what somebody else
//! has changed meanwhile is told so. `products.picture_acts`, like `categories.moves`, counts the versions that a form has
//! nothing to do with.
//!
//! A form is kept while somebody types (`product_drafts`): one for each member of the staff and product, which is also where
//! it stands when saving is refused and after a button of its grid of variants, so that all three work without JavaScript.
//!
//! A form that is sent twice is done once: who saves is told by the version, and where that tells nothing, of a new product
//! and of what is added to a stock, `product_idempotency_keys` does.

mod cells;
mod checked;
mod drafts;
mod export;
mod grid;
mod idempotency;
mod matching;
mod order;
mod preview;
mod prose;
mod read;
mod remove;
mod revert;
mod save;
mod shape;
mod snapshot;
mod table;
mod unmake;
mod variants;

pub use drafts::{start_drafts_housekeeping, tidy_drafts};
pub use revert::ProductUpdate;
pub use table::{like, within_names};
pub use unmake::{ProductCreation, ProductRemoval};

pub(super) use checked::{MOST_STOCK, MOST_TAGS, NO_SUCH_CATEGORY, pieces, tags};
pub(super) use save::about;

use super::audit::Actor;
use super::proof::Proof;
use super::whole;
use crate::error::ServiceError;
use crate::http::Host;
use crate::services::accounts::Caller;
use crate::services::catalog::ImageHosts;
use app::admin::host::{May, Staff};
use app::admin::products::api::Typed;
use app::admin::products::host::{
    CategoryName, Cell, Draft, Press, Products, Query, Saved, ShownDraft, Stored, Tab, Table,
};
use app::cart::api::Done;
use app::catalog::api::Product;
use app::domain::Currency;
use app::error::AppError;
use app::host::Catalog;
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};
use std::sync::Arc;
use uuid::Uuid;

/// Products as one member of the staff may work on them.
#[derive(Clone)]
pub struct PgProducts {
    pool: PgPool,
    currency: Currency,
    image_hosts: ImageHosts,
    catalog: Arc<dyn Catalog>,
    /// With how many pieces, or fewer, a product counts as low in stock.
    low_stock: i32,
    me: Staff,
    user: Uuid,
    actor: Actor,
    proof: Proof,
}

impl PgProducts {
    /// `None` for a stranger.
    pub fn new(host: &Host, me: Staff, caller: &Caller) -> Option<Self> {
        let actor = Actor::of(caller);
        let proof = Proof::new(&host.accounts, caller, &me);
        Some(Self {
            pool: host.pool.clone(),
            currency: host.shop.currency.clone(),
            image_hosts: host.image_hosts.clone(),
            catalog: Arc::clone(&host.catalog),
            low_stock: host.figures.low_stock(),
            me,
            user: actor.id?,
            actor,
            proof,
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
pub(super) async fn sign(connection: &mut PgConnection, actor: &Actor, reason: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select set_config('shop.actor', $1, true) as actor, set_config('shop.reason', $2, true) as reason",
        actor.key(),
        reason
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// An id as a form sends it. What is none is nothing's; nor is one that is written otherwise than drafts and the audit
/// log have it, who would know it by another name.
pub(super) fn id(text: &str) -> Result<Uuid, ServiceError> {
    Uuid::try_parse(text).ok().filter(|id| id.to_string() == text).ok_or(ServiceError::NotFound)
}

/// A product that is being changed.
pub(super) struct Locked {
    pub(super) title: String,
    version: i64,
    /// The version that forms have, which acts on its pictures don't raise.
    edited: i64,
    status: String,
    pub(super) plain: bool,
}

/// Keeps all others from a product until the transaction ends.
pub(super) async fn lock(connection: &mut PgConnection, product: Uuid) -> Result<Locked, ServiceError> {
    sqlx::query_as!(
        Locked,
        r#"select title, version, version - picture_acts as "edited!", status, option_names = '{}' as "plain!"
           from products where id = $1 for update"#,
        product
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::NotFound)
}

/// # Errors
/// `Conflict` when `version`, as a form has it, isn't the one that is there.
fn unchanged(locked: &Locked, version: &str) -> Result<(), AppError> {
    let current = locked.edited.to_string();
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

    async fn draft(&self, id: &str) -> Result<Option<Draft>, AppError> {
        self.must()?;
        Ok(self.load_draft(id).await?)
    }

    async fn describe(&self, body: &str) -> Result<String, AppError> {
        self.must()?;
        let html = checked::described(body).map_err(|message| AppError::invalid("body", message))?;
        Ok(self.image_hosts.shown(&html).into_owned())
    }

    async fn shown(&self, product: &str) -> Result<Product, AppError> {
        self.must()?;
        self.catalog.whatever_its_status(product).await
    }

    async fn shown_draft(&self, product: &str) -> Result<Option<ShownDraft>, AppError> {
        self.must()?;
        Ok(self.show_draft(product).await?)
    }

    async fn keep_to_show(&self, typed: Typed, tab: String) -> Result<bool, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.keep_what_differs(typed, &tab).await }).await
    }

    async fn keep_draft(&self, typed: Typed, tab: Tab) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.put_draft(typed, &tab).await }).await
    }

    async fn discard_draft(&self, product: String) -> Result<Done, AppError> {
        self.must()?;
        Ok(self.drop_draft(&product).await?)
    }

    async fn shape(&self, typed: Typed, tab: String, press: Press) -> Result<(), AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.shape_product(typed, &tab, &press).await }).await
    }

    async fn save(&self, typed: Typed, tab: String) -> Result<Saved, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.save_product(typed, &tab).await }).await
    }

    async fn remove(
        &self,
        product: String,
        version: String,
        reason: String,
        password: String,
    ) -> Result<(Done, bool), AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.take_away(&product, &version, &reason, &password).await }).await
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
