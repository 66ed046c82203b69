//! Forms without JavaScript, and what the page after them is told. What the host makes of a server function's answer is
//! tested beside it, in `http::forms`.

use crate::shop::{Answer, Product, Shop, add};
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sqlx::PgPool;

const BROWSER: (&str, &str) = ("accept", "text/html");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

const PAGES: [&str; 6] = ["/signup", "/verify", "/login", "/forgot-password", "/reset-password", "/unlock?token=abc"];

async fn with_flash(shop: &Shop, path: &str, cookie: &str) -> Answer {
    shop.send(Method::GET, path, &[BROWSER, ("cookie", cookie)], "").await
}

fn flash(json: &str) -> String {
    format!("flash={}", URL_SAFE_NO_PAD.encode(json))
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_typed_and_what_was_wrong_show_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let json = r#"{"notice":null,"action":"/api/account/sign_up","values":{"username":"ada","email":"ada@"},
                   "errors":{"email":"Write it like name@example.com","":"Something else"}}"#;
    let told = with_flash(&shop, "/signup", &flash(json)).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.body.contains(r#"value="ada""#) && told.body.contains(r#"value="ada@""#));
    assert!(told.body.contains(r#"id="email-error""#) && told.body.contains("Write it like name@example.com"));
    assert!(told.body.contains("Something else"));
    assert!(told.body.contains("<title>Error: "), "the title is what is heard first");
    assert!(told.header("set-cookie").starts_with("flash=; ") && told.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(told.header("cache-control"), "no-store");

    // Another form's errors are none of this page's.
    let other = with_flash(&shop, "/login", &flash(json)).await;
    assert!(!other.body.contains("email-error") && !other.body.contains("Something else</div>"));
    let again = shop.get("/signup").await;
    assert!(!again.body.contains("ada@") && !again.body.contains("aria-invalid"));
    assert!(!again.header("set-cookie").contains("flash="));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_notice_shows_once_and_in_nobody_elses_page(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open(pool).await;
    let cookie = flash(r#"{"notice":"You are logged out","action":"","values":{},"errors":{}}"#);
    for path in ["/", "/products", "/products/tarn-mug", "/login", "/nowhere"] {
        // The page is in the cache by then.
        shop.get(path).await;
        let told = with_flash(&shop, path, &cookie).await;
        assert!(told.body.contains("<div class=\"wrap\"><p>You are logged out<"), "{path}");
        assert_eq!(told.header("cache-control"), "no-store", "{path}");
        assert!(!shop.get(path).await.body.contains("You are logged out"), "{path}");
    }
    let data = shop.send(Method::GET, "/api/catalog/navigation", &[("cookie", &cookie)], "").await;
    assert_eq!(data.header("set-cookie"), "", "only a page can have shown it");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_forged_flash_is_text_or_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let evil = r#"\"'></title></script><script>alert(1)</script><img src=x onerror=alert(1)>"#;
    let json = format!(
        r#"{{"notice":"{evil}","action":"/api/account/sign_up","values":{{"username":"{evil}","next":"{evil}"}},
            "errors":{{"username":"{evil}","":"{evil}"}}}}"#
    );
    let told = with_flash(&shop, "/signup", &flash(&json)).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.body.contains("&lt;script&gt;alert(1)"), "it is shown, as text");
    assert!(!told.body.contains("<script>alert") && !told.body.contains("<img src=x"));
    for script in told.body.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains(told.nonce()), "<script{tag}>");
    }
    let huge = format!("flash={}", "A".repeat(6000));
    let wrong = flash(r#"{"notice":{"a":1}}"#);
    let deep = flash(&"[".repeat(2000));
    for cookie in ["flash=", "flash=%%%", "flash=bnVsbA", &huge, &wrong, &deep] {
        let answer = with_flash(&shop, "/signup", cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{cookie:.20}");
        assert!(!answer.body.contains("aria-invalid=\"true\""), "{cookie:.20}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn account_pages_are_kept_by_nobody_and_found_by_no_search_engine(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for path in PAGES {
        let answer = shop.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.header("x-robots-tag").contains("noindex"), "{path}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn an_open_form_can_be_sent_as_it_is(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for (path, action, fields) in [
        ("/signup?next=%2Fwishlist", "sign_up", &["username", "email", "password"][..]),
        ("/login?next=%2Fwishlist", "log_in", &["login", "password", "stay"]),
        ("/forgot-password", "forgot_password", &["email"]),
        ("/unlock?token=abc", "unlock", &["token"]),
    ] {
        let page = shop.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains(&format!(r#"method="post" action="/api/account/{action}""#)), "{path}");
        for field in fields {
            assert!(page.body.contains(&format!(r#"name="{field}""#)), "{path}: {field}");
        }
        let here = format!(r#"name="page" value="{path}""#);
        assert!(page.body.contains(&here), "{path}: a form says where it stands");
        if path.contains("next=") {
            assert!(page.body.contains(r#"name="next" value="/wishlist""#), "{path}");
            assert!(page.body.contains("next=%2Fwishlist\""), "{path}: the other way keeps the way");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refused_form_comes_back_filled_in(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let own = [BROWSER, FORM, ("sec-fetch-site", "same-origin")];
    let typed = "username=ada&email=nobody&password=shorter&next=%2Fwishlist&page=%2Fsignup%3Fnext%3D%252Fwishlist";
    let answer = shop.send(Method::POST, "/api/account/sign_up", &own, typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/signup?next=%2Fwishlist");
    let cookie = answer.headers.get_all("set-cookie").iter().find_map(|cookie| {
        let cookie = cookie.to_str().unwrap();
        cookie.starts_with("flash=").then(|| cookie.split(';').next().unwrap().to_owned())
    });
    let page = with_flash(&shop, answer.header("location"), &cookie.unwrap()).await;
    assert!(page.body.contains(r#"value="ada""#) && page.body.contains(r#"value="nobody""#));
    assert!(page.body.contains(r#"id="email-error""#) && page.body.contains(r#"id="password-error""#));
    assert!(page.body.contains(r#"name="next" value="/wishlist""#));
    assert!(!page.body.contains("shorter"), "a password never travels back");
}

#[sqlx::test(migrations = "../migrations")]
async fn who_is_logged_out_by_now_comes_back_after_logging_in(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let own = [BROWSER, FORM, ("sec-fetch-site", "same-origin")];
    let answer = shop.send(Method::POST, "/api/account/save_profile", &own, "username=x&page=%2Faccount").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/login?next=%2Faccount");
    let answer = shop.send(Method::POST, "/api/account/download", &own, "password=x&page=%2Faccount%2Fsecurity").await;
    assert_eq!(answer.header("location"), "/login?next=%2Faccount%2Fsecurity");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_from_another_site_changes_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let foreign = [BROWSER, FORM, ("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    for action in ["log_in", "log_out", "sign_up", "delete", "verify"] {
        let answer = shop.send(Method::POST, &format!("/api/account/{action}"), &foreign, "login=ada").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
        assert_eq!(answer.header("set-cookie"), "", "{action}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_that_is_no_form_is_refused(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let own = [BROWSER, FORM, ("sec-fetch-site", "same-origin")];
    let large = shop.send(Method::POST, "/api/account/log_in", &own, &"x".repeat(70_000)).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.body.contains("<h1>"), "a refusal is a page");
    let unknown = shop.send(Method::POST, "/api/account/nothing", &own, "a=b").await;
    assert!(unknown.status.is_client_error() && unknown.body.contains("<h1>"), "{}", unknown.status);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_forged_undo_leads_to_nothing_but_the_shop_s_own_functions(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open(pool).await;
    let told = async |action: &str| {
        let undo = json!({ "action": action, "id": "x" });
        let json = json!({ "notice": "It is gone", "undo": undo, "action": "", "values": {}, "errors": {} });
        let told = with_flash(&shop, "/products", &flash(&json.to_string())).await.body;
        assert!(told.contains("It is gone"), "{action}: the notice is text");
        told
    };
    assert!(told("/api/cart/restore").await.contains(r#"action="/api/cart/restore""#));
    for evil in [
        "javascript:alert(1)",
        "https://evil.example/api/x",
        "//evil.example/api/x",
        "//api/x",
        "/login",
        "/api",
        "/api/\\evil.example",
        "/api/x\ty",
        " /api/x",
        "",
    ] {
        let page = told(evil).await;
        assert!(!page.contains(r#"name="undo" value="x""#), "{evil}: {page}");
        assert!(!page.contains("javascript:") && !page.contains("evil.example"), "{evil}: {page}");
    }
}
