//! The pictures that a file names: addresses stay where they are, file names are read from a folder.

use super::progress::{Phase, Progress};
use super::report::{ImportError, Problem};
use crate::media::{self, MediaStore, NewFiles};
use futures::stream::{self, StreamExt};
use sqlx::{PgConnection, Row};
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Where the pictures lie that a file names by relative file names.
pub trait PictureSource: Send + Sync {
    /// The bytes of a picture; none to leave it out of its product.
    ///
    /// # Errors
    /// The reason for people, when the file is to be refused.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String>;
}

/// For files that come without a folder.
pub struct NoPictures;

impl PictureSource for NoPictures {
    fn read(&self, _: &str) -> Result<Option<Vec<u8>>, String> {
        Err("the file comes without pictures; give a picture’s address, which begins with https://".to_owned())
    }
}

/// Folders, and nothing outside them. A picture is that of the first folder that has its name.
pub struct PictureFolders {
    folders: Vec<PathBuf>,
}

impl PictureFolders {
    pub fn new(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { folders: folders.into_iter().collect() }
    }
}

impl PictureSource for PictureFolders {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(Failure::Outside.to_string());
        }
        let mut failure = Failure::NotFound;
        for folder in &self.folders {
            match read_below(folder, name) {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(Failure::NotFound) => {}
                Err(other) => failure = other,
            }
        }
        Err(failure.to_string())
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("there is no such file")]
    NotFound,
    #[error("leads out of the folder of the CSV file")]
    Outside,
    #[error("is not a file")]
    NotAFile,
    #[error("can’t be read: {0}")]
    Unreadable(io::ErrorKind),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NotFound,
            kind => Self::Unreadable(kind),
        }
    }
}

fn read_below(folder: &Path, name: &str) -> Result<Vec<u8>, Failure> {
    // Resolved before it is compared, so that a symbolic link can't point out either.
    let folder = fs::canonicalize(folder)?;
    let path = fs::canonicalize(folder.join(name))?;
    if !path.starts_with(&folder) {
        return Err(Failure::Outside);
    }
    // A pipe would be waited for without end.
    if !fs::metadata(&path)?.is_file() {
        return Err(Failure::NotAFile);
    }
    let mut bytes = Vec::new();
    // One byte more than a picture may have tells one that has too many.
    File::open(&path)?.take(media::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where a picture of the file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Foreign,
    Local,
}

/// # Errors
/// The reason, for what is neither an http address nor a relative name.
pub(super) fn address(source: &str) -> Result<Address, &'static str> {
    let starts = |prefix: &str| source.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if starts("http://") || starts("https://") {
        if source.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"')) {
            return Err("is not a web address");
        }
        return Ok(Address::Foreign);
    }
    if source.contains("://") || source.starts_with("//") || starts("data:") || starts("javascript:") {
        return Err("must begin with http:// or https://, or name a file beside the CSV file");
    }
    Ok(Address::Local)
}

/// A local picture as the rows refer to it.
pub(super) struct Wanted {
    pub number: i32,
    pub name: String,
    pub line: u64,
    /// Whether the name came from `Image Src`; otherwise from `Variant Image`.
    pub in_src: bool,
}

/// What became of the wanted pictures.
#[derive(Default)]
pub(super) struct Prepared {
    /// Files whose rows are inserted but not yet committed.
    pub files: Vec<NewFiles>,
    pub problems: Vec<Problem>,
    /// Numbers of refused pictures.
    pub refused: Vec<i32>,
}

impl Prepared {
    fn refuse(&mut self, picture: &Wanted, reason: &str) {
        let column = if picture.in_src { "Image Src" } else { "Variant Image" };
        self.refused.push(picture.number);
        self.problems.push(Problem {
            line: picture.line,
            column: Some(column.to_owned()),
            reason: format!("{}: {reason}", picture.name),
        });
    }
}

/// A picture's file name when it has no source of its own: an export names it so, and an import takes it back to none.
pub(super) fn own_name(id: Uuid) -> String {
    format!("{id}.webp")
}

pub(super) fn is_own_name(name: &str) -> bool {
    name.strip_suffix(".webp").is_some_and(|stem| Uuid::parse_str(stem).is_ok_and(|id| id.to_string() == stem))
}

