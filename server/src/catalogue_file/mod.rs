//! Import and export of the catalogue as Shopify's product CSV.
//!
//! An import is three steps, kept apart so that each can be looked at alone: [`read`] validates rows into staging
//! tables, [`plan`] compares those with the shop, [`apply`] carries the plan out. All of it is one transaction: a file
//! with one bad row changes nothing, and a dry run is the same plan without the last step.
//!
//! # The format
//! The first row of a handle is the product; further rows of it are further variants, further pictures, or both at
//! once. A column that the file lacks leaves what the shop has; a cell that is empty says "nothing", except for the
//! quantity and the status, which have no such value and stay (a new product has none on hand and is active, as in
//! Shopify). Unknown columns are ignored. A compare-at price is kept whatever it is: whether it makes a sale is for the
//! pages to decide.
//!
//! Pictures with an address stay at it. Others are files, which the import looks for in the folder `FILE.media` beside
//! `FILE.csv`, then beside the CSV file itself. An export keeps each picture's source name and
//! writes its widest file under that name to `FILE.media`, so that the exported pair gives the same catalogue in an
//! empty shop, and no change in its own.

mod apply;
mod categories;
mod cells;
mod columns;
mod export;
mod holders;
mod kept;
mod nesting;
mod pictures;
mod plan;
mod progress;
mod read;
mod records;
mod report;
mod stage;
mod undo;
mod words;

pub(crate) use categories::Tree;
pub(crate) use cells::{clean_html, join, neutralise, one_line, split, whole_number};
pub use export::{ExportError, ExportReport, export};
pub(crate) use export::{export_head, export_some, template};
pub(crate) use holders::{Leaving, wait_for_holders};
pub(crate) use kept::{is_as_shown, keep_after, keep_before, keep_plan};
pub(crate) use nesting::is_too_deep;
pub use pictures::{NoPictures, PictureFolders, PictureSource};
pub use progress::{Phase, Progress, TerminalProgress};
pub use records::Limits;
pub use report::{Change, ChangeKind, FieldChange, ImportError, ImportReport, Problem};
pub(crate) use undo::{begin_undo, forget, hindrances, take_back};

use crate::media::{MediaStore, NewFiles};
use app::domain::Currency;
use sqlx::{PgConnection, PgPool};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// A CSV file and where its pictures lie.
pub struct CatalogueFile {
    pub input: Box<dyn Read + Send>,
    /// For the progress bar.
    pub bytes: Option<u64>,
    pub pictures: Arc<dyn PictureSource>,
}

impl CatalogueFile {
    /// # Errors
    /// When the file can't be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let beside = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let pictures = Arc::new(PictureFolders::new([path.with_extension("media"), beside.to_owned()]));
        Ok(Self { input: Box::new(file), bytes: metadata.is_file().then_some(metadata.len()), pictures })
    }
}

#[derive(Clone)]
pub struct ImportOptions {
    /// Report what would be done, and do nothing.
    pub dry_run: bool,
    /// Who imports, for the stock movements: the id of a person, or the name of what isn't one.
    pub actor: String,
    pub limits: Limits,
    /// So many problems are reported one by one; the rest is counted.
    pub list_problems: usize,
    /// So many products are reported with what changes in them.
    pub list_changes: usize,
    pub progress: Arc<dyn Progress>,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            dry_run: false,
            actor: "system".to_owned(),
            limits: Limits::default(),
            list_problems: 1000,
            list_changes: 0,
            progress: Arc::new(Silent),
        }
    }
}

struct Silent;

impl Progress for Silent {
    fn phase(&self, _: Phase, _: Option<u64>) {}
    fn done(&self, _: u64) {}
    fn finished(&self) {}
}

/// Says that an import is over, however it ends.
pub(crate) struct Finish(pub Arc<dyn Progress>);

impl Drop for Finish {
    fn drop(&mut self) {
        self.0.finished();
    }
}

/// Commits an import together with its pictures.
///
/// # Errors
/// Of the database.
pub(crate) async fn commit(
    transaction: sqlx::Transaction<'_, sqlx::Postgres>,
    files: Vec<NewFiles>,
) -> Result<(), sqlx::Error> {
    // Before the commit, because whether one that failed took place is not known: files that no row names are waste,
    // rows without files would be holes.
    files.into_iter().for_each(NewFiles::keep);
    transaction.commit().await
}

/// Imports within a transaction of the caller, who must end it with [`commit`].
pub(crate) async fn import_in(
    conn: &mut PgConnection,
    media: &MediaStore,
    currency: &Currency,
    file: CatalogueFile,
    options: &ImportOptions,
) -> Result<(ImportReport, Vec<NewFiles>), ImportError> {
    let planned = plan_in(conn, Some(media), currency, file, options).await?;
    if planned.report.is_refused() {
        return Err(ImportError::Refused(Box::new(planned.report)));
    }
    if !options.dry_run {
        options.progress.phase(Phase::Writing, None);
        planned.hold(conn).await?;
        planned.carry_out(conn).await?;
    }
    Ok((planned.report, planned.files))
}

/// What a file would do, within the transaction that planned it.
pub(crate) struct Planned {
    pub report: ImportReport,
    tree: Tree,
    counts: plan::Counts,
    files: Vec<NewFiles>,
    /// Whether the plan's tables are there: not for a file without a header that can be read.
    is_made: bool,
}

impl Planned {
    /// Waits for the shoppers who have something of what the plan removes, and keeps them from it until the transaction
    /// ends. Before [`Planned::carry_out`].
    ///
    /// # Errors
    /// Of the database; the caller rolls back.
    pub async fn hold(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        apply::hold(conn).await
    }

