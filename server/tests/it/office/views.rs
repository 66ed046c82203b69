//! Views of tables, kept by whoever works with them.

use super::staff::{ADA, EDD, SUE, act, beside, done, signed_in};
use crate::shop::Shop;
use axum::http::StatusCode;
use sqlx::PgPool;

async fn kept(pool: &PgPool) -> Vec<(String, String)> {
    sqlx::query_as("select page, search from saved_views order by page, search").fetch_all(pool).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn views_are_kept_under_their_names_by_whom_they_belong_to(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let (mine, other) = (signed_in(&shop, &EDD, "editor").await, signed_in(&shop, &ADA, "admin").await);
    let page = ("page", "/admin/products?status=active");
    let fields = [("name", "<i>Cheap</i>"), ("search", "sort=price&page=3&status=active&q="), page];
    done(&mine, "views/save", &fields).await;
    let html = mine.get("/admin/products").await.body;
    assert!(html.contains("/admin/products?sort=price&amp;status=active") && html.contains("&lt;i&gt;Cheap"), "{html}");
    done(&mine, "views/save", &[("name", "<I>cheap</I>"), ("search", "sort=-price"), page]).await;
    assert_eq!(kept(&pool).await, [("/admin/products".to_owned(), "sort=-price".to_owned())]);
    for wrong in ["", " ", "a\nb", &"x".repeat(61)] {
        assert!(!beside(&act(&mine, "views/save", &[("name", wrong), page]).await, "name").is_empty(), "{wrong}");
    }
    let id: String = sqlx::query_scalar("select id::text from saved_views").fetch_one(&pool).await.unwrap();
    assert!(!other.get("/admin/products").await.body.contains("Cheap"));
    assert_eq!(act(&other, "views/delete", &[("view", &id), page]).await.status, StatusCode::NOT_FOUND);
    done(&mine, "views/delete", &[("view", &id), page]).await;
    assert!(kept(&pool).await.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn every_table_has_its_own_views_for_who_may_see_it(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let support = signed_in(&shop, &SUE, "support").await;
    let save = async |page: &str| {
        let fields = [("name", "Mine"), ("search", "q=a&after=x&before=7"), ("page", page)];
        act(&support, "views/save", &fields).await.status
    };
    for page in ["/admin/users?after=x", "/admin/audit"] {
        assert_eq!(save(page).await, StatusCode::OK, "{page}");
    }
    assert_eq!(save("/admin/products").await, StatusCode::FORBIDDEN);
    for page in ["", "/", "/products", "/admin/users/new", "/admin/nothing", "https://evil.example"] {
        assert_eq!(save(page).await, StatusCode::NOT_FOUND, "{page}");
    }
    let of = |page: &str| (page.to_owned(), "q=a".to_owned());
    assert_eq!(kept(&pool).await, [of("/admin/audit"), of("/admin/users")]);
    for page in ["/admin/users", "/admin/audit"] {
        let shown = support.get(&format!("{page}?q=a")).await.body;
        assert!(shown.contains(&format!("href=\"{page}?q=a\" aria-current=\"true\">Mine<")), "{shown}");
    }
}
