//! What lets somebody into an account of the staff's: another address asks for the password, and who was invited counts
//! once they have been there (rows 16 and 27 of the bar).

use super::staff::{ADA, EDD, SAM, act, beside, done, signed_in};
use crate::accounts::{Browser, Person, count, letters};
use crate::shop::{Shop, secret};
use app::error::AppError;
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use server::mail::Letter;
use server::services::accounts::AccountService;
use sqlx::PgPool;

const BEA: Person = Person { username: "bea", email: "bea@example.com", ..ADA };

async fn id(pool: &PgPool, username: &str) -> String {
    sqlx::query_scalar("select id::text from users where username = $1").bind(username).fetch_one(pool).await.unwrap()
}

/// Saves an account with another address.
async fn move_to(browser: &Browser<'_>, person: &Person, email: &str, password: &str) -> crate::shop::Answer {
    let pool = &browser.shop().pool;
    let user = id(pool, person.username).await;
    let version: i64 = sqlx::query_scalar("select version from users where username = $1")
        .bind(person.username)
        .fetch_one(pool)
        .await
        .unwrap();
    let (version, page) = (version.to_string(), format!("/admin/users/{user}"));
    let fields = [
        ("user", user.as_str()),
        ("version", &version),
        ("username", person.username),
        ("email", email),
        ("password", password),
        ("page", &page),
    ];
    act(browser, "users/save", &fields).await
}

