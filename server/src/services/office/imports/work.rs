//! What takes long: dry runs, imports and their undoing, after the request that asked for them.

use super::carry::{By, carry_out, keep_counts, refresh_after, write};
use super::parts;
use crate::catalogue_file::{
    CatalogueFile, ImportError, ImportOptions, Limits, NoPictures, Phase, Planned, Progress, begin_undo, hindrances,
    is_as_shown, keep_plan, plan_in, take_back,
};
use crate::services::office::audit::Actor;
use crate::services::office::rights::still_may;
use app::admin::host::May;
use app::admin::imports::host::{MOST_MIB, MOST_ROWS, State};
use app::domain::Currency;
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use std::io::Cursor;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;
use tracing::Instrument;
use uuid::Uuid;

/// Signs of life: many of them in the time after which nobody believes in the work any more.
const BEAT: Duration = Duration::from_millis(500);
/// Problems that are named one by one: more than a file of that many rows can well have.
const PROBLEMS: usize = 100_000;
/// Products that are named when an import can't be undone.
const NAMED: i64 = 20;

/// What is at work on imports in this process.
pub struct ImportWork {
    pub(super) pool: PgPool,
    currency: Currency,
    /// One at a time, on one connection: requests need the others.
    turn: Semaphore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Check,
    Apply,
    Undo,
}

impl Task {
    /// The import's, while it is done.
    pub fn state(self) -> State {
        match self {
            Self::Check => State::Checking,
            Self::Apply => State::Applying,
            Self::Undo => State::Undoing,
        }
    }

    /// The import's, where nothing came of it.
    fn undone(self) -> State {
        match self {
            Self::Check | Self::Apply => State::Interrupted,
            Self::Undo => State::Applied,
        }
    }
}

/// Claimed work.
pub(super) struct Job {
    pub import: Uuid,
    pub attempt: i32,
    pub actor: Actor,
    pub task: Task,
    /// Why, as whoever asked for it put it; empty for nothing.
    pub reason: String,
}

/// How far a job is.
#[derive(Default)]
struct Pulse {
    phase: Mutex<(&'static str, Option<u64>)>,
    done: AtomicU64,
    over: Notify,
}

impl Progress for Pulse {
    fn phase(&self, phase: Phase, total: Option<u64>) {
        self.done.store(0, Ordering::Relaxed);
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = (phase.words(), total);
    }

    fn done(&self, count: u64) {
        self.done.store(count, Ordering::Relaxed);
    }

    fn finished(&self) {}
}

/// Ends the signs of life with the work, however that ends.
struct Over(Arc<Pulse>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.over.notify_one();
    }
}

/// How an import ends a task: its state, and what there is to say.
struct End<'a> {
    state: State,
    note: &'a str,
}

impl ImportWork {
    pub fn new(pool: PgPool, currency: Currency) -> Arc<Self> {
        Arc::new(Self { pool, currency, turn: Semaphore::new(1) })
    }

    /// Does claimed work to its end.
    pub(super) fn start(self: &Arc<Self>, job: Job) -> JoinHandle<()> {
        let this = Arc::clone(self);
        tokio::spawn(async move { this.run(&job).await }.in_current_span())
    }

    async fn run(self: &Arc<Self>, job: &Job) {
        let pulse = Arc::new(Pulse::default());
        let beating = tokio::spawn(Arc::clone(self).beat(job.import, job.attempt, Arc::clone(&pulse)));
        let over = Over(Arc::clone(&pulse));
        let result = match self.turn.acquire().await {
            Ok(_turn) => match job.task {
                Task::Check => self.check(job, &pulse).await,
                Task::Apply => self.apply(job, &pulse).await,
                Task::Undo => self.undo(job).await,
            },
            // Nobody closes it.
            Err(_) => Ok(()),
        };
        drop(over);
        drop(beating.await);
        if let Err(error) = result {
            self.failed(job, &error).await;
        }
    }

    async fn beat(self: Arc<Self>, import: Uuid, attempt: i32, pulse: Arc<Pulse>) {
        let mut ticks = tokio::time::interval(BEAT);
        loop {
            tokio::select! {
                () = pulse.over.notified() => return,
                _ = ticks.tick() => {}
            }
            let (phase, total) = *pulse.phase.lock().unwrap_or_else(PoisonError::into_inner);
            let done = pulse.done.load(Ordering::Relaxed).cast_signed();
            let beaten = sqlx::query!(
                "update imports set beat_at = now(), phase = $3, done = $4, total = $5 where id = $1 and attempt = $2",
                import,
                attempt,
                phase,
                done,
                total.map(u64::cast_signed)
            )
            .execute(&self.pool)
            .await;
            if let Err(error) = beaten {
                tracing::debug!(%error, "a sign of life was not written; the next will be");
            }
        }
    }

    fn options(&self, job: &Job, pulse: &Arc<Pulse>) -> ImportOptions {
        ImportOptions {
            dry_run: job.task == Task::Check,
            actor: job.actor.key(),
            limits: Limits {
                file_bytes: Some(u64::from(MOST_MIB) * 1024 * 1024),
                rows: Some(u64::from(MOST_ROWS)),
                ..Limits::default()
            },
            list_problems: PROBLEMS,
            list_changes: 0,
            progress: Arc::clone(pulse) as Arc<dyn Progress>,
        }
    }

    async fn plan(&self, conn: &mut PgConnection, job: &Job, pulse: &Arc<Pulse>) -> Result<Planned, ImportError> {
        let file = sqlx::query_scalar!("select file from imports where id = $1", job.import)
            .fetch_optional(&mut *conn)
            .await?
            .flatten()
            .unwrap_or_default();
        let bytes = Some(file.len() as u64);
        let file = CatalogueFile { input: Box::new(Cursor::new(file)), bytes, pictures: Arc::new(NoPictures) };
        plan_in(conn, None, &self.currency, file, &self.options(job, pulse)).await
    }

