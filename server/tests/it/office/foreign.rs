//! Fields that a form doesn't have change nothing (row 28 of the bar).

use super::staff::{ADA, EDD, SAM, act, done, signed_in};
use crate::shop::{Product, Shop, add, add_category};
use axum::http::StatusCode;
use sqlx::PgPool;

const NOBODY: &str = "018f0000-0000-7000-8000-000000000000";

async fn text(pool: &PgPool, query: &'static str) -> String {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

/// Columns of an account that only other acts change, if any.
const ACCOUNT: [(&str, &str); 12] = [
    ("id", NOBODY),
    ("user_id", NOBODY),
    ("role", "admin"),
    ("is_admin", "true"),
    ("verified_at", "2000-01-01"),
    ("verified", "true"),
    ("password_hash", "x"),
    ("blocked_at", "2000-01-01"),
    ("blocked_reason", "x"),
    ("wrong_codes", "99"),
    ("created_at", "2000-01-01"),
    ("email_key", "x"),
];

#[sqlx::test(migrations = "../migrations")]
async fn of_accounts(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let admin = signed_in(&shop, &ADA, "admin").await;
    let sam = shop.account(&SAM, "shopper").await.to_string();
    let row = "select (to_jsonb(u) - array['display_name', 'version', 'updated_at'])::text from users u
               where username = 'sam'";
    let before = text(&shop.pool, row).await;
    let own =
        [("user", sam.as_str()), ("version", "1"), ("username", "sam"), ("display_name", "Sam"), ("email", SAM.email)];
    done(&admin, "users/save", &[&own[..], &ACCOUNT].concat()).await;
    assert_eq!(text(&shop.pool, row).await, before);
    let saved = text(&shop.pool, "select display_name || version from users where username = 'sam'").await;
    assert_eq!(saved, "Sam2", "the rest is saved");
    for form in ["users/start_reset", "users/end_sessions", "users/clear_limits", "users/unblock"] {
        act(&admin, form, &[&[("user", sam.as_str())][..], &ACCOUNT].concat()).await;
    }
    assert_eq!(text(&shop.pool, row).await, before);

    let foreign: Vec<_> = ACCOUNT.into_iter().filter(|(name, _)| *name != "role").collect();
    let own = [("username", "edd"), ("email", EDD.email), ("role", "editor")];
    done(&admin, "users/create", &[&own[..], &foreign].concat()).await;
    let made = "select concat_ws('|', role, version, email_key, wrong_codes, password_hash is null, blocked_at is null,
                                  created_at > now() - interval '1 hour', id = '018f0000-0000-7000-8000-000000000000')
                from users where username = 'edd'";
    assert_eq!(text(&shop.pool, made).await, "editor|1|edd@example.com|0|t|t|t|f");

    // Nor can a shopper, with all of it on their own forms.
    let sam = shop.browser();
    sam.log_in(SAM.email, SAM.password).await;
    let own = [("username", "sam"), ("display_name", "Sam")];
    let answer = sam.post("save_profile", &[&own[..], &ACCOUNT].concat()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let role = "select role || (blocked_at is null) from users where username = 'sam'";
    assert_eq!(text(&shop.pool, role).await, "shoppertrue");
}

#[sqlx::test(migrations = "../migrations")]
async fn of_categories(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let editor = signed_in(&shop, &EDD, "editor").await;
    let other = add_category(&shop.pool, None, "pots", "Pots").await.to_string();
    let foreign = [
        ("id", NOBODY),
        ("parent_id", other.as_str()),
        ("created_at", "2000-01-01"),
        ("role", "admin"),
        ("user_id", NOBODY),
        ("products", "999"),
    ];
    let new = [("name", "Mugs"), ("version", "9")];
    let path = done(&editor, "categories/create", &[&new[..], &foreign].concat()).await.next.path;
    let id = path.rsplit('/').next().unwrap().to_owned();
    assert_ne!(id, NOBODY);
    let row = "select concat_ws('|', name, slug, parent_id is null, version) from categories where name = 'Mugs'";
    assert_eq!(text(&shop.pool, row).await, "Mugs|mugs|t|1");
    // Where it stands is another form's.
    let own = [("category", id.as_str()), ("version", "1"), ("name", "Mugs"), ("slug", "cups"), ("parent", &other)];
    done(&editor, "categories/save", &[&own[..], &foreign].concat()).await;
    assert_eq!(text(&shop.pool, row).await, "Mugs|cups|t|2");
    assert_eq!(text(&shop.pool, "select role from users").await, "editor");
}

#[sqlx::test(migrations = "../migrations")]
async fn of_bulk_edits_and_pictures(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let editor = signed_in(&shop, &EDD, "editor").await;
    let mug = add(&shop.pool, Product::default()).await.to_string();
    add(&shop.pool, Product { slug: "pot", title: "Pot", ..Product::default() }).await;
    let foreign = [
        ("id", NOBODY),
        ("actor", "somebody else"),
        ("actor_id", NOBODY),
        ("user_id", NOBODY),
        ("role", "admin"),
        ("state", "applied"),
        ("chosen_count", "999"),
        ("digest", "x"),
        ("rows", "0"),
        ("price", "1"),
        ("price_min", "1"),
        ("on_hand", "999"),
        ("title", "x"),
    ];
    let path = done(&editor, "bulk/begin", &[&[("products[]", mug.as_str())][..], &foreign].concat()).await.next.path;
    let edit = path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let row = "select concat_ws('|', person(actor_id), state, chosen_count, by_filter) from bulk_edits";
    assert_eq!(text(&shop.pool, row).await, "edd|open|1|f");
    let own = [("edit", edit.as_str()), ("status", "draft")];
    done(&editor, "bulk/status", &[&own[..], &foreign].concat()).await;
    let page = editor.get(&format!("/admin/products/bulk/{edit}")).await.body;
    let seen = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a preview");
    done(&editor, "bulk/apply", &[&[("edit", edit.as_str()), ("seen", seen)][..], &foreign].concat()).await;
    let products =
        "select string_agg(concat_ws('|', p.slug, p.status, p.title, v.price, v.on_hand), ', ' order by slug)
                    from products p join variants v on v.product_id = p.id";
    assert_eq!(text(&shop.pool, products).await, "pot|active|Pot|2400|10, tarn-mug|draft|Tarn mug|2400|10");
    assert_eq!(text(&shop.pool, "select actor from trail where act = 'product.bulk_update'").await, "edd");
    assert_eq!(text(&shop.pool, "select role from users").await, "editor");

    // One picture's form says nothing about whose it is, or where it stands.
    let url = "insert into product_images (id, product_id, position, source)
               select gen_random_uuid(), id, 1, 'https://img.example/' || slug from products";
    sqlx::query(url).execute(&shop.pool).await.unwrap();
    let picture = text(
        &shop.pool,
        "select i.id::text from product_images i join products p on p.id = i.product_id where slug = 'tarn-mug'",
    )
    .await;
    let own = [("picture", picture.as_str()), ("alt", "A mug")];
    let more = [("product", NOBODY), ("product_id", NOBODY), ("position", "7"), ("media_id", NOBODY)];
    act(&editor, "pictures/describe", &[&own[..], &more, &foreign].concat()).await;
    let rows = "select string_agg(concat_ws('|', slug, position, media_id is null), ', ' order by slug)
                from product_images i join products p on p.id = i.product_id";
    assert_eq!(text(&shop.pool, rows).await, "pot|1|t, tarn-mug|1|t");
}
