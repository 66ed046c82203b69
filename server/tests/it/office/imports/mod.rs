//! Imports in the browser (rows 29, 43 and 46 of the bar, and B4).

mod applying;
mod files;
mod rights;
mod work;

use crate::accounts::{ANN, Browser, Person};
use crate::catalogue_file::{catalogues, eur};
use crate::shop::{Answer, Product, Shop, add};
use app::cart::api::Acted;
use app::error::AppError;
use app::form::Next;
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use serde_json::{Value, json};
use server::services::office::ImportWork;
use sqlx::PgPool;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

pub(super) const EDITOR: Person =
    Person { username: "edith", email: "edith@example.com", password: "a heron at the weir" };

pub(super) async fn signed_in<'a>(shop: &'a Shop, person: &Person, role: &str) -> Browser<'a> {
    shop.account(person, role).await;
    let browser = shop.browser();
    assert_eq!(browser.log_in(person.email, person.password).await.status, StatusCode::OK);
    browser
}

/// The form of a new file.
pub(super) async fn send_file(browser: &Browser<'_>, accept: &str, name: &str, file: &str) -> Answer {
    let body = format!(
        "--limes\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/csv\r\n\r\n\
         {file}\r\n--limes--\r\n"
    );
    let headers = [("accept", accept), ("content-type", "multipart/form-data; boundary=limes")];
    browser.send(Method::POST, "/api/admin/imports/upload", &headers, &body).await
}

/// Uploads a file and waits for its dry run.
pub(super) async fn upload(browser: &Browser<'_>, file: &str) -> String {
    let answer = send_file(browser, "application/json", "new.csv", file).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let next: Next = serde_json::from_str(&answer.body).unwrap();
    let id = next.path.strip_prefix("/admin/imports/").unwrap().to_owned();
    settled(&browser.shop().pool, &id).await;
    id
}

/// Waits until nothing is at work on an import; says how that ended.
pub(super) async fn settled(pool: &PgPool, import: &str) -> String {
    let import: Uuid = import.parse().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let state: String =
            sqlx::query_scalar("select state from imports where id = $1").bind(import).fetch_one(pool).await.unwrap();
        if !["checking", "applying", "undoing"].contains(&state.as_str()) {
            return state;
        }
        assert!(Instant::now() < patience, "{state}");
        tokio::task::yield_now().await;
    }
}

pub(super) async fn act(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/admin/imports/{form}"), &headers, &body).await
}

async fn page(browser: &Browser<'_>, import: &str, search: &str) -> String {
    let answer = browser.get(&format!("/admin/imports/{import}{search}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

/// The dry run that the page's form names.
pub(super) async fn seen(browser: &Browser<'_>, import: &str) -> String {
    let page = page(browser, import, "").await;
    let after = page.split("name=\"seen\" value=\"").nth(1).unwrap_or_else(|| panic!("no form in {page}"));
    after.split('"').next().unwrap().to_owned()
}

pub(super) async fn apply(browser: &Browser<'_>, import: &str) -> String {
    let answer = act(browser, "apply", &[("import", import), ("seen", &seen(browser, import).await)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let _: Acted = serde_json::from_str(&answer.body).unwrap();
    settled(&browser.shop().pool, import).await
}

pub(super) async fn undo(browser: &Browser<'_>, import: &str) -> String {
    let answer = act(browser, "undo", &[("import", import), ("password", EDITOR.password)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    settled(&browser.shop().pool, import).await
}

fn wrong(answer: &Answer, field: &str) -> String {
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.body);
    match serde_json::from_str(&answer.body).expect("an AppError") {
        AppError::Invalid { fields } => {
            fields.into_iter().find(|one| one.field == field).map(|one| one.message).unwrap_or_default()
        }
        other => panic!("{other:?}"),
    }
}

/// Every row of the catalogue and of what shoppers have set aside, but for what each write changes.
pub(super) async fn state(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select 'product ' || (to_jsonb(p) - array['version', 'updated_at'])::text from products p
         union all
         select 'variant ' || (to_jsonb(v) - array['version', 'updated_at'])::text from variants v
         union all
         select 'image ' || to_jsonb(i)::text from product_images i
         union all
         select 'category ' || to_jsonb(c)::text from categories c
         union all
         select 'line ' || to_jsonb(l)::text from cart_lines l
         union all
         select 'item ' || to_jsonb(w)::text from wishlist_items w
         order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

pub(super) async fn counts(pool: &PgPool, import: &str) -> (i32, i32, i32, i32) {
    sqlx::query_as("select created, updated, unchanged, refused from imports where id = $1")
        .bind(import.parse::<Uuid>().unwrap())
        .fetch_one(pool)
        .await
        .unwrap()
}

async fn trail(pool: &PgPool, act: &str) -> Vec<(String, String, Value)> {
    sqlx::query_as("select actor, subject, after from trail where act = $1 order by id")
        .bind(act)
        .fetch_all(pool)
        .await
        .unwrap()
}

async fn run(pool: &PgPool, statements: &'static str) {
    sqlx::raw_sql(statements).execute(pool).await.unwrap();
}

async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

/// Whatever was done, the stock is what its movements come to.
async fn assert_sound(pool: &PgPool) {
    let unsound = "select count(*) from variants v
                   where v.on_hand <> (select coalesce(sum(delta), 0) from stock_movements m where m.variant_id = v.id)";
    assert_eq!(number(pool, unsound).await, 0, "stock that no movement explains");
}

pub(super) const FILE: &str = "\
Handle,Title,Product Category,Tags,Variant SKU,Variant Inventory Qty,Variant Price,Status
tarn-mug,Tarn <b>beaker</b>,Kitchen > Mugs,\"clay, new\",TARN-MUG-0,7,26.50,active
bowl,Bowl,,,BOWL-0,10,24.00,active
pot,Pot,Kitchen > Pots,,POT,3,40,draft
";

/// A shop with two of the products of [`FILE`], one of which it changes.
async fn shop_with_products(pool: PgPool) -> Shop {
    add(&pool, Product::default()).await;
    add(&pool, Product { slug: "bowl", title: "Bowl", body: "", ..Product::default() }).await;
    Shop::open(pool).await
}
