//! The connection pool and the schema.

mod at_hand;

pub use at_hand::{AtHand, Held};

use log::LevelFilter;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};
use std::str::FromStr;
use std::time::Duration;
use tokio::sync::Notify;

pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// Who uses the connections: a request must give up long before its visitor does, an import may take its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Requests,
    Batch,
}

/// # Errors
/// When `url` is not a PostgreSQL URL. The pool connects when it is first used, so a database that is away for a
/// moment does not keep the shop from starting.
pub fn pool(url: &str, connections: u32, used_for: Use) -> Result<PgPool, sqlx::Error> {
    Ok(pool_of(PgConnectOptions::from_str(url)?, connections, used_for))
}

/// As [`pool`], from options.
pub fn pool_of(options: PgConnectOptions, connections: u32, used_for: Use) -> PgPool {
    let options = options.application_name("shopfront").options([
        // The whole catalogue speaks English full text; unit-wide, so that no query can forget it.
        ("default_text_search_config", "pg_catalog.english"),
        // "shrit" and "shirt" share a fifth of their trigrams; the edit distance decides among the candidates.
        ("pg_trgm.similarity_threshold", "0.18"),
        ("jit", "off"),
    ]);
    let options = match used_for {
        // A client that disconnects can leave a transaction open on its connection; the server ends it.
        Use::Requests => options.options([
            ("statement_timeout", "3s"),
            ("lock_timeout", "2s"),
            ("idle_in_transaction_session_timeout", "10s"),
            // No page's query reads a whole table. For a common word with a limit the planner would, in the hope of
            // finding enough early; where its statistics are wrong, that is every row.
            ("enable_seqscan", "off"),
        ]),
        // What takes seconds there is at work, not in trouble.
        Use::Batch => options.options([("lock_timeout", "30s")]).log_slow_statements(LevelFilter::Off, Duration::ZERO),
    };
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_millis(2500))
        .idle_timeout(Duration::from_secs(300))
        .max_lifetime(Duration::from_secs(1800))
        // A ping before every use would cost each page a round trip; one after a pause finds what a restart of the
        // database left behind.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > Duration::from_secs(1) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options)
}

/// Rings at every notice on a channel, and after every pause in which one could have been missed. Of `pool` it keeps one
/// connection for itself.
pub async fn ring(pool: &PgPool, channel: &str, bell: &Notify, pause: Duration) {
    loop {
        let listening = async {
            let mut listener = PgListener::connect_with(pool).await?;
            listener.listen(channel).await?;
            bell.notify_one();
            while listener.try_recv().await?.is_some() {
                bell.notify_one();
            }
            Ok::<_, sqlx::Error>(())
        };
        if let Err(error) = listening.await {
            tracing::debug!(%error, channel, "notices are not heard; looking from time to time");
        }
        tokio::time::sleep(pause).await;
    }
}

/// Brings the schema up to date, under an advisory lock, so that several processes may start at once.
///
/// # Errors
/// When the database can't be reached or a migration fails; the schema is then as before.
pub async fn migrate(pool: &PgPool) -> Result<(), sqlx::migrate::MigrateError> {
    MIGRATOR.run(pool).await
}

/// Whether the connections' role may make tables, as migrating does; one that only works with them migrates nothing.
///
/// # Errors
/// When the database can't be reached.
pub async fn may_migrate(pool: &PgPool) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select has_schema_privilege('public', 'create')").fetch_one(pool).await
}

/// Gives a role what serving the shop takes, and takes from it what else it had: it works with every table, adds to the
/// audit log and to what stands beside it, and reads which migrations there are. Again after each that adds a table.
///
/// # Errors
/// When there is no such role, or the connections' own doesn't own the tables.
pub async fn grant_to(pool: &PgPool, role: &str) -> Result<(), sqlx::Error> {
    const GRANTS: [&str; 8] = [
        "revoke all on all tables in schema public from %1$I",
        "revoke create on schema public from %1$I",
        "grant connect, temporary on database %2$I to %1$I",
        "grant usage on schema public to %1$I",
        "grant select, insert, update, delete on all tables in schema public to %1$I",
        "grant usage, select on all sequences in schema public to %1$I",
        "revoke update, delete on audit_log, words_about_people from %1$I",
        "revoke insert, update, delete on _sqlx_migrations from %1$I",
    ];
    let mut transaction = pool.begin().await?;
    for grant in GRANTS {
        let statement: String = sqlx::query_scalar("select format($1, $2::text, current_database())")
            .bind(grant)
            .bind(role)
            .fetch_one(&mut *transaction)
            .await?;
        // Made by the database itself, which has put the names into quotes.
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// Whether every migration of this binary has been applied.
///
/// # Errors
/// When the database can't be reached.
pub async fn is_migrated(pool: &PgPool) -> Result<bool, sqlx::Error> {
    let known = MIGRATOR.iter().filter(|m| !m.migration_type.is_down_migration()).map(|m| m.version).max();
    let applied: Option<i64> =
        match sqlx::query_scalar("select max(version) from _sqlx_migrations where success").fetch_one(pool).await {
            Ok(version) => version,
            // No table yet: nothing has been applied.
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01") => None,
            Err(error) => return Err(error),
        };
    Ok(applied >= known)
}
