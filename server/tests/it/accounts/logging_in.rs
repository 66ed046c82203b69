use super::browser::{count, next, refused, said, seen};
use super::{ANN, Person, later, letters, newest_code};
use crate::queries::Heard;
use crate::shop::Shop;
use app::error::AppError;
use axum::http::StatusCode;
use futures::future::join_all;
use sqlx::PgPool;

#[sqlx::test(migrations = "../migrations")]
async fn people_log_in_by_address_or_name_and_land_where_they_were_going(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    for login in ["ann@example.com", "ANN@Example.com ", "ann.lee", "Ann.Lee"] {
        let browser = shop.browser();
        assert_eq!(next(&browser.log_in(login, ANN.password).await).path, "/account", "{login}");
        assert!(browser.is_signed_in().await);
    }
    for (asked, path) in
        [("/wishlist?add=1", "/wishlist?add=1"), ("//evil.example", "/"), ("https://evil.example", "/")]
    {
        let fields = [("login", ANN.email), ("password", ANN.password), ("next", asked)];
        assert_eq!(next(&shop.browser().post("log_in", &fields).await).path, path);
    }
    let empty = shop.browser().post("log_in", &[]).await;
    assert!(!said(&empty, "login").is_empty() && !said(&empty, "password").is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn strangers_the_unknown_and_the_blocked_are_answered_alike(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let blocked = Person { username: "ben", email: "ben@example.com", ..ANN };
    shop.account(&blocked, "shopper").await;
    sqlx::query("update users set blocked_at = now(), blocked_note = 'Your parcel came back.' where username = 'ben'")
        .execute(&shop.pool)
        .await
        .unwrap();
    let unset = Person { username: "cat", email: "cat@example.com", ..ANN };
    shop.account(&unset, "shopper").await;
    sqlx::query("update users set password_hash = null where username = 'cat'").execute(&shop.pool).await.unwrap();

    let dan = Person { username: "dan", email: "dan@example.com", ..ANN };
    shop.account(&dan, "shopper").await;
    sqlx::query("update users set verified_at = null where username = 'dan'").execute(&shop.pool).await.unwrap();

    // The first answer waits for the catalogue, whose reading is nobody's log-in.
    shop.get_until("/products", |answer| answer.status.is_success()).await;
    let (heard, _guard) = Heard::start();
    let mut answers = Vec::new();
    let mut steps = Vec::new();
    for login in [
        "ann@example.com",
        "ben@example.com",
        "cat@example.com",
        "dan@example.com",
        "nobody@example.com",
        "nobody",
        "ben",
        "dan",
    ] {
        heard.take_statements();
        answers.push(seen(&shop.browser().log_in(login, "not the password").await));
        steps.push(heard.take_statements());
        later(&shop.pool, 400.0).await;
    }
    assert!(steps[0].iter().any(|step| step.contains("insert into audit_log")), "{:#?}", steps[0]);
    assert!(steps.iter().all(|each| *each == steps[0]), "the same statements for all of them: {steps:#?}");
    let written = count(&shop.pool, "select count(*) from audit_log where act = 'session.refused'").await;
    assert_eq!(written, 8, "an entry for each, whoever was meant");
    answers.push(seen(&shop.browser().log_in("ann@example.com", &"x".repeat(100_000)).await));
    assert_eq!(answers[0].0, StatusCode::BAD_REQUEST);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");

    let told = said(&shop.browser().log_in("ben", ANN.password).await, "");
    assert!(told.contains("blocked") && told.contains("Your parcel came back."), "{told}");
    assert_eq!(count(&shop.pool, "select count(*) from sessions").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn forgetting_and_signing_up_answer_alike_for_the_blocked_too(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    sqlx::query("update users set blocked_at = now()").execute(&shop.pool).await.unwrap();
    let known = Person { username: "cat", email: "cat@example.com", ..ANN };
    shop.account(&known, "shopper").await;
    // The first answer waits for the catalogue, whose reading is nobody's log-in.
    shop.get_until("/products", |answer| answer.status.is_success()).await;
    let (heard, _guard) = Heard::start();
    let mut answers = Vec::new();
    let mut steps = Vec::new();
    for email in [ANN.email, known.email, "nobody@example.com"] {
        let browser = shop.browser();
        heard.take_statements();
        let forgot = seen(&browser.forgot(email).await);
        steps.push(heard.take_statements());
        let again = seen(&browser.forgot(email).await);
        let reset = [("code", "000000"), ("password", "otters along the bank")];
        let wrong = seen(&browser.post("reset_password", &reset).await);
        let new = browser.sign_up(&Person { username: "dan", email, ..ANN }).await;
        answers.push([forgot, again, wrong, seen(&new)]);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert!(steps[0].iter().any(|step| step.contains("insert into audit_log")), "{:#?}", steps[0]);
    assert!(steps.iter().all(|each| *each == steps[0]), "the same statements for all of them: {steps:#?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn who_has_not_entered_their_code_is_asked_for_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    next(&shop.browser().sign_up(&ANN).await);
    later(&shop.pool, 61.0).await;
    let browser = shop.browser();
    said(&browser.log_in(ANN.email, "not the password").await, "password");
    let asked = next(&browser.log_in(ANN.username, ANN.password).await);
    assert_eq!(asked.path, "/verify");
    assert!(!browser.is_signed_in().await);
    assert_eq!(letters(&shop.pool, ANN.email).await.len(), 2);
    next(&browser.verify(&newest_code(&shop.pool, ANN.email).await.unwrap()).await);
    assert!(browser.is_signed_in().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn after_five_failures_the_wait_is_told_and_then_over(pool: PgPool) {
    let shop = Shop::open_with(pool, &["--trusted-proxies", "127.0.0.1"]).await;
    shop.account(&ANN, "shopper").await;
    let mut waits = Vec::new();
    for login in [ANN.email, "nobody@example.com", "nobody"] {
        for n in 0..5 {
            let browser = shop.browser_at(&format!("198.51.100.{n}"));
            said(&browser.log_in(login, "not the password").await, "password");
        }
        let answer = shop.browser_at("198.51.100.9").log_in(login, ANN.password).await;
        let AppError::TooMany { retry_after } = refused(&answer) else { panic!("{}", answer.body) };
        assert!((290..=310).contains(&retry_after), "{retry_after}");
        waits.push(answer.status);
    }
    assert!(waits.iter().all(|status| *status == StatusCode::TOO_MANY_REQUESTS));
    // An account is one, by whatever name.
    refused(&shop.browser_at("198.51.100.9").log_in(ANN.username, ANN.password).await);
    later(&shop.pool, 311.0).await;
    next(&shop.browser_at("198.51.100.9").log_in(ANN.email, ANN.password).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_failures_from_one_client_are_enough_for_a_minute(pool: PgPool) {
    let shop = Shop::open_with(pool, &["--trusted-proxies", "127.0.0.1"]).await;
    shop.account(&ANN, "shopper").await;
    // One subscriber's addresses are one client.
    for n in 0..10 {
        let browser = shop.browser_at(&format!("2001:db8:1:2::{n}"));
        said(&browser.log_in(&format!("nobody{n}"), "not the password").await, "password");
    }
    let same = shop.browser_at("2001:db8:1:2:ffff::1");
    assert!(matches!(refused(&same.log_in(ANN.email, ANN.password).await), AppError::TooMany { retry_after: 50..=62 }));
    next(&shop.browser_at("2001:db8:1:3::1").log_in(ANN.email, ANN.password).await);
    later(&shop.pool, 63.0).await;
    next(&same.log_in(ANN.email, ANN.password).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_trusted_proxy_nobody_chooses_their_address(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for n in 0..10 {
        let browser = shop.browser_at(&format!("198.51.100.{n}"));
        said(&browser.log_in(&format!("nobody{n}"), "not the password").await, "password");
    }
    let answer = shop.browser_at("203.0.113.1").log_in("nobody", "not the password").await;
    assert!(matches!(refused(&answer), AppError::TooMany { .. }), "{}", answer.body);
}

#[sqlx::test(migrations = "../migrations")]
async fn guesses_at_once_are_no_better_than_guesses_in_turn(pool: PgPool) {
    let shop = Shop::open_with(pool, &["--trusted-proxies", "127.0.0.1"]).await;
    shop.account(&ANN, "shopper").await;
    let browsers: Vec<_> = (0..40).map(|n| shop.browser_at(&format!("198.51.100.{n}"))).collect();
    let guesses = browsers.iter().map(|browser| browser.log_in(ANN.email, "not the password"));
    for answer in join_all(guesses).await {
        assert!(answer.status.is_client_error(), "{}", answer.body);
    }
    let right = shop.browser_at("203.0.113.1");
    assert!(matches!(refused(&right.log_in(ANN.email, ANN.password).await), AppError::TooMany { .. }));
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_right_log_ins_at_once_all_succeed(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let browsers: Vec<_> = (0..10).map(|_| shop.browser()).collect();
    for answer in join_all(browsers.iter().map(|browser| browser.log_in(ANN.email, ANN.password))).await {
        next(&answer);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_hash_made_with_less_effort_is_made_anew(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
    let light = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(4096, 1, 1, None).unwrap());
    let old = light.hash_password(ANN.password.as_bytes()).unwrap().to_string();
    sqlx::query("update users set password_hash = $1").bind(&old).execute(&shop.pool).await.unwrap();
    next(&shop.browser().log_in(ANN.email, ANN.password).await);
    let new: String = sqlx::query_scalar("select password_hash from users").fetch_one(&shop.pool).await.unwrap();
    assert!(new.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{new}");
    next(&shop.browser().log_in(ANN.email, ANN.password).await);
    let kept: String = sqlx::query_scalar("select password_hash from users").fetch_one(&shop.pool).await.unwrap();
    assert_eq!(new, kept);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_crowd_at_the_door_is_told_to_come_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let browsers: Vec<_> = (0..200).map(|_| shop.browser()).collect();
    let answers = join_all(browsers.iter().map(|browser| browser.log_in(ANN.email, ANN.password))).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!(count(200) + count(429) + count(503), 200);
    assert!(count(200) > 0 && count(429) > 0, "{} in, {} sent away", count(200), count(429));
    next(&shop.browser().log_in(ANN.email, ANN.password).await);
}
