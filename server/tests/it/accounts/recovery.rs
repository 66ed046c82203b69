use super::browser::{next, other_than, said};
use super::{ANN, later, letters, newest_code};
use crate::shop::Shop;
use server::mail::Letter;
use sqlx::PgPool;

const NEW: &str = "otters along the bank";

#[sqlx::test(migrations = "../migrations")]
async fn a_reset_ends_every_session_logs_nobody_in_and_tells_the_owner(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let (here, there) = (shop.browser(), shop.browser());
    next(&here.log_in(ANN.email, ANN.password).await);
    next(&there.log_in(ANN.email, ANN.password).await);
    assert_eq!(next(&here.forgot(" ANN@example.com").await).path, "/reset-password");
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    said(&here.post("reset_password", &[("code", &other_than(&code)), ("password", NEW)]).await, "code");
    // A password that won't do costs nothing: not before the code is right, nor after.
    let own = "AnnLee@example.com";
    said(&here.post("reset_password", &[("code", &code), ("password", "short")]).await, "password");
    said(&here.post("reset_password", &[("code", &code), ("password", "ann.lee.ann.lee")]).await, "password");
    assert!(here.is_signed_in().await);
    let done = next(&here.post("reset_password", &[("code", &code), ("password", NEW)]).await);
    assert_eq!(done.path, "/login", "{own}");
    assert!(!here.is_signed_in().await && !there.is_signed_in().await);
    assert!(here.cookie("session").is_none());
    assert_eq!(letters(&shop.pool, ANN.email).await.last(), Some(&Letter::PasswordChanged));
    said(&here.post("reset_password", &[("code", &code), ("password", NEW)]).await, "code");
    said(&here.log_in(ANN.email, ANN.password).await, "password");
    next(&here.log_in(ANN.email, NEW).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reset_shows_whose_address_it_is(pool: PgPool) {
    let shop = Shop::open(pool).await;
    next(&shop.browser().sign_up(&ANN).await);
    let browser = shop.browser();
    next(&browser.forgot(ANN.email).await);
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    next(&browser.post("reset_password", &[("code", &code), ("password", NEW)]).await);
    assert_eq!(next(&browser.log_in(ANN.username, NEW).await).path, "/account");
}

#[sqlx::test(migrations = "../migrations")]
async fn staff_need_a_longer_password(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "admin").await;
    let browser = shop.browser();
    next(&browser.forgot(ANN.email).await);
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    let short = browser.post("reset_password", &[("code", &code), ("password", "fourteen chars")]).await;
    assert!(said(&short, "password").contains("15"));
    next(&browser.post("reset_password", &[("code", &code), ("password", "fifteen letters")]).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_wrong_password_resets_nothing_after_the_pause(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let browser = shop.browser();
    next(&browser.forgot(ANN.email).await);
    let older = newest_code(&shop.pool, ANN.email).await.unwrap();
    next(&browser.log_in(ANN.email, ANN.password).await);
    // Who changes their password has no use for a code that could change it again.
    next(&browser.post("change_password", &[("current_password", ANN.password), ("password", NEW)]).await);
    said(&browser.post("reset_password", &[("code", &older), ("password", "a third good phrase")]).await, "code");
    later(&shop.pool, 61.0).await;
    next(&browser.log_in(ANN.email, NEW).await);
}
