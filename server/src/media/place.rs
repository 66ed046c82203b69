//! Where pictures are kept: a folder, or a bucket of an S3-compatible service.

use super::MediaError;
use futures::TryStreamExt;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;
use uuid::Uuid;

#[derive(Clone, Debug)]
pub enum Place {
    Folder { path: PathBuf, objects: Arc<OnceLock<Arc<dyn ObjectStore>>> },
    Bucket(Arc<dyn ObjectStore>),
}

impl Place {
    pub fn folder(path: PathBuf) -> Self {
        Self::Folder { path, objects: Arc::default() }
    }

    /// A folder is made when it is first needed.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn objects(&self) -> Result<Arc<dyn ObjectStore>, MediaError> {
        let (path, objects) = match self {
            Self::Bucket(objects) => return Ok(Arc::clone(objects)),
            Self::Folder { path, objects } => (path, objects),
        };
        if let Some(objects) = objects.get() {
            return Ok(Arc::clone(objects));
        }
        fs::create_dir_all(path)?;
        // A row is written after its files, so these must be on the disk, not on their way there.
        let store: Arc<dyn ObjectStore> = Arc::new(LocalFileSystem::new_with_prefix(path)?.with_fsync(true));
        Ok(Arc::clone(objects.get_or_init(|| store)))
    }

    /// Removes all files of a medium.
    ///
    /// # Errors
    /// When the folder can't be written or the service can't be reached.
    pub async fn remove(&self, id: Uuid) -> Result<(), MediaError> {
        match self {
            Self::Folder { .. } => Ok(self.remove_folder(id)?),
            Self::Bucket(objects) => {
                let names: Vec<Name> =
                    objects.list(Some(&prefix(id))).map_ok(|object| object.location).try_collect().await?;
                let names = futures::stream::iter(names.into_iter().map(Ok));
                objects.delete_stream(Box::pin(names)).try_for_each(|_| async { Ok(()) }).await?;
                Ok(())
            }
        }
    }

    /// As [`Place::remove`], for where nobody can wait: a bucket is left to it.
    pub fn remove_later(&self, id: Uuid) {
        let failed = move |error: MediaError| tracing::warn!(%error, %id, "can't remove an unused picture");
        match (self, tokio::runtime::Handle::try_current()) {
            (Self::Folder { .. }, _) => {
                if let Err(error) = self.remove_folder(id) {
                    failed(error.into());
                }
            }
            (Self::Bucket(_), Ok(runtime)) => {
                let place = self.clone();
                runtime.spawn(async move {
                    if let Err(error) = place.remove(id).await {
                        failed(error);
                    }
                });
            }
            // The sweep finds it.
            (Self::Bucket(_), Err(_)) => {}
        }
    }

    /// With what a process that was killed left half written in it, which is no object of the store's.
    fn remove_folder(&self, id: Uuid) -> io::Result<()> {
        let Self::Folder { path, .. } = self else { return Ok(()) };
        match fs::remove_dir_all(path.join(id.to_string())) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Ids of everything that is kept.
    ///
    /// # Errors
    /// When it can't be listed.
    pub async fn ids(&self) -> Result<Vec<Uuid>, MediaError> {
        if let Self::Folder { path, .. } = self
            && !path.exists()
        {
            return Ok(Vec::new());
        }
        let listed = self.objects()?.list_with_delimiter(None).await?;
        Ok(listed.common_prefixes.iter().filter_map(|name| Uuid::parse_str(name.filename()?).ok()).collect())
    }

    /// When something was last written of a medium; `None` for one that isn't there.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn written(&self, id: Uuid) -> Result<Option<SystemTime>, MediaError> {
        match self {
            Self::Folder { path, .. } => match tokio::fs::metadata(path.join(id.to_string())).await {
                Ok(folder) => Ok(Some(folder.modified()?)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error.into()),
            },
            Self::Bucket(objects) => {
                let times: Vec<SystemTime> = objects
                    .list(Some(&prefix(id)))
                    .map_ok(|object| SystemTime::from(object.last_modified))
                    .try_collect()
                    .await?;
                Ok(times.into_iter().max())
            }
        }
    }
}

fn prefix(id: Uuid) -> Name {
    Name::from(id.to_string())
}

/// The name of a medium's file of one width.
pub fn name(id: Uuid, width: u32) -> Name {
    Name::from(format!("{id}/{width}.webp"))
}
