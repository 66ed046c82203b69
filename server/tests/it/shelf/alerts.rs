//! Mail about what is on wishlists: asked for, once a day, and ended with one click.

use super::wishlists::{act, done, only_item, refusal, service, wishlist};
use crate::accounts::{ANN, Browser, Person, letters};
use crate::shop::{Product, Shop, add};
use app::error::AppError;
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use server::mail::{Letter, Wished};
use sqlx::PgPool;

const BEN: Person = Person { username: "ben", email: "ben@example.com", password: ANN.password };
const FORM: &str = "application/x-www-form-urlencoded";

/// Somebody who is logged in and wants all mail about a mug of €24.00, of which there are ten.
async fn watching<'a>(shop: &'a Shop, person: &Person) -> Browser<'a> {
    shop.account(person, "shopper").await;
    let browser = shop.browser();
    let answer = browser.log_in(person.email, person.password).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    done(&browser, "save", &[("product", "tarn-mug")]).await;
    let item = only_item(shop, &browser).await.id;
    done(&browser, "set_alerts", &[("item", &item), ("price", "on"), ("stock", "on")]).await;
    browser
}

async fn set(pool: &PgPool, what: &str) {
    let statement = sqlx::AssertSqlSafe(format!("update variants set {what}"));
    sqlx::query(statement).execute(pool).await.unwrap();
}

async fn a_day_later(pool: &PgPool) {
    sqlx::query(
        "update wishlist_items set price_mailed_at = price_mailed_at - interval '25 hours',
                                   stock_mailed_at = stock_mailed_at - interval '25 hours'",
    )
    .execute(pool)
    .await
    .unwrap();
}

async fn round(pool: &PgPool) -> usize {
    service(pool).send_alerts().await.unwrap()
}

fn mug(price: &str, was: Option<&str>) -> Wished {
    Wished {
        name: "Tarn mug".to_owned(),
        path: "/products/tarn-mug?variant=TARN-MUG-0".to_owned(),
        price: price.to_owned(),
        was: was.map(str::to_owned),
    }
}

