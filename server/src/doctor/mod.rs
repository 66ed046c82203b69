//! `shopfront doctor`: what could keep the shop from working, and how to mend each.

mod database;

use crate::cli;
use crate::config::{Common, Serve};
use crate::database::{Use, pool};
use crate::mail::{self, Mailer, Unusable};
use crate::secret::{self, Secret, SecretError};
use database::{check_database, check_outbox};
use ipnet::IpNet;
use std::path::Path;
use std::process::ExitCode;

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
        Some(url) => match pool(url, 1, Use::Batch) {
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