async fn grow_stale(pool: &PgPool) {
    sqlx::query("update sessions set authenticated_at = now() - interval '16 minutes'").execute(pool).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn another_address_asks_for_the_password(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.account(&BEA, "admin").await;
    shop.account(&SAM, "shopper").await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let own = format!("/admin/users/{}", id(&shop.pool, "ada").await);
    let beas = format!("/admin/users/{}", id(&shop.pool, "bea").await);
    let asks = |page: &str| {
        let before = page.split("id=\"edit-password\"").next().unwrap();
        !before.rsplit("<div").take(3).any(|tag| tag.starts_with(" hidden"))
    };
    assert!(asks(&ada.get(&own).await.body) && !asks(&ada.get(&beas).await.body), "one’s own is always asked for");

    // One’s own, though it was given just now.
    assert!(!beside(&move_to(&ada, &ADA, "new@example.com", "").await, "password").is_empty());
    assert!(beside(&move_to(&ada, &ADA, "new@example.com", "not the password").await, "password").contains("isn’t"));
    assert_eq!(count(&shop.pool, "select count(*) from flows where purpose = 'change_email'").await, 0);
    assert!(letters(&shop.pool, "new@example.com").await.is_empty());
    let before = ada.cookie("session");
    assert_eq!(move_to(&ada, &ADA, "new@example.com", ADA.password).await.status, StatusCode::OK);
    assert_ne!(ada.cookie("session"), before, "another id once it was given");
    assert!(matches!(&letters(&shop.pool, "new@example.com").await[..], [Letter::NewEmailLink { .. }]));

    // Another's, once it was given a while ago: of the staff, or whoever's takes over what is in an account.
    for (person, email) in [(&BEA, "b@example.com"), (&SAM, "s@example.com")] {
        grow_stale(&shop.pool).await;
        assert!(asks(&ada.get(&beas).await.body));
        assert!(!beside(&move_to(&ada, person, email, "").await, "password").is_empty(), "{email}");
        assert!(letters(&shop.pool, email).await.is_empty());
        // What is no change of the address asks for nothing, and what is no address says so.
        assert_eq!(move_to(&ada, person, person.email, "").await.status, StatusCode::OK);
        assert!(!beside(&move_to(&ada, person, "nowhere", "").await, "email").is_empty());
        assert_eq!(move_to(&ada, person, email, ADA.password).await.status, StatusCode::OK, "{email}");
        assert_eq!(letters(&shop.pool, email).await.len(), 1);
    }
    // Given lately by now.
    assert_eq!(move_to(&ada, &SAM, "sam@elsewhere.example", "").await.status, StatusCode::OK);
    assert!(!asks(&ada.get(&beas).await.body));
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_script_the_form_comes_back_with_what_was_typed_but_the_password(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let user = id(&shop.pool, "ada").await;
    let page = format!("/admin/users/{user}");
    let fields = [
        ("user", user.as_str()),
        ("version", "2"),
        ("username", "ada"),
        ("display_name", "Ada L"),
        ("email", "new@example.com"),
        ("password", "not the password"),
        ("page", &page),
    ];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    let answer = ada.send(Method::POST, "/api/admin/users/save", &headers, &body).await;
    assert_eq!(answer.header("location"), page);
    let shown = ada.get(&page).await.body;
    for part in ["value=\"new@example.com\"", "value=\"Ada L\"", "This isn’t your"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("not the password"));
}

#[sqlx::test(migrations = "../migrations")]
async fn who_was_invited_counts_once_they_have_a_password(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let own = id(&shop.pool, "ada").await;
    // Mistyped, or never read.
    done(&ada, "users/create", &[("username", "bea"), ("email", BEA.email), ("role", "admin")]).await;
    let bea = id(&shop.pool, "bea").await;
    for (form, field) in [("block", ("reason", "x")), ("set_role", ("role", "editor")), ("delete", ("", ""))] {
        let refused = act(&ada, &format!("users/{form}"), &[("user", &own), field]).await;
        assert!(beside(&refused, "").contains("last active admin"), "{form}: {}", refused.body);
    }
    let page = ada.get(&format!("/admin/users/{bea}")).await.body;
    for part in ["nobody has shown that the address is theirs", "Not set yet", "Not verified"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let listed = async |status: &str| {
        let table = ada.get(&format!("/admin/users?status={status}")).await.body;
        table.contains(&format!("/admin/users/{bea}"))
    };
    assert!(listed("unverified").await && !listed("active").await);
    assert!(ada.get("/admin/users.csv").await.body.contains("bea@example.com,admin,unverified"));

    let Some(Letter::Invitation { path }) = letters(&shop.pool, BEA.email).await.pop() else { panic!() };
    let token = path.strip_prefix("/reset-password?token=").unwrap();
    // Whatever day it is by then.
    sqlx::query("update users set verified_at = now() - interval '3 days'").execute(&shop.pool).await.unwrap();
    let set = shop.browser().post("reset_password", &[("code", token), ("password", BEA.password)]).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    assert!(listed("active").await && !listed("unverified").await);
    let shown = "select count(*) from users where username = 'bea' and verified_at > now() - interval '1 hour'";
    assert_eq!(count(&shop.pool, shown).await, 1, "the day on which they have been there");
    let others = "select count(*) from users where username = 'ada' and verified_at < now() - interval '1 hour'";
    assert_eq!(count(&shop.pool, others).await, 1);
    done(&ada, "users/set_role", &[("user", &own), ("role", "shopper")]).await;
    assert!(!ada.is_signed_in().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_invitation_to_nobody_is_taken_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    done(&ada, "users/create", &[("username", "bea"), ("email", BEA.email), ("role", "admin")]).await;
    let bea = id(&shop.pool, "bea").await;
    done(&ada, "users/set_role", &[("user", &bea), ("role", "editor")]).await;
    done(&ada, "users/set_role", &[("user", &bea), ("role", "admin")]).await;
    done(&ada, "users/delete", &[("user", &bea)]).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_first_admin_stays_before_they_have_a_password(pool: PgPool) {
    let accounts = AccountService::new(pool.clone(), secret(), "Fieldstone", false);
    accounts.create(ADA.username, ADA.email, true, None).await.unwrap();
    let refused = accounts.block(ADA.username, "x", "").await.unwrap_err();
    assert!(matches!(AppError::from(refused), AppError::Forbidden));
    accounts.create(BEA.username, BEA.email, true, None).await.unwrap();
    accounts.block(ADA.username, "x", "").await.expect("another is as good as the first");
    accounts.unblock(ADA.username).await.unwrap();
    accounts.create(EDD.username, EDD.email, true, Some(EDD.password)).await.unwrap();
    let refused = accounts.block(EDD.username, "x", "").await.unwrap_err();
    assert!(matches!(AppError::from(refused), AppError::Forbidden), "the others can’t log in");
    let all = accounts.list().await.unwrap();
    let verified: Vec<&str> = all.iter().filter(|one| one.verified).map(|one| one.username.as_str()).collect();
    assert_eq!(verified, [EDD.username]);
    let hash = sqlx::query("update users set password_hash = null where username = 'edd'").execute(&pool).await;
    assert!(hash.unwrap_err().to_string().contains("last active admin"));
}

#[sqlx::test(migrations = "../migrations")]
async fn two_admins_and_many_invited_leave_one_who_can_log_in(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let bea = signed_in(&shop, &BEA, "admin").await;
    for at in 0..3 {
        let (name, email) = (format!("cat{at}"), format!("cat{at}@example.com"));
        done(&ada, "users/create", &[("username", &name), ("email", &email), ("role", "admin")]).await;
    }
    let (ada_id, bea_id) = (id(&shop.pool, "ada").await, id(&shop.pool, "bea").await);
    // Each against themselves and the other.
    let tries = (0..200_usize).map(|at| {
        let browser = if at % 2 == 0 { &ada } else { &bea };
        let user = if at / 2 % 2 == 0 { &ada_id } else { &bea_id };
        let form = ["users/block", "users/set_role", "users/delete"][at / 4 % 3];
        async move {
            let fields = [("user", user.as_str()), ("reason", "a coup"), ("role", "shopper")];
            act(browser, form, &fields).await.status.as_u16()
        }
    });
    let answers = join_all(tries).await;
    assert!(answers.iter().all(|status| [200, 400, 401, 403, 404].contains(status)), "{answers:?}");
    let left = "select count(*) from users where role = 'admin' and blocked_at is null and password_hash is not null";
    assert_eq!(count(&shop.pool, left).await, 1);
}
