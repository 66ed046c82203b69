//! What wraps every answer (rows 33–38, 44, 46 and 47 of the security bar).

use crate::office::staff::{SAM, signed_in};
use crate::shop::{Product, Shop, add};
use axum::http::{Method, StatusCode};
use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[sqlx::test(migrations = "../migrations")]
async fn every_answer_is_sealed(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open_with(pool, &["--base-url", "https://shop.example"]).await;
    for path in [
        "/",
        "/products",
        "/products/tarn-mug",
        "/search?q=mug",
        "/nowhere",
        "/healthz",
        "/robots.txt",
        "/pkg/x.js",
        "/api/catalog/home",
    ] {
        let answer = shop.get(path).await;
        let policy = answer.header("content-security-policy");
        for part in ["'wasm-unsafe-eval'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(answer.header("strict-transport-security").contains("max-age="), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 24, "{path}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn without_https_there_is_no_hsts(pool: PgPool) {
    let shop = Shop::open(pool).await;
    assert_eq!(shop.get("/healthz").await.header("strict-transport-security"), "");
}

#[sqlx::test(migrations = "../migrations")]
async fn each_answer_has_its_own_nonce_and_no_script_goes_without(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open(pool).await;
    for path in ["/", "/products", "/products/tarn-mug"] {
        let mut seen = std::collections::HashSet::new();
        // The second answer and those after it come from the page cache.
        for _ in 0..4 {
            let answer = shop.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let nonce = answer.nonce().to_owned();
            let scripts = answer.body.matches("<script").count();
            let sealed = answer.body.matches(&format!("nonce=\"{nonce}\"")).count();
            assert!(scripts > 0 && sealed >= scripts, "{path}: {scripts} scripts, {sealed} with this answer's nonce");
            assert!(seen.insert(nonce), "{path}: a nonce came twice");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn other_sites_change_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for headers in [
        vec![FORM, ("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        vec![FORM, ("origin", "https://evil.example")],
        vec![FORM, ("sec-fetch-site", "same-site")],
    ] {
        let answer = shop.send(Method::POST, "/theme", &headers, "theme=dark").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(answer.body.contains("<h1>"), "a refusal is a page");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let own = [FORM, ("sec-fetch-site", "same-origin")];
    let answer = shop.send(Method::POST, "/theme", &own, "theme=dark&back=/products").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/products");
    assert!(answer.header("set-cookie").starts_with("theme=dark; Path=/"));
}

#[sqlx::test(migrations = "../migrations")]
async fn redirects_stay_in_the_shop(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for back in ["//evil.example", "https://evil.example", "/%5Cevil.example", "javascript:alert(1)", ""] {
        let answer = shop.send(Method::POST, "/theme", &[FORM], &format!("theme=light&back={back}")).await;
        assert_eq!(answer.header("location"), "/", "{back}");
    }
    let browser = [("accept", "text/html"), ("referer", "https://evil.example/x")];
    let answer = shop.send(Method::GET, "/api/catalog/navigation", &browser, "").await;
    assert!(!answer.header("location").contains("evil"), "{}", answer.header("location"));
}

#[sqlx::test(migrations = "../migrations")]
async fn getting_changes_nothing_and_tracing_is_off(pool: PgPool) {
    let shop = Shop::open(pool).await;
    assert_eq!(shop.get("/theme?theme=dark").await.header("set-cookie"), "");
    assert_eq!(shop.send(Method::TRACE, "/", &[], "").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(shop.get("/metrics").await.status, StatusCode::NOT_FOUND);
    assert_eq!(shop.get("/dev/mail").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_large_body_is_refused_before_it_is_read(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let declared = shop.send(Method::POST, "/theme", &[FORM], &"x".repeat(3 * 1024 * 1024)).await;
    assert_eq!(declared.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(declared.body.contains("too large"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_database_that_is_away_shows_a_page_and_nothing_of_the_inside(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open(pool).await;
    assert_eq!(shop.get("/readyz").await.status, StatusCode::OK);
    assert_eq!(shop.get("/products/tarn-mug").await.status, StatusCode::OK);
    shop.pool.close().await;
    for path in ["/products/other-mug", "/sitemap.xml", "/search?q=other"] {
        let answer = shop.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.body.contains(answer.header("x-request-id")), "{path}: the page tells its request id");
        for inside in ["sqlx", "PoolClosed", "pool", "postgres", "panicked", "server/src"] {
            assert!(!answer.body.contains(inside), "{path}: {inside}");
        }
    }
    let answer = shop.send(Method::GET, "/api/catalog/product?slug=x", &[("accept", "application/json")], "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.body.contains("pool"), "{}", answer.body);
    assert_eq!(shop.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(shop.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[sqlx::test(migrations = "../migrations")]
async fn numbers_out_of_range_are_told_beside_their_field(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open(pool).await;
    for (typed, status) in [
        ("0", 200),
        ("%2024.00%20", 200),
        ("-1", 400),
        ("2147483648", 200),
        ("9223372036854775808", 400),
        ("1e9", 400),
        ("%EF%BC%91", 400),
        ("1%2C234.50", 400),
        ("abc", 400),
    ] {
        let answer = shop.get(&format!("/products?min={typed}")).await;
        assert_eq!(answer.status.as_u16(), status, "min={typed}");
        assert_eq!(answer.body.contains("aria-invalid=\"true\""), status == 400, "min={typed}");
    }
    for page in ["0", "-1", "2", "2147483648", "9223372036854775808", "1e9", "x"] {
        assert_eq!(shop.get(&format!("/products?page={page}")).await.status, StatusCode::NOT_FOUND, "page={page}");
    }
    assert_eq!(shop.get("/products?page=1").await.status, StatusCode::OK);
}

#[sqlx::test(migrations = "../migrations")]
async fn text_is_inert_wherever_it_shows(pool: PgPool) {
    let evil = "\"'></title></script><script>alert(1)</script><img src=x onerror=alert(1)>";
    let category = crate::shop::add_category(&pool, None, "evil", evil).await;
    let tags = [evil];
    let product = Product {
        title: evil,
        vendor: evil,
        tags: &tags,
        category: Some(category),
        colours: &[evil, "b"],
        ..Product::default()
    };
    add(&pool, product).await;
    let shop = Shop::open(pool).await;
    let typed = "%22%27%3E%3C%2Ftitle%3E%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for path in [
        "/".to_owned(),
        "/products".to_owned(),
        "/products/tarn-mug".to_owned(),
        "/categories/evil".to_owned(),
        format!("/search?q={typed}"),
        format!("/products?min={typed}&option.colour={typed}&category={typed}"),
        format!("/products/{typed}"),
        format!("/{typed}"),
    ] {
        let answer = shop.get(&path).await;
        assert!(!answer.body.contains("<script>alert"), "{path}");
        assert!(!answer.body.contains("<img src=x"), "{path}");
        let nonce = answer.nonce();
        for script in answer.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(nonce), "{path}: <script{tag}>");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_head_that_never_ends_is_cut_off(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mut slow = TcpStream::connect(shop.addr).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(std::time::Duration::from_secs(15), slow.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "the connection is still open");
    assert_eq!(shop.get("/healthz").await.status, StatusCode::OK, "others are served meanwhile");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_accepted_is_finished_before_leaving(pool: PgPool) {
    let mut shop = Shop::open(pool).await;
    // Half a request: accepted, but not answered yet when the shop is told to leave.
    let mut open = TcpStream::connect(shop.addr).await.unwrap();
    open.write_all(b"POST /theme HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\ntheme").await.unwrap();
    assert_eq!(shop.get("/healthz").await.status, StatusCode::OK);
    shop.close();
    open.write_all(b"=dark").await.unwrap();
    let mut answer = String::new();
    open.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let served = shop.served.take().unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(10), served).await.expect("gone in time").unwrap().unwrap();
    assert!(TcpStream::connect(shop.addr).await.is_err(), "nobody listens any more");
}

#[sqlx::test(migrations = "../migrations")]
async fn machines_find_what_they_ask_for(pool: PgPool) {
    add(&pool, Product::default()).await;
    add(&pool, Product { slug: "secret-mug", title: "Secret", status: "draft", ..Product::default() }).await;
    let shop = Shop::open_with(pool, &["--base-url", "https://shop.example"]).await;
    let robots = shop.get("/robots.txt").await;
    assert!(robots.body.contains("Sitemap: https://shop.example/sitemap.xml"));
    let index = shop.get("/sitemap.xml").await;
    assert!(index.body.contains("<loc>https://shop.example/sitemap.xml?part=0</loc>"), "{}", index.body);
    let part = shop.get("/sitemap.xml?part=0").await;
    assert!(part.body.contains("<loc>https://shop.example/products/tarn-mug</loc>"), "{}", part.body);
    assert!(!part.body.contains("secret"));
    for part in ["-1", "1", "99999999", "x"] {
        let answer = shop.get(&format!("/sitemap.xml?part={part}")).await;
        assert!(answer.status.is_client_error(), "part={part}: {}", answer.status);
    }
}

/// The answer to an address as it is written: clients tidy it up.
async fn asked_for(shop: &Shop, method: &str, target: &str) -> String {
    let mut open = TcpStream::connect(shop.addr).await.unwrap();
    let head =
        format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\nConnection: close\r\n\r\n", shop.addr);
    open.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    open.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_page_has_one_address(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open(pool).await;
    for (path, plain) in [
        ("/cart/", "/cart"),
        ("/wishlist/", "/wishlist"),
        ("/search/?q=mug&page=1", "/search?q=mug&page=1"),
        ("/products/", "/products"),
        ("/products/tarn-mug//", "/products/tarn-mug"),
        ("/unsubscribe/?token=abc", "/unsubscribe?token=abc"),
        ("/login/?next=%2Fcart", "/login?next=%2Fcart"),
        ("/admin/users/", "/admin/users"),
        ("//", "/"),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = shop.send(method.clone(), path, &[("accept", "text/html")], "").await;
            assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{method} {path}");
            assert_eq!(answer.header("location"), plain, "{method} {path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{method} {path}");
        }
        let answer = shop.get(plain).await;
        assert!(!answer.status.is_server_error(), "{plain}: {}", answer.status);
    }
    assert_eq!(shop.get("/nowhere/").await.status, StatusCode::NOT_FOUND);
    for path in ["//evil.example/", "//evil.example//", "//cart/", "//cart"] {
        let answer = shop.get(path).await;
        assert_eq!(answer.header("location"), "", "{path}");
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn dots_in_an_address_lead_nowhere(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for target in [
        "/.",
        "/./",
        "/..",
        "/%2e%2E/",
        "/.%2e",
        "/cart/.",
        "/x/../",
        "/x/../cart",
        "/media/../",
        "/pkg/../cart",
        "/x/../admin/users",
        "/api/./catalog/home",
        "*",
    ] {
        for method in ["GET", "HEAD", "OPTIONS"] {
            let answer = asked_for(&shop, method, target).await;
            assert!(answer.starts_with("HTTP/1.1 404 "), "{method} {target}: {answer}");
        }
    }
    assert!(asked_for(&shop, "GET", "/x/../cart").await.contains("<h1>"), "it is a page");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_cannot_be_is_not_there(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for path in [
        format!("/pkg/{}", "x".repeat(300)),
        // With the ending of its compressed form it is too long.
        format!("/pkg/{}", "x".repeat(253)),
        format!("/pkg/{}", "%78".repeat(300)),
        format!("/pkg/{}.js", "%C3%A4".repeat(150)),
        format!("/pkg{}", "/x".repeat(3000)),
        format!("/pkg/a/{}/b", "x".repeat(300)),
        "/pkg/x%00.js".to_owned(),
        "/pkg/%00".to_owned(),
    ] {
        for compressed in ["br, gzip", "identity"] {
            let answer = shop.send(Method::GET, &path, &[("accept-encoding", compressed)], "").await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path:.40} {compressed}");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refusal_says_once_who_may_keep_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let sam = signed_in(&shop, &SAM, "shopper").await;
    for (method, path) in [
        (Method::GET, "/admin/users.csv"),
        (Method::POST, "/cart"),
        (Method::POST, "/account"),
        (Method::PUT, "/products"),
    ] {
        let answer = sam.send(method.clone(), path, &[("accept", "text/html")], "").await;
        assert!(answer.status.is_client_error(), "{method} {path}: {}", answer.status);
        let said: Vec<&str> =
            answer.headers.get_all("cache-control").iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(said, ["no-store"], "{method} {path}: {}", answer.status);
    }
    let answer = sam.send(Method::GET, "/theme", &[("accept", "text/html")], "").await;
    assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
}
