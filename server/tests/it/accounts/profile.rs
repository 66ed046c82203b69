use super::browser::{count, next, refused, said};
use super::{ANN, Browser, Person, letters, newest_code};
use crate::shop::Shop;
use app::account::api::Profile;
use app::error::AppError;
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use server::mail::Letter;
use sqlx::PgPool;

const NEW: &str = "otters along the bank";
const BEN: Person = Person { username: "ben", email: "ben@example.com", password: ANN.password };

async fn profile(browser: &Browser<'_>) -> Profile {
    let answer = browser.send(Method::GET, "/api/account/profile", &[("accept", "application/json")], "").await;
    serde_json::from_str(&answer.body).expect("a profile")
}

#[sqlx::test(migrations = "../migrations")]
async fn names_are_changed_but_not_to_anothers(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&BEN, "shopper").await;
    let browser = shop.signed_up(&ANN).await;
    next(&browser.post("save_profile", &[("username", "Ann-2"), ("display_name", " Ann Lee ")]).await);
    let saved = profile(&browser).await;
    assert_eq!((saved.username.as_str(), saved.display_name.as_str()), ("Ann-2", "Ann Lee"));
    let long = "x".repeat(81);
    for (username, display_name, field) in [
        ("BEN", "", "username"),
        ("admin", "", "username"),
        ("ann", &long, "display_name"),
        ("ann", "a\u{202e}b", "display_name"),
    ] {
        let answer = browser.post("save_profile", &[("username", username), ("display_name", display_name)]).await;
        assert!(!said(&answer, field).is_empty(), "{}", answer.body);
    }
    assert_eq!(profile(&browser).await, saved);
}

#[sqlx::test(migrations = "../migrations")]
async fn changing_the_password_or_the_address_takes_the_password(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.signed_up(&ANN).await;
    let wrong = "not the password";
    said(&browser.post("change_password", &[("current_password", wrong), ("password", NEW)]).await, "current_password");
    said(&browser.post("change_email", &[("email", "new@example.com"), ("password", wrong)]).await, "password");
    said(&browser.post("delete", &[("password", "")]).await, "password");
    said(&browser.post("delete", &[("password", wrong)]).await, "password");
    said(&browser.post("download", &[("password", wrong)]).await, "password");
    said(&browser.post("download", &[("password", wrong)]).await, "password");
    // Wrong ones count as failed log-ins do.
    assert!(matches!(refused(&browser.post("delete", &[("password", ANN.password)]).await), AppError::TooMany { .. }));
    assert!(matches!(refused(&shop.browser().log_in(ANN.email, ANN.password).await), AppError::TooMany { .. }));
    assert_eq!(count(&shop.pool, "select count(*) from outbox where kind not like '%code'").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_password_logs_the_other_devices_out(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.signed_up(&ANN).await;
    let other = shop.browser();
    next(&other.log_in(ANN.email, ANN.password).await);
    let weak = [("current_password", ANN.password), ("password", "ann.lee.ann.lee")];
    said(&browser.post("change_password", &weak).await, "password");
    next(&browser.post("change_password", &[("current_password", ANN.password), ("password", NEW)]).await);
    assert!(browser.is_signed_in().await && !other.is_signed_in().await);
    assert_eq!(letters(&shop.pool, ANN.email).await.last(), Some(&Letter::PasswordChanged));
    next(&other.log_in(ANN.email, NEW).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_address_counts_after_its_code_and_the_old_one_is_told(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.signed_up(&ANN).await;
    browser.get("/account").await;
    let fields = [("email", "Ann@New.example"), ("password", ANN.password)];
    assert_eq!(next(&browser.post("change_email", &fields).await).path, "/verify");
    let before = profile(&browser).await;
    assert_eq!((before.email.as_str(), before.pending_email.as_deref()), (ANN.email, Some("Ann@New.example")));
    let new_email = "Ann@New.example".to_owned();
    let told = Letter::EmailChangeRequested { new_email: new_email.clone() };
    assert_eq!(letters(&shop.pool, ANN.email).await.last(), Some(&told));

    let code = newest_code(&shop.pool, "Ann@new.example").await.unwrap();
    let signed_out = shop.browser();
    signed_out.set_cookie("flow", &browser.cookie("flow").unwrap());
    assert!(matches!(refused(&signed_out.verify(&code).await), AppError::SignIn));
    next(&browser.verify(&code).await);
    let after = profile(&browser).await;
    assert_eq!((after.email.as_str(), after.pending_email), ("Ann@New.example", None));
    assert_eq!(letters(&shop.pool, ANN.email).await.last(), Some(&Letter::EmailChanged { new_email }));
    said(&shop.browser().log_in(ANN.email, ANN.password).await, "password");
    next(&shop.browser().log_in("ann@new.example", ANN.password).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn anothers_address_is_answered_as_a_free_one(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&BEN, "shopper").await;
    let browser = shop.signed_up(&ANN).await;
    let mut answers = Vec::new();
    for email in ["free@example.com", "BEN@example.com"] {
        browser.get("/account").await;
        let asked =
            super::browser::seen(&browser.post("change_email", &[("email", email), ("password", ANN.password)]).await);
        answers.push((asked, super::browser::seen(&browser.verify("000000").await)));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(letters(&shop.pool, BEN.email).await, [Letter::AlreadySignedUp]);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_account_is_deleted_with_all_that_is_its_own(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.signed_up(&ANN).await;
    next(&browser.post("delete", &[("password", ANN.password)]).await);
    assert!(!browser.is_signed_in().await && browser.cookie("session").is_none());
    let left = "select (select count(*) from users) + (select count(*) from sessions) + (select count(*) from flows)";
    assert_eq!(count(&shop.pool, left).await, 0);
    assert_eq!(letters(&shop.pool, ANN.email).await.last(), Some(&Letter::AccountDeleted));
    shop.signed_up(&Person { password: NEW, ..ANN }).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_last_admin_stays_whoever_tries_at_the_same_time(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "admin").await;
    shop.account(&BEN, "admin").await;
    let browsers = [shop.browser(), shop.browser()];
    for (browser, person) in browsers.iter().zip([&ANN, &BEN]) {
        next(&browser.log_in(person.email, person.password).await);
    }
    let answers = join_all(browsers.iter().map(|browser| browser.post("delete", &[("password", ANN.password)]))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    let refused = answers.iter().find(|answer| answer.status != StatusCode::OK).unwrap();
    assert!(said(refused, "password").contains("last admin"));
    for act in ["update users set blocked_at = now()", "update users set role = 'shopper'", "delete from users"] {
        let error = sqlx::query(act).execute(&shop.pool).await.unwrap_err();
        assert!(error.to_string().contains("last active admin"), "{act}: {error}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn people_take_all_that_is_theirs_and_nothing_secret(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.signed_up(&ANN).await;
    let answer = browser.post("download", &[("password", ANN.password)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.header("content-disposition").starts_with("attachment"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let data: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(data["account"]["email"], ANN.email);
    assert_eq!(data["sessions"][0]["address"], "127.0.0.1");
    assert!(!answer.body.contains("argon2") && !answer.body.contains(&browser.cookie("session").unwrap()));
    assert_eq!(shop.browser().post("download", &[("password", ANN.password)]).await.status, StatusCode::UNAUTHORIZED);
}
