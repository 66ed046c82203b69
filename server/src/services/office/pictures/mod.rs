//! Pictures of products, for those who may work on the catalogue.
//!
//! Every act locks the product first and raises its version. A picture's files are there before its row, and what a
//! removed one leaves is thrown away once its removal can't be taken back any more (`media/unused.rs`).

mod add;
mod describe;
mod place;
mod read;
mod remove;

pub use add::AddError;

use super::audit::{self, Act, Actor};
use super::products::{Locked, about, id, lock};
use crate::error::ServiceError;
use crate::http::Host;
use crate::media::MediaStore;
use crate::services::catalog::ImageHosts;
use crate::services::whole;
use app::admin::host::{May, Staff};
use app::admin::pictures::host::{Described, Pictures, ProductPicture};
use app::cart::api::Done;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A page shows them all at once.
const MOST: i64 = 100;

/// Pictures as one member of the staff may work on them.
#[derive(Clone)]
pub struct PgPictures {
    pool: PgPool,
    media: MediaStore,
    image_hosts: ImageHosts,
    me: Staff,
    actor: Actor,
}

impl PgPictures {
    pub fn new(host: &Host, me: Staff, actor: Actor) -> Self {
        let (pool, media, image_hosts) = (host.pool.clone(), host.media.clone(), host.image_hosts.clone());
        Self { pool, media, image_hosts, me, actor }
    }

    /// # Errors
    /// `Forbidden` for who may not work on the catalogue.
    pub fn must(&self) -> Result<(), AppError> {
        self.me.must(May::Catalogue)
    }

    /// Raises the product's version and writes what was done to its pictures.
    async fn record(
        &self,
        connection: &mut PgConnection,
        act: &'static str,
        product: Uuid,
        title: &str,
        (before, after): (Value, Value),
    ) -> Result<(), sqlx::Error> {
        sqlx::query!("update products set version = version + 1, updated_at = now() where id = $1", product)
            .execute(&mut *connection)
            .await?;
        let id = product.to_string();
        audit::write(connection, &self.actor, Act { before, after, ..about(act, &id, title) }).await
    }
}

/// A picture that is being changed, its product locked.
struct Changing {
    product: Uuid,
    locked: Locked,
    position: i32,
    alt: String,
    decorative: bool,
}

impl Changing {
    /// What an entry of the trail calls it.
    fn name(&self) -> String {
        match self.alt.as_str() {
            "" => format!("picture {}", self.position),
            alt => alt.to_owned(),
        }
    }
}

/// Keeps all others from a picture's product, and from all of its pictures, until the transaction ends.
async fn lock_of(connection: &mut PgConnection, picture: Uuid) -> Result<Changing, ServiceError> {
    let product = sqlx::query_scalar!("select product_id from product_images where id = $1", picture)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let locked = lock(connection, product).await?;
    // It may have been removed until the lock was there.
    let row = sqlx::query!("select position, alt, decorative from product_images where id = $1", picture)
        .fetch_optional(connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
    Ok(Changing { product, locked, position: row.position, alt: row.alt, decorative: row.decorative })
}

#[async_trait]
impl Pictures for PgPictures {
    async fn of(&self, product: &str) -> Result<Vec<ProductPicture>, AppError> {
        self.must()?;
        Ok(self.load(product).await?)
    }

    async fn describe(&self, described: Described) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.set_words(&described).await }).await
    }

    async fn place(&self, picture: String, to: String) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.put(&picture, &to).await }).await
    }

    async fn remove(&self, picture: String) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.take_away(&picture).await }).await
    }

    async fn restore(&self, undo: String) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.bring_back(&undo).await }).await
    }
}
