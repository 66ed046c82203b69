//! Taking back what was decided about accounts, and bringing back categories.

use super::staff::{ADA, EDD, SAM, SUE, act, beside, done, signed_in};
use crate::accounts::{Browser, Person};
use crate::shop::{Answer, Product, Shop, add, add_category};
use app::cart::api::Acted;
use axum::http::StatusCode;
use futures::future::join_all;
use sqlx::PgPool;
use uuid::Uuid;

const BEA: Person = Person { username: "bea", email: "bea@example.com", password: "a linnet in the gorse" };

async fn newest(pool: &PgPool) -> String {
    sqlx::query_scalar("select max(id)::text from audit_log").fetch_one(pool).await.unwrap()
}

/// Act and reason of the newest entry, words about a person included.
async fn told(pool: &PgPool) -> (String, String) {
    let entry = "select act, reason from trail order by id desc limit 1";
    sqlx::query_as(entry).fetch_one(pool).await.unwrap()
}

async fn revert(browser: &Browser<'_>, entry: &str) -> Answer {
    act(browser, "trail/revert", &[("entry", entry), ("page", "/admin/audit")]).await
}

/// How many entries of the trail's first page are offered a way back.
async fn offered(browser: &Browser<'_>) -> usize {
    browser.get("/admin/audit").await.body.matches("action=\"/api/admin/trail/revert\"").count()
}

