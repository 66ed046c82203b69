//! Kept pages are for strangers; what is in a cart is for its owner.

use super::cart::{assert_invariants, done, plain};
use crate::accounts::{ANN, Person};
use crate::queries::Heard;
use crate::shop::{Answer, Shop};
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

const BOB: Person = Person { username: "bob", email: "bob@example.com", password: "a lantern in the reeds" };

/// What stands around a page is rendered once for many; everybody must get what would have been rendered for them alone.
#[sqlx::test(migrations = "../migrations")]
async fn a_page_in_a_kept_shell_is_the_page_that_would_have_been_rendered(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let rendering = Shop::open_with(pool, &["--page-cache-mib", "0"]).await;
    let keeping = Shop::open(rendering.pool.clone()).await;
    let (ann, bob, guest) = (rendering.signed_up(&ANN).await, rendering.signed_up(&BOB).await, rendering.browser());
    sqlx::query("update users set display_name = $1 where username = 'bob'")
        .bind(r#"</script><b title="x">'Bob' & co"#)
        .execute(&rendering.pool)
        .await
        .unwrap();
    for browser in [&ann, &bob, &guest] {
        done(&browser.add(mug, 2).await);
    }
    done(&ann.add(mug, 1).await);
    for path in ["/cart", "/wishlist", "/", "/products?q=mug", "/products/mug", "/search?q=mug", "/products/none"] {
        // The last turn comes after a shell of each number in a cart is there.
        for browser in [&ann, &bob, &guest, &bob, &ann, &guest] {
            let (alone, kept) = (browser.get(path).await, browser.at(&keeping).get(path).await);
            assert_eq!(alone.status, kept.status, "{path}");
            assert_ne!(alone.nonce(), kept.nonce());
            for name in ["content-type", "cache-control", "x-robots-tag", "set-cookie"] {
                assert_eq!(alone.header(name), kept.header(name), "{path}: {name}");
            }
            assert_same(path, &bare(&alone), &bare(&kept));
        }
    }
}

/// A page without what no two answers share.
fn bare(answer: &Answer) -> String {
    let body = answer.body.replace(answer.nonce(), "").replace(answer.header("x-request-id"), "");
    // Both are an apostrophe to a browser.
    body.replace("&#39;", "'")
}

/// As `assert_eq!`, which would show both pages whole.
fn assert_same(path: &str, left: &str, right: &str) {
    let same = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    let around = |page: &str| page.as_bytes()[same.saturating_sub(80)..].iter().take(200).copied().collect::<Vec<_>>();
    let shown = |page: &str| String::from_utf8_lossy(&around(page)).into_owned();
    assert!(left == right, "{path}: {}\nbut: {}", shown(left), shown(right));
}
