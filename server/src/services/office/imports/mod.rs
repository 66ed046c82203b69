//! Imports, for those who may work on the catalogue: in the browser, and before a terminal (`terminal.rs`).
//!
//! A file is kept with its import, so that whichever process has the time works on it. Work is claimed in one short
//! transaction, done in another, and ended by the one that did it, if it is still the claim's: however often something
//! is asked for, and wherever a process dies, a file is applied once or not at all.

mod carry;
mod housekeeping;
mod parts;
mod read;
mod terminal;
mod work;

pub use terminal::{export_all, import};
pub use work::ImportWork;

use super::audit::{self, Act, Actor};
use super::proof::Proof;
use super::reason::optional;
use super::rights::must_still;
use super::whole;
use crate::error::ServiceError;
use crate::services::accounts::{AccountService, Caller};
use crate::services::words::misleads;
use app::admin::host::{May, Staff};
use app::admin::imports::host::{History, Import, Imports, Part, State};
use app::cart::api::Done;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;
use work::{Job, Task};

/// For how long an answer waits for work that may be short.
const PATIENCE: Duration = Duration::from_millis(1500);
const NAME_LIMIT: usize = 200;

/// Imports as one member of the staff may make them.
#[derive(Clone)]
pub struct PgImports {
    work: Arc<ImportWork>,
    caller: Caller,
    me: Staff,
    proof: Proof,
}

/// An import under a lock.
struct Locked {
    id: Uuid,
    state: State,
    seen: String,
    changes: bool,
    has_file: bool,
    is_swept: bool,
}

fn id(text: &str) -> Result<Uuid, ServiceError> {
    Uuid::try_parse(text).map_err(|_| ServiceError::NotFound)
}

/// The name of a dry run.
fn seen(planned_at: Option<OffsetDateTime>) -> String {
    planned_at.map(|at| at.unix_timestamp_nanos().to_string()).unwrap_or_default()
}

async fn lock(connection: &mut PgConnection, import: &str) -> Result<Locked, ServiceError> {
    let row = sqlx::query!(
        r#"select id, import_state(state, beat_at) as "state!", planned_at, created + updated > 0 as "changes!",
                  file is not null as "has_file!", swept_at is not null as "is_swept!"
           from imports where id = $1 for update"#,
        id(import)?
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::NotFound)?;
    Ok(Locked {
        id: row.id,
        state: State::parse(&row.state).ok_or(ServiceError::NotFound)?,
        seen: seen(row.planned_at),
        changes: row.changes,
        has_file: row.has_file,
        is_swept: row.is_swept,
    })
}

impl PgImports {
    pub fn new(work: Arc<ImportWork>, accounts: &Arc<AccountService>, caller: Caller, me: Staff) -> Self {
        let proof = Proof::new(accounts, &caller, &me);
        Self { work, caller, me, proof }
    }

    fn pool(&self) -> &PgPool {
        &self.work.pool
    }

    fn must(&self) -> Result<(), AppError> {
        self.me.must(May::Catalogue)
    }

    /// # Errors
    /// `Forbidden`.
    pub fn may_upload(&self) -> Result<(), AppError> {
        self.must()
    }

    /// Keeps a file and begins its dry run. Answers with the import's id.
    ///
    /// # Errors
    /// `Forbidden`; the database's.
    pub async fn upload(&self, name: String, file: Vec<u8>) -> Result<Uuid, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.keep(&name, &file).await }).await
    }

    async fn keep(&self, name: &str, file: &[u8]) -> Result<Uuid, ServiceError> {
        let (import, actor) = (Uuid::now_v7(), Actor::of(&self.caller));
        let name = file_name(name);
        let bytes = i32::try_from(file.len()).unwrap_or(i32::MAX);
        let mut transaction = self.pool().begin().await?;
        sqlx::query!("select set_config('statement_timeout', '30s', true) as set").fetch_one(&mut *transaction).await?;
        // It may have been long on its way.
        must_still(&mut transaction, &actor, May::Catalogue).await?;
        sqlx::query!(
            "insert into imports (id, actor_id, file_name, bytes, file, state, attempt)
             values ($1, $2, $3, $4, $5, 'checking', 1)",
            import,
            actor.id,
            name,
            bytes,
            file
        )
        .execute(&mut *transaction)
        .await?;
        let subject = import.to_string();
        let act = Act {
            act: "import.upload",
            kind: "import",
            id: &subject,
            name: &name,
            before: json!({}),
            after: json!({ "bytes": bytes }),
            reason: "",
        };
        audit::write(&mut transaction, &actor, act).await?;
        transaction.commit().await?;
        self.go(Job { import, attempt: 1, actor, task: Task::Check, reason: String::new() }).await;
        Ok(import)
    }

    /// Lets the work begin, and waits a little for it.
    async fn go(&self, job: Job) {
        // It ends by itself, and says in its row how.
        drop(tokio::time::timeout(PATIENCE, self.work.start(job)).await);
    }

    /// Claims an import for a task, if `claims` says so of it, and begins.
    async fn take_on(
        &self,
        import: &str,
        task: Task,
        reason: String,
        claims: impl FnOnce(&Locked) -> Result<bool, AppError> + Send,
    ) -> Result<State, ServiceError> {
        let mut transaction = self.pool().begin().await?;
        let locked = lock(&mut transaction, import).await?;
        if claims(&locked)? {
            let attempt = sqlx::query_scalar!(
                "update imports
                 set state = $2, attempt = attempt + 1, beat_at = now(), note = '', phase = '', done = 0, total = null
                 where id = $1
                 returning attempt",
                locked.id,
                task.state().key()
            )
            .fetch_one(&mut *transaction)
            .await?;
            transaction.commit().await?;
            let actor = Actor::of(&self.caller);
            self.go(Job { import: locked.id, attempt, actor, task, reason }).await;
        } else {
            // Whoever holds a connection waits for no second one.
            transaction.rollback().await?;
        }
        let state = sqlx::query_scalar!(
            r#"select import_state(state, beat_at) as "state!" from imports where id = $1"#,
            locked.id
        )
        .fetch_one(self.pool())
        .await?;
        State::parse(&state).ok_or(ServiceError::NotFound)
    }
}