    /// Does what the plan says. For one that is not refused, made without `dry_run`, and [held](Planned::hold).
    ///
    /// # Errors
    /// Of the database; the caller rolls back.
    pub async fn carry_out(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        apply::apply(conn, &self.tree, self.counts).await
    }

    /// The files of the pictures that it has prepared, for [`commit`].
    pub fn take_files(&mut self) -> Vec<NewFiles> {
        std::mem::take(&mut self.files)
    }

    /// The categories that it adds, parents first.
    pub fn added_categories(&self) -> Vec<Uuid> {
        if self.counts.created + self.counts.updated > 0 { self.tree.added_ids() } else { Vec::new() }
    }
}

/// Sets a transaction up for work on the whole catalogue, whose stock movements will say `reason` and `actor`. One at a
/// time: two of them would only wait for each other later.
async fn begin(conn: &mut PgConnection, reason: &str, actor: &str) -> Result<(), sqlx::Error> {
    // It may take minutes, and reads whole tables, whatever this pool has in mind for a request.
    sqlx::query(
        "select set_config('shop.reason', $1, true), set_config('shop.actor', $2, true),
                set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true),
                set_config('lock_timeout', '0', true), set_config('work_mem', '64MB', true),
                set_config('enable_seqscan', 'on', true)",
    )
    .bind(reason)
    .bind(actor)
    .execute(&mut *conn)
    .await?;
    sqlx::query("select pg_advisory_xact_lock(hashtext('catalogue import'))").execute(&mut *conn).await?;
    // Nobody else keeps a row for so long, unless something is wrong.
    sqlx::query("select set_config('lock_timeout', '30s', true)").execute(conn).await?;
    Ok(())
}

/// Reads a file and compares it with the shop, within a transaction of the caller. Without `media` the file comes
/// without pictures: a name stands for the picture that the shop has under it.
pub(crate) async fn plan_in(
    conn: &mut PgConnection,
    media: Option<&MediaStore>,
    currency: &Currency,
    file: CatalogueFile,
    options: &ImportOptions,
) -> Result<Planned, ImportError> {
    begin(conn, "import", &options.actor).await?;
    stage::create_tables(conn).await?;

    options.progress.phase(Phase::Reading, file.bytes);
    let mut reading = stage_file(conn, file.input, currency, options).await?;
    let wanted = std::mem::take(&mut reading.pictures);
    let progress = options.progress.as_ref();
    let prepared = match media {
        Some(media) => pictures::prepare(conn, media, &file.pictures, wanted, options.dry_run, progress).await?,
        None => pictures::known(conn, wanted).await?,
    };
    for problem in prepared.problems {
        reading.problems.add(problem);
    }

    options.progress.phase(Phase::Comparing, None);
    let mut tree = Tree::load(conn).await?;
    let mut counts = plan::Counts::default();
    let mut changes = Vec::new();
    plan::check_staged(conn, &mut reading).await?;
    let by_picture = plan::drop_refused(conn, &reading.refused, &prepared.refused).await?;
    reading.refused.extend(by_picture);
    let columns = reading.columns.take();
    if let Some(columns) = &columns {
        if !options.dry_run {
            plan::lock(conn).await?;
        }
        plan::make(conn, columns, &mut reading, &mut tree).await?;
        counts = plan::counts(conn).await?;
        changes = plan::changes(conn, currency, &tree, options.list_changes).await?.into_values().collect();
    }

    let mut problems = reading.problems.listed;
    problems.sort_by_key(|problem| problem.line);
    let report = ImportReport {
        dry_run: options.dry_run,
        rows: reading.rows,
        created: counts.created,
        updated: counts.updated,
        unchanged: counts.unchanged,
        refused: reading.refused.len() as u64 + reading.stray,
        categories_created: if counts.created + counts.updated > 0 { tree.added() as u64 } else { 0 },
        problems,
        more_problems: reading.problems.more,
        changes,
        stopped_at: reading.stopped_at,
    };
    Ok(Planned { report, tree, counts, files: prepared.files, is_made: columns.is_some() })
}

/// Reads on a thread of its own, while this one sends the rows to the database.
async fn stage_file(
    conn: &mut PgConnection,
    input: Box<dyn Read + Send>,
    currency: &Currency,
    options: &ImportOptions,
) -> Result<read::Reading, ImportError> {
    let (sender, mut chunks) = tokio::sync::mpsc::channel::<stage::Chunk>(4);
    let (currency, options) = (currency.clone(), options.clone());
    let reader = tokio::task::spawn_blocking(move || {
        let mut send = |chunk| sender.blocking_send(chunk).is_ok();
        read::Reader::read(
            input,
            options.limits,
            &currency,
            options.list_problems,
            options.progress.as_ref(),
            &mut send,
        )
    });
    while let Some(chunk) = chunks.recv().await {
        chunk.write(conn).await?;
    }
    reader.await.map_err(|_| ImportError::Reader)
}

/// Without it the planner believes a catalogue of yesterday's size until autovacuum comes by, and counts that could be
/// read from an index alone visit every row. A failure costs speed only.
pub(crate) async fn refresh_statistics(pool: &PgPool) {
    let refreshed = async {
        let mut connection = pool.acquire().await?;
        // It takes longer than a request may.
        sqlx::raw_sql("set statement_timeout = 0").execute(&mut *connection).await?;
        let tables = "vacuum (analyze) categories, products, product_images, variants, search_words";
        let vacuumed = sqlx::raw_sql(tables).execute(&mut *connection).await;
        sqlx::raw_sql("reset statement_timeout").execute(&mut *connection).await?;
        vacuumed
    };
    if let Err(error) = refreshed.await {
        tracing::warn!(%error, "the statistics of the catalogue's tables could not be renewed");
    }
}
