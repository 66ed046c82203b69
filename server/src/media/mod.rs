//! Product pictures: decoded, scaled, re-encoded as WebP and kept in a folder or a bucket as `{id}/{width}.webp`.
//!
//! What is stored is always our own encoding of the decoded pixels, never the bytes that came in: metadata, trailing
//! data and whatever else a file may carry for other programs does not survive that. Names are random, so that nobody can
//! guess a picture that no page shows yet.

mod bucket;
mod decode;
mod files;
mod incoming;
mod place;
mod renditions;
mod unused;

pub use files::NewFiles;
pub use incoming::Original;

use bytes::Bytes;
use decode::decode;
use files::Files;
use object_store::{GetResult, ObjectStore, ObjectStoreExt};
use place::{Place, Shelf};
use renditions::{Rendition, renditions};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, Row};
use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// Bytes of a picture file, at most.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Pixels a side, at most.
pub const MAX_SIDE: u32 = 8192;
/// Pixels in all, at most: what one decoded picture may take is 160 MB at four bytes each.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The widths in pixels that pages choose from, rising; a picture gets those below its own width, and its own.
pub const WIDTHS: [u32; 6] = [240, 480, 800, 1200, 1600, 1920];
/// Files that are read from clients at once. Each is held in memory until it is written away; further ones wait in their
/// senders' hands.
const RECEIVED_AT_ONCE: usize = 8;

/// A stored picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    pub id: Uuid,
    /// Pixels of the widest file that is kept, upright.
    pub width: u32,
    pub height: u32,
    /// Widths of the files that are kept, rising; the last is `width`.
    pub widths: Vec<u32>,
}

impl Medium {
    /// The public address of one of [`Medium::widths`].
    pub fn url(id: Uuid, width: u32) -> String {
        format!("/media/{id}/{width}.webp")
    }
}

/// Why a picture is not taken. All but `DiskFull`, `Io`, `Store`, `Encoding`, `Worker` and `Database` are about the file,
/// in words for the person who chose it.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("the picture is larger than {} MiB", MAX_BYTES / 1024 / 1024)]
    TooManyBytes,
    #[error(
        "the picture measures {width} × {height} pixels; at most {MAX_SIDE} a side and 40 million in all are taken"
    )]
    TooManyPixels { width: u32, height: u32 },
    #[error("the file is not a JPEG, PNG or WebP picture")]
    UnknownFormat,
    #[error("the picture is damaged and can’t be read")]
    Damaged,
    #[error("the picture moves; send a still one")]
    Animated,
    #[error("the file goes on after the picture’s end; save the picture anew from a picture program")]
    TrailingData,
    #[error("the disk is full")]
    DiskFull,
    #[error("the media folder can’t be written")]
    Io(#[source] io::Error),
    #[error("pictures can’t be kept: {0}")]
    Store(#[source] object_store::Error),
    #[error("the picture can’t be scaled or encoded")]
    Encoding,
    #[error("a picture worker failed")]
    Worker,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl MediaError {
    /// Whether another file would do: then the person who chose it is told; otherwise the operator is.
    pub fn is_about_the_file(&self) -> bool {
        matches!(
            self,
            Self::TooManyBytes
                | Self::TooManyPixels { .. }
                | Self::UnknownFormat
                | Self::Damaged
                | Self::Animated
                | Self::TrailingData
        )
    }
}

impl From<io::Error> for MediaError {
    fn from(error: io::Error) -> Self {
        if is_full(&error) { Self::DiskFull } else { Self::Io(error) }
    }
}

impl From<object_store::Error> for MediaError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(one) = cause {
            if one.downcast_ref::<io::Error>().is_some_and(is_full) {
                return Self::DiskFull;
            }
            cause = one.source();
        }
        Self::Store(error)
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// SHA-256 of a picture file's bytes.
pub type Hash = [u8; 32];

pub fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Where pictures are kept, and the right to use the machine's cores on them.
#[derive(Clone, Debug)]
pub struct MediaStore {
    place: Place,
    at_once: usize,
    workers: Arc<Semaphore>,
    received: Arc<Semaphore>,
}

impl MediaStore {
    /// The folder is made with the first picture.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self::at_place(Place::folder(folder.into()))
    }

    /// Within a bucket, or what behaves as one.
    pub fn within(objects: Arc<dyn ObjectStore>) -> Self {
        Self::at_place(Place::Bucket(objects))
    }

    fn at_place(place: Place) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (workers, received) = (Semaphore::new(cores), Semaphore::new(RECEIVED_AT_ONCE));
        Self { place, at_once: cores, workers: Arc::new(workers), received: Arc::new(received) }
    }

    /// How many pictures are decoded and encoded at once, at most.
    pub fn at_once(&self) -> usize {
        self.at_once
    }

    /// Makes sure that pictures can be kept.
    ///
    /// # Errors
    /// When they can't.
    pub async fn probe(&self) -> Result<(), MediaError> {
        let name = object_store::path::Path::from(format!(".probe-{}", Uuid::new_v4()));
        let objects = self.place.objects()?;
        objects.put(&name, Bytes::from_static(b"x").into()).await?;
        Ok(objects.delete(&name).await?)
    }

    /// A file of a medium; `None` for one that isn't there.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn open(&self, id: Uuid, width: u32) -> Result<Option<GetResult>, MediaError> {
        match self.place.objects()?.get(&place::name(id, width)).await {
            Ok(file) => Ok(Some(file)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// All bytes of a file of a medium; `None` for one that isn't there.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn read(&self, id: Uuid, width: u32) -> Result<Option<Bytes>, MediaError> {
        match self.open(id, width).await? {
            Some(file) => Ok(Some(file.bytes().await?)),
            None => Ok(None),
        }
    }

    /// The right to read a picture from a client into memory.
    ///
    /// # Errors
    /// Never while the shop runs.
    pub async fn receiving(&self) -> Result<OwnedSemaphorePermit, MediaError> {
        Arc::clone(&self.received).acquire_owned().await.map_err(|_| MediaError::Worker)
    }

    /// Stores a picture and its row; the same bytes a second time give the medium that is there already.
    ///
    /// The files stay even if the caller's transaction rolls back afterwards: a folder that no row names is waste, a
    /// row without its folder would be a hole in a page.
    ///
    /// # Errors
    /// [`MediaError`]; then neither files nor a row are left.
    pub async fn ingest(&self, conn: &mut PgConnection, bytes: Vec<u8>) -> Result<Medium, MediaError> {
        if bytes.len() > MAX_BYTES {
            return Err(MediaError::TooManyBytes);
        }
        let hash = hash(&bytes);
        if let Some(known) = find(conn, &hash).await? {
            return Ok(known);
        }
        let files = self.store(bytes).await?;
        let medium = insert(conn, &hash, files.medium()).await?;
        if medium.id == files.medium().id {
            files.keep();
        } else {
            files.remove().await;
        }
        Ok(medium)
    }

    /// Decodes a picture and forgets it: says whether [`MediaStore::store`] would take it.
    ///
    /// # Errors
    /// As [`MediaStore::store`], except for those of writing.
    pub async fn check(&self, bytes: Vec<u8>) -> Result<(), MediaError> {
        self.work(move || decode(&bytes).map(drop)).await
    }

    /// Writes a picture's files. They vanish with the returned guard unless they are kept.
    ///
    /// Nobody knows their name before their row is there, so a picture is seen with all of its files or not at all.
    ///
    /// # Errors
    /// [`MediaError`]; then nothing is left of them.
    pub async fn store(&self, bytes: impl AsRef<[u8]> + Send + 'static) -> Result<NewFiles, MediaError> {
        let made = self.work(move || renditions(decode(bytes.as_ref())?)).await?;
        let objects = self.place.objects()?;
        let medium = medium_of(&made)?;
        let files = NewFiles { files: Files::new(self.place.clone(), Shelf::Ready, medium.id), medium };
        for Rendition { width, webp, .. } in made {
            if let Err(error) = objects.put(&place::name(files.medium.id, width), webp.into()).await {
                files.remove().await;
                return Err(error.into());
            }
        }
        Ok(files)
    }

    /// Decoding and encoding keep a core busy for a tenth of a second and hold a decoded picture in memory: as many at
    /// once as there are cores, and never on the threads that answer requests.
    async fn work<T, F>(&self, job: F) -> Result<T, MediaError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, MediaError> + Send + 'static,
    {
        let permit = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| MediaError::Worker)?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            job()
        })
        .await
        .map_err(|_| MediaError::Worker)?
    }
}

