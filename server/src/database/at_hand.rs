//! Connections for who needs one but for a moment. The pool looks at each connection that comes back to it, a round trip to
//! the database, where a page of a known visitor has three in all; one kept at hand goes to the next such page as it is.

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::{PgConnection, Postgres};
use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long one that nobody takes is kept from everybody else: as long as the pool gives one out unlooked at.
const KEPT_UNUSED: Duration = Duration::from_secs(1);
/// How long one is kept in all, so that the pool sees how old each is.
const KEPT: Duration = Duration::from_secs(60);

/// At most half of a pool's connections; the other half is there for what takes longer.
pub struct AtHand {
    pool: PgPool,
    /// Who waits does so here, in order, and not at the pool, which knows nothing of those kept.
    places: Arc<Semaphore>,
    most: usize,
    kept: Mutex<KeptOnes>,
}

#[derive(Default)]
struct KeptOnes {
    ones: Vec<Kept>,
    is_tidied: bool,
}

struct Kept {
    connection: PoolConnection<Postgres>,
    given: Instant,
    used: Instant,
}

/// A connection for a moment. Dropped, it goes back to the pool, which sees to it first; so it does if its use failed or
/// came to no end.
pub struct Held {
    connection: PoolConnection<Postgres>,
    /// When the pool gave it.
    given: Instant,
    at_hand: Arc<AtHand>,
    _place: OwnedSemaphorePermit,
}

impl AtHand {
    #[must_use]
    pub fn new(pool: PgPool) -> Arc<Self> {
        // Of a pool of one, none is kept.
        let most = pool.options().get_max_connections() as usize / 2;
        Arc::new(Self { pool, places: Arc::new(Semaphore::new(most.max(1))), most, kept: Mutex::default() })
    }

    /// # Errors
    /// When there is none within the time that the pool gives, or the database can't be reached.
    pub async fn take(self: &Arc<Self>) -> Result<Held, sqlx::Error> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = timeout(self.pool.options().get_acquire_timeout(), place)
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)?;
        let kept = self.kept().ones.pop();
        let (connection, given) = match kept {
            Some(kept) => (kept.connection, kept.given),
            None => (self.pool.acquire().await?, Instant::now()),
        };
        Ok(Held { connection, given, at_hand: Arc::clone(self), _place: place })
    }

    fn kept(&self) -> MutexGuard<'_, KeptOnes> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives back what nobody takes, until there is nothing.
    async fn tidy(self: Arc<Self>) {
        loop {
            let is_closed = timeout(KEPT_UNUSED, self.pool.close_event()).await.is_ok();
            let mut kept = self.kept();
            kept.ones.retain(|one| !is_closed && one.used.elapsed() < KEPT_UNUSED);
            if kept.ones.is_empty() {
                kept.is_tidied = false;
                return;
            }
        }
    }
}

impl Held {
    /// For the next, unlooked at. Only after everything that it was asked has been answered.
    pub fn keep(self) {
        let Self { connection, given, at_hand, _place } = self;
        if at_hand.most == 0 || given.elapsed() > KEPT || at_hand.pool.is_closed() {
            return;
        }
        let mut kept = at_hand.kept();
        kept.ones.push(Kept { connection, given, used: Instant::now() });
        if !mem::replace(&mut kept.is_tidied, true) {
            tokio::spawn(Arc::clone(&at_hand).tidy());
        }
    }
}

impl Deref for Held {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
