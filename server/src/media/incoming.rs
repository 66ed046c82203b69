//! Files as they came in, kept until they are encoded. Nothing serves them: an address names a medium's file in one of
//! the widths, and these are neither.

use super::decode::inspect;
use super::files::Files;
use super::place::{Shelf, original};
use super::{Hash, MediaError, MediaStore, hash};
use bytes::Bytes;
use object_store::ObjectStoreExt;
use uuid::Uuid;

/// A file whose job is not yet committed. It vanishes unless it is kept.
#[derive(Debug)]
pub struct Original(Files);

impl Original {
    pub fn keep(self) {
        self.0.keep();
    }

    pub async fn remove(self) {
        self.0.remove().await;
    }
}

impl MediaStore {
    /// Says what can be said of a file without unpacking it, which takes milliseconds, and gives it back with its hash.
    ///
    /// # Errors
    /// Those of [`MediaStore::store`] that the header shows.
    pub async fn inspect(&self, bytes: Vec<u8>) -> Result<(Hash, Bytes), MediaError> {
        let looking = tokio::task::spawn_blocking(move || {
            inspect(&bytes)?;
            Ok((hash(&bytes), bytes.into()))
        });
        looking.await.map_err(|_| MediaError::Worker)?
    }

    /// Writes a file away as it came in.
    ///
    /// # Errors
    /// Of the store; then nothing is left of it.
    pub async fn keep_original(&self, job: Uuid, bytes: Bytes) -> Result<Original, MediaError> {
        let objects = self.place.objects()?;
        let files = Files::new(self.place.clone(), Shelf::Incoming, job);
        match objects.put(&original(job), bytes.into()).await {
            Ok(_) => Ok(Original(files)),
            Err(error) => {
                files.remove().await;
                Err(error.into())
            }
        }
    }

    /// A job's file; `None` where it isn't there any more.
    ///
    /// # Errors
    /// Of the store.
    pub async fn original(&self, job: Uuid) -> Result<Option<Bytes>, MediaError> {
        match self.place.objects()?.get(&original(job)).await {
            Ok(file) => Ok(Some(file.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Throws away the file of a job that needs it no more. What fails here the sweep does.
    pub async fn forget_original(&self, job: Uuid) {
        if let Err(error) = self.place.remove(Shelf::Incoming, job).await {
            tracing::warn!(%error, %job, "a file that came in could not be removed; the sweep will");
        }
    }
}