    async fn check(&self, job: &Job, pulse: &Arc<Pulse>) -> Result<(), ImportError> {
        let mut transaction = self.pool.begin().await?;
        if !still_may(&mut transaction, &job.actor, May::Catalogue).await? {
            return self.stop(transaction, job).await;
        }
        let planned = self.plan(&mut transaction, job, pulse).await?;
        self.show(transaction, job, &planned, "").await
    }

    async fn apply(&self, job: &Job, pulse: &Arc<Pulse>) -> Result<(), ImportError> {
        let mut transaction = self.pool.begin().await?;
        let planned = self.plan(&mut transaction, job, pulse).await?;
        if !is_as_shown(&mut transaction, job.import, &planned).await? {
            let note = "Nothing was applied: the shop has changed since the file was checked. This is what it would do \
                        now. Look again before you apply it.";
            return self.show(transaction, job, &planned, note).await;
        }
        // After all that it has waited for: what is queued doesn't outlive the right to ask for it.
        if !still_may(&mut transaction, &job.actor, May::Catalogue).await? {
            return self.stop(transaction, job).await;
        }
        pulse.phase(Phase::Writing, None);
        let by = By { actor: &job.actor, reason: &job.reason };
        carry_out(&mut transaction, job.import, &planned, by).await?;
        if !end(&mut transaction, job, End { state: State::Applied, note: "" }).await? {
            return Ok(());
        }
        transaction.commit().await?;
        refresh_after(&self.pool, &planned.report).await;
        Ok(())
    }

    async fn undo(&self, job: &Job) -> Result<(), ImportError> {
        let mut transaction = self.pool.begin().await?;
        begin_undo(&mut transaction, job.import, &job.actor.key()).await?;
        if !still_may(&mut transaction, &job.actor, May::Catalogue).await? {
            return self.stop(transaction, job).await;
        }
        let found = hindrances(&mut transaction, job.import, true, NAMED).await?;
        if !found.is_empty() {
            let named: Vec<String> = found.iter().map(|one| format!("{}: {}", one.title, one.reason)).collect();
            let note = format!("Nothing was undone, because of what has happened since. {}.", named.join("; "));
            transaction.rollback().await?;
            let mut connection = self.pool.acquire().await?;
            end(&mut connection, job, End { state: State::Applied, note: &note }).await?;
            return Ok(());
        }
        parts::keep_states(&mut transaction, job.import).await?;
        let undone = take_back(&mut transaction, job.import).await?;
        let counts = json!({ "restored": undone.restored, "deleted": undone.deleted, "archived": undone.archived });
        let by = By { actor: &job.actor, reason: &job.reason };
        let entry = write(&mut transaction, job.import, by, "import.undo", counts).await?;
        parts::write_undone(&mut transaction, &job.actor, entry).await?;
        sqlx::query!("update imports set undone_at = now(), undone_by = $2 where id = $1", job.import, job.actor.id)
            .execute(&mut *transaction)
            .await?;
        let note = match undone.archived {
            0 => String::new(),
            1 => "One new product is archived rather than deleted: it is in a cart or on a wishlist.".to_owned(),
            some => format!("{some} new products are archived rather than deleted: they are in carts or on wishlists."),
        };
        if end(&mut transaction, job, End { state: State::Undone, note: &note }).await? {
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Keeps a plan to be looked at, and ends the job with it.
    async fn show(
        &self,
        mut transaction: sqlx::Transaction<'_, sqlx::Postgres>,
        job: &Job,
        planned: &Planned,
        note: &str,
    ) -> Result<(), ImportError> {
        keep_plan(&mut transaction, job.import, planned, &self.currency).await?;
        keep_counts(&mut transaction, job.import, &planned.report).await?;
        let is_refused = planned.report.is_refused();
        let state = if is_refused { State::Refused } else { State::Ready };
        if end(&mut transaction, job, End { state, note }).await? {
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Ends a job with nothing done, because whoever asked for it was blocked, or has another role by now.
    async fn stop(&self, transaction: sqlx::Transaction<'_, sqlx::Postgres>, job: &Job) -> Result<(), ImportError> {
        transaction.rollback().await?;
        tracing::warn!(import = %job.import, "an import was stopped: who asked for it may not any more");
        let note = "Nothing was changed: who asked for it may not work on the catalogue any more.";
        let mut connection = self.pool.acquire().await?;
        end(&mut connection, job, End { state: job.task.undone(), note }).await?;
        Ok(())
    }

    async fn failed(&self, job: &Job, error: &ImportError) {
        let overtaken = matches!(error, ImportError::Overtaken);
        if !overtaken {
            tracing::error!(%error, import = %job.import, "work on an import failed");
        }
        let note = match overtaken {
            true => "The shop changed in the meantime, and nothing was done. Try it again.",
            false => "The shop could not finish it. Nothing was changed: try it again.",
        };
        let ended = async {
            let mut connection = self.pool.acquire().await?;
            end(&mut connection, job, End { state: job.task.undone(), note }).await
        };
        if let Err(error) = ended.await {
            tracing::warn!(%error, "how an import ended could not be written; it will count as interrupted");
        }
    }
}

/// Ends a job, unless another has been begun in its place: then nothing of it may be committed.
async fn end(conn: &mut PgConnection, job: &Job, end: End<'_>) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query!(
        "update imports set state = $3, note = $4, phase = '', done = 0, total = null
         where id = $1 and attempt = $2 and state = $5",
        job.import,
        job.attempt,
        end.state.key(),
        end.note,
        job.task.state().key()
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}