/// Media that the shop's own rows suggest for a name: an export's pictures are our encodings, whose bytes no medium was
/// made from, and taking them for new pictures would change a shop that imports its own export.
async fn candidates(
    conn: &mut PgConnection,
    wanted: &[Wanted],
) -> Result<HashMap<String, Vec<(Uuid, u32)>>, sqlx::Error> {
    let names: Vec<&str> = wanted.iter().map(|picture| picture.name.as_str()).collect();
    let rows = sqlx::query(
        "select distinct i.source as name, m.id, m.width
         from product_images i join media m on m.id = i.media_id
         where i.source = any($1)
         union
         select m.id || '.webp', m.id, m.width
         from media m
         where m.id || '.webp' = any($1)",
    )
    .bind(names)
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<String, Vec<(Uuid, u32)>> = HashMap::new();
    for row in rows {
        let width = u32::try_from(row.try_get::<i32, _>("width")?).unwrap_or(0);
        found.entry(row.try_get("name")?).or_default().push((row.try_get("id")?, width));
    }
    Ok(found)
}

enum Outcome {
    /// Already stored, under this id, with other bytes than these.
    Stored(media::Hash, Uuid),
    /// Already stored from these bytes, or about to be by another picture of the batch.
    Known(media::Hash),
    New(media::Hash, Option<NewFiles>),
    LeftOut,
}

/// A picture that a row wants, with what its source had of it.
type Fetched = (Wanted, Result<Option<Vec<u8>>, String>);

/// Reads, checks and (unless it is a dry run) stores the wanted pictures, and fills the table `staged_pictures`.
pub(super) async fn prepare(
    conn: &mut PgConnection,
    store: &MediaStore,
    source: &Arc<dyn PictureSource>,
    wanted: Vec<Wanted>,
    dry_run: bool,
    progress: &dyn Progress,
) -> Result<Prepared, ImportError> {
    let mut prepared = Prepared::default();
    if wanted.is_empty() {
        return Ok(prepared);
    }
    progress.phase(Phase::Pictures, Some(wanted.len() as u64));
    let candidates = candidates(conn, &wanted).await?;
    let at_once = std::thread::available_parallelism().map_or(1, usize::from) * 2;
    let mut done = 0;
    let mut media_of: HashMap<media::Hash, Uuid> = HashMap::new();
    let mut wanted = wanted.into_iter().peekable();
    // In batches, because the known hashes are asked for in between and a batch of decoded bytes is held meanwhile.
    while wanted.peek().is_some() {
        let batch: Vec<Wanted> = wanted.by_ref().take(32).collect();
        let read: Vec<Fetched> = stream::iter(batch)
            .map(|picture| {
                let source = Arc::clone(source);
                async move {
                    tokio::task::spawn_blocking(move || {
                        let bytes = source.read(&picture.name);
                        (picture, bytes)
                    })
                    .await
                    .map_err(|_| ImportError::Reader)
                }
            })
            .buffered(at_once)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .collect::<Result<_, _>>()?;
        let hashes: Vec<media::Hash> =
            read.iter().filter_map(|(_, bytes)| bytes.as_ref().ok()?.as_deref().map(media::hash)).collect();
        let known = known_hashes(conn, &hashes).await?;
        let mut claimed: HashSet<media::Hash> = HashSet::new();
        let jobs: Vec<_> = read
            .into_iter()
            .map(|(picture, bytes)| {
                let hash = bytes.as_ref().ok().and_then(|bytes| bytes.as_deref().map(media::hash));
                let is_known = hash.is_some_and(|hash| {
                    known.contains_key(&hash) || media_of.contains_key(&hash) || !claimed.insert(hash)
                });
                let candidates = candidates.get(&picture.name).cloned().unwrap_or_default();
                prepare_one(store, picture, bytes, hash, is_known, candidates, dry_run)
            })
            .collect();
        media_of.extend(known);
        let outcomes: Vec<(Wanted, Result<Outcome, String>)> = stream::iter(jobs)
            .buffered(at_once)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .collect::<Result<_, ImportError>>()?;
        let mut staged: Vec<(i32, Option<Uuid>)> = Vec::new();
        // Those that lean on another picture of the batch come last.
        let (leaning, others): (Vec<_>, Vec<_>) =
            outcomes.into_iter().partition(|(_, outcome)| matches!(outcome, Ok(Outcome::Known(_))));
        for (picture, outcome) in others.into_iter().chain(leaning) {
            done += 1;
            let outcome = match outcome {
                Ok(Outcome::Known(hash)) => match media_of.get(&hash) {
                    Some(&id) => Ok(Outcome::Stored(hash, id)),
                    None => Err("is the same as another picture that is refused".to_owned()),
                },
                outcome => outcome,
            };
            match outcome {
                Ok(Outcome::New(hash, files)) => {
                    let id = match files {
                        Some(files) => {
                            let medium = media::insert(conn, &hash, files.medium()).await?;
                            if medium.id == files.medium().id {
                                prepared.files.push(files);
                            }
                            medium.id
                        }
                        // A dry run has no row to name; any id is another than those in the shop.
                        None => Uuid::new_v4(),
                    };
                    media_of.insert(hash, id);
                    staged.push((picture.number, Some(id)));
                }
                Ok(Outcome::Stored(hash, id)) => {
                    media_of.insert(hash, id);
                    staged.push((picture.number, Some(id)));
                }
                Ok(Outcome::Known(_) | Outcome::LeftOut) => staged.push((picture.number, None)),
                Err(reason) => prepared.refuse(&picture, &reason),
            }
        }
        progress.done(done);
        stage(conn, staged).await?;
    }
    Ok(prepared)
}

