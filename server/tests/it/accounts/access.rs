use super::ANN;
use super::browser::next;
use crate::shop::{Product, Shop, add};
use axum::http::{Method, StatusCode};
use sqlx::PgPool;

#[sqlx::test(migrations = "../migrations")]
async fn who_opens_their_account_signed_out_comes_back_to_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for (path, login) in
        [("/account", "/login?next=/account"), ("/account/security?tab=1", "/login?next=/account/security%3Ftab%3D1")]
    {
        let answer = shop.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, login));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_shop_for_members_shows_strangers_its_door_only(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open_with(pool, &["--access", "members"]).await;
    shop.account(&ANN, "shopper").await;
    let member = shop.browser();
    next(&member.log_in(ANN.email, ANN.password).await);
    // A member first, so that anything kept could be shown to the stranger.
    for path in ["/", "/products", "/products/tarn-mug", "/search?q=mug", "/categories/table"] {
        assert_ne!(member.get(path).await.status, StatusCode::SEE_OTHER, "{path}");
        let answer = shop.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/login?next=/"), "{path}");
        assert_eq!(answer.header("x-robots-tag"), "noindex", "{path}");
    }
    for path in ["/api/catalog/home", "/api/catalog/suggest?q=mug", "/api/nothing"] {
        let answer = shop.send(Method::GET, path, &[("accept", "application/json")], "").await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::UNAUTHORIZED, "\"SignIn\""), "{path}");
    }
    for path in ["/login", "/signup", "/healthz"] {
        assert_eq!(shop.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert!(shop.get("/robots.txt").await.body.contains("Disallow: /\n"));
    assert!(!shop.get("/sitemap.xml").await.body.contains("<loc>"));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_open_shop_is_open(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let answer = shop.get("/products").await;
    assert_eq!((answer.status, answer.header("x-robots-tag")), (StatusCode::OK, ""));
}

#[sqlx::test(migrations = "../migrations")]
async fn other_sites_post_no_form_and_getting_one_changes_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let browser = shop.browser();
    next(&browser.log_in(ANN.email, ANN.password).await);
    let evil = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    for form in ["log_out", "save_profile", "delete", "download", "end_other_sessions", "log_in"] {
        let path = format!("/api/account/{form}");
        let answer = browser.send(Method::POST, &path, &evil, "username=mallory").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
        let read = browser.send(Method::GET, &format!("{path}?username=mallory"), &[], "").await;
        assert!(!read.status.is_success(), "{form}: {}", read.status);
    }
    assert!(browser.is_signed_in().await);
}