fn medium_of(made: &[Rendition]) -> Result<Medium, MediaError> {
    let widest = made.last().ok_or(MediaError::Encoding)?;
    Ok(Medium {
        id: Uuid::new_v4(),
        width: widest.width,
        height: widest.height,
        widths: made.iter().map(|one| one.width).collect(),
    })
}

/// Within a transaction nobody takes it away until that ends.
///
/// # Errors
/// Of the database.
pub async fn find(conn: &mut PgConnection, hash: &Hash) -> Result<Option<Medium>, sqlx::Error> {
    sqlx::query("select id, width, height, widths from media where hash = $1 for key share")
        .bind(&hash[..])
        .try_map(|row| read(&row))
        .fetch_optional(conn)
        .await
}

/// Inserts the row of stored files, or finds that of whoever was faster with the same bytes.
///
/// # Errors
/// Of the database.
pub async fn insert(conn: &mut PgConnection, hash: &Hash, medium: &Medium) -> Result<Medium, sqlx::Error> {
    // An update that changes nothing, because `do nothing` would return no row.
    sqlx::query(
        "insert into media (id, hash, width, height, widths)
         values ($1, $2, $3, $4, $5)
         on conflict (hash) do update set hash = excluded.hash
         returning id, width, height, widths",
    )
    .bind(medium.id)
    .bind(&hash[..])
    .bind(i32::try_from(medium.width).unwrap_or(i32::MAX))
    .bind(i32::try_from(medium.height).unwrap_or(i32::MAX))
    .bind(medium.widths.iter().map(|&width| i32::try_from(width).unwrap_or(i32::MAX)).collect::<Vec<_>>())
    .try_map(|row| read(&row))
    .fetch_one(conn)
    .await
}

fn read(row: &sqlx::postgres::PgRow) -> Result<Medium, sqlx::Error> {
    let pixels = |number: i32| u32::try_from(number).unwrap_or(0);
    Ok(Medium {
        id: row.try_get("id")?,
        width: pixels(row.try_get("width")?),
        height: pixels(row.try_get("height")?),
        widths: row.try_get::<Vec<i32>, _>("widths")?.into_iter().map(pixels).collect(),
    })
}
