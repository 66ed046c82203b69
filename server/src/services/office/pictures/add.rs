//! A file that somebody sends is on its way to be a picture of a product.

use super::jobs::{Received, enqueue};
use super::ready::{self, Picture};
use super::{Outcome, PgPictures, id, lock};
use crate::error::ServiceError;
use crate::media::{self, Hash, MediaError, Original};
use crate::services::office::rights::must_still;
use crate::services::office::whole;
use app::admin::host::May;
use app::error::AppError;
use sqlx::PgConnection;
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

impl From<AppError> for AddError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid { fields } => {
                Self::Refused(fields.into_iter().map(|one| one.message).collect::<Vec<_>>().join(". "))
            }
            error => Self::App(error),
        }
    }
}

/// What a file has become.
#[derive(Debug)]
pub enum Added {
    /// A picture at once: the shop has its files already.
    There,
    /// A job, for [`PgPictures::settle`].
    Job(Uuid),
}

impl PgPictures {
    /// Behind the pictures that the product has. `file`: what its sender calls it.
    ///
    /// # Errors
    /// [`AddError`]; then neither a file nor a row are left of it.
    pub async fn add(&self, product: &str, file: &str, bytes: Vec<u8>) -> Result<Added, AddError> {
        self.must()?;
        let product = id(product).map_err(AppError::from)?;
        let (hash, bytes) = self.media.inspect(bytes).await?;
        let (job, file) = (Uuid::now_v7(), file.to_owned());
        // No connection is held while a file is written.
        if self.is_known(product, &hash).await.map_err(AppError::from)? {
            let (this, file) = (self.clone(), file.clone());
            if whole(async move { this.use_again(job, product, &hash, &file).await }).await? {
                return Ok(Added::There);
            }
        }
        let original = self.media.keep_original(job, bytes).await?;
        let this = self.clone();
        whole(async move { this.take_in(job, product, &hash, &file, original).await }).await?;
        self.jobs.bell.notify_one();
        Ok(Added::Job(job))
    }

    /// What has come of jobs, for as long as a request waits for them; in their order. Of what was refused, and of what
    /// found the disk full, nothing is left; of what is there, not the file as it came in.
    ///
    /// # Errors
    /// Of the database; the jobs are done all the same.
    pub async fn settle(&self, jobs: &[Uuid]) -> Result<Vec<Outcome>, AppError> {
        let outcomes = self.jobs.settle(&self.pool, jobs).await.map_err(ServiceError::from)?;
        for (job, outcome) in jobs.iter().zip(&outcomes) {
            // The encoder does so too, and may not have come to it yet: once it is told, nothing is left.
            if *outcome != Outcome::Coming {
                self.media.forget_original(*job).await;
            }
        }
        Ok(outcomes)
    }

    /// Whether the picture is in the shop already.
    async fn is_known(&self, product: Uuid, hash: &Hash) -> Result<bool, ServiceError> {
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

    /// `false` for a picture that was tidied away a moment ago.
    async fn use_again(&self, job: Uuid, product: Uuid, hash: &Hash, file: &str) -> Result<bool, ServiceError> {
        let mut transaction = self.pool.begin().await?;
        let received = Received { product, hash, file };
        let (locked, number) = self.begin(&mut transaction, job, &received).await?;
        let Some(medium) = media::find(&mut transaction, hash).await? else { return Ok(false) };
        sqlx::query!("update picture_jobs set state = 'done', file_name = '', done_at = now() where id = $1", job)
            .execute(&mut *transaction)
            .await?;
        let picture = Picture { id: job, number, alt: "", decorative: false };
        ready::insert(&mut transaction, product, &locked, &medium, &picture, &self.actor).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn take_in(
        &self,
        job: Uuid,
        product: Uuid,
        hash: &Hash,
        file: &str,
        original: Original,
    ) -> Result<(), ServiceError> {
        let mut transaction = self.pool.begin().await?;
        match self.begin(&mut transaction, job, &Received { product, hash, file }).await {
            Ok(_) => transaction.commit().await?,
            Err(error) => {
                original.remove().await;
                return Err(error);
            }
        }
        original.keep();
        Ok(())
    }

    async fn begin(
        &self,
        transaction: &mut PgConnection,
        job: Uuid,
        received: &Received<'_>,
    ) -> Result<(super::Locked, i64), ServiceError> {
        // It may have been long on its way.
        must_still(transaction, &self.actor, May::Catalogue).await?;
        let locked = lock(transaction, received.product).await?;
        let number = enqueue(transaction, job, received, &self.actor).await?;
        Ok((locked, number))
    }
}
