//! Keeps the snapshot true: the database announces every change, and each process reads again what changed.

use super::snapshot::{Seq, Snapshot};
use crate::error::ServiceError;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::sync::watch;

const CHANNEL: &str = "catalogue";
/// How long a request waits for a change that is being read. Longer than a reload of a large catalogue takes; past
/// it, the catalogue of a moment ago is better than no page.
const PATIENCE: Duration = Duration::from_secs(3);
/// Between two tries to hear of changes: short at first, since a restart of the database takes a moment only.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The catalogue's snapshot, and what it takes to trust it.
pub struct Index {
    pool: PgPool,
    current: RwLock<Option<Arc<Snapshot>>>,
    /// Changes heard of. Whatever was made from the catalogue before the last of them is out of date.
    heard: AtomicU64,
    /// Changes read. Equal to `heard` when the snapshot is true.
    read: watch::Sender<u64>,
    /// Whether notices arrive. Without them nothing that was made before may be reused.
    listening: watch::Sender<bool>,
}

impl Index {
    /// Starts listening and reading in the background, until the returned index is dropped.
    pub fn start(pool: PgPool) -> Arc<Self> {
        let index = Arc::new(Self {
            pool,
            current: RwLock::new(None),
            heard: AtomicU64::new(1),
            read: watch::Sender::new(0),
            listening: watch::Sender::new(false),
        });
        tokio::spawn(listen(Arc::downgrade(&index)));
        index
    }

    /// The generation of the catalogue, for whoever keeps something made from it; `None` while changes could be
    /// missed, when nothing may be kept.
    pub fn generation(&self) -> Option<u64> {
        (*self.listening.borrow()).then(|| self.heard.load(Ordering::Acquire))
    }

    /// The catalogue including every change that this process has heard of.
    ///
    /// # Errors
    /// `NotReady` when no catalogue could be read yet.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, ServiceError> {
        let wanted = self.heard.load(Ordering::Acquire);
        let current = self.current();
        // While the database is away there is nothing to wait for, once there is a catalogue at all.
        let coming = *self.listening.borrow() || current.is_none();
        if !coming || *self.read.borrow() >= wanted {
            return current.ok_or(ServiceError::NotReady);
        }
        let mut read = self.read.subscribe();
        // Out of patience: what there is has to do.
        let _ = tokio::time::timeout(PATIENCE, read.wait_for(|read| *read >= wanted)).await;
        self.current().ok_or(ServiceError::NotReady)
    }

    fn current(&self) -> Option<Arc<Snapshot>> {
        self.current.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    fn publish(&self, snapshot: Snapshot, heard: u64) {
        *self.current.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(Arc::new(snapshot));
        self.read.send_replace(heard);
    }

    async fn reload(&self) -> Result<(), sqlx::Error> {
        let heard = self.heard.load(Ordering::Acquire);
        let started = std::time::Instant::now();
        let snapshot = Snapshot::load(&self.pool).await?;
        tracing::info!(products = snapshot.active.len(), ms = started.elapsed().as_millis() as u64, "catalogue read");
        self.publish(snapshot, heard);
        Ok(())
    }

    async fn refresh(&self, seqs: &[Seq]) -> Result<(), sqlx::Error> {
        let heard = self.heard.load(Ordering::Acquire);
        match self.current() {
            Some(current) => {
                let next = current.refreshed(&self.pool, seqs).await?;
                self.publish(next, heard);
                Ok(())
            }
            None => self.reload().await,
        }
    }

    fn hear(&self) {
        self.heard.fetch_add(1, Ordering::AcqRel);
    }
}

/// Runs for as long as the index is in use, whatever happens to the database.
async fn listen(index: std::sync::Weak<Index>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let Some(strong) = index.upgrade() else { return };
        if let Err(error) = listen_once(strong, &index).await {
            tracing::warn!(%error, "not hearing of catalogue changes; trying again");
        }
        let Some(strong) = index.upgrade() else { return };
        strong.hear();
        let was_listening = strong.listening.send_replace(false);
        drop(strong);
        pause = if was_listening { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
        tokio::time::sleep(pause).await;
    }
}

async fn listen_once(strong: Arc<Index>, index: &std::sync::Weak<Index>) -> Result<(), sqlx::Error> {
    // A pool of its own, so that listening never takes a connection from a request, even from a pool of one.
    let own = sqlx::postgres::PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .connect_lazy_with((*strong.pool.connect_options()).clone());
    let mut listener = PgListener::connect_with(&own).await?;
    listener.listen(CHANNEL).await?;
    // Whatever happened before listening began is read now; whatever comes later is heard.
    strong.hear();
    strong.reload().await?;
    strong.listening.send_replace(true);
    drop(strong);
    loop {
        // A connection that was lost may have lost notices with it: `None` starts over with a full read. The time-out
        // lets an index that nobody uses any more go.
        let first = match tokio::time::timeout(Duration::from_secs(1), listener.try_recv()).await {
            Err(_) if index.strong_count() == 0 => return Ok(()),
            Err(_) => continue,
            Ok(received) => match received? {
                Some(notice) => notice,
                None => return Err(sqlx::Error::PoolClosed),
            },
        };
        let Some(strong) = index.upgrade() else { return Ok(()) };
        strong.hear();
        let mut changed = Changed::default();
        changed.add(first.payload());
        // Many notices at once, as after an import, are one piece of work.
        while let Some(more) = listener.next_buffered() {
            strong.hear();
            changed.add(more.payload());
        }
        match changed {
            Changed { all: false, seqs } => {
                strong.refresh(&seqs.into_iter().collect::<Vec<_>>()).await?;
            }
            Changed { all: true, .. } => strong.reload().await?,
        }
    }
}

#[derive(Default)]
struct Changed {
    all: bool,
    seqs: BTreeSet<Seq>,
}

impl Changed {
    fn add(&mut self, payload: &str) {
        match payload.split(',').map(str::parse).collect::<Result<Vec<Seq>, _>>() {
            Ok(seqs) => self.seqs.extend(seqs),
            Err(_) => self.all = true,
        }
        // Each product is taken out of every set and put back; past some, reading everything is quicker.
        self.all |= self.seqs.len() > 100;
    }
}
