//! The shop served as a database role that doesn't own its tables.

use super::staff::{ADA, EDD, done, signed_in};
use super::{imports, pictures};
use crate::accounts::{ANN, Browser};
use crate::catalogue_file::{Folder, eur};
use crate::command_line::{SECRET, url};
use crate::shop::Shop;
use axum::http::{Method, StatusCode};
use server::catalogue_file::{CatalogueFile, ImportOptions};
use server::database::grant_to;
use server::services::office::imports as before_terminal;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

const PASSWORD: &str = "a-wren-in-the-ivy";

async fn run(pool: &PgPool, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(pool).await.unwrap();
}

/// A role for this test's database, with what serving takes; and connections of its.
async fn lesser(owner: &PgPool) -> (String, PgPool) {
    let options = owner.connect_options();
    let database = options.get_database().unwrap();
    // A name has 63 bytes at most, and those of test databases differ at their ends.
    let role = format!("lesser-{}", &database[database.len().saturating_sub(50)..]);
    run(owner, format!("create role \"{role}\" login password '{PASSWORD}'")).await;
    grant_to(owner, &role).await.unwrap();
    let options = (*options).clone().username(&role).password(PASSWORD);
    let pool = PgPoolOptions::new().max_connections(3).connect_with(options).await.unwrap();
    (role, pool)
}

async fn forget(owner: &PgPool, role: &str) {
    run(owner, format!("drop owned by \"{role}\"; drop role \"{role}\"")).await;
}

async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

async fn works_on_the_catalogue(edd: &Browser<'_>) {
    let fields = [
        ("title", "Fell stool"),
        ("status", "active"),
        ("body", "Of *oak*."),
        ("variants[0][price]", "120"),
        ("variants[0][add]", "3"),
    ];
    let path = done(edd, "products/save", &fields).await.next.path;
    let product = path.strip_prefix("/admin/products/").unwrap().parse().unwrap();
    pictures::added(edd, product, &[("front.png", &pictures::png(300))]).await;
    done(edd, "categories/create", &[("name", "Seats"), ("parent", "")]).await;
    let created = "select max(id)::text from audit_log where act = 'category.create'";
    let created: String = sqlx::query_scalar(created).fetch_one(&edd.shop().pool).await.unwrap();
    done(edd, "trail/revert", &[("entry", &created), ("page", "/admin/audit")]).await;
    let file = "Handle,Title,Variant Price\nfell-stool,Fell stool of oak,130.00\npot,Pot,40.00\n";
    let import = imports::upload(edd, file).await;
    assert_eq!(imports::apply(edd, &import).await, "applied");
    done(edd, "imports/undo", &[("import", &import), ("password", EDD.password)]).await;
    assert_eq!(imports::settled(&edd.shop().pool, &import).await, "undone");
}

async fn shops(shop: &Shop) {
    shop.get_until("/products/fell-stool", |page| page.status == StatusCode::OK).await;
    assert!(shop.get("/search?q=stool").await.body.contains("Fell stool"));
    let ann = shop.signed_up(&ANN).await;
    let form = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    for act in ["cart/add_line", "wishlist/save"] {
        let answer = ann.send(Method::POST, &format!("/api/{act}"), &form, "product=fell-stool&quantity=1").await;
        assert_eq!(answer.status, StatusCode::OK, "{act}: {}", answer.body);
    }
    assert!(ann.get("/cart").await.body.contains("Fell stool"));
}

