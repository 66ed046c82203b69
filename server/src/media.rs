//! Product pictures: decoded, scaled, re-encoded as WebP and kept in the media folder as `{id}/{width}.webp`.
//!
//! What is stored is always our own encoding of the decoded pixels, never the bytes that came in: metadata, trailing
//! data and whatever else a file may carry for other programs does not survive that. The folder's names are random, so
//! that nobody can guess a picture that no page shows yet.

use fast_image_resize::Resizer;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool, Row};
use std::fs::{self, File};
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Bytes of a picture file, at most.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Pixels a side, at most.
pub const MAX_SIDE: u32 = 8192;
/// Pixels in all, at most: what one decoded picture may take is 160 MB at four bytes each.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The widths in pixels that pages choose from, rising; a picture gets those below its own width, and its own.
pub const WIDTHS: [u32; 6] = [240, 480, 800, 1200, 1600, 1920];
/// The soft grounds that product photos stand on show steps and blocks below it; a sixth more bytes than at 86.
const QUALITY: f32 = 90.0;

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

/// Why a picture is not taken. All but `DiskFull`, `Io`, `Encoding`, `Worker` and `Database` are about the file, in
/// words for the person who chose it.
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
    #[error("the file goes on after the picture’s end; save the picture anew from a picture program")]
    TrailingData,
    #[error("the disk is full")]
    DiskFull,
    #[error("the media folder can’t be written")]
    Io(#[source] io::Error),
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
            Self::TooManyBytes | Self::TooManyPixels { .. } | Self::UnknownFormat | Self::Damaged | Self::TrailingData
        )
    }
}

impl From<io::Error> for MediaError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

/// SHA-256 of a picture file's bytes.
pub type Hash = [u8; 32];

pub fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// The folder of pictures, and the right to use the machine's cores on them.
#[derive(Clone, Debug)]
pub struct MediaStore {
    folder: PathBuf,
    workers: Arc<Semaphore>,
}

impl MediaStore {
    /// The folder is made with the first picture.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { folder: folder.into(), workers: Arc::new(Semaphore::new(cores)) }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a file of a medium lies.
    pub fn path(&self, id: Uuid, width: u32) -> PathBuf {
        self.folder.join(id.to_string()).join(format!("{width}.webp"))
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
    /// # Errors
    /// [`MediaError`]; then nothing is left in the folder.
    pub async fn store(&self, bytes: Vec<u8>) -> Result<NewFiles, MediaError> {
        let folder = self.folder.clone();
        self.work(move || write_renditions(&folder, &decode(&bytes)?)).await
    }

    /// Removes folders that no row names, which a process that was killed while it stored pictures leaves behind. What
    /// is younger than `age` may belong to an import whose rows are still to come.
    ///
    /// # Errors
    /// Of the database, and when the folder can't be listed. Returns how many were removed.
    pub async fn sweep(&self, pool: &PgPool, age: Duration) -> Result<usize, MediaError> {
        let mut old = Vec::new();
        let Ok(mut entries) = tokio::fs::read_dir(&self.folder).await else { return Ok(0) };
        while let Some(entry) = entries.next_entry().await? {
            let Some(id) = entry.file_name().to_str().and_then(|name| Uuid::parse_str(name).ok()) else { continue };
            let changed = entry.metadata().await?.modified()?;
            if changed.elapsed().is_ok_and(|since| since >= age) {
                old.push(id);
            }
        }
        let mut removed = 0;
        for some in old.chunks(1000) {
            let lost: Vec<Uuid> = sqlx::query_scalar(
                "select id from unnest($1::uuid[]) as old (id)
                 where not exists (select from media where media.id = old.id)",
            )
            .bind(some)
            .fetch_all(pool)
            .await?;
            for id in lost {
                tokio::fs::remove_dir_all(self.folder.join(id.to_string())).await?;
                removed += 1;
            }
        }
        Ok(removed)
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

/// The files of a medium whose row is not yet committed.
#[derive(Debug)]
pub struct NewFiles {
    medium: Medium,
    folder: PathBuf,
    kept: bool,
}

impl NewFiles {
    pub fn medium(&self) -> &Medium {
        &self.medium
    }

    pub fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for NewFiles {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = fs::remove_dir_all(&self.folder)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, folder = %self.folder.display(), "can't remove an unused picture");
        }
    }
}

/// # Errors
/// Of the database.
pub async fn find(conn: &mut PgConnection, hash: &Hash) -> Result<Option<Medium>, sqlx::Error> {
    sqlx::query("select id, width, height, widths from media where hash = $1")
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

/// Decodes what may be decoded: the limits are checked on the header, before a pixel is unpacked, so that a small file
/// can't ask for gigabytes.
fn decode(bytes: &[u8]) -> Result<DynamicImage, MediaError> {
    if bytes.len() > MAX_BYTES {
        return Err(MediaError::TooManyBytes);
    }
    let format = image::guess_format(bytes).map_err(|_| MediaError::UnknownFormat)?;
    let end = match format {
        ImageFormat::Jpeg => jpeg_end(bytes),
        ImageFormat::Png => png_end(bytes),
        ImageFormat::WebP => webp_end(bytes),
        _ => return Err(MediaError::UnknownFormat),
    };
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = reader().into_dimensions().map_err(|_| MediaError::Damaged)?;
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(MediaError::TooManyPixels { width, height });
    }
    let end = end.ok_or(MediaError::Damaged)?;
    let rest = bytes.get(end..).ok_or(MediaError::Damaged)?;
    if !is_harmless_rest(format, rest) {
        return Err(MediaError::TrailingData);
    }
    let mut reader = reader();
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    // 16 bits a channel are four times what is kept; beyond that a header lies.
    limits.max_alloc = Some(MAX_PIXELS * 8 + 64 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| MediaError::Damaged)?;
    let orientation = decoder.orientation().map_err(|_| MediaError::Damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| MediaError::Damaged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// A picture that is also something else (an archive, a page, a program) hides it behind its end. Re-encoding drops it
/// anyway; refusing says so to whoever sent it. Zeros are padding, and phones put further JPEGs (a gain map, a
/// thumbnail) behind the first one.
fn is_harmless_rest(format: ImageFormat, rest: &[u8]) -> bool {
    let padding = rest.iter().take_while(|&&byte| byte == 0).count();
    let rest = &rest[padding..];
    rest.is_empty()
        || (format == ImageFormat::Jpeg
            && rest.starts_with(&[0xff, 0xd8])
            && jpeg_end(rest).and_then(|end| rest.get(end..)).is_some_and(|rest| is_harmless_rest(format, rest)))
}

/// The offset behind a JPEG's end marker.
fn jpeg_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        // Entropy-coded data, and fill bytes, up to a marker that is neither a stuffed zero nor a restart.
        while !(*bytes.get(at)? == 0xff && !matches!(*bytes.get(at + 1)?, 0x00 | 0xd0..=0xd7 | 0xff)) {
            at += 1;
        }
        match bytes[at + 1] {
            0xd9 => return Some(at + 2),
            0x01 | 0xd8 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?])),
        }
    }
}

