//! The binary's subcommands.

use crate::catalogue_file::{CatalogueFile, ImportError, ImportOptions, Progress, TerminalProgress};
use crate::config::{Cli, Command, Common, Serve};
use crate::database::{self, Use};
use crate::http::{self, Host};
use crate::mail::{self, Composer, Mailer, Pace, Post, Worker};
use crate::media::MediaStore;
use crate::metrics::{self, Metrics};
use crate::secret::{self, Secret};
use crate::services::office::pictures::{self, Encoder};
use crate::services::office::{bulk, imports, start_drafts_housekeeping};
use crate::{demo, doctor, user_command};
use sqlx::PgPool;
use std::fmt::Display;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What went wrong, in words for the operator.
pub struct Failure(pub String);

impl<E: Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

pub async fn run(cli: Cli) -> ExitCode {
    let done = match cli.command {
        Command::Serve(settings) => serve(&cli.common, &settings).await,
        Command::Migrate(settings) => migrate(&cli.common, settings.grant_to.as_deref()).await,
        Command::Import(import) => run_import(&cli.common, &import.file, import.dry_run).await,
        Command::Export(export) => run_export(&cli.common, &export.file).await,
        Command::SeedDemo(seed) => seed_demo(&cli.common, seed.if_empty).await,
        Command::User(command) => user_command::run(&cli.common, command).await,
        Command::Doctor(settings) => return doctor::run(&cli.common, &settings).await,
    };
    match done {
        Ok(code) => code,
        Err(Failure(reason)) => {
            tracing::error!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// Listens first and connects when asked: a database that starts a moment later than the shop is no reason to fail.
async fn serve(common: &Common, settings: &Serve) -> Result<ExitCode, Failure> {
    let post = settings.mail.post(settings)?;
    let pool = database::pool(database_url(common)?, settings.db_connections, Use::Requests)?;
    let batch = database::pool(database_url(common)?, 1, Use::Batch)?;
    bring_up_to_date(&batch).await?;
    batch.close().await;
    if !settings.site_root.join("pkg").is_dir() {
        tracing::warn!(
            folder = %settings.site_root.display(),
            "the built browser files are not there: pages will have neither style nor script; see --site-root"
        );
    }
    let media = media_store(common)?;
    if common.media_url.is_none() {
        std::fs::create_dir_all(&common.media_dir)
            .map_err(|error| format!("the media folder {} can’t be made: {error}", common.media_dir.display()))?;
    }
    let listener = TcpListener::bind(settings.addr)
        .await
        .map_err(|error| format!("{} can’t be listened on: {error}", settings.addr))?;
    let bound = listener.local_addr()?;
    let dev_mail = post.dev_mail.clone();
    let host = Host::new(pool.clone(), settings, common.currency.clone(), secret(common)?, media.clone(), dev_mail);
    let beside = [
        host.accounts.start_housekeeping(),
        host.shelf.start_housekeeping(),
        host.shelf.start_alerts(),
        media.start_tidying(pool.clone()),
        host.imports.start_housekeeping(),
        start_drafts_housekeeping(pool.clone()),
        bulk::start_housekeeping(pool.clone()),
    ];
    let metrics = Arc::clone(&host.metrics);
    let encoder = Encoder::new(&pool, media, Arc::clone(&host.pictures), pictures::Pace::default());
    let router = http::router(host, settings);
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        told_to_leave().await;
        tell.send_replace(true);
    });
    if let Some(addr) = settings.metrics_addr {
        serve_metrics(addr, Arc::clone(&metrics), pool.clone(), told.clone()).await?;
    }
    announce_mail(settings, &post, bound);
    let composer = Composer::new(&settings.name, &settings.home(bound), post.from);
    let worker = Worker::new(&pool, secret(common)?, composer, post.mailer, metrics, Pace::default());
    let worker = tokio::spawn(worker.run(told.clone()));
    let encoder = tokio::spawn(encoder.run(told.clone()));
    tracing::info!("serving {} on http://{bound}", settings.name);
    http::serve(listener, router, settings.max_connections, leaving(told)).await?;
    worker.await?;
    encoder.await?;
    beside.iter().for_each(tokio::task::JoinHandle::abort);
    pool.close().await;
    Ok(ExitCode::SUCCESS)
}

/// On a listener of its own: figures are not for visitors.
async fn serve_metrics(
    addr: SocketAddr,
    metrics: Arc<Metrics>,
    pool: PgPool,
    told: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let listener =
        TcpListener::bind(addr).await.map_err(|error| format!("{addr} can’t be listened on for metrics: {error}"))?;
    tracing::info!("metrics are on http://{}/metrics", listener.local_addr()?);
    let router = metrics::router(metrics, pool);
    tokio::spawn(http::serve(listener, router, metrics::MAX_CONNECTIONS, leaving(told)));
    Ok(())
}

/// Says what an operator would otherwise learn from people who wait for their code.
fn announce_mail(settings: &Serve, post: &Post, bound: SocketAddr) {
    match &post.mailer {
        None => tracing::warn!(
            "no way for mail is set, so letters wait and nobody can sign up: set SHOPFRONT_SMTP_URL and \
             SHOPFRONT_MAIL_FROM"
        ),
        Some(Mailer::Memory(_)) => tracing::info!("mail is kept in memory and shown at http://{bound}/dev/mail"),
        Some(Mailer::File(folder)) => {
            tracing::warn!(folder = %folder.display(), "mail is written to a folder and sent to nobody");
        }
        Some(Mailer::Smtp(_)) if settings.mail.smtp_url.as_deref().is_some_and(mail::is_in_the_clear) => {
            tracing::warn!("mail goes out without TLS, so whoever is on the way can read its codes");
        }
        Some(Mailer::Smtp(_)) => {}
    }
}

/// Migrates, unless that is for another role to do.
async fn bring_up_to_date(pool: &PgPool) -> Result<(), Failure> {
    let migrated = match database::may_migrate(pool).await {
        Ok(true) => database::migrate(pool).await,
        Ok(false) => return require_schema(pool).await,
        Err(error) => Err(error.into()),
    };
    match migrated {
        Err(sqlx::migrate::MigrateError::Execute(error)) if is_away(&error) => {
            tracing::warn!(%error, "the database can’t be reached yet; serving once it can");
            Ok(())
        }
        migrated => Ok(migrated?),
    }
}

async fn migrate(common: &Common, grant_to: Option<&str>) -> Result<ExitCode, Failure> {
    let pool = batch_pool(common)?;
    database::migrate(&pool).await?;
    tracing::info!("the database has this version’s schema");
    if let Some(role) = grant_to {
        database::grant_to(&pool, role).await?;
        tracing::info!("the role {role} may serve the shop");
    }
    Ok(ExitCode::SUCCESS)
}

/// The report goes to standard output, whether the file was taken or refused: it is what was asked for.
#[allow(clippy::print_stdout)]
async fn run_import(common: &Common, path: &Path, dry_run: bool) -> Result<ExitCode, Failure> {
    let pool = batch_pool(common)?;
    require_schema(&pool).await?;
    let file = CatalogueFile::open(path).map_err(|error| format!("{} can’t be read: {error}", path.display()))?;
    let mut options = ImportOptions { dry_run, ..ImportOptions::default() };
    if dry_run {
        options.list_changes = 1000;
    }
    if std::io::stderr().is_terminal() {
        options.progress = Arc::new(TerminalProgress::new()) as Arc<dyn Progress>;
    }
    let name = path.to_string_lossy();
    match imports::import(&pool, &media_store(common)?, &common.currency, (file, &name), &options).await {
        Ok(report) => {
            println!("{report}");
            Ok(ExitCode::SUCCESS)
        }
        Err(ImportError::Refused(report)) => {
            println!("{report}");
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

#[allow(clippy::print_stdout)]
async fn run_export(common: &Common, path: &Path) -> Result<ExitCode, Failure> {
    let pool = batch_pool(common)?;
    require_schema(&pool).await?;
    let report = imports::export_all(&pool, &media_store(common)?, &common.currency, path).await?;
    println!("{report}");
    Ok(ExitCode::SUCCESS)
}

async fn seed_demo(common: &Common, if_empty: bool) -> Result<ExitCode, Failure> {
    let pool = batch_pool(common)?;
    require_schema(&pool).await?;
    demo::seed_demo(&pool, &media_store(common)?, &common.currency, if_empty).await?;
    Ok(ExitCode::SUCCESS)
}

pub async fn require_schema(pool: &PgPool) -> Result<(), Failure> {
    match database::is_migrated(pool).await? {
        true => Ok(()),
        false => Err(Failure("the database lacks this version’s tables: run `shopfront migrate` first".to_owned())),
    }
}

/// The shop's key.
///
/// # Errors
/// When it can't be read, or made.
pub fn secret(common: &Common) -> Result<Secret, Failure> {
    Ok(secret::load(common.secret.as_ref().map(|text| text.0.as_str()), &common.secret_file)?)
}

/// Where the pictures are.
///
/// # Errors
/// When it is a bucket that can't be used.
pub fn media_store(common: &Common) -> Result<MediaStore, Failure> {
    match common.media_url.as_deref() {
        Some(url) => Ok(MediaStore::at(url)?),
        None => Ok(MediaStore::new(&common.media_dir)),
    }
}

fn database_url(common: &Common) -> Result<&str, Failure> {
    common.database_url.as_deref().ok_or_else(|| {
        Failure("no database is named: set DATABASE_URL, such as postgres://user:password@host/database".to_owned())
    })
}

/// One connection for the work and one for what the work looks up beside it.
pub fn batch_pool(common: &Common) -> Result<PgPool, Failure> {
    Ok(database::pool(database_url(common)?, 2, Use::Batch)?)
}

fn is_away(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
}

async fn leaving(mut told: watch::Receiver<bool>) {
    let _ = told.wait_for(|told| *told).await;
}

/// Resolves at SIGTERM or Ctrl-C.
async fn told_to_leave() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
