//! The database, as the doctor finds it.

use super::{Finding, good, wrong};
use crate::database;
use crate::metrics::Outbox;
use crate::secret::Secret;
use sqlx::PgPool;
use std::time::Duration;
use time::OffsetDateTime;

/// The oldest PostgreSQL that the schema is written for.
const POSTGRES: i32 = 150_000;
/// Sessions, codes and the order of events rest on the two clocks agreeing.
const CLOCK_DRIFT: time::Duration = time::Duration::seconds(5);

/// The triggers that keep the audit log whole, by table. Each works always: also for a session that says it only copies
/// what another database did.
const KEEPERS: [(&str, &str); 5] = [
    ("audit_log", "audit_log_append_only"),
    ("audit_log", "audit_log_never_emptied"),
    ("words_about_people", "words_about_people_unchanged"),
    ("words_about_people", "words_about_people_never_emptied"),
    ("words_about_people", "words_about_people_go_with_accounts"),
];

/// A letter that waits longer than this has been tried several times.
const STUCK_AFTER: Duration = Duration::from_secs(5 * 60);

pub(super) async fn check_database(pool: &PgPool, findings: &mut Vec<Finding>) {
    let mut connection = match tokio::time::timeout(Duration::from_secs(5), pool.acquire()).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(_)) | Err(_) => {
            findings.push(wrong(
                "the database can’t be reached",
                "start PostgreSQL, and check the host, user and password of DATABASE_URL",
            ));
            return;
        }
    };
    let version: Result<i32, _> =
        sqlx::query_scalar("select current_setting('server_version_num')::int").fetch_one(&mut *connection).await;
    findings.push(match version {
        Ok(version) if version >= POSTGRES => good(format!("database: PostgreSQL {}", version / 10_000)),
        Ok(version) => wrong(format!("PostgreSQL {} is too old", version / 10_000), "use PostgreSQL 15 or newer"),
        Err(_) => wrong("the database doesn’t tell its version", "check that DATABASE_URL points to PostgreSQL"),
    });
    let missing: Result<Vec<String>, _> = sqlx::query_scalar(
        "select wanted.name from unnest(array['citext', 'pg_trgm', 'unaccent']) as wanted(name)
         where not exists (select 1 from pg_available_extensions a where a.name = wanted.name)",
    )
    .fetch_all(&mut *connection)
    .await;
    findings.push(match missing {
        Ok(missing) if missing.is_empty() => good("extensions: citext, pg_trgm, unaccent can be used"),
        Ok(missing) => wrong(
            format!("the database lacks the extensions {}", missing.join(", ")),
            "install PostgreSQL’s contrib package (on Debian: postgresql-contrib)",
        ),
        Err(_) => wrong("the extensions can’t be listed", "check the rights of the database user"),
    });
    let clock: Result<OffsetDateTime, _> = sqlx::query_scalar("select now()").fetch_one(&mut *connection).await;
    findings.push(match clock {
        Ok(theirs) if (OffsetDateTime::now_utc() - theirs).abs() <= CLOCK_DRIFT => {
            good("clock: agrees with the database’s")
        }
        Ok(_) => wrong("this machine’s clock and the database’s differ by more than 5 s", "run NTP on both machines"),
        Err(_) => wrong("the database doesn’t tell the time", "check the connection"),
    });
    drop(connection);
    let migrated = database::is_migrated(pool).await;
    findings.push(check_permissions(pool, matches!(migrated, Ok(true))).await);
    if matches!(migrated, Ok(true)) {
        findings.push(check_log(pool).await);
    }
    findings.push(match migrated {
        Ok(true) => good("migrations: all applied"),
        Ok(false) => wrong("migrations are missing", "run `shopfront migrate`, or start the shop, which does it too"),
        Err(_) => wrong("the migrations can’t be read", "check the rights of the database user"),
    });
}

/// What a role may do that is used to the shop's tables.
#[derive(sqlx::FromRow)]
struct Permissions {
    role: String,
    owns: bool,
    creates: bool,
    /// Tables that it can't read and add to, such as those of a migration that came after its grants.
    closed: i64,
    /// Whether it could change the log, if the triggers let it.
    changes_log: bool,
}

