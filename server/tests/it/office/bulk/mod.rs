//! Many products changed at once: previewed, applied as one, and taken back.

mod changes;
mod choosing;
mod safety;

use super::staff::{ADA, EDD, SUE, act, beside, done, signed_in};
use crate::accounts::Browser;
use crate::shop::{Answer, Product, Shop, add, add_category};
use axum::http::{Method, StatusCode};
use sqlx::PgPool;
use std::time::{Duration, Instant};
use uuid::Uuid;

const ROWS: &str =
    "select string_agg(concat_ws('|', p.slug, p.status, p.tags::text, c.slug, p.version), ', ' order by p.slug)
     from products p left join categories c on c.id = p.category_id";
const VARIANTS: &str = "select string_agg(concat_ws('|', v.sku, v.price, v.compare_at, v.on_hand), ', ' order by v.sku)
     from variants v";

async fn text(pool: &PgPool, query: &'static str) -> String {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

async fn run(pool: &PgPool, statement: &'static str) {
    sqlx::query(statement).execute(pool).await.unwrap();
}

/// `mug` and `bowl`, plain, and `shirt` in two colours.
async fn three(shop: &Shop) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for (slug, status, price, on_hand, tags, colours) in [
        ("bowl", "draft", 1000, 2, &["Red"][..], &[][..]),
        ("mug", "active", 2400, 10, &["new", "kitchen"][..], &[][..]),
        ("shirt", "active", 150, 5, &[][..], &["Sage", "Rust"][..]),
    ] {
        let product = Product { slug, title: slug, status, price, on_hand, tags, colours, ..Product::default() };
        ids.push(add(&shop.pool, product).await);
    }
    ids
}

/// Chooses products; answers with the edit's id.
async fn begin(browser: &Browser<'_>, fields: &[(&str, &str)]) -> String {
    let path = done(browser, "bulk/begin", fields).await.next.path;
    let id = path.strip_prefix("/admin/products/bulk/").expect("an edit").split('?').next().unwrap();
    id.to_owned()
}

async fn choose(browser: &Browser<'_>, ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("products[]", id.as_str())).collect();
    begin(browser, &fields).await
}

/// Previews an act; answers with the page that shows it.
async fn preview(browser: &Browser<'_>, edit: &str, what: &str, fields: &[(&str, &str)]) -> String {
    let fields: Vec<_> = [("edit", edit)].iter().chain(fields).copied().collect();
    let next = done(browser, &format!("bulk/{what}"), &fields).await.next.path;
    assert_eq!(next, format!("/admin/products/bulk/{edit}"));
    let page = browser.get(&next).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.body
}

/// What names the preview that a page shows.
fn seen(page: &str) -> String {
    page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a preview").to_owned()
}

async fn apply(browser: &Browser<'_>, edit: &str, seen: &str) -> String {
    done(browser, "bulk/apply", &[("edit", edit), ("seen", seen)]).await.next.notice.unwrap_or_default()
}

async fn undo(browser: &Browser<'_>, edit: &str) -> Answer {
    act(browser, "bulk/undo", &[("edit", edit)]).await
}

/// Chooses, previews and applies.
pub(super) async fn edited(browser: &Browser<'_>, ids: &[Uuid], what: &str, fields: &[(&str, &str)]) -> String {
    let edit = choose(browser, ids).await;
    let page = preview(browser, &edit, what, fields).await;
    assert_eq!(apply(browser, &edit, &seen(&page)).await, "The edit is applied");
    edit
}

async fn stale(shop: &Shop) {
    run(&shop.pool, "update sessions set authenticated_at = now() - interval '16 minutes'").await;
}

/// Plain products called `thing 1` and so on.
async fn many(shop: &Shop, count: i32) {
    // A statement of the shop's must end soon.
    for first in (1..=count).step_by(500) {
        sqlx::query(
            "with product as (
                 insert into products (id, slug, title, status, tags, body_html)
                 select gen_random_uuid(), 'thing-' || n, 'thing ' || n, 'active', '{old}', '<p>Some kind of thing.</p>'
                 from generate_series($1, $2) n
                 returning id, slug
             )
             insert into variants (id, product_id, position, sku, price, on_hand)
             select gen_random_uuid(), id, 1, slug, 2400, 10 from product",
        )
        .bind(first)
        .bind(count.min(first + 499))
        .execute(&shop.pool)
        .await
        .unwrap();
    }
}
