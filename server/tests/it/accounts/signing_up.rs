use super::browser::{count, next, refused, said, seen};
use super::{ANN, Person, letters, newest_code};
use crate::shop::Shop;
use app::error::AppError;
use axum::http::StatusCode;
use futures::future::join_all;
use server::mail::Letter;
use sqlx::PgPool;

#[sqlx::test(migrations = "../migrations")]
async fn a_sign_up_becomes_an_account_once_its_code_is_in(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    browser.get("/signup").await;
    let fields =
        [("username", "Ann.Lee"), ("email", " Ann@Example.com "), ("password", ANN.password), ("next", "/wishlist")];
    let answer = browser.post("sign_up", &fields).await;
    assert_eq!(next(&answer).path, "/verify");
    assert!(browser.cookie("session").is_none() && !browser.is_signed_in().await);
    assert!(said(&browser.log_in("ann@example.com", "not her password").await, "password").contains("isn’t right"));

    let code = newest_code(&shop.pool, "Ann@example.com").await.unwrap();
    let flow = browser.cookie("flow");
    let answer = browser.verify(&format!("{} {}", &code[..3], &code[3..])).await;
    let welcome = next(&answer);
    assert_eq!((welcome.path.as_str(), welcome.notice.as_deref()), ("/wishlist", Some("Welcome, Ann.Lee")));
    assert!(browser.is_signed_in().await);
    assert!(flow.is_some() && browser.cookie("flow").is_none(), "the flow is over");
}

