//! What an address of the back office asks for, whatever stands in it.

use super::staff::{ADA, signed_in};
use crate::accounts::Browser;
use crate::shop::{Answer, Product, Shop, add};
use axum::http::{Method, StatusCode};
use sqlx::PgPool;

/// All that some page or file reads.
const PARAMETERS: [&str; 24] = [
    "q", "sort", "size", "page", "after", "before", "col", "open", "role", "status", "category", "stock", "sale",
    "picture", "who", "act", "kind", "of", "part_of", "from", "to", "under", "show", "draft",
];

async fn asked(browser: &Browser<'_>, path: &str) -> Answer {
    let answer = browser.get(path).await;
    assert!(!answer.status.is_server_error(), "{path}: {} {}", answer.status, answer.body);
    answer
}

#[sqlx::test(migrations = "../migrations")]
async fn what_no_database_takes_is_not_asked_of_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let product = format!("/admin/products/{mug}");
    let pages = [
        "/admin",
        "/admin/find",
        "/admin/audit",
        "/admin/products",
        "/admin/products/new",
        "/admin/products/bulk",
        "/admin/imports",
        "/admin/users",
        "/admin/categories",
        "/admin/categories/new",
        &product,
    ];
    let files = ["/admin/audit.csv", "/admin/products.csv", "/admin/users.csv"];
    let ends_a_day = |name: &str| matches!(name, "from" | "to");
    for path in pages.into_iter().chain(files) {
        for name in PARAMETERS {
            let answer = asked(&ada, &format!("{path}?{name}=%00a%00%01%C2%85")).await;
            // To the last line, which the client has read.
            if files.contains(&path) && !ends_a_day(name) {
                assert_eq!(answer.status, StatusCode::OK, "{path} {name}: {}", answer.body);
            }
        }
    }
    let headers = [("accept", "application/json")];
    for page in pages {
        for search in ["q%3D%2500", "q%3D%00", "act%3D%2500%26kind%3D%2500%26of%3D%2500%3A%2500"] {
            let path = format!("/api/admin/page?path={page}&search={search}");
            let answer = ada.send(Method::GET, &path, &headers, "").await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        }
    }
    // Without them it is what was meant.
    assert!(ada.get("/admin/users?q=a%00da").await.body.contains(ADA.email));
    assert!(ada.get("/admin/users.csv?q=a%00da").await.body.contains(ADA.email));
    assert!(ada.get("/admin/products.csv?q=ta%00rn").await.body.contains("Tarn mug"));
}

#[sqlx::test(migrations = "../migrations")]
async fn days_of_other_ages_are_told_beside_their_field(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    for day in
        ["-9999-01-01", "-4714-01-01", "-4713-11-24", "-0001-12-31", "0000-01-01", "%2B10000-01-01", "99999-01-01"]
    {
        for (name, label) in [("from", "From"), ("to", "To")] {
            let page = asked(&ada, &format!("/admin/audit?{name}={day}")).await;
            assert!(page.body.contains(&format!("{label}: write a day as year")), "{name} {day}: {}", page.body);
            let file = asked(&ada, &format!("/admin/audit.csv?{name}={day}")).await;
            assert_eq!(file.status, StatusCode::BAD_REQUEST, "{name} {day}");
        }
    }
    for (from, to) in [("0001-01-01", "9999-12-31"), ("9999-12-31", "0001-01-01")] {
        assert_eq!(asked(&ada, &format!("/admin/audit?from={from}&to={to}")).await.status, StatusCode::OK);
        assert_eq!(asked(&ada, &format!("/admin/audit.csv?from={from}&to={to}")).await.status, StatusCode::OK);
    }
}
