//! Kept pages are for strangers; what is in a cart is for its owner.

use super::cart::{assert_invariants, done, plain};
use crate::queries::Heard;
use crate::shop::Shop;
use axum::http::{Method, StatusCode};
use sqlx::PgPool;

#[sqlx::test(migrations = "../migrations")]
async fn a_guests_pages_are_kept_by_nobody_and_a_strangers_still_are(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let shop = Shop::open(pool).await;
    let guest = shop.browser();
    done(&guest.add(mug, 7).await);
    let (heard, _guard) = Heard::start();
    for path in ["/", "/products", "/products/mug", "/search?q=mug"] {
        // The guest first: were the page kept, the stranger would be shown it.
        for _ in 0..2 {
            let own = guest.get(path).await;
            assert_eq!((own.status, own.header("cache-control")), (StatusCode::OK, "no-store"), "{path}");
            assert!(own.body.contains(r#""count":7"#), "{path}: the guest is told what is in the cart");
        }
        let strange = shop.get(path).await;
        assert!(strange.body.contains(r#""count":0"#), "{path}");
        assert_ne!(strange.header("cache-control"), "no-store", "{path}");
        heard.take_statements();
        let kept = shop.get(path).await;
        assert_eq!(heard.take_statements(), Vec::<String>::new(), "{path} is kept");
        assert!(kept.body.contains(r#""count":0"#) && kept.header("set-cookie").is_empty(), "{path}");
        assert!(guest.get(path).await.body.contains(r#""count":7"#), "{path}: and never shown to a guest");
    }
    // What is about one visitor is kept by nobody, whoever asks.
    let json = [("accept", "application/json")];
    for answer in [
        shop.get("/cart").await,
        guest.get("/cart").await,
        shop.send(Method::GET, "/api/cart/mini", &json, "").await,
        guest.send(Method::GET, "/api/cart/mini", &json, "").await,
    ] {
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    }
    assert!(guest.get("/cart").await.body.contains(r#""count":7"#));
    assert!(shop.get("/cart").await.body.contains(r#""count":0"#));
    assert_invariants(&shop.pool).await;
}
