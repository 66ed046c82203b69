//! Finding anything by a few letters, and what an open overview asks by itself.

use super::staff::{ADA, EDD, SAM, SUE, signed_in};
use crate::accounts::Browser;
use crate::shop::{Product, Shop, add, add_category};
use app::catalog::api::Suggestions;
use axum::http::{Method, StatusCode};
use sqlx::PgPool;

async fn found(browser: &Browser<'_>, words: &str) -> Suggestions {
    let words: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let path = format!("/api/admin/find?words={words}");
    let answer = browser.send(Method::GET, &path, &[("accept", "application/json")], "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn everything_is_found_by_those_who_may_see_it(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let mug = add(&pool, Product { title: "Heron <b>mug", status: "draft", ..Product::default() }).await;
    sqlx::query("update variants set sku = 'HRN-1'").execute(&pool).await.unwrap();
    let table = add_category(&pool, None, "table", "Table").await;
    let herons = add_category(&pool, Some(table), "herons", "Herons").await;
    shop.account(&SAM, "shopper").await;
    let admin = signed_in(&shop, &ADA, "admin").await;
    let editor = signed_in(&shop, &EDD, "editor").await;
    let support = signed_in(&shop, &SUE, "support").await;
    let product = format!("/admin/products/{mug}");
    let category = format!("/admin/categories/{herons}");

    let hits = found(&admin, "heron").await;
    assert_eq!(hits.hrefs, [product.as_str(), &category]);
    assert!(hits.html.contains("Heron &lt;b&gt;mug") && hits.html.contains("in Table"), "{}", hits.html);
    assert_eq!(hits.html.matches("role=\"option\"").count(), hits.hrefs.len());
    for words in ["hrn-1", "HRN", "he", "MUG"] {
        assert!(found(&editor, words).await.hrefs.contains(&product), "{words}");
    }
    assert!(found(&support, "heron").await.hrefs.is_empty());
    for words in ["sam@example", "SAM", "am@ex"] {
        assert_eq!(found(&support, words).await.hrefs.len(), 1, "{words}");
        assert!(found(&editor, words).await.hrefs.is_empty(), "{words}");
    }
    assert_eq!(found(&admin, "invite").await.hrefs, ["/admin/users/new"]);
    assert!(found(&support, "invite").await.hrefs.is_empty());
    assert_eq!(found(&editor, "new pro").await.hrefs[0], "/admin/products/new");
    let everywhere = found(&support, "").await.hrefs;
    assert!(everywhere.contains(&"/admin/users".to_owned()) && !everywhere.contains(&"/admin/products".to_owned()));
    for nothing in ["%", "_", "\\", "\0", "100% wool_", &"x".repeat(5000)] {
        assert!(found(&admin, nothing).await.hrefs.is_empty() || nothing == "\0", "{nothing}");
    }

    let page = admin.get("/admin/find?q=heron%20%22%3E%3Cscript%3E").await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(!page.body.contains("\"><script>") && page.body.contains("Nothing here is called that"));
    assert!(admin.get("/admin/find?q=heron").await.body.contains(&format!("href=\"{product}\"")));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_first_twenty_are_enough_and_exact_ones_come_first(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    for at in 0..30 {
        let (slug, title) = (format!("lamp-{at}"), format!("Tall reading lamp {at}"));
        add(&pool, Product { slug: &slug, title: &title, ..Product::default() }).await;
    }
    let exact = add(&pool, Product { slug: "lamp", title: "Lamp", ..Product::default() }).await;
    let coded = add(&pool, Product { slug: "other", title: "A shade that is no light", ..Product::default() }).await;
    sqlx::query("update variants set sku = 'lamp' where product_id = $1").bind(coded).execute(&pool).await.unwrap();
    let editor = signed_in(&shop, &EDD, "editor").await;
    let hrefs = found(&editor, "lamp").await.hrefs;
    assert!(hrefs.len() <= 20);
    assert_eq!(hrefs[..2], [format!("/admin/products/{coded}"), format!("/admin/products/{exact}")]);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_open_overview_keeps_nobody_logged_in(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let admin = signed_in(&shop, &ADA, "admin").await;
    let idle = async || -> bool {
        sqlx::query_scalar("select last_seen_at < now() - interval '10 minutes' from sessions")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    let watch = async |path: &str| {
        let path = format!("/api/admin/live?path={path}");
        admin.send(Method::GET, &path, &[("accept", "application/json")], "").await
    };
    sqlx::query("update sessions set last_seen_at = now() - interval '20 minutes'").execute(&pool).await.unwrap();
    let shown = watch("/admin").await;
    assert!(shown.status == StatusCode::OK && shown.body.contains("Recent acts"), "{}", shown.body);
    assert!(idle().await, "the page asked, and nobody who sits before it");
    assert_eq!(watch("/admin/users").await.status, StatusCode::NOT_FOUND, "only the overview");
    admin.get("/admin").await;
    assert!(!idle().await);
    sqlx::query("update sessions set last_seen_at = now() - interval '61 minutes'").execute(&pool).await.unwrap();
    assert_eq!(watch("/admin").await.status, StatusCode::UNAUTHORIZED);
}
