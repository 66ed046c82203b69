//! The overview's figures against the database's, and who sees which.

use super::staff::{ADA, EDD, SAM, SUE, signed_in};
use crate::accounts::Browser;
use crate::shop::{Product, Shop, add};
use axum::http::{Method, StatusCode};
use sqlx::PgPool;

/// What stands beside a name.
fn figure(page: &str, name: &str) -> String {
    let rest = page.split_once(&format!("<dt>{name}</dt><dd>")).unwrap_or_else(|| panic!("no {name}")).1;
    let value = rest.split("</dd>").next().unwrap();
    value.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect()
}

async fn put_in_cart(browser: &Browser<'_>, product: &str, quantity: &str) {
    let body = format!("product={product}&quantity={quantity}");
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    for form in ["/api/cart/add_line", "/api/wishlist/save"] {
        let answer = browser.send(Method::POST, form, &headers, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn figures_are_the_databases(pool: PgPool) {
    let shop = Shop::open_with(pool.clone(), &["--low-stock", "3"]).await;
    add(&pool, Product { on_hand: 10, price: 2400, ..Product::default() }).await;
    add(&pool, Product { slug: "low", title: "Low <b>bowl", on_hand: 3, price: 100, ..Product::default() }).await;
    add(&pool, Product { slug: "out", on_hand: 0, ..Product::default() }).await;
    add(&pool, Product { slug: "draft", status: "draft", on_hand: 1, price: 50, ..Product::default() }).await;
    add(&pool, Product { slug: "old", status: "archived", on_hand: 0, ..Product::default() }).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    put_in_cart(&ada, "tarn-mug", "2").await;
    put_in_cart(&shop.browser(), "low", "3").await;
    sqlx::query(
        "insert into outbox (id, kind, state, expires_at, created_at, done_at)
         select gen_random_uuid(), 'x', s, now() + interval '1 hour', now() - interval '2 hours', d
         from (values ('waiting', null), ('sent', now()), ('sent', now() - interval '3 days'), ('dead', now()))
              as v (s, d)",
    )
    .execute(&pool)
    .await
    .unwrap();

    let page = ada.get("/admin").await;
    assert_eq!(page.header("cache-control"), "no-store");
    let page = page.body;
    for (name, value) in [
        ("Active products", "3"),
        ("Drafts", "1"),
        ("Archived", "1"),
        ("Low stock, 3 or fewer", "1"),
        ("Out of stock", "1"),
        ("Value of stock", "€243.50"),
        ("Open carts", "2"),
        ("Value of open carts", "€51.00"),
        ("Waiting", "1"),
        ("Sent today", "1"),
        ("Given up", "1"),
    ] {
        assert_eq!(figure(&page, name), value, "{name}");
    }
    let (bowl, mug) = (page.find("Low &lt;b&gt;bowl").unwrap(), page.find(">Tarn mug<").unwrap());
    assert!(bowl < mug, "three pieces in carts before two");
    assert!(page.contains("Sign-ups by day: 1 in 30 days") && page.contains("Active users by day: 1 in 30 days"));
    assert!(page.contains("The oldest that waits was written on"));
    assert!(page.contains(r#"role="img""#) && page.contains("<summary>As a table</summary>"));

    // Every day has its number, however often somebody comes by.
    sqlx::query("update users set last_seen_at = last_seen_at - interval '1 minute'").execute(&pool).await.unwrap();
    let active: i64 = sqlx::query_scalar("select sum(users) from active_days").fetch_one(&pool).await.unwrap();
    let days: i64 = sqlx::query_scalar("select count(distinct day) from active_days").fetch_one(&pool).await.unwrap();
    assert_eq!(active, days);
}

#[sqlx::test(migrations = "../migrations")]
async fn each_role_sees_its_part(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    add(&pool, Product::default()).await;
    let parts = async |person, role: &str| {
        let page = signed_in(&shop, person, role).await.get("/admin").await;
        assert_eq!(page.status, StatusCode::OK, "{role}");
        ["Value of stock", "Most carted", "Sign-ups by day", "Given up", "Recent acts", "/admin/categories"]
            .map(|part| page.body.contains(part))
    };
    assert_eq!(parts(&ADA, "admin").await, [true; 6]);
    assert_eq!(parts(&EDD, "editor").await, [true, true, false, false, true, true]);
    assert_eq!(parts(&SUE, "support").await, [false, false, true, true, true, false]);
    let sam = signed_in(&shop, &SAM, "shopper").await;
    assert_eq!(sam.get("/admin").await.status, StatusCode::FORBIDDEN);
}