async fn stage(conn: &mut PgConnection, staged: Vec<(i32, Option<Uuid>)>) -> Result<(), sqlx::Error> {
    let (numbers, ids): (Vec<i32>, Vec<Option<Uuid>>) = staged.into_iter().unzip();
    sqlx::query("insert into staged_pictures (number, media_id) select * from unnest($1::int[], $2::uuid[])")
        .bind(numbers)
        .bind(ids)
        .execute(conn)
        .await?;
    Ok(())
}

/// As [`prepare`], for a file that comes without pictures: the shop's own are meant.
pub(super) async fn known(conn: &mut PgConnection, wanted: Vec<Wanted>) -> Result<Prepared, ImportError> {
    let mut prepared = Prepared::default();
    if wanted.is_empty() {
        return Ok(prepared);
    }
    let candidates = candidates(conn, &wanted).await?;
    let mut staged = Vec::new();
    for picture in wanted {
        let found = candidates.get(&picture.name).map(Vec::as_slice).unwrap_or_default();
        match found {
            [(id, _)] => staged.push((picture.number, Some(*id))),
            [] => prepared.refuse(
                &picture,
                "the shop has no picture of this name, and a file alone brings none; give its address, which begins \
                 with https://",
            ),
            _ => prepared.refuse(&picture, "several pictures of the shop have this name; export them to see their own"),
        }
    }
    stage(conn, staged).await?;
    Ok(prepared)
}

async fn prepare_one(
    store: &MediaStore,
    picture: Wanted,
    bytes: Result<Option<Vec<u8>>, String>,
    hash: Option<media::Hash>,
    is_known: bool,
    candidates: Vec<(Uuid, u32)>,
    dry_run: bool,
) -> Result<(Wanted, Result<Outcome, String>), ImportError> {
    let (bytes, hash) = match (bytes, hash) {
        (Err(reason), _) => return Ok((picture, Err(reason))),
        (Ok(Some(bytes)), Some(hash)) => (bytes, hash),
        (Ok(_), _) => return Ok((picture, Ok(Outcome::LeftOut))),
    };
    for (id, width) in candidates {
        if store.read(id, width).await.is_ok_and(|stored| stored.is_some_and(|stored| stored == bytes)) {
            return Ok((picture, Ok(Outcome::Stored(hash, id))));
        }
    }
    if is_known {
        return Ok((picture, Ok(Outcome::Known(hash))));
    }
    let result = if dry_run { store.check(bytes).await.map(|()| None) } else { store.store(bytes).await.map(Some) };
    match result {
        Ok(files) => Ok((picture, Ok(Outcome::New(hash, files)))),
        Err(error) if error.is_about_the_file() => Ok((picture, Err(error.to_string()))),
        Err(error) => Err(error.into()),
    }
}

async fn known_hashes(
    conn: &mut PgConnection,
    hashes: &[media::Hash],
) -> Result<HashMap<media::Hash, Uuid>, sqlx::Error> {
    let hashes: Vec<&[u8]> = hashes.iter().map(|hash| &hash[..]).collect();
    let rows = sqlx::query("select hash, id from media where hash = any($1)").bind(hashes).fetch_all(conn).await?;
    let mut known = HashMap::new();
    for row in rows {
        if let Ok(hash) = row.try_get::<Vec<u8>, _>("hash")?.try_into() {
            known.insert(hash, row.try_get("id")?);
        }
    }
    Ok(known)
}
