use super::browser::{count, next, refused, said};
use super::{ANN, Browser, Person, later};
use crate::queries::Heard;
use crate::shop::{Shop, until_somebody_waits};
use app::account::api::Device;
use app::error::AppError;
use axum::http::{Method, StatusCode};
use sqlx::PgPool;

const NEW: &str = "otters along the bank";

async fn logged_in<'a>(shop: &'a Shop, stay: &str) -> Browser<'a> {
    let browser = shop.browser();
    next(&browser.post("log_in", &[("login", ANN.email), ("password", ANN.password), ("stay", stay)]).await);
    browser
}

#[sqlx::test(migrations = "../migrations")]
async fn the_cookie_is_locked_and_long_and_only_its_hash_is_stored(pool: PgPool) {
    let shop = Shop::open_with(pool, &["--base-url", "https://shop.example"]).await;
    shop.account(&ANN, "shopper").await;
    let fields = [("login", ANN.email), ("password", ANN.password), ("stay", "on")];
    let browser = shop.browser();
    let answer = browser.post("log_in", &fields).await;
    let line = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap())
        .find(|line| line.contains("session="))
        .unwrap();
    let token = line.strip_prefix("__Host-session=").unwrap().split(';').next().unwrap();
    assert_eq!(
        &line["__Host-session=".len() + token.len()..],
        "; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure"
    );
    assert_eq!(token.len(), 43, "256 bits");
    let row: String = sqlx::query_scalar("select s::text from sessions s").fetch_one(&shop.pool).await.unwrap();
    assert!(!row.contains(token));
    // Without the prefix it is nobody's.
    let planted = shop.browser();
    planted.set_cookie("session", token);
    assert!(!planted.is_signed_in().await);
    assert!(browser.is_signed_in().await);
    let unset = shop.browser().post("log_in", &fields[..2]).await;
    assert!(!unset.header("set-cookie").contains("Max-Age"), "gone with the browser");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_planted_id_is_never_adopted_and_the_id_changes_with_the_password(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = shop.account(&ANN, "shopper").await;
    let browser = shop.browser();
    let planted = "A".repeat(43);
    browser.set_cookie("session", &planted);
    next(&browser.log_in(ANN.email, ANN.password).await);
    let first = browser.cookie("session").unwrap();
    assert_ne!(first, planted);
    // Logging in again ends the session that the browser had.
    next(&browser.log_in(ANN.email, ANN.password).await);
    let second = browser.cookie("session").unwrap();
    assert_ne!(first, second);
    assert_eq!(count(&shop.pool, "select count(*) from sessions").await, 1);
    next(&browser.post("change_password", &[("current_password", ANN.password), ("password", NEW)]).await);
    let third = browser.cookie("session").unwrap();
    assert_ne!(second, third);
    for old in [first, second] {
        let thief = shop.browser();
        thief.set_cookie("session", &old);
        assert!(!thief.is_signed_in().await);
        assert!(thief.cookie("session").is_none(), "a cookie that is worth nothing is cleared");
    }
    // Wherever the password is asked for again.
    next(&browser.post("change_email", &[("email", "new@example.com"), ("password", NEW)]).await);
    let fourth = browser.cookie("session").unwrap();
    browser.post("download", &[("password", NEW)]).await;
    assert!(third != fourth && fourth != browser.cookie("session").unwrap());
    assert!(browser.is_signed_in().await);
    sqlx::query("update users set role = 'editor' where id = $1").bind(id).execute(&shop.pool).await.unwrap();
    assert!(!browser.is_signed_in().await, "another role begins with another session");
}