/// What the newest letter tells of, and the token that ends its kind.
async fn newest(pool: &PgPool, person: &Person) -> (&'static str, Vec<Wished>, String) {
    match letters(pool, person.email).await.pop() {
        Some(Letter::PriceFell { items, unsubscribe }) => ("price", items, unsubscribe),
        Some(Letter::BackInStock { items, unsubscribe }) => ("stock", items, unsubscribe),
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_fallen_price_is_told_once_a_day(pool: PgPool) {
    let shop = Shop::open(pool).await;
    add(&shop.pool, Product::default()).await;
    watching(&shop, &ANN).await;
    assert_eq!(round(&shop.pool).await, 0);
    set(&shop.pool, "price = 2400").await;
    set(&shop.pool, "price = 2500").await;
    assert_eq!(round(&shop.pool).await, 0);
    set(&shop.pool, "price = 2000").await;
    assert_eq!(round(&shop.pool).await, 1);
    let (kind, items, _) = newest(&shop.pool, &ANN).await;
    assert_eq!((kind, items), ("price", vec![mug("€20.00", Some("€25.00"))]));
    assert_eq!(round(&shop.pool).await, 0);
    set(&shop.pool, "price = 1500").await;
    assert_eq!(round(&shop.pool).await, 0, "one a day");
    a_day_later(&shop.pool).await;
    assert_eq!(round(&shop.pool).await, 1);
    assert_eq!(newest(&shop.pool, &ANN).await.1, vec![mug("€15.00", Some("€20.00"))]);
    // Has risen again by the time that it may be told.
    set(&shop.pool, "price = 1000").await;
    set(&shop.pool, "price = 1500").await;
    a_day_later(&shop.pool).await;
    assert_eq!(round(&shop.pool).await, 0);
    set(&shop.pool, "price = 1499").await;
    assert_eq!(round(&shop.pool).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_back_in_stock_is_told_once_a_day(pool: PgPool) {
    let shop = Shop::open(pool).await;
    add(&shop.pool, Product::default()).await;
    watching(&shop, &ANN).await;
    set(&shop.pool, "on_hand = 3").await;
    assert_eq!(round(&shop.pool).await, 0);
    set(&shop.pool, "on_hand = 0").await;
    assert_eq!(round(&shop.pool).await, 0);
    set(&shop.pool, "on_hand = 5").await;
    set(&shop.pool, "on_hand = 4").await;
    assert_eq!(round(&shop.pool).await, 1);
    let (kind, items, _) = newest(&shop.pool, &ANN).await;
    assert_eq!((kind, items), ("stock", vec![mug("€24.00", None)]));
    for pieces in [0, 1, 0, 1] {
        set(&shop.pool, &format!("on_hand = {pieces}")).await;
    }
    assert_eq!(round(&shop.pool).await, 0, "one a day");
    set(&shop.pool, "on_hand = 0").await;
    a_day_later(&shop.pool).await;
    assert_eq!(round(&shop.pool).await, 0, "sold out again");
    set(&shop.pool, "on_hand = 1, price = 2300").await;
    assert_eq!(round(&shop.pool).await, 2, "each kind is a letter");
}

#[sqlx::test(migrations = "../migrations")]
async fn any_number_of_processes_write_each_letter_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    add(&shop.pool, Product::default()).await;
    watching(&shop, &ANN).await;
    watching(&shop, &BEN).await;
    set(&shop.pool, "price = 2000").await;
    let services: Vec<_> = (0..4).map(|_| service(&shop.pool)).collect();
    let written = join_all(services.iter().map(|service| service.send_alerts())).await;
    assert_eq!(written.into_iter().map(Result::unwrap).sum::<usize>(), 2);
    assert_eq!((letters(&shop.pool, ANN.email).await.len(), letters(&shop.pool, BEN.email).await.len()), (1, 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn all_news_for_one_reader_is_one_letter(pool: PgPool) {
    let shop = Shop::open(pool).await;
    add(&shop.pool, Product::default()).await;
    add(&shop.pool, Product { slug: "bowl", title: "Scree bowl", price: 900, ..Product::default() }).await;
    let browser = watching(&shop, &ANN).await;
    act(&browser, "create_list", &[("name", "Kitchen")]).await;
    let lists = wishlist(&shop, &browser, "").await.lists;
    let kitchen = lists[1].id.as_str();
    // The mug is on two lists and told once.
    for product in ["bowl", "tarn-mug"] {
        done(&browser, "save", &[("product", product), ("list", kitchen)]).await;
    }
    for item in wishlist(&shop, &browser, kitchen).await.items {
        done(&browser, "set_alerts", &[("item", &item.id), ("price", "on")]).await;
    }
    set(&shop.pool, "price = price / 2").await;
    assert_eq!(round(&shop.pool).await, 1);
    let (_, items, _) = newest(&shop.pool, &ANN).await;
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["Tarn mug", "Scree bowl"]);
    a_day_later(&shop.pool).await;
    assert_eq!(round(&shop.pool).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn only_who_asked_and_can_be_written_to_gets_mail(pool: PgPool) {
    let shop = Shop::open(pool).await;
    add(&shop.pool, Product::default()).await;
    let guest = shop.browser();
    done(&guest, "save", &[("product", "tarn-mug")]).await;
    let item = only_item(&shop, &guest).await.id;
    assert_eq!(refusal(&act(&guest, "set_alerts", &[("item", &item), ("price", "on")]).await), AppError::SignIn);
    let browser = watching(&shop, &ANN).await;
    watching(&shop, &BEN).await;
    sqlx::query("update users set blocked_at = now() where email = $1")
        .bind(BEN.email)
        .execute(&shop.pool)
        .await
        .unwrap();
    sqlx::query("update products set status = 'archived'").execute(&shop.pool).await.unwrap();
    set(&shop.pool, "price = 2000").await;
    assert_eq!(round(&shop.pool).await, 0);
    sqlx::query("update products set status = 'active'").execute(&shop.pool).await.unwrap();
    assert_eq!(round(&shop.pool).await, 1, "once it is sold again");
    assert_eq!(letters(&shop.pool, BEN.email).await.len(), 0);
    let item = only_item(&shop, &browser).await;
    assert!(item.alert_price && item.alert_stock);
    done(&browser, "set_alerts", &[("item", &item.id)]).await;
    a_day_later(&shop.pool).await;
    set(&shop.pool, "price = 1000, on_hand = 0").await;
    set(&shop.pool, "on_hand = 9").await;
    assert_eq!(round(&shop.pool).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn one_click_of_a_mail_program_ends_one_kind_of_mail(pool: PgPool) {
    let shop = Shop::open_with(pool, &["--access", "members"]).await;
    add(&shop.pool, Product::default()).await;
    let browser = watching(&shop, &ANN).await;
    watching(&shop, &BEN).await;
    set(&shop.pool, "price = 2000").await;
    assert_eq!(round(&shop.pool).await, 2);
    let (_, _, token) = newest(&shop.pool, &ANN).await;
    let path = format!("/api/wishlist/unsubscribe/{token}");

    let opened = shop.get(&path).await;
    assert_eq!(
        (opened.status, opened.header("location")),
        (StatusCode::SEE_OTHER, &*format!("/unsubscribe?token={token}"))
    );
    let page = shop.get(opened.header("location")).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(only_item(&shop, &browser).await.alert_price, "looking changes nothing");

    let removed = only_item(&shop, &browser).await.id;
    let answer = act(&browser, "remove_item", &[("item", &removed)]).await;
    let undo = serde_json::from_str::<app::cart::api::Acted>(&answer.body).unwrap().next.undo.unwrap().id;
    done(&browser, "save", &[("product", "tarn-mug")]).await;
    let kept = only_item(&shop, &browser).await.id;
    done(&browser, "set_alerts", &[("item", &kept), ("price", "on"), ("stock", "on")]).await;
    for accept in ["*/*", "text/html,*/*;q=0.8"] {
        let headers = [("accept", accept), ("content-type", FORM)];
        let answer = shop.send(Method::POST, &path, &headers, "List-Unsubscribe=One-Click").await;
        assert_eq!((answer.status, answer.body.starts_with("You’ll get no more mail")), (StatusCode::OK, true));
        assert_eq!(answer.header("set-cookie"), "");
    }
    let item = only_item(&shop, &browser).await;
    assert_eq!((item.alert_price, item.alert_stock), (false, true));
    done(&browser, "remove_item", &[("item", &kept)]).await;
    done(&browser, "undo", &[("undo", &undo)]).await;
    let item = only_item(&shop, &browser).await;
    assert_eq!((item.alert_price, item.alert_stock), (false, true), "nor does it come back with what was removed");

    a_day_later(&shop.pool).await;
    set(&shop.pool, "price = 1000").await;
    assert_eq!(round(&shop.pool).await, 1);
    assert_eq!(letters(&shop.pool, BEN.email).await.len(), 2);
    let other = format!("{}x", &token[..token.len() - 1]);
    for wrong in ["x", other.as_str(), &token[..20], "a%2fb"] {
        let answer = shop.send(Method::POST, &format!("/api/wishlist/unsubscribe/{wrong}"), &[], "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let cross = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    assert_eq!(shop.send(Method::POST, &path, &cross, "").await.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_page_that_a_letter_leads_to_ends_it_without_a_log_in(pool: PgPool) {
    let shop = Shop::open_with(pool, &["--access", "members"]).await;
    add(&shop.pool, Product::default()).await;
    let browser = watching(&shop, &ANN).await;
    set(&shop.pool, "on_hand = 0").await;
    set(&shop.pool, "on_hand = 1").await;
    assert_eq!(round(&shop.pool).await, 1);
    let (_, _, token) = newest(&shop.pool, &ANN).await;
    let stranger = shop.browser();
    assert!(matches!(refusal(&act(&stranger, "unsubscribe", &[("token", "x")]).await), AppError::Invalid { .. }));
    let said = done(&stranger, "unsubscribe", &[("token", &token)]).await;
    assert_eq!(said, "You’ll get no more mail about what is back in stock");
    let item = only_item(&shop, &browser).await;
    assert_eq!((item.alert_price, item.alert_stock), (true, false));
}

/// Everything that locks several things at once, at once.
#[sqlx::test(migrations = "../migrations")]
async fn prices_change_while_lists_do_and_none_waits_for_the_other(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for slug in ["tarn-mug", "bowl", "lamp", "vase"] {
        add(&shop.pool, Product { slug, ..Product::default() }).await;
    }
    let browser = watching(&shop, &ANN).await;
    act(&browser, "create_list", &[("name", "Kitchen")]).await;
    let kitchen = wishlist(&shop, &browser, "").await.lists[1].id.clone();
    let fill = async || {
        for slug in ["vase", "bowl", "lamp"] {
            assert_ne!(done(&browser, "save", &[("product", slug), ("list", &kitchen)]).await, "");
        }
        for item in wishlist(&shop, &browser, &kitchen).await.items {
            done(&browser, "set_alerts", &[("item", &item.id), ("price", "on"), ("stock", "on")]).await;
        }
    };
    fill().await;
    let changes = async {
        for round in 0..40 {
            set(&shop.pool, &format!("price = 2000 + (7 * {round}) % 11, on_hand = {round} % 2")).await;
            service(&shop.pool).send_alerts().await.unwrap();
        }
    };
    let acts = async {
        for _ in 0..10 {
            let answer = act(&browser, "delete_list", &[("list", &kitchen)]).await;
            let undo = serde_json::from_str::<app::cart::api::Acted>(&answer.body).unwrap().next.undo.unwrap().id;
            done(&browser, "undo", &[("undo", &undo)]).await;
            done(&browser, "all_to_cart", &[("list", &kitchen)]).await;
            fill().await;
            done(&browser, "drop", &[("product", "bowl")]).await;
        }
    };
    let log_ins = async {
        for _ in 0..3 {
            let guest = shop.browser();
            for slug in ["bowl", "tarn-mug", "lamp"] {
                assert_ne!(done(&guest, "save", &[("product", slug)]).await, "");
            }
            let answer = guest.log_in(ANN.email, ANN.password).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        }
    };
    futures::join!(changes, acts, log_ins);
    let deadlocks: i64 =
        sqlx::query_scalar("select deadlocks from pg_stat_database where datname = current_database()")
            .fetch_one(&shop.pool)
            .await
            .unwrap();
    assert_eq!(deadlocks, 0);
}
