//! The binary as its operator uses it.

use sqlx::PgPool;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

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
    command.env("SHOPFRONT_SECRET_FILE", scratch("secret"));
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
            let healthy = shopfront(Some(&pool), &["doctor", "--site-root", &site]);
            let sick = shopfront(Some(&pool), &["doctor", "--site-root", "/nowhere", "--media-dir", "/proc/media"]);
            (healthy, sick)
        }
    })
    .await
    .unwrap();
    let said = String::from_utf8(healthy.stdout).unwrap();
    assert!(healthy.status.success(), "{said}");
    for part in ["PostgreSQL", "extensions", "migrations", "media folder", "mail", "clock", "permissions"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = String::from_utf8(sick.stdout).unwrap();
    assert!(!sick.status.success());
    assert!(said.contains("WRONG media folder") && said.contains("--site-root"), "{said}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_running_shop_shows_an_import_logs_each_request_s_id_and_leaves_when_told(pool: PgPool) {
    let done = tokio::task::spawn_blocking(move || {
        let mut shop = Command::new(env!("CARGO_BIN_EXE_shopfront"))
            .args(["serve", "--addr", "127.0.0.1:0", "--log-format", "json", "--log", "info,server::http=debug"])
            .env("DATABASE_URL", url(&pool))
            .env("SHOPFRONT_MEDIA_DIR", scratch("media"))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(shop.stderr.take().unwrap());
        let mut line = String::new();
        let addr = loop {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "the shop left");
            let _: serde_json::Value = serde_json::from_str(&line).expect("every line is JSON");
            if let Some((_, rest)) = line.split_once("on http://") {
                break rest.split(['"', ' ']).next().unwrap().to_owned();
            }
        };
        let get = |path: &str| {
            let mut stream = TcpStream::connect(&addr).unwrap();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
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