#[sqlx::test(migrations = "../migrations")]
async fn every_field_is_checked_at_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    for (username, email, password, field) in [
        ("al", "ann@example.com", ANN.password, "username"),
        ("admin", "ann@example.com", ANN.password, "username"),
        ("Fieldst0ne", "ann@example.com", ANN.password, "username"),
        ("ann.lee", "ann@localhost", ANN.password, "email"),
        ("ann.lee", "ann@example.com", "elevenchars", "password"),
        ("ann.lee", "ann@example.com", "passwordpassword", "password"),
        ("ann.lee", "ann@example.com", "fieldstone2026", "password"),
        ("annabelle.lee", "ann@example.com", "AnnabelleLee1!", "password"),
        ("ann.lee", "annabellelee@example.com", "annabellelee12", "password"),
    ] {
        let answer = browser.post("sign_up", &[("username", username), ("email", email), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(!said(&answer, field).is_empty(), "{username} {email} {password}: {}", answer.body);
    }
    let AppError::Invalid { fields } = refused(&browser.post("sign_up", &[]).await) else { panic!() };
    let named: Vec<&str> = fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(named, ["username", "email", "password"]);
    assert_eq!(count(&shop.pool, "select count(*) from users").await, 0);
    // Any characters will do, and all 128 of them count.
    let long = "so ein Zeichen ü".repeat(8);
    next(&browser.post("sign_up", &[("username", "zoë"), ("email", "zoë@bücher.example"), ("password", &long)]).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_taken_name_is_told_whatever_the_address(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    for email in ["new@example.com", ANN.email] {
        let fields = [("username", "ANN.1ee"), ("email", email), ("password", "another good phrase")];
        let answer = shop.browser().post("sign_up", &fields).await;
        assert!(said(&answer, "username").contains("Somebody has"), "{email}: {}", answer.body);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_known_address_is_answered_as_an_unknown_one_and_its_owner_told(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let mut answers = Vec::new();
    for email in ["nobody@example.com", ANN.email, "ANN@example.com", "аnn@example.com"] {
        let browser = shop.browser();
        browser.get("/signup").await;
        let fields = [("username", "somebody"), ("email", email), ("password", "another good phrase")];
        answers.push(seen(&browser.post("sign_up", &fields).await));
        let wrong = seen(&browser.verify("000000").await);
        answers.push(wrong);
    }
    for pair in answers.chunks(2).skip(1) {
        assert_eq!(pair, &answers[..2]);
    }
    assert_eq!(letters(&shop.pool, ANN.email).await, [Letter::AlreadySignedUp], "once, within a minute");
    assert_eq!(letters(&shop.pool, "аnn@example.com").await, [], "mail goes to the stored address only");
    assert_eq!(count(&shop.pool, "select count(*) from users").await, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_form_twenty_times_is_one_sign_up(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    browser.get("/signup").await;
    let fields = [("username", ANN.username), ("email", ANN.email), ("password", ANN.password)];
    for answer in join_all((0..20).map(|_| browser.post("sign_up", &fields))).await {
        assert_eq!(next(&answer).path, "/verify");
    }
    assert_eq!(letters(&shop.pool, ANN.email).await.len(), 1);
    assert_eq!(count(&shop.pool, "select count(*) from users").await, 1);
    assert_eq!(count(&shop.pool, "select count(*) from flows").await, 1);
    next(&browser.verify(&newest_code(&shop.pool, ANN.email).await.unwrap()).await);
    assert!(browser.is_signed_in().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn fifty_sign_ups_with_one_address_are_one_account(pool: PgPool) {
    let shop = Shop::open_with(pool, &["--trusted-proxies", "127.0.0.1"]).await;
    let browsers: Vec<_> = (0..50).map(|n| shop.browser_at(&format!("198.51.100.{n}"))).collect();
    let signed = browsers.iter().enumerate().map(|(n, browser)| async move {
        let email = if n % 2 == 0 { "ann@example.com" } else { "ANN@EXAMPLE.com" };
        let name = format!("ann{}", n % 3);
        browser.post("sign_up", &[("username", &name), ("email", email), ("password", ANN.password)]).await
    });
    for answer in join_all(signed).await {
        assert!(matches!(answer.status, StatusCode::OK | StatusCode::TOO_MANY_REQUESTS), "{}", answer.body);
    }
    assert_eq!(count(&shop.pool, "select count(*) from users").await, 1);
    let mailed = count(&shop.pool, "select count(*) from outbox").await;
    assert_eq!(mailed, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_code_makes_good_what_its_own_browser_asked_for(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let owner = shop.browser();
    next(&owner.sign_up(&ANN).await);
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    // Somebody else signs up with the same address, and their password is what the account has for now.
    let other = shop.browser();
    let theirs = "a password of mallory";
    next(&other.sign_up(&Person { username: "mallory", password: theirs, ..ANN }).await);
    assert!(said(&other.verify(&code).await, "code").contains("isn’t right"), "the code is the owner’s browser’s");
    next(&owner.verify(&code).await);
    let stranger = shop.browser();
    said(&stranger.log_in(ANN.email, theirs).await, "password");
    next(&stranger.log_in(ANN.username, ANN.password).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_name_goes_to_whoever_verifies_first(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (slow, quick) = (shop.browser(), shop.browser());
    next(&slow.sign_up(&ANN).await);
    next(&quick.sign_up(&Person { email: "quick@example.com", ..ANN }).await);
    next(&quick.verify(&newest_code(&shop.pool, "quick@example.com").await.unwrap()).await);
    let welcome = next(&slow.verify(&newest_code(&shop.pool, ANN.email).await.unwrap()).await);
    assert!(welcome.notice.unwrap().contains("yours is ann.lee-"));
    assert_eq!(count(&shop.pool, "select count(*) from users where username = 'ann.lee'").await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn fields_that_no_form_has_change_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    browser.get("/signup").await;
    let more = [("role", "admin"), ("user_id", "1"), ("verified_at", "2020-01-01"), ("is_admin", "true")];
    let fields = [("username", ANN.username), ("email", ANN.email), ("password", ANN.password)];
    next(&browser.post("sign_up", &[&fields[..], &more].concat()).await);
    assert_eq!(count(&shop.pool, "select count(*) from users where verified_at is not null").await, 0);
    next(&browser.verify(&newest_code(&shop.pool, ANN.email).await.unwrap()).await);
    next(&browser.post("save_profile", &[&[("username", "ann"), ("display_name", "Ann")][..], &more].concat()).await);
    assert_eq!(count(&shop.pool, "select count(*) from users where role <> 'shopper'").await, 0);
}