#[sqlx::test(migrations = "../migrations")]
async fn all_that_the_shop_does_takes_no_ownership(owner: PgPool) {
    let (role, pool) = lesser(&owner).await;
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    works_on_the_catalogue(&edd).await;
    shops(&shop).await;

    let ada = signed_in(&shop, &ADA, "admin").await;
    let ann: String = sqlx::query_scalar("select id::text from users where username = $1")
        .bind(ANN.username)
        .fetch_one(&pool)
        .await
        .unwrap();
    done(&ada, "users/block", &[("user", &ann), ("reason", "fraud"), ("note", "")]).await;
    done(&ada, "users/delete", &[("user", &ann)]).await;
    assert_eq!(number(&pool, "select count(*) from words_about_people where reason = 'fraud'").await, 0);
    assert!(ada.get("/admin/audit.csv").await.body.contains("user.delete"));

    let options = ImportOptions::default();
    let folder = Folder::new();
    let path = folder.0.join("vase.csv");
    std::fs::write(&path, "Handle,Title,Variant Price\nvase,Vase,68.00\n").unwrap();
    let file = (CatalogueFile::open(&path).unwrap(), "vase.csv");
    let report = before_terminal::import(&pool, &shop.media, &eur(), file, &options).await.unwrap();
    assert_eq!(report.created, 1);
    before_terminal::export_all(&pool, &shop.media, &eur(), &folder.0.join("all.csv")).await.unwrap();
    shop.media.tidy(&pool, Duration::ZERO).await.unwrap();

    for statement in [
        "alter table audit_log disable trigger audit_log_append_only",
        "drop trigger audit_log_append_only on audit_log",
        "update audit_log set reason = ''",
        "delete from audit_log",
        "truncate audit_log",
        "delete from words_about_people",
        "create table mine (id integer)",
        "delete from _sqlx_migrations",
        "set session_replication_role = replica",
    ] {
        let error = sqlx::query(statement).execute(&pool).await.unwrap_err();
        let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned();
        assert_eq!(code, "42501", "{statement}: {error}");
    }
    drop(shop);
    pool.close().await;
    // What still listens has its connection until it notices; grants go with the role whoever is connected.
    forget(&owner, &role).await;
}

/// The database's address for this role.
fn url_as(owner: &PgPool, role: &str) -> String {
    let url = url(owner);
    let (scheme, rest) = url.split_once("://").unwrap();
    let server = rest.split_once('@').map_or(rest, |(_, server)| server);
    format!("{scheme}://{role}:{PASSWORD}@{server}")
}

fn command(url: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
    command.args(args).env("DATABASE_URL", url).env("SHOPFRONT_SECRET", SECRET);
    command
}

#[sqlx::test(migrations = "../migrations")]
async fn it_serves_and_the_doctor_tells_it_from_the_owner(owner: PgPool) {
    let (role, pool) = lesser(&owner).await;
    pool.close().await;
    let (lesser, owners) = (url_as(&owner, &role), url(&owner));
    let doctor = async |url: &str| {
        let mut command = command(url, &["doctor", "--dev-mail"]);
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(doctor(&owners).await.contains("ok    permissions: the user owns the tables"));
    let said = doctor(&lesser).await;
    assert!(said.contains("ok    permissions: the user works with the tables and doesn’t own them"), "{said}");
    assert!(said.contains("ok    audit log") && said.contains("ok    migrations"), "{said}");

    let mut serving = command(&lesser, &["serve", "--addr", "127.0.0.1:0", "--log-format", "text", "--dev-mail"]);
    let folder = Folder::new();
    serving.env("SHOPFRONT_MEDIA_DIR", folder.0.join("media")).stderr(Stdio::piped());
    let said = tokio::task::spawn_blocking(move || {
        let mut shop = serving.spawn().unwrap();
        let log = BufReader::new(shop.stderr.take().unwrap());
        let mut said = Vec::new();
        for line in log.lines().map_while(Result::ok) {
            said.push(line);
            if said.last().is_some_and(|line| line.contains("serving Fieldstone on")) {
                break;
            }
        }
        shop.kill().unwrap();
        shop.wait().unwrap();
        said.join("\n")
    });
    let said = said.await.unwrap();
    assert!(said.contains("serving Fieldstone on"), "{said}");

    // A version that brings a table needs its grants, and one that isn't migrated to says by whom.
    run(&owner, "create table later (id integer)".to_owned()).await;
    let said = doctor(&lesser).await;
    assert!(said.contains(&format!("shopfront migrate --grant-to {role}")), "{said}");
    let mut again = command(&owners, &["migrate", "--grant-to", &role]);
    let output = tokio::task::spawn_blocking(move || again.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(doctor(&lesser).await.contains("ok    permissions"));
    run(&owner, "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)".to_owned())
        .await;
    let mut serving = command(&lesser, &["serve", "--addr", "127.0.0.1:0", "--log-format", "text", "--dev-mail"]);
    let output = tokio::task::spawn_blocking(move || serving.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("shopfront migrate"), "{said}");
    forget(&owner, &role).await;
}
