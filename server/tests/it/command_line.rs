//! The binary as its operator uses it.

use crate::smtp_sink::Sink;
use server::mail::{Letter, enqueue};
use server::secret::Secret;
use sqlx::PgPool;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

pub const SECRET: &str = "a key for tests, long enough to be one";

/// The address of a test's own database, for a process of its own.
pub fn url(pool: &PgPool) -> String {
    let options = pool.connect_options();
    let server = std::env::var("DATABASE_URL").unwrap();
    let (before, query) = server.split_once('?').map_or((server.as_str(), ""), |(before, query)| (before, query));
    let (server, _) = before.rsplit_once('/').unwrap();
    format!("{server}/{}?{query}", options.get_database().unwrap())
}

pub fn shopfront(pool: Option<&PgPool>, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
    command.args(args).env_remove("DATABASE_URL").env("SHOPFRONT_MEDIA_DIR", scratch("media"));
    command.env("SHOPFRONT_SECRET", SECRET);
    if let Some(pool) = pool {
        command.env("DATABASE_URL", url(pool));
    }
    command.output().unwrap()
}

fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("shopfront-cli-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

#[test]
fn every_command_explains_itself_and_tells_no_secret() {
    for command in ["serve", "migrate", "import", "export", "seed-demo", "user", "doctor"] {
        let output = Command::new(env!("CARGO_BIN_EXE_shopfront"))
            .args([command, "--help"])
            .env("DATABASE_URL", "postgres://shop:swordfish@db/shop")
            .env("SHOPFRONT_SMTP_URL", "smtps://shop:swordfish@mail")
            .env("SHOPFRONT_SECRET", "swordfish")
            .output()
            .unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && help.contains("Usage: shopfront"), "{command}: {help}");
        assert!(!help.contains("swordfish"), "{command}: {help}");
    }
}

