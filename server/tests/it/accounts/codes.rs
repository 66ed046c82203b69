use super::browser::{count, next, other_than, refused, said};
use super::{ANN, Person, later, letters, newest_code};
use crate::shop::Shop;
use app::error::AppError;
use futures::future::join_all;
use server::mail::Letter;
use sha2::{Digest, Sha256};
use sqlx::PgPool;

const BEN: Person = Person { username: "ben", email: "ben@example.com", password: "slate under the thumb" };

#[sqlx::test(migrations = "../migrations")]
async fn five_wrong_guesses_burn_a_code_even_two_hundred_at_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    next(&browser.sign_up(&ANN).await);
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    let guesses: Vec<String> =
        (1..=200).map(|n| format!("{:06}", (code.parse::<u32>().unwrap() + n) % 1_000_000)).collect();
    for answer in join_all(guesses.iter().map(|guess| browser.verify(guess))).await {
        assert!(said(&answer, "code").contains("isn’t right"));
    }
    assert_eq!(count(&shop.pool, "select wrong::bigint from one_time_codes").await, 5);
    assert_eq!(count(&shop.pool, "select wrong_codes::bigint from users").await, 5);
    assert!(said(&browser.verify(&code).await, "code").contains("isn’t right"), "the right one is too late");
    later(&shop.pool, 61.0).await;
    next(&browser.post("resend", &[]).await);
    next(&browser.verify(&newest_code(&shop.pool, ANN.email).await.unwrap()).await);
    assert_eq!(count(&shop.pool, "select wrong_codes::bigint from users").await, 0, "counted in a row only");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_opens_once_even_twenty_times_at_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    next(&browser.sign_up(&ANN).await);
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    let answers = join_all((0..20).map(|_| browser.verify(&code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 1);
    assert!(answers.iter().all(|answer| !answer.status.is_server_error()));
    assert_eq!(count(&shop.pool, "select count(*) from sessions").await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_newer_code_kills_the_older_and_ten_minutes_kill_both(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    next(&browser.sign_up(&ANN).await);
    let older = newest_code(&shop.pool, ANN.email).await.unwrap();
    later(&shop.pool, 61.0).await;
    next(&browser.post("resend", &[]).await);
    let newer = newest_code(&shop.pool, ANN.email).await.unwrap();
    said(&browser.verify(&older).await, "code");
    later(&shop.pool, 600.0).await;
    assert!(said(&browser.verify(&newer).await, "code").contains("too old"));
    next(&browser.post("resend", &[]).await);
    next(&browser.verify(&newest_code(&shop.pool, ANN.email).await.unwrap()).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_is_bound_to_its_purpose_its_account_and_its_browser(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let (ann, ben, stranger) = (shop.browser(), shop.browser(), shop.browser());
    next(&ann.forgot(ANN.email).await);
    next(&ben.sign_up(&BEN).await);
    next(&stranger.forgot(ANN.email).await);
    let for_reset = newest_code(&shop.pool, ANN.email).await.unwrap();
    let for_sign_up = newest_code(&shop.pool, BEN.email).await.unwrap();
    let new = "otters along the bank";
    // Another purpose, another account, another browser.
    said(&ann.verify(&for_reset).await, "code");
    said(&ben.verify(&for_reset).await, "code");
    said(&ben.post("reset_password", &[("code", &for_sign_up), ("password", new)]).await, "code");
    said(&stranger.post("reset_password", &[("code", &for_reset), ("password", new)]).await, "code");
    said(&shop.browser().post("reset_password", &[("code", &for_reset), ("password", new)]).await, "code");
    next(&ann.post("reset_password", &[("code", &for_reset), ("password", new)]).await);
    next(&ben.verify(&for_sign_up).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_hundred_wrong_codes_in_a_row_stop_codes_until_the_owner_opens_the_link(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    next(&browser.sign_up(&ANN).await);
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    sqlx::query("update users set wrong_codes = 99").execute(&shop.pool).await.unwrap();
    said(&browser.verify(&other_than(&code)).await, "code");
    said(&browser.verify(&code).await, "code");
    let mail = letters(&shop.pool, ANN.email).await;
    let Some(Letter::CodesStopped { path }) = mail.last() else { panic!("{mail:?}") };
    let token = path.strip_prefix("/unlock?token=").unwrap().to_owned();
    assert!(token.len() >= 22, "128 bits at least");
    // A new code isn't sent either, but the link once more.
    later(&shop.pool, 61.0).await;
    next(&browser.post("resend", &[]).await);
    assert!(matches!(letters(&shop.pool, ANN.email).await.last(), Some(Letter::CodesStopped { .. })));

    refused(&browser.post("unlock", &[("token", "x")]).await);
    next(&browser.post("unlock", &[("token", &token)]).await);
    refused(&browser.post("unlock", &[("token", &token)]).await);
    later(&shop.pool, 61.0).await;
    next(&browser.post("resend", &[]).await);
    next(&browser.verify(&newest_code(&shop.pool, ANN.email).await.unwrap()).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn mail_with_codes_is_rationed_alike_for_known_and_unknown_addresses(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let mut answers = Vec::new();
    for email in [ANN.email, "nobody@example.com"] {
        let browser = shop.browser();
        next(&browser.forgot(email).await);
        // Within the minute: told when it is asked for, and passed over when the form is merely sent again.
        assert!(matches!(refused(&browser.post("resend", &[]).await), AppError::TooMany { retry_after: 50..=60 }));
        next(&browser.forgot(email).await);
        let mut statuses = Vec::new();
        for _ in 0..5 {
            later(&shop.pool, 61.0).await;
            statuses.push(browser.post("resend", &[]).await.status.as_u16());
        }
        // Another hour, and another, until the day's ten.
        for _ in 0..2 {
            later(&shop.pool, 3800.0).await;
            for _ in 0..4 {
                statuses.push(browser.post("resend", &[]).await.status.as_u16());
                later(&shop.pool, 61.0).await;
            }
        }
        answers.push(statuses);
        later(&shop.pool, 100_000.0).await;
    }
    assert_eq!(answers[0], [200, 200, 200, 200, 429, 200, 200, 200, 200, 200, 429, 429, 429]);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(letters(&shop.pool, ANN.email).await.len(), 10);
    assert_eq!(count(&shop.pool, "select count(*) from outbox where letter is null").await, 10);
}

#[sqlx::test(migrations = "../migrations")]
async fn one_client_asks_for_twenty_mails_a_minute(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    for n in 0..20 {
        next(&browser.forgot(&format!("a{n}@example.com")).await);
    }
    assert!(matches!(refused(&browser.forgot("b@example.com").await), AppError::TooMany { retry_after: 1..=62 }));
    refused(&browser.sign_up(&ANN).await);
    later(&shop.pool, 63.0).await;
    next(&browser.forgot("b@example.com").await);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_page_knows_how_long_to_count_down(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    let flow = async |browser: &super::Browser<'_>| {
        let answer =
            browser.send(axum::http::Method::GET, "/api/account/flow", &[("accept", "application/json")], "").await;
        serde_json::from_str::<Option<app::account::api::Flow>>(&answer.body).unwrap()
    };
    assert_eq!(flow(&browser).await, None);
    next(&browser.sign_up(&ANN).await);
    let under_way = flow(&browser).await.unwrap();
    assert!(under_way.email == ANN.email && (50..=60).contains(&under_way.resend_in), "{under_way:?}");
    later(&shop.pool, 61.0).await;
    assert_eq!(flow(&browser).await.unwrap().resend_in, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_stored_of_a_code_needs_the_shops_key(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    next(&browser.sign_up(&ANN).await);
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    assert_eq!(code.len(), 6);
    let row: String = sqlx::query_scalar("select c::text from one_time_codes c").fetch_one(&shop.pool).await.unwrap();
    assert!(!row.contains(&code) && !row.contains(&hex::encode(Sha256::digest(code.as_bytes()))));
    let sealed: Vec<u8> = sqlx::query_scalar("select letter from outbox").fetch_one(&shop.pool).await.unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains(&code));
}
