//! `shopfront doctor`: what could keep the shop from working, and how to mend each.

use crate::cli;
use crate::config::{Common, Serve};
use crate::database::{self, Use};
use crate::mail::{self, Mailer, Unusable};
use crate::metrics::Outbox;
use crate::secret::{self, Secret, SecretError};
use ipnet::IpNet;
use sqlx::PgPool;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use time::OffsetDateTime;

/// The oldest PostgreSQL that the schema is written for.
const POSTGRES: i32 = 150_000;
/// Sessions, codes and the order of events rest on the two clocks agreeing.
const CLOCK_DRIFT: time::Duration = time::Duration::seconds(5);

/// A letter that waits longer than this has been tried several times.
const STUCK_AFTER: Duration = Duration::from_secs(5 * 60);

enum Finding {
    Good(String),
    Wrong { what: String, mend: String },
}

fn good(what: impl Into<String>) -> Finding {
    Finding::Good(what.into())
}

fn wrong(what: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding::Wrong { what: what.into(), mend: mend.into() }
}

/// Prints the findings; fails when any is wrong.
#[allow(clippy::print_stdout)]
pub async fn run(common: &Common, settings: &Serve) -> ExitCode {
    let mut findings = Vec::new();
    // Only looked for: a key that is made here could be one that the shop's own user can't read.
    let secret = secret::find(common.secret.as_ref().map(|text| text.0.as_str()), &common.secret_file);
    match common.database_url.as_deref() {
        None => findings.push(wrong("no database is named", "set DATABASE_URL=postgres://user:password@host/database")),
        Some(url) => match database::pool(url, 1, Use::Batch) {
            Err(_) => findings.push(wrong(
                "DATABASE_URL is not a PostgreSQL address",
                "write it as postgres://user:password@host/database",
            )),
            Ok(pool) => {
                check_database(&pool, &mut findings).await;
                check_outbox(&pool, secret.as_ref().ok().and_then(Option::as_ref), &mut findings).await;
            }
        },
    }
    findings.push(check_secret(common, &secret));
    findings.push(match &common.media_url {
        Some(url) => check_bucket(common, url).await,
        None => check_folder("media folder", &common.media_dir),
    });
    findings.push(check_site(&settings.site_root));
    findings.push(check_mail(settings).await);
    findings.push(match &settings.base_url {
        Some(url) if url.starts_with("https://") => good(format!("public address: {url}")),
        Some(url) => good(format!("public address: {url} (without HTTPS: only for trying out)")),
        None => {
            good("public address: not set, so links are made from each request (set SHOPFRONT_BASE_URL in production)")
        }
    });

    findings.push(check_proxies(settings));

    let mut failed = false;
    for finding in &findings {
        match finding {
            Finding::Good(what) => println!("  ok    {what}"),
            Finding::Wrong { what, mend } => {
                failed = true;
                println!("  WRONG {what}\n        {mend}");
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

async fn check_database(pool: &PgPool, findings: &mut Vec<Finding>) {
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
    let may_create: Result<bool, _> =
        sqlx::query_scalar("select has_schema_privilege('public', 'create')").fetch_one(&mut *connection).await;
    findings.push(match may_create {
        Ok(true) => good("permissions: the user may create tables"),
        _ => wrong(
            "the database user may not create tables in the schema public",
            "grant create on schema public to the user, or make it the database’s owner",
        ),
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
    findings.push(match database::is_migrated(pool).await {
        Ok(true) => good("migrations: all applied"),
        Ok(false) => wrong("migrations are missing", "run `shopfront migrate`, or start the shop, which does it too"),
        Err(_) => wrong("the migrations can’t be read", "check the rights of the database user"),
    });
}

fn check_secret(common: &Common, secret: &Result<Option<Secret>, SecretError>) -> Finding {
    let path = &common.secret_file;
    match secret {
        Ok(Some(_)) if common.secret.as_ref().is_some_and(|text| !text.0.trim().is_empty()) => {
            good("key: there, in SHOPFRONT_SECRET")
        }
        Ok(Some(_)) => match open_to_others(path) {
            Some(mode) => wrong(
                format!("key: {} is open to every user of this machine (mode {mode:o})", path.display()),
                format!("chmod 600 {}", path.display()),
            ),
            None => good(format!("key: there, in {}", path.display())),
        },
        Ok(None) => wrong(
            format!("key: none in {}", path.display()),
            "start the shop, which makes one; or if it had one before, put that back, or name its file with \
             SHOPFRONT_SECRET_FILE",
        ),
        Err(SecretError::File { reason, .. }) if !path.is_file() || std::fs::File::open(path).is_err() => wrong(
            format!("key: {} can’t be read ({reason})", path.display()),
            "make the file readable for the shop’s user and nobody else, or name another with SHOPFRONT_SECRET_FILE",
        ),
        Err(reason) => wrong(
            format!("key: {reason}"),
            "make it 32 random characters or more, such as `openssl rand -hex 32` gives",
        ),
    }
}

/// The file's mode, if users other than its owner and its group may do anything with it.
#[cfg(unix)]
fn open_to_others(path: &Path) -> Option<u32> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).ok()?.permissions()) & 0o777;
    (mode & 0o007 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Option<u32> {
    None
}

fn check_proxies(settings: &Serve) -> Finding {
    let proxies = &settings.trusted_proxies.0;
    // The widest private networks are 10.0.0.0/8 and fc00::/7.
    let too_wide = proxies.iter().find(|net| match net {
        IpNet::V4(net) => net.prefix_len() < 8,
        IpNet::V6(net) => net.prefix_len() < 7,
    });
    match too_wide {
        Some(net) => wrong(
            format!("trusted proxies: {net} is most of the internet, so visitors may choose the address they count as"),
            "name only your own proxies in SHOPFRONT_TRUSTED_PROXIES, such as 10.0.0.0/8,192.0.2.1",
        ),
        None if !proxies.is_empty() => {
            let all: Vec<String> = proxies.iter().map(IpNet::to_string).collect();
            good(format!("trusted proxies: {}", all.join(", ")))
        }
        // The shop doesn't speak TLS itself.
        None if settings.is_https() => wrong(
            "trusted proxies: none, though something in front of the shop must speak HTTPS, so all visitors count as one \
             and share their limits",
            "name its address in SHOPFRONT_TRUSTED_PROXIES, such as 127.0.0.1 or 10.0.0.0/8",
        ),
        None => good("trusted proxies: none, so visitors count by the address that they connect from"),
    }
}

fn check_folder(name: &str, path: &Path) -> Finding {
    let probe = path.join(format!(".probe-{}", std::process::id()));
    let written = std::fs::create_dir_all(path).and_then(|()| std::fs::write(&probe, b"x"));
    let _ = std::fs::remove_file(&probe);
    match written {
        Ok(()) => good(format!("{name}: {} can be written", path.display())),
        Err(error) => wrong(
            format!("{name}: {} can’t be written ({error})", path.display()),
            "make the folder writable for the shop’s user, or name another with --media-dir",
        ),
    }
}

async fn check_bucket(common: &Common, url: &str) -> Finding {
    let mend = "check SHOPFRONT_MEDIA_URL and the keys, region and endpoint in the AWS_… variables";
    match cli::media_store(common) {
        Err(cli::Failure(reason)) => wrong(format!("media bucket: {reason}"), mend),
        Ok(media) => match media.probe().await {
            Ok(()) => good(format!("media bucket: {url} can be written")),
            Err(error) => wrong(format!("media bucket: {url} can’t be written ({error})"), mend),
        },
    }
}

fn check_site(path: &Path) -> Finding {
    if path.join("pkg").is_dir() {
        good(format!("browser files: {}", path.display()))
    } else {
        wrong(
            format!("browser files: none in {}", path.display()),
            "build them with `make run` or `cargo leptos build --release --split`, or name their folder with --site-root",
        )
    }
}

/// Speaks to the mail server as the shop will, up to and including the password.
async fn check_mail(settings: &Serve) -> Finding {
    let post = match settings.mail.post(settings) {
        Ok(post) => post,
        Err(Unusable { what, mend }) => return wrong(format!("mail: {what}"), mend),
    };
    let Some(mailer) = &post.mailer else {
        return wrong(
            "mail: no way for it is set, so letters wait and nobody can sign up",
            "set SHOPFRONT_SMTP_URL and SHOPFRONT_MAIL_FROM; to try the shop out without a mail server, --dev-mail",
        );
    };
    match (mailer, mailer.test().await) {
        (Mailer::Smtp(_), Ok(())) if settings.mail.smtp_url.as_deref().is_some_and(mail::is_in_the_clear) => wrong(
            "mail: goes out without TLS, so whoever is on the way can read its codes and the password",
            "write SHOPFRONT_SMTP_URL with smtps:// or with ?tls=required",
        ),
        (Mailer::Smtp(_), Ok(())) => good("mail: the mail server answers and lets the shop in"),
        (Mailer::File(folder), Ok(())) => good(format!("mail: written to {}, and sent to nobody", folder.display())),
        (Mailer::Memory(_), Ok(())) => good("mail: kept in memory and shown at /dev/mail, and sent to nobody"),
        (Mailer::File(folder), Err(fault)) => wrong(
            format!("mail: {} can’t be written ({fault})", folder.display()),
            "make the folder writable for the shop’s user, or name another with SHOPFRONT_MAIL_DIR",
        ),
        (_, Err(fault)) => {
            let said = fault.to_string();
            let mend = match said.split(' ').next().unwrap_or_default() {
                "530" | "534" | "535" | "538" => {
                    "check the user and the password in SHOPFRONT_SMTP_URL (characters such as @ are written as %40)"
                }
                "TLS:" | "tls" => {
                    "name the mail server as its certificate does, or try the other of smtps and ?tls=required"
                }
                _ => {
                    "check the host, the port and the kind of TLS in SHOPFRONT_SMTP_URL, and that no firewall is between"
                }
            };
            wrong(format!("mail: the mail server can’t be used ({said})"), mend)
        }
    }
}

/// Silent while the table isn't there: the missing migrations are told already.
async fn check_outbox(pool: &PgPool, secret: Option<&Secret>, findings: &mut Vec<Finding>) {
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