#[sqlx::test(migrations = "../migrations")]
async fn sessions_end_by_themselves(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = shop.account(&ANN, "shopper").await;
    let (stays, goes) = (logged_in(&shop, "on").await, logged_in(&shop, "").await);
    const HOUR: f64 = 3600.0;
    later(&shop.pool, 23.0 * HOUR).await;
    assert!(stays.is_signed_in().await && goes.is_signed_in().await);
    later(&shop.pool, 25.0 * HOUR).await;
    assert!(stays.is_signed_in().await && !goes.is_signed_in().await);
    later(&shop.pool, 27.9 * 24.0 * HOUR).await;
    assert!(stays.is_signed_in().await);
    later(&shop.pool, 3.0 * HOUR).await;
    assert!(!stays.is_signed_in().await, "30 days are the most");

    sqlx::query("update users set role = 'admin' where id = $1").bind(id).execute(&shop.pool).await.unwrap();
    let admin = logged_in(&shop, "on").await;
    later(&shop.pool, 0.9 * HOUR).await;
    assert!(admin.is_signed_in().await);
    later(&shop.pool, 1.1 * HOUR).await;
    assert!(!admin.is_signed_in().await, "an hour's pause");
    let admin = logged_in(&shop, "on").await;
    for _ in 0..28 {
        later(&shop.pool, 0.8 * HOUR).await;
        assert!(admin.is_signed_in().await);
    }
    for _ in 0..2 {
        later(&shop.pool, 0.9 * HOUR).await;
        admin.is_signed_in().await;
    }
    assert!(!admin.is_signed_in().await, "a day is the most");
}