/// The offset behind a PNG's last chunk.
fn png_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let end = at.checked_add(12)?.checked_add(usize::try_from(length).ok()?)?;
        if bytes.get(at + 4..at + 8)? == b"IEND" {
            return Some(end);
        }
        at = end;
    }
}

/// The offset behind a WebP's container, whose length is padded to an even one.
fn webp_end(bytes: &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
    let length = usize::try_from(length).ok()?;
    let end = length.checked_add(8)?;
    // Some encoders leave the last padding byte out.
    Some(if length % 2 == 1 && bytes.len() > end { end + 1 } else { end })
}

fn widths_of(original: u32) -> Vec<u32> {
    let largest = original.min(WIDTHS[WIDTHS.len() - 1]);
    WIDTHS.into_iter().filter(|&width| width < largest).chain([largest]).collect()
}

/// Writes all widths into a folder under a temporary name and renames that at the end: a reader sees all of a medium's
/// files or none, and what a full disk or a crash leaves is never taken for a picture.
fn write_renditions(folder: &Path, picture: &DynamicImage) -> Result<NewFiles, MediaError> {
    let id = Uuid::new_v4();
    let widths = widths_of(picture.width());
    fs::create_dir_all(folder)?;
    let temporary = folder.join(format!(".{id}.part"));
    fs::create_dir(&temporary)?;
    // Until the rename, the guard watches the temporary folder.
    let mut files = NewFiles {
        medium: Medium { id, width: 0, height: 0, widths: widths.clone() },
        folder: temporary.clone(),
        kept: false,
    };
    let picture = if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.to_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.to_rgb8())
    };
    // From wide to narrow, each from the one before: the cost of the first, and no visible loss.
    let mut scaled = picture;
    let mut resizer = Resizer::new();
    for &width in widths.iter().rev() {
        if scaled.width() != width {
            let height = u64::from(scaled.height()) * u64::from(width);
            let height = (height + u64::from(scaled.width()) / 2) / u64::from(scaled.width());
            let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
            let mut smaller = DynamicImage::new(width, height, scaled.color());
            // Lanczos of three lobes, with colours weighted by their opacity.
            resizer.resize(&scaled, &mut smaller, None).map_err(|_| MediaError::Encoding)?;
            scaled = smaller;
        }
        if files.medium.width == 0 {
            files.medium.width = scaled.width();
            files.medium.height = scaled.height();
        }
        let mut file = File::create_new(temporary.join(format!("{width}.webp")))?;
        file.write_all(&encode(&scaled)?)?;
        file.sync_all()?;
    }
    let finished = folder.join(id.to_string());
    File::open(&temporary)?.sync_all()?;
    fs::rename(&temporary, &finished)?;
    files.folder = finished;
    File::open(folder)?.sync_all()?;
    Ok(files)
}

fn encode(picture: &DynamicImage) -> Result<Vec<u8>, MediaError> {
    let (width, height) = (picture.width(), picture.height());
    let encoder = match picture {
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels, width, height),
        DynamicImage::ImageRgb8(pixels) => webp::Encoder::from_rgb(pixels, width, height),
        _ => return Err(MediaError::Encoding),
    };
    let encoded = encoder.encode_simple(false, QUALITY).map_err(|_| MediaError::Encoding)?;
    Ok(encoded.to_vec())
}