async fn check_permissions(pool: &PgPool, is_migrated: bool) -> Finding {
    let found: Result<Permissions, _> = sqlx::query_as(
        "select current_user::text as role,
                coalesce((select pg_has_role(c.relowner, 'usage') from pg_class c where c.oid = to_regclass('audit_log')), false)
                    as owns,
                has_schema_privilege('public', 'create') as creates,
                (
                    select count(*) from pg_class c
                    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
                      and not (has_table_privilege(c.oid, 'select')
                               and (c.relkind = 'v' or c.relname = '_sqlx_migrations' or has_table_privilege(c.oid, 'insert')))
                ) as closed,
                coalesce(has_table_privilege(to_regclass('audit_log'), 'update, delete, truncate'), false) as changes_log",
    )
    .fetch_one(pool)
    .await;
    match found {
        Err(_) => wrong("permissions: they can’t be read", "check the rights of the database user"),
        Ok(Permissions { creates: false, .. }) if !is_migrated => wrong(
            "the database user may not create tables in the schema public",
            "run `shopfront migrate` as the database’s owner, or grant create on schema public to the user",
        ),
        Ok(Permissions { owns: true, .. }) => good(
            "permissions: the user owns the tables, so that it could take the audit log’s triggers off; the README says \
             how to serve the shop as one that couldn’t",
        ),
        Ok(Permissions { role, closed: 1.., .. }) => wrong(
            format!("permissions: the user {role} neither owns the tables nor may work with all of them"),
            format!("run `shopfront migrate --grant-to {role}` as their owner, now and after each new version"),
        ),
        Ok(Permissions { role, changes_log: true, .. }) => wrong(
            format!("permissions: the user {role} has rights to change the audit log, which only its triggers refuse"),
            format!("run `shopfront migrate --grant-to {role}` as the tables’ owner, which takes them away"),
        ),
        Ok(_) if is_migrated => good(
            "permissions: the user works with the tables and doesn’t own them, so that it can’t take the audit log’s \
             triggers off",
        ),
        Ok(_) => good("permissions: the user may create tables"),
    }
}

async fn check_log(pool: &PgPool) -> Finding {
    let (tables, triggers): (Vec<&str>, Vec<&str>) = KEEPERS.into_iter().unzip();
    let off: Result<Vec<(String, String)>, _> = sqlx::query_as(
        "select wanted.of, wanted.name
         from unnest($1::text[], $2::text[]) as wanted(of, name)
         where not exists (
             select from pg_trigger t where t.tgrelid = to_regclass(wanted.of) and t.tgname = wanted.name and t.tgenabled = 'A'
         )",
    )
    .bind(tables)
    .bind(triggers)
    .fetch_all(pool)
    .await;
    match off {
        Ok(off) => match off.first() {
            None => good("audit log: nobody can change what is written"),
            Some((table, trigger)) => wrong(
                format!("audit log: the trigger {trigger} of {table} is off, so entries may have been changed"),
                format!(
                    "find out who did it and when, then `alter table {table} enable always trigger {trigger}`; a restored \
                     copy made with --disable-triggers has it off as well"
                ),
            ),
        },
        Err(_) => wrong("audit log: its triggers can’t be read", "check the rights of the database user"),
    }
}

/// Silent while the table isn't there: the missing migrations are told already.
pub(super) async fn check_outbox(pool: &PgPool, secret: Option<&Secret>, findings: &mut Vec<Finding>) {
    let Ok(outbox) = Outbox::read(pool).await else { return };
    findings.push(match (outbox.dead, outbox.oldest_waiting) {
        (0, oldest) if oldest < STUCK_AFTER.as_secs_f64() => {
            good(format!("outbox: {} letters waiting", outbox.waiting))
        }
        (0, oldest) => wrong(
            format!("outbox: {} letters wait, one for {} minutes", outbox.waiting, (oldest / 60.0) as u64),
            "see that a shop with mail settings is running, and what its log says about mail",
        ),
        (dead, _) => wrong(
            format!("outbox: {dead} letters were given up, at last because of: {}", last_words(pool).await),
            "find what the mail server didn’t like in its log; such letters are not sent any more",
        ),
    });
    let sample: Result<Option<Vec<u8>>, _> = sqlx::query_scalar(
        "select letter from outbox where state = 'waiting' and letter is not null order by next_try_at limit 1",
    )
    .fetch_optional(pool)
    .await;
    if let (Some(secret), Ok(Some(letter))) = (secret, sample)
        && secret.open(&letter).is_none()
    {
        findings.push(wrong(
            "key: waiting letters were sealed under another one",
            "give every process of the shop the same SHOPFRONT_SECRET",
        ));
    }
}

async fn last_words(pool: &PgPool) -> String {
    let said: Result<String, _> =
        sqlx::query_scalar("select last_error from outbox where state = 'dead' order by done_at desc limit 1")
            .fetch_one(pool)
            .await;
    said.unwrap_or_default()
}
