//! Pictures of products, for those who may work on the catalogue.
//!
//! Every act locks the product first and raises its version, but not the one that the product's form compares with: what
//! is typed there has nothing to do with pictures. A picture's files are there before its row, and what a
//! removed one leaves is thrown away once its removal can't be taken back any more (`media/unused.rs`).
//!
//! What is sent becomes a job (`jobs.rs`) that some process takes (`encoder.rs`), and a picture of its product's, in one
//! transaction, once all of its files are there (`ready.rs`). Until then only the staff know of it (`coming.rs`).

mod add;
mod coming;
mod describe;
mod encoder;
mod jobs;
mod place;
mod read;
mod ready;
mod remove;
mod revert;
mod words;

pub use add::{AddError, Added};
pub use describe::Saved;
pub use encoder::{Encoder, Pace};
pub use jobs::{Outcome, PictureJobs};
pub use revert::{PictureAddition, PictureOrder, PictureRemoval, PictureWords};

use super::audit::{self, Act, Actor};
use super::products::{Locked, about, id, lock};
use crate::error::ServiceError;
use crate::http::Host;
use crate::media::MediaStore;
use crate::services::catalog::ImageHosts;
use crate::services::office::whole;
use app::admin::host::{May, Staff};
use app::admin::pictures::host::{Coming, Described, Pictures, ProductPicture};
use app::cart::api::Done;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use std::sync::Arc;
use uuid::Uuid;

/// Pictures of a product, at most: a page shows them all at once.
pub const MOST: usize = 100;

/// Pictures as one member of the staff may work on them.
#[derive(Clone)]
pub struct PgPictures {
    pool: PgPool,
    media: MediaStore,
    jobs: Arc<PictureJobs>,
    image_hosts: ImageHosts,
    me: Staff,
    actor: Actor,
}

impl PgPictures {
    pub fn new(host: &Host, me: Staff, actor: Actor) -> Self {
        let (pool, media, image_hosts) = (host.pool.clone(), host.media.clone(), host.image_hosts.clone());
        Self { pool, media, jobs: Arc::clone(&host.pictures), image_hosts, me, actor }
    }

    /// # Errors
    /// `Forbidden` for who may not work on the catalogue.
    pub fn must(&self) -> Result<(), AppError> {
        self.me.must(May::Catalogue)
    }

    /// Who does it, without having to say why.
    fn by(&self) -> By<'_> {
        By { actor: &self.actor, reason: "" }
    }
}

/// Who does something to pictures.
#[derive(Clone, Copy)]
struct By<'a> {
    actor: &'a Actor,
    /// Empty for nothing.
    reason: &'a str,
}

/// Raises a product's version for what is done to its pictures.
async fn raise(connection: &mut PgConnection, product: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update products set version = version + 1, picture_acts = picture_acts + 1, updated_at = now() where id = $1",
        product
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Raises the product's version and writes what was done to one of its pictures.
async fn record(
    connection: &mut PgConnection,
    by: By<'_>,
    act: &'static str,
    (product, title): (Uuid, &str),
    (before, after): (Value, Value),
) -> Result<(), sqlx::Error> {
    raise(connection, product).await?;
    let id = product.to_string();
    let act = Act { before, after, reason: by.reason, ..about(act, &id, title) };
    audit::write(connection, by.actor, act).await
}

/// A picture that is being changed, its product locked.
struct Changing {
    product: Uuid,
    locked: Locked,
    position: i32,
    alt: String,
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

/// What an editor saw of a picture's text and variants, for telling whether it is still so.
fn state(alt: &str, decorative: bool, variants: &[Uuid]) -> String {
    let mut variants: Vec<String> = variants.iter().map(Uuid::to_string).collect();
    variants.sort_unstable();
    let all = [alt, if decorative { "decorative" } else { "" }, &variants.join(" ")].join("\n");
    hex::encode(Sha256::digest(all))
}

/// Keeps all others from a picture's product, and from all of its pictures, until the transaction ends.
async fn lock_of(connection: &mut PgConnection, picture: Uuid) -> Result<Changing, ServiceError> {
    let product = sqlx::query_scalar!("select product_id from product_images where id = $1", picture)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let locked = lock(connection, product).await?;
    // It may have been removed until the lock was there.
    let row = sqlx::query!("select position, alt from product_images where id = $1", picture)
        .fetch_optional(connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
    Ok(Changing { product, locked, position: row.position, alt: row.alt })
}

#[async_trait]
impl Pictures for PgPictures {
    async fn of(&self, product: &str) -> Result<Vec<ProductPicture>, AppError> {
        self.must()?;
        Ok(self.load(product).await?)
    }

    async fn coming(&self, product: &str) -> Result<Vec<Coming>, AppError> {
        self.must()?;
        Ok(self.load_coming(product).await?)
    }

    async fn describe(&self, described: Described) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        let picture = whole(async move { this.describe_one(described).await }).await?;
        Ok(Done::saying(format!("Saved {picture}")))
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