#[sqlx::test(migrations = "../migrations")]
async fn logging_out_ends_the_session_on_the_server(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let browser = logged_in(&shop, "on").await;
    let kept = browser.cookie("session").unwrap();
    let answer = browser.post("log_out", &[]).await;
    assert_eq!(answer.header("clear-site-data"), "\"cache\"");
    assert!(browser.cookie("session").is_none());
    browser.set_cookie("session", &kept);
    assert!(!browser.is_signed_in().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_request_in_flight_does_not_bring_a_session_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = shop.account(&ANN, "shopper").await;
    let (browser, other) = (logged_in(&shop, "on").await, logged_in(&shop, "on").await);
    other.set_cookie("session", &browser.cookie("session").unwrap());
    // The change of a password is under way, and held up at the account's row.
    let mut holder = shop.pool.begin().await.unwrap();
    sqlx::query("select 1 from users where id = $1 for update").bind(id).execute(&mut *holder).await.unwrap();
    let fields = [("current_password", ANN.password), ("password", NEW)];
    let in_flight = browser.post("change_password", &fields);
    let leave = async {
        until_somebody_waits(&shop.pool).await;
        next(&other.post("log_out", &[]).await);
        holder.rollback().await.unwrap();
    };
    let (answer, ()) = tokio::join!(in_flight, leave);
    assert!(matches!(refused(&answer), AppError::SignIn), "{}", answer.body);
    assert!(!browser.is_signed_in().await);
    next(&shop.browser().log_in(ANN.email, ANN.password).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn who_is_blocked_is_out_at_the_next_request(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let browser = logged_in(&shop, "on").await;
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    sqlx::query("update users set blocked_at = now()").execute(&shop.pool).await.unwrap();
    assert_eq!(browser.get("/account").await.header("location"), "/login?next=/account");
    assert_eq!(browser.post("save_profile", &[("username", "ann")]).await.status, StatusCode::UNAUTHORIZED);
    sqlx::query("update users set blocked_at = null").execute(&shop.pool).await.unwrap();
    assert!(!browser.is_signed_in().await, "and in again only by logging in");
}

#[sqlx::test(migrations = "../migrations")]
async fn devices_are_listed_and_logged_out_one_by_one(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let ben = Person { username: "ben", email: "ben@example.com", ..ANN };
    shop.account(&ben, "shopper").await;
    let (here, there, third) =
        (logged_in(&shop, "on").await, logged_in(&shop, "on").await, logged_in(&shop, "on").await);
    let devices = async |browser: &Browser<'_>| {
        let answer = browser.send(Method::GET, "/api/account/devices", &[("accept", "application/json")], "").await;
        serde_json::from_str::<Vec<Device>>(&answer.body).unwrap()
    };
    let mine = devices(&here).await;
    assert_eq!(mine.len(), 3);
    assert!(mine[0].this_one && mine[1..].iter().all(|device| !device.this_one));
    assert_eq!((mine[0].name.as_str(), mine[0].address.as_str()), ("Firefox on Linux", "127.0.0.…"));

    // Another's session is as unknown as one that never was.
    let stranger = shop.browser();
    next(&stranger.log_in(ben.email, ben.password).await);
    for id in [mine[1].id.as_str(), "00000000-0000-7000-8000-000000000000", "x", ""] {
        assert_eq!(stranger.post("end_session", &[("session", id)]).await.status, StatusCode::NOT_FOUND, "{id}");
    }
    let theirs = devices(&there).await.into_iter().find(|device| device.this_one).unwrap();
    next(&here.post("end_session", &[("session", &theirs.id)]).await);
    assert!(!there.is_signed_in().await && third.is_signed_in().await && here.is_signed_in().await);
    next(&here.post("end_other_sessions", &[]).await);
    assert!(!third.is_signed_in().await && here.is_signed_in().await && stranger.is_signed_in().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_visitor_without_a_cookie_costs_nothing_and_a_session_two_queries(pool: PgPool) {
    let shop = Shop::open_with(pool, &["--page-cache-mib", "0"]).await;
    shop.account(&ANN, "shopper").await;
    let browser = logged_in(&shop, "on").await;
    // The first answers wait for the catalogue, and prepare the statements.
    shop.get("/unlock").await;
    browser.get("/unlock").await;
    let (heard, _guard) = Heard::start();
    let answer = shop.get("/unlock").await;
    assert_eq!(heard.take_statements(), Vec::<String>::new());
    assert!(!answer.headers.contains_key("set-cookie"));
    browser.get("/unlock").await;
    assert_eq!(heard.take_statements().len(), 2, "who it is, and what the header shows of theirs");
    later(&shop.pool, 61.0).await;
    heard.take_statements();
    browser.get("/unlock").await;
    assert_eq!(heard.take_statements().len(), 3, "seen, once a minute");
    browser.get("/unlock").await;
    assert_eq!(heard.take_statements().len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_private_is_not_kept_by_browsers(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    for path in ["/signup", "/login", "/verify", "/forgot-password", "/reset-password", "/unlock?token=x"] {
        assert_eq!(shop.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    assert_ne!(shop.get("/products").await.header("cache-control"), "no-store");
    let browser = logged_in(&shop, "on").await;
    for path in ["/", "/products", "/account", "/nowhere"] {
        assert_eq!(browser.get(path).await.header("cache-control"), "no-store", "{path}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn while_the_database_is_away_nobody_is_logged_out(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let browser = logged_in(&shop, "on").await;
    shop.pool.close().await;
    let answer = browser.get("/cart").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("<h1>") && browser.cookie("session").is_some());
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_over_is_thrown_away(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    logged_in(&shop, "on").await;
    let ben = Person { username: "ben", email: "ben@example.com", ..ANN };
    next(&shop.browser().sign_up(&ben).await);
    next(&shop.browser().forgot("nobody@example.com").await);
    said(&shop.browser().log_in("nobody", "not the password").await, "password");
    let service = server::services::accounts::AccountService::new(shop.pool.clone(), crate::shop::secret(), "", false);
    let left =
        "select (select count(*) from sessions) + (select count(*) from flows) + (select count(*) from one_time_codes)
                + (select count(*) from users) + (select count(distinct kind) from throttles)";
    service.tidy().await.unwrap();
    assert_eq!(count(&shop.pool, left).await, 1 + 2 + 2 + 2 + 5, "what lives stays");
    later(&shop.pool, 3.0 * 86_400.0).await;
    service.tidy().await.unwrap();
    assert_eq!(count(&shop.pool, left).await, 1 + 1, "Ann and her session");
    later(&shop.pool, 28.0 * 86_400.0).await;
    service.tidy().await.unwrap();
    assert_eq!(count(&shop.pool, left).await, 1);
}
