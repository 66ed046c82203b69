use super::browser::{count, next, said};
use super::{ANN, Browser};
use crate::command_line::{shopfront, url};
use crate::shop::Shop;
use sqlx::PgPool;
use std::process::{Command, Output};

/// `shopfront user`, with the key that the shop under test has.
fn user(pool: &PgPool, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shopfront"))
        .arg("user")
        .args(args)
        .env("DATABASE_URL", url(pool))
        .env("SHOPFRONT_SECRET", "a key that only tests may know of")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8(output.stderr.clone()).unwrap()
}

const CREATE: [&str; 6] = ["create", "--admin", "--username", ANN.username, "--email", ANN.email];

#[sqlx::test(migrations = "../migrations")]
async fn the_first_admin_is_made_here_and_sets_a_password_by_link(pool: PgPool) {
    let shop = Shop::open(pool).await;
    assert_eq!(count(&shop.pool, "select count(*) from users").await, 0, "nobody is made by default");
    let printed = out(&user(&shop.pool, &CREATE));
    let token = printed.trim().rsplit_once("/reset-password?token=").unwrap().1;
    assert_eq!(token.len(), 43);
    let page = shop.get(&format!("/reset-password?token={token}")).await;
    assert!(page.body.contains(&format!("name=\"code\" value=\"{token}\"")), "the link stands for the code");
    assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), ("no-store", "noindex"));
    let browser: Browser<'_> = shop.browser();
    said(&browser.log_in(ANN.username, ANN.password).await, "password");
    let set = async |token: &str, password: &str| {
        shop.browser().post("reset_password", &[("code", token), ("password", password)]).await
    };
    let stranger = "A".repeat(43);
    said(&set(&stranger, ANN.password).await, "code");
    assert!(said(&set(token, "fourteen chars").await, "password").contains("15"));
    next(&set(token, ANN.password).await);
    said(&set(token, "another good phrase").await, "code");
    next(&browser.log_in(ANN.username, ANN.password).await);
    assert_eq!(count(&shop.pool, "select count(*) from users where role = 'admin'").await, 1);
    assert!(refused(&user(&shop.pool, &CREATE)).contains("There is an account with this address"));
    assert!(refused(&user(&shop.pool, &["create", "--username", "root", "--email", "r@example.com"])).contains("own"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_flow_of_a_browsers_own_is_no_link(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let browser = shop.browser();
    next(&browser.forgot(ANN.email).await);
    let flow = browser.cookie("flow").unwrap();
    said(&browser.post("reset_password", &[("code", &flow), ("password", "another good phrase")]).await, "code");
}

#[sqlx::test(migrations = "../migrations")]
async fn accounts_are_listed_blocked_and_logged_out(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.signed_up(&ANN).await;
    assert!(out(&user(&shop.pool, &["list"])).contains("ann@example.com"));
    out(&user(&shop.pool, &["end-sessions", "ANN.LEE"]));
    assert!(!browser.is_signed_in().await);
    next(&browser.log_in(ANN.email, ANN.password).await);
    out(&user(&shop.pool, &["block", ANN.username, "--reason", "fraud", "--note", "Write to us."]));
    assert!(!browser.is_signed_in().await);
    assert!(said(&browser.log_in(ANN.email, ANN.password).await, "").contains("Write to us."));
    assert!(out(&user(&shop.pool, &["list"])).contains("blocked"));
    out(&user(&shop.pool, &["unblock", ANN.username]));
    next(&browser.log_in(ANN.email, ANN.password).await);
    assert!(refused(&user(&shop.pool, &["block", "nobody"])).contains("no account named nobody"));
    sqlx::query("update users set role = 'admin'").execute(&shop.pool).await.unwrap();
    assert!(refused(&user(&shop.pool, &["block", ANN.username])).contains("last active admin"));
}

#[test]
fn the_shops_key_is_in_no_help() {
    let output = Command::new(env!("CARGO_BIN_EXE_shopfront"))
        .args(["user", "create", "--help"])
        .env("SHOPFRONT_SECRET", "a key that only tests may know of")
        .output()
        .unwrap();
    assert!(!String::from_utf8_lossy(&output.stdout).contains("only tests"));
    assert!(shopfront(None, &["user", "list"]).stdout.is_empty());
}