async fn person(pool: &PgPool, id: Uuid) -> (String, bool, String, String) {
    sqlx::query_as("select role, blocked_at is not null, blocked_reason, blocked_note from users where id = $1")
        .bind(id)
        .fetch_one(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_role_goes_back_by_the_rules_that_gave_it(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let sam = shop.account(&SAM, "shopper").await;
    let id = sam.to_string();
    done(&ada, "users/set_role", &[("user", &id), ("role", "editor")]).await;
    let raised = newest(&pool).await;
    let work = shop.browser();
    work.log_in(SAM.email, SAM.password).await;
    assert!(work.is_signed_in().await);

    let sue = signed_in(&shop, &SUE, "support").await;
    assert_eq!(revert(&sue, &raised).await.status, StatusCode::FORBIDDEN, "roles are for admins");
    let edd = signed_in(&shop, &EDD, "editor").await;
    assert_eq!(revert(&edd, &raised).await.status, StatusCode::NOT_FOUND);

    sqlx::query("update sessions set authenticated_at = now() - interval '1 hour'").execute(&pool).await.unwrap();
    assert!(!beside(&revert(&ada, &raised).await, "password").is_empty(), "it is as dangerous as giving a role");
    assert_eq!(person(&pool, sam).await.0, "editor");
    let fields = [("entry", &*raised), ("password", ADA.password), ("page", "/admin/audit")];
    done(&ada, "trail/revert", &fields).await;
    assert_eq!(person(&pool, sam).await.0, "shopper");
    assert_eq!(told(&pool).await, ("user.set_role".to_owned(), format!("Takes back entry {raised}")));
    assert!(!work.is_signed_in().await, "who changes role begins anew");
    assert!(beside(&revert(&ada, &raised).await, "").contains("role has been changed since"));

    // What was taken back is taken back again, but not once the account is gone.
    let lowered = newest(&pool).await;
    assert_eq!(revert(&ada, &lowered).await.status, StatusCode::OK);
    assert_eq!(person(&pool, sam).await.0, "editor");
    let again = newest(&pool).await;
    done(&ada, "users/delete", &[("user", &id)]).await;
    assert!(beside(&revert(&ada, &again).await, "").contains("isn’t there any more"));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_last_admin_stays_whichever_entry_says_otherwise(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let bea = shop.account(&BEA, "editor").await.to_string();
    done(&ada, "users/set_role", &[("user", &bea), ("role", "admin")]).await;
    let raised = newest(&pool).await;
    let other = shop.browser();
    other.log_in(BEA.email, BEA.password).await;
    let ada_id: String =
        sqlx::query_scalar("select id::text from users where username = 'ada'").fetch_one(&pool).await.unwrap();
    done(&other, "users/set_role", &[("user", &ada_id), ("role", "shopper")]).await;
    assert_eq!(revert(&ada, &raised).await.status, StatusCode::UNAUTHORIZED, "nobody by now");
    assert!(beside(&revert(&other, &raised).await, "").contains("last active admin"));

    // With another admin she may go, and is logged out at once.
    shop.account(&EDD, "admin").await;
    let answer = revert(&other, &raised).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let acted: Acted = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((acted.next.path.as_str(), acted.goes), ("/", true));
    assert!(other.cookie("session").is_none() && !other.is_signed_in().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn two_admins_who_revert_against_each_other_leave_one(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let bea = signed_in(&shop, &BEA, "admin").await;
    sqlx::query(
        r#"insert into audit_log (actor, act, subject_kind, subject_id, before, after)
           select 'x', 'user.set_role', 'user', id::text, '{"role": "shopper"}', '{"role": "admin"}'
           from users order by username"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    let entries: Vec<String> = sqlx::query_scalar("select id::text from trail where actor = 'x' order by subject")
        .fetch_all(&pool)
        .await
        .unwrap();
    let tries = (0..40_usize).map(|at| {
        let (browser, entry) = if at % 2 == 0 { (&ada, &entries[1]) } else { (&bea, &entries[0]) };
        async move { revert(browser, entry).await.status.as_u16() }
    });
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [200, 400, 401, 403].contains(status)), "{answers:?}");
    let admins: i64 =
        sqlx::query_scalar("select count(*) from users where role = 'admin'").fetch_one(&pool).await.unwrap();
    assert_eq!(admins, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_block_is_lifted_and_set_again_for_the_same_reason(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let sam = shop.account(&SAM, "shopper").await;
    let id = sam.to_string();
    let sue = signed_in(&shop, &SUE, "support").await;
    let fields = [("user", &*id), ("reason", "Three parcels came back"), ("note", "Write to us.")];
    done(&sue, "users/block", &fields).await;
    let block = newest(&pool).await;
    assert_eq!(offered(&sue).await, 1);
    assert_eq!(revert(&sue, &block).await.status, StatusCode::OK);
    assert_eq!(person(&pool, sam).await, ("shopper".to_owned(), false, String::new(), String::new()));
    assert_eq!(told(&pool).await, ("user.unblock".to_owned(), format!("Takes back entry {block}")));
    assert!(beside(&revert(&sue, &block).await, "").contains("isn’t blocked any more"));

    let customer = shop.browser();
    customer.log_in(SAM.email, SAM.password).await;
    let unblock = newest_of(&pool, "user.unblock").await;
    sqlx::query("update sessions set authenticated_at = now() - interval '1 hour'").execute(&pool).await.unwrap();
    assert!(!beside(&revert(&sue, &unblock).await, "password").is_empty(), "blocking asks for the password");
    let fields = [("entry", &*unblock), ("password", SUE.password), ("page", "/admin/audit")];
    done(&sue, "trail/revert", &fields).await;
    let (_, blocked, reason, note) = person(&pool, sam).await;
    assert_eq!((blocked, &*reason, &*note), (true, "Three parcels came back", "Write to us."));
    let why = format!("Takes back entry {unblock}. Three parcels came back");
    assert_eq!(told(&pool).await, ("user.block".to_owned(), why));
    assert!(!customer.is_signed_in().await);
    assert!(beside(&revert(&sue, &unblock).await, "").contains("blocked already"));
    // However often: the reason stays what somebody wrote.
    done(&sue, "users/unblock", &[("user", &id)]).await;
    let again = newest_of(&pool, "user.unblock").await;
    let fields = [("entry", &*again), ("password", SUE.password), ("page", "/admin/audit")];
    done(&sue, "trail/revert", &fields).await;
    let (_, blocked, reason, note) = person(&pool, sam).await;
    assert_eq!((blocked, &*reason, &*note), (true, "Three parcels came back", "Write to us."));

    // Support helps shoppers; of the staff, admins decide.
    let edd = shop.account(&EDD, "editor").await.to_string();
    let ada = signed_in(&shop, &ADA, "admin").await;
    done(&ada, "users/block", &[("user", &edd), ("reason", "On leave")]).await;
    let block = newest(&pool).await;
    assert_eq!(revert(&sue, &block).await.status, StatusCode::FORBIDDEN);
    assert_eq!(revert(&ada, &block).await.status, StatusCode::OK);
}

async fn newest_of(pool: &PgPool, act: &str) -> String {
    let newest = "select max(id)::text from audit_log where act = $1";
    sqlx::query_scalar(newest).bind(act).fetch_one(pool).await.unwrap()
}

/// Names, parents, and places of all categories.
async fn tree(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select concat_ws(' ', c.name, c.slug, c.description, p.name, c.position)
         from categories c left join categories p on p.id = c.parent_id order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn category_of(pool: &PgPool, product: Uuid) -> Option<Uuid> {
    sqlx::query_scalar("select category_id from products where id = $1").bind(product).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deleted_category_comes_back_with_what_it_had(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let table = add_category(&pool, None, "table", "Table").await;
    let mugs = add_category(&pool, Some(table), "mugs", "Mugs").await;
    let bowls = add_category(&pool, Some(table), "bowls", "Bowls").await;
    // Called as the category that it is in.
    add_category(&pool, Some(mugs), "small", "Mugs").await;
    let large = add_category(&pool, Some(mugs), "large", "Large").await;
    sqlx::query("update categories set description = 'For tea' where id = $1").bind(mugs).execute(&pool).await.unwrap();
    for (at, id) in [mugs, bowls].into_iter().enumerate() {
        let place = i32::try_from(at).unwrap() + 1;
        sqlx::query("update categories set position = $2 where id = $1")
            .bind(id)
            .bind(place)
            .execute(&pool)
            .await
            .unwrap();
    }
    done(&edd, "categories/shift", &[("category", &large.to_string()), ("way", "down")]).await;
    sqlx::query("update categories set slug = 'cups' where id = $1").bind(mugs).execute(&pool).await.unwrap();
    let mug = add(&pool, Product { category: Some(mugs), ..Product::default() }).await;
    let other = add(&pool, Product { slug: "other", category: Some(mugs), ..Product::default() }).await;
    let before = tree(&pool).await;

    let id = mugs.to_string();
    let to = bowls.to_string();
    let fields = [("category", id.as_str()), ("version", "1"), ("seen", "2"), ("products", &to)];
    done(&edd, "categories/delete", &fields).await;
    let entry = newest(&pool).await;
    // One has been moved on since, and stays there.
    sqlx::query("update products set category_id = $2 where id = $1")
        .bind(other)
        .bind(table)
        .execute(&pool)
        .await
        .unwrap();
    assert!(edd.get("/admin/audit").await.body.contains("The category comes back to where it was"));
    let answer = revert(&edd, &entry).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(tree(&pool).await, before);
    assert_eq!((category_of(&pool, mug).await, category_of(&pool, other).await), (Some(mugs), Some(table)));
    let old: Vec<(String, Uuid)> =
        sqlx::query_as("select slug, category_id from category_slugs").fetch_all(&pool).await.unwrap();
    assert_eq!(old, [("mugs".to_owned(), mugs)], "its old address leads to it again, its own to nothing else");
    assert_eq!(told(&pool).await, ("category.restore".to_owned(), format!("Takes back entry {entry}")));
    assert!(beside(&revert(&edd, &entry).await, "").contains("is there again"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_category_whose_place_is_taken_stays_deleted(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let table = add_category(&pool, None, "table", "Table").await;
    let mugs = add_category(&pool, Some(table), "mugs", "Mugs").await;
    done(&edd, "categories/delete", &[("category", &mugs.to_string()), ("version", "1")]).await;
    let entry = newest(&pool).await;
    let same_name = add_category(&pool, Some(table), "mugs-2", "Mugs").await;
    assert!(beside(&revert(&edd, &entry).await, "").contains("of this name there already"));
    sqlx::query("update categories set name = 'Cups', slug = 'mugs' where id = $1")
        .bind(same_name)
        .execute(&pool)
        .await
        .unwrap();
    assert!(beside(&revert(&edd, &entry).await, "").contains("Another category has this address"));
    sqlx::query("delete from categories where id = $1").bind(same_name).execute(&pool).await.unwrap();
    sqlx::query("delete from categories where id = $1").bind(table).execute(&pool).await.unwrap();
    assert!(beside(&revert(&edd, &entry).await, "").contains("isn’t there any more"));
    assert!(tree(&pool).await.is_empty(), "a refusal leaves nothing");

    // From before it was kept what a category had.
    sqlx::query(
        r#"insert into audit_log (actor, act, subject_kind, subject_id, subject, before)
           values ('edd', 'category.delete', 'category', gen_random_uuid()::text, 'Old', '{"path": "Old"}')"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    let old = newest(&pool).await;
    assert!(beside(&revert(&edd, &old).await, "").contains("can’t be taken back"));
}
