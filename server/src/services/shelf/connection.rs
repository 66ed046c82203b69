//! What carts are read with.

use super::PgShelf;
use crate::database::Held;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};

/// A connection that a request has already.
pub type Lent = Arc<Mutex<Held>>;

pub(super) enum Connection<'a> {
    Lent(MutexGuard<'a, Held>),
    Own(PoolConnection<Postgres>),
}

impl Deref for Connection<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Lent(connection) => connection,
            Self::Own(connection) => connection,
        }
    }
}

impl DerefMut for Connection<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Lent(connection) => connection,
            Self::Own(connection) => connection,
        }
    }
}

impl PgShelf {
    /// Reads number and cart with this connection. Only for a request that asks for nothing else while it holds it: one
    /// that waited for a second connection would wait for its like.
    #[must_use]
    pub fn lend(self, connection: Lent) -> Self {
        Self { lent: Some(connection), ..self }
    }

    pub(super) async fn connection(&self) -> Result<Connection<'_>, sqlx::Error> {
        match &self.lent {
            Some(lent) => Ok(Connection::Lent(lent.lock().await)),
            None => Ok(Connection::Own(self.service.pool.acquire().await?)),
        }
    }
}