#[test]
fn what_is_missing_is_named_in_one_line() {
    let output = shopfront(None, &["migrate", "--log-format", "text"]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("set DATABASE_URL") && said.lines().count() == 1, "{said}");
    let output = Command::new(env!("CARGO_BIN_EXE_shopfront"))
        .args(["migrate"])
        .env("DATABASE_URL", "postgres://shop:swordfish@127.0.0.1:1/shop")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(!String::from_utf8(output.stderr).unwrap().contains("swordfish"));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_doctor_finds_what_is_wrong_and_says_how_to_mend_it(pool: PgPool) {
    let site = scratch("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    let site = site.to_str().unwrap().to_owned();
    let (healthy, sick) = tokio::task::spawn_blocking({
        let pool = pool.clone();
        move || {
            let healthy = shopfront(Some(&pool), &["doctor", "--site-root", &site, "--dev-mail"]);
            let sick = shopfront(Some(&pool), &["doctor", "--site-root", "/nowhere", "--media-dir", "/proc/media"]);
            (healthy, sick)
        }
    })
    .await
    .unwrap();
    let said = String::from_utf8(healthy.stdout).unwrap();
    assert!(healthy.status.success(), "{said}");
    for part in ["PostgreSQL", "extensions", "migrations", "media folder", "mail", "clock", "permissions", "audit log"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = String::from_utf8(sick.stdout).unwrap();
    assert!(!sick.status.success());
    assert!(said.contains("WRONG media folder") && said.contains("--site-root"), "{said}");
    assert!(said.contains("WRONG mail: no way for it is set"), "{said}");
}

#[sqlx::test(migrations = "../migrations")]
async fn the_doctor_sees_when_the_log_can_be_changed(pool: PgPool) {
    let doctor = async || {
        let pool = pool.clone();
        let output = tokio::task::spawn_blocking(move || shopfront(Some(&pool), &["doctor", "--dev-mail"]));
        String::from_utf8(output.await.unwrap().stdout).unwrap()
    };
    assert!(doctor().await.contains("ok    audit log"));
    for (table, trigger) in [
        ("audit_log", "audit_log_append_only"),
        ("audit_log", "audit_log_never_emptied"),
        ("words_about_people", "words_about_people_unchanged"),
    ] {
        // Off, and on only for who doesn't say to be a copy.
        for state in ["disable", "enable", "enable always"] {
            let statement = format!("alter table {table} {state} trigger {trigger}");
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
            let said = doctor().await;
            let found = said.contains(&format!("WRONG audit log: the trigger {trigger} of {table} is off"));
            assert_eq!(found, state != "enable always", "{state} {trigger}: {said}");
        }
    }
    sqlx::query("drop trigger audit_log_append_only on audit_log").execute(&pool).await.unwrap();
    assert!(doctor().await.contains("enable always trigger audit_log_append_only"));
}

#[cfg(unix)]
#[test]
fn the_doctor_looks_at_the_key_and_at_the_proxies_and_makes_nothing() {
    let folder = scratch("keys");
    let path = folder.join("secret");
    let doctor = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
        command.arg("doctor").args(args).env_remove("DATABASE_URL").env_remove("SHOPFRONT_SECRET");
        command.env("SHOPFRONT_SECRET_FILE", &path).env("SHOPFRONT_MEDIA_DIR", scratch("media"));
        command.env("SHOPFRONT_TRUSTED_PROXIES", "").env("SHOPFRONT_IMAGE_HOSTS", "");
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let said = doctor(&[]);
    assert!(said.contains("WRONG key: none in") && said.contains("ok    trusted proxies: none"), "{said}");
    assert!(!folder.exists());

    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(&path, "a short key").unwrap();
    let said = doctor(&["--base-url", "https://shop.example"]);
    assert!(said.contains("WRONG key:") && said.contains("at least 32 characters"), "{said}");
    assert!(said.contains("WRONG trusted proxies: none, though"), "{said}");

    std::fs::write(&path, SECRET).unwrap();
    for (mode, expected) in [(0o644, "open to every user of this machine (mode 644)"), (0o640, "ok    key: there")] {
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        let said = doctor(&["--trusted-proxies", "10.0.0.0/8,192.0.2.1"]);
        assert!(said.contains(expected), "{mode:o}: {said}");
        assert!(said.contains("ok    trusted proxies: 10.0.0.0/8, 192.0.2.1/32"), "{said}");
    }
    assert!(doctor(&["--trusted-proxies", "::/0"]).contains("WRONG trusted proxies: ::/0 is most of"));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(doctor(&[]).contains("can’t be read"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_running_shop_shows_an_import_logs_each_request_s_id_and_leaves_when_told(pool: PgPool) {
    let done = tokio::task::spawn_blocking(move || {
        let mut shop = Command::new(env!("CARGO_BIN_EXE_shopfront"))
            .args(["serve", "--addr", "127.0.0.1:0", "--log-format", "json", "--log", "info,server::http=debug"])
            .args(["--metrics-addr", "127.0.0.1:0", "--dev-mail"])
            .env("DATABASE_URL", url(&pool))
            .env("SHOPFRONT_SECRET", SECRET)
            .env("SHOPFRONT_MEDIA_DIR", scratch("media"))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(shop.stderr.take().unwrap());
        let mut line = String::new();
        let mut figures = String::new();
        let addr = loop {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "the shop left");
            let _: serde_json::Value = serde_json::from_str(&line).expect("every line is JSON");
            if let Some((_, rest)) = line.split_once("metrics are on http://") {
                figures = rest.split('/').next().unwrap().to_owned();
            } else if let Some((_, rest)) = line.split_once("serving Fieldstone on http://") {
                break rest.split(['"', ' ']).next().unwrap().to_owned();
            }
        };
        let get_from = |addr: &str, path: &str| {
            let mut stream = TcpStream::connect(addr).unwrap();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let get = |path: &str| get_from(&addr, path);
        assert!(get_from(&figures, "/metrics").contains("\nshopfront_database_up 1\n"));
        assert!(get_from(&figures, "/").starts_with("HTTP/1.1 404"), "figures have a listener to themselves");
        assert!(get("/metrics").starts_with("HTTP/1.1 404"), "and visitors can't see them");
        assert!(get("/dev/mail").contains("No letter has been sent yet"));
        assert!(get("/products/fell-stool").starts_with("HTTP/1.1 404"));

        let file = scratch("one.csv");
        std::fs::write(&file, "Handle,Title,Variant Price,Variant Inventory Qty\nfell-stool,Fell stool,120.00,3\n")
            .unwrap();
        let dry = shopfront(Some(&pool), &["import", file.to_str().unwrap(), "--dry-run"]);
        assert!(dry.status.success(), "{}", String::from_utf8_lossy(&dry.stderr));
        assert!(get("/products/fell-stool").starts_with("HTTP/1.1 404"), "a dry run changes nothing");
        let import = shopfront(Some(&pool), &["import", file.to_str().unwrap()]);
        assert!(import.status.success(), "{}", String::from_utf8_lossy(&import.stderr));
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(10);
        let page = loop {
            let page = get("/products/fell-stool");
            if page.starts_with("HTTP/1.1 200") || std::time::Instant::now() > patience {
                break page;
            }
        };
        assert!(page.contains("€120.00"), "{page}");
        let id = page.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap().to_owned();

        let pid = shop.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(shop.wait().unwrap().success());
        let mut rest = String::new();
        log.read_to_string(&mut rest).unwrap();
        assert!(rest.lines().any(|line| line.contains(&id) && line.contains("answered")), "the log has request {id}");
    });
    done.await.unwrap();
}

#[test]
fn letters_are_not_shown_where_others_can_reach_them() {
    for flags in [
        ["--addr", "0.0.0.0:0"],
        ["--addr", "[::]:0"],
        ["--addr", "192.0.2.1:3000"],
        ["--base-url", "https://shop.example"],
    ] {
        for command in ["serve", "doctor"] {
            let args = [command, "--log-format", "text", "--dev-mail", flags[0], flags[1]];
            let output = shopfront(None, &args);
            assert!(!output.status.success(), "{args:?}");
            let said = [output.stdout, output.stderr].concat();
            assert!(String::from_utf8(said).unwrap().contains("--dev-mail shows every code to everybody"), "{args:?}");
        }
    }
}

#[test]
fn mail_settings_that_can_not_be_used_are_told_without_their_password() {
    for (flags, said) in [
        (vec!["--smtp-url", "smtp://shop:swordfish@mail?tsl=required", "--mail-from", "a@b.example"], "can’t be read"),
        (vec!["--smtp-url", "smtps://shop:swordfish@mail"], "SHOPFRONT_MAIL_FROM"),
        (vec!["--mail-dir", "/tmp/mail"], "SHOPFRONT_MAIL_FROM"),
        (vec!["--smtp-url", "smtps://shop:swordfish@mail", "--mail-dir", "/tmp/mail"], "cannot be used with"),
        (vec!["--mail-from", "Fieldstone"], "Fieldstone <shop@example.com>"),
    ] {
        let args: Vec<&str> = ["serve", "--log-format", "text"].into_iter().chain(flags).collect();
        let output = shopfront(None, &args);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(said), "{args:?}: {error}");
        assert!(!error.contains("swordfish"), "{args:?}: {error}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_doctor_speaks_to_the_mail_server_and_looks_into_the_outbox(pool: PgPool) {
    let sink = Sink::open_for(Some(("shop", "swordfish"))).await;
    let doctor = async |url: String| {
        let pool = pool.clone();
        let look = move || shopfront(Some(&pool), &["doctor", "--smtp-url", &url, "--mail-from", "shop@shop.example"]);
        let output = tokio::task::spawn_blocking(look).await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let said = doctor(format!("smtp://shop:swordfish@{}", sink.addr)).await;
    assert!(said.contains("ok    mail: the mail server answers") && said.contains("ok    outbox: 0 letters"), "{said}");
    assert!(sink.letters().is_empty(), "nobody gets a letter from a check");
    let said = doctor(format!("smtp://shop:trout@{}", sink.addr)).await;
    assert!(said.contains("WRONG mail: the mail server can’t be used (535 5.7.8)"), "{said}");
    assert!(said.contains("check the user and the password"), "{said}");
    let said = doctor("smtps://shop:trout@127.0.0.1:1".to_owned()).await;
    assert!(said.contains("WRONG mail: the mail server can’t be used (connection refused)"), "{said}");
    assert!(said.contains("check the host, the port"), "{said}");

    let other = Secret::from_text("another key for tests, long enough too").unwrap();
    let mut connection = pool.acquire().await.unwrap();
    let later = time::OffsetDateTime::now_utc() + std::time::Duration::from_secs(600);
    for _ in 0..2 {
        enqueue(&mut connection, &other, Some("ada@example.com"), &Letter::PasswordChanged, later).await.unwrap();
    }
    sqlx::query("update outbox set created_at = now() - interval '20 minutes'").execute(&pool).await.unwrap();
    let said = doctor(sink.url()).await;
    assert!(said.contains("WRONG outbox: 2 letters wait, one for 20 minutes"), "{said}");
    assert!(said.contains("WRONG key: waiting letters were sealed under another one"), "{said}");
    sqlx::query(
        "update outbox set state = 'dead', letter = null, last_error = '550 5.1.1', done_at = now()
         where id = (select min(id::text)::uuid from outbox)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let said = doctor(sink.url()).await;
    assert!(said.contains("WRONG outbox: 1 letters were given up, at last because of: 550 5.1.1"), "{said}");
}

#[test]
fn a_switch_in_the_environment_is_read_as_people_write_it() {
    for (written, on) in [("1", true), ("true", true), ("yes", true), ("0", false), ("false", false), ("", false)] {
        let output = Command::new(env!("CARGO_BIN_EXE_shopfront"))
            .args(["doctor"])
            .env_remove("DATABASE_URL")
            .env("SHOPFRONT_MEDIA_DIR", scratch("media"))
            .env("SHOPFRONT_SECRET", SECRET)
            .env("SHOPFRONT_DEV_MAIL", written)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(said.contains("/dev/mail"), on, "{written}: {said}{}", String::from_utf8_lossy(&output.stderr));
    }
}
