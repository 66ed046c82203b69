//! Where pictures are kept: a folder, or a bucket of an S3-compatible service. Ready ones are at its top, under their
//! media's ids; files as they came in are below [`INCOMING`], under their jobs' ids, where no address leads.

use super::MediaError;
use futures::TryStreamExt;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;
use uuid::Uuid;

const INCOMING: &str = "incoming";
/// The only file of a job.
const ORIGINAL: &str = "original";

/// What is kept under an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// A medium's files, which everybody may read who knows the id.
    Ready,
    /// A file as it came in.
    Incoming,
}

impl Shelf {
    fn prefix(self, id: Uuid) -> Name {
        match self {
            Self::Ready => Name::from(id.to_string()),
            Self::Incoming => Name::from(format!("{INCOMING}/{id}")),
        }
    }

    fn folder(self, place: &Path, id: Uuid) -> PathBuf {
        match self {
            Self::Ready => place.join(id.to_string()),
            Self::Incoming => place.join(INCOMING).join(id.to_string()),
        }
    }
}

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

    /// Removes all that is kept under an id.
    ///
    /// # Errors
    /// When the folder can't be written or the service can't be reached.
    pub async fn remove(&self, shelf: Shelf, id: Uuid) -> Result<(), MediaError> {
        match self {
            Self::Folder { .. } => Ok(self.remove_folder(shelf, id)?),
            Self::Bucket(objects) => {
                let names: Vec<Name> =
                    objects.list(Some(&shelf.prefix(id))).map_ok(|object| object.location).try_collect().await?;
                let names = futures::stream::iter(names.into_iter().map(Ok));
                objects.delete_stream(Box::pin(names)).try_for_each(|_| async { Ok(()) }).await?;
                Ok(())
            }
        }
    }

    /// As [`Place::remove`], for where nobody can wait: a bucket is left to it.
    pub fn remove_later(&self, shelf: Shelf, id: Uuid) {
        let failed = move |error: MediaError| tracing::warn!(%error, %id, "can't remove an unused picture");
        match (self, tokio::runtime::Handle::try_current()) {
            (Self::Folder { .. }, _) => {
                if let Err(error) = self.remove_folder(shelf, id) {
                    failed(error.into());
                }
            }
            (Self::Bucket(_), Ok(runtime)) => {
                let place = self.clone();
                runtime.spawn(async move {
                    if let Err(error) = place.remove(shelf, id).await {
                        failed(error);
                    }
                });
            }
            // The sweep finds it.
            (Self::Bucket(_), Err(_)) => {}
        }
    }

    /// With what a process that was killed left half written in it, which is no object of the store's.
    fn remove_folder(&self, shelf: Shelf, id: Uuid) -> io::Result<()> {
        let Self::Folder { path, .. } = self else { return Ok(()) };
        match fs::remove_dir_all(shelf.folder(path, id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Ids of all that is kept on a shelf.
    ///
    /// # Errors
    /// When it can't be listed.
    pub async fn ids(&self, shelf: Shelf) -> Result<Vec<Uuid>, MediaError> {
        if let Self::Folder { path, .. } = self
            && !path.exists()
        {
            return Ok(Vec::new());
        }
        let incoming = Name::from(INCOMING);
        let within = (shelf == Shelf::Incoming).then_some(&incoming);
        let listed = self.objects()?.list_with_delimiter(within).await?;
        Ok(listed.common_prefixes.iter().filter_map(|name| Uuid::parse_str(name.filename()?).ok()).collect())
    }

    /// When something was last written under an id; `None` for one that isn't there.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn written(&self, shelf: Shelf, id: Uuid) -> Result<Option<SystemTime>, MediaError> {
        match self {
            Self::Folder { path, .. } => match tokio::fs::metadata(shelf.folder(path, id)).await {
                Ok(folder) => Ok(Some(folder.modified()?)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error.into()),
            },
            Self::Bucket(objects) => {
                let times: Vec<SystemTime> = objects
                    .list(Some(&shelf.prefix(id)))
                    .map_ok(|object| SystemTime::from(object.last_modified))
                    .try_collect()
                    .await?;
                Ok(times.into_iter().max())
            }
        }
    }
}

/// The name of a medium's file of one width.
pub fn name(id: Uuid, width: u32) -> Name {
    Name::from(format!("{id}/{width}.webp"))
}

/// The name of a job's file as it came in.
pub fn original(job: Uuid) -> Name {
    Name::from(format!("{INCOMING}/{job}/{ORIGINAL}"))
}