fn refusal(words: &str) -> AppError {
    AppError::invalid("", words)
}

fn may_check(import: &Locked) -> Result<bool, AppError> {
    match import.state {
        State::Checking => Ok(false),
        State::Ready | State::Refused | State::Interrupted if import.has_file => Ok(true),
        _ => Err(refusal("There is nothing to check any more")),
    }
}

/// Whoever asks a second time finds it done.
fn may_apply(import: &Locked, seen: &str) -> Result<bool, AppError> {
    match import.state {
        State::Applying | State::Applied => Ok(false),
        State::Ready | State::Interrupted if !import.has_file || import.seen.is_empty() => {
            Err(refusal("Check the file again first"))
        }
        State::Ready | State::Interrupted if import.seen != seen => {
            Err(refusal("The file has been checked again since you looked: see what it would do now"))
        }
        State::Ready | State::Interrupted if !import.changes => Err(refusal("There is nothing to apply")),
        State::Ready | State::Interrupted => Ok(true),
        State::Refused => Err(refusal("Mend the rows that are refused, and upload the file again")),
        State::Checking | State::Undoing | State::Undone => Err(refusal("It can’t be applied now")),
    }
}

fn may_undo(import: &Locked) -> Result<bool, AppError> {
    match import.state {
        State::Undoing | State::Undone => Ok(false),
        State::Applied if !import.is_swept => Ok(true),
        _ => Err(refusal("There is nothing to undo")),
    }
}

/// As it is shown: the last part of a path, without what could mislead.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !misleads(*c)).take(NAME_LIMIT).collect();
    let clean = clean.trim();
    if clean.is_empty() { "file.csv".to_owned() } else { clean.to_owned() }
}

#[async_trait]
impl Imports for PgImports {
    async fn history(&self, page: u32, size: u32) -> Result<History, AppError> {
        self.must()?;
        Ok(self.load_history(page, size).await?)
    }

    async fn import(&self, id: &str, part: Option<Part>, page: u32, size: u32) -> Result<Import, AppError> {
        self.must()?;
        Ok(self.load_import(id, part, page, size).await?)
    }

    async fn check(&self, import: String) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move {
            this.take_on(&import, Task::Check, String::new(), may_check).await?;
            Ok(Done::default())
        })
        .await
    }

    async fn apply(&self, import: String, seen: String, reason: String, password: String) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move {
            let reason = optional(&reason)?;
            this.proof.of(&password).await?;
            Ok(match this.take_on(&import, Task::Apply, reason, |locked| may_apply(locked, &seen)).await? {
                State::Applied => Done::saying("The import is applied"),
                State::Applying => Done::saying("The import is being applied"),
                _ => Done::default(),
            })
        })
        .await
    }

    async fn undo(&self, import: String, password: String) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move {
            this.proof.of(&password).await?;
            Ok(match this.take_on(&import, Task::Undo, String::new(), may_undo).await? {
                State::Undone => Done::saying("The import is undone"),
                State::Undoing => Done::saying("The import is being undone"),
                _ => Done::default(),
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_that_can_be_shown() {
        for (name, shown) in [
            ("C:\\Shop\\new.csv", "new.csv"),
            ("../../etc/passwd", "passwd"),
            ("a\u{202e}vsc.exe\n", "avsc.exe"),
            ("", "file.csv"),
            (" / ", "file.csv"),
        ] {
            assert_eq!(file_name(name), shown);
        }
        assert_eq!(file_name(&"ä".repeat(300)).chars().count(), NAME_LIMIT);
    }
}
