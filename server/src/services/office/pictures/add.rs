//! A file becomes a picture of a product.

use super::{MOST, PgPictures, id, lock};
use crate::error::ServiceError;
use crate::media::{self, Hash, MediaError, NewFiles};
use crate::services::whole;
use app::error::AppError;
use serde_json::json;
use uuid::Uuid;

/// Why a file was not taken.
#[derive(Debug)]
pub enum AddError {
    /// Another file would do: in words.
    Refused(String),
    DiskFull,
    /// Nothing more would be taken either.
    App(AppError),
}

impl From<MediaError> for AddError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::DiskFull => {
                tracing::error!("a picture could not be kept: the disk is full");
                Self::DiskFull
            }
            error if error.is_about_the_file() => Self::Refused(error.to_string()),
            error => {
                tracing::error!(%error, "a picture could not be kept");
                Self::App(AppError::Unavailable { request_id: None })
            }
        }
    }
}

impl PgPictures {
    /// Behind the pictures that the product has.
    ///
    /// # Errors
    /// [`AddError`]; then neither files nor a row are left of it.
    pub async fn add(&self, product: &str, bytes: Vec<u8>) -> Result<(), AddError> {
        self.must().map_err(AddError::App)?;
        let product = id(product).map_err(|_| AddError::App(AppError::NotFound))?;
        let hash = media::hash(&bytes);
        // No connection is held while the picture is scaled.
        let is_known = self.prepare(product, &hash).await.map_err(|error| AddError::App(error.into()))?;
        let files = if is_known { None } else { Some(self.media.store(bytes).await?) };
        let this = self.clone();
        match whole(async move { this.insert(product, &hash, files).await }).await {
            Ok(()) => Ok(()),
            Err(AppError::Invalid { fields }) => {
                Err(AddError::Refused(fields.into_iter().map(|one| one.message).collect::<Vec<_>>().join(". ")))
            }
            Err(error) => Err(AddError::App(error)),
        }
    }

    /// Whether the picture is in the shop already.
    async fn prepare(&self, product: Uuid, hash: &Hash) -> Result<bool, ServiceError> {
        let found = sqlx::query!(
            r#"select exists (select from products where id = $1) as "product!",
                      exists (select from media where hash = $2) as "picture!""#,
            product,
            &hash[..]
        )
        .fetch_one(&self.pool)
        .await?;
        if found.product { Ok(found.picture) } else { Err(ServiceError::NotFound) }
    }

    async fn insert(&self, product: Uuid, hash: &Hash, files: Option<NewFiles>) -> Result<(), ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let locked = lock(&mut transaction, product).await?;
        let medium = match &files {
            Some(files) => media::insert(&mut transaction, hash, files.medium()).await?,
            // Tidied away a moment ago: sent once more, it is stored anew.
            None => media::find(&mut transaction, hash).await?.ok_or(ServiceError::NotReady)?,
        };
        let there = sqlx::query!(
            r#"select count(*) as "pictures!", coalesce(max(position), 0) as "last!",
                      coalesce(bool_or(media_id = $2), false) as "has_it!"
               from product_images where product_id = $1"#,
            product,
            medium.id
        )
        .fetch_one(&mut *transaction)
        .await?;
        if there.has_it {
            return Err(AppError::invalid("", "the product has this picture already").into());
        }
        if there.pictures >= MOST {
            return Err(AppError::invalid("", format!("a product has at most {MOST} pictures")).into());
        }
        let position = there.last.saturating_add(1);
        sqlx::query!(
            "insert into product_images (id, product_id, position, media_id) values ($1, $2, $3, $4)",
            Uuid::now_v7(),
            product,
            position,
            medium.id
        )
        .execute(&mut *transaction)
        .await?;
        let change = (json!({}), json!({"picture": medium.id, "position": position}));
        self.record(&mut transaction, "product.add_picture", product, &locked.title, change).await?;
        transaction.commit().await?;
        match files {
            Some(files) if files.medium().id == medium.id => files.keep(),
            // Somebody was faster with the same picture.
            Some(files) => files.remove().await,
            None => {}
        }
        Ok(())
    }
}
