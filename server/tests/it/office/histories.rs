//! What was done to one thing, also where it was done to many at once.

use super::imports;
use super::staff::{ADA, EDD, SUE, act, beside, done, signed_in};
use crate::accounts::{ANN, Browser};
use crate::shop::{Product, Shop, add, add_category};
use axum::http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

/// Act, subject, before and after of all entries about a product that are part of another. Which variants they mean is
/// beside the point.
async fn parts(pool: &PgPool, product: Uuid) -> Vec<(String, String, Value, Value)> {
    sqlx::query_as(
        "select l.act, l.subject, l.before - 'variants_id', l.after - 'variants_id'
         from audit_log l join audit_log w on w.id = l.part_of
         where l.subject_kind = 'product' and l.subject_id = $1
           and (l.actor, l.actor_id, l.request_id) = (w.actor, w.actor_id, w.request_id)
         order by l.id",
    )
    .bind(product.to_string())
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn page(browser: &Browser<'_>, search: &str) -> String {
    let answer = browser.get(&format!("/admin/audit{search}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

/// Chooses, previews and applies a bulk edit; answers with its id.
async fn edited(browser: &Browser<'_>, ids: &[Uuid], what: &str, fields: &[(&str, &str)]) -> String {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let chosen: Vec<(&str, &str)> = ids.iter().map(|id| ("products[]", id.as_str())).collect();
    let path = done(browser, "bulk/begin", &chosen).await.next.path;
    let edit = path.strip_prefix("/admin/products/bulk/").unwrap().split('?').next().unwrap().to_owned();
    let fields: Vec<_> = [("edit", edit.as_str())].iter().chain(fields).copied().collect();
    let path = done(browser, &format!("bulk/{what}"), &fields).await.next.path;
    let preview = browser.get(&path).await.body;
    let seen = preview.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    done(browser, "bulk/apply", &[("edit", &edit), ("seen", seen)]).await;
    edit
}

#[sqlx::test(migrations = "../migrations")]
async fn a_bulk_edit_is_in_the_history_of_each_of_its_products(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product { price: 2400, on_hand: 10, ..Product::default() }).await;
    let colours = &["Sage", "Rust"][..];
    let shirt = add(
        &shop.pool,
        Product { slug: "shirt", title: "Shirt", price: 1000, on_hand: 5, colours, ..Product::default() },
    )
    .await;
    let bowl = add(&shop.pool, Product { slug: "bowl", title: "Bowl", ..Product::default() }).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let stock = edited(&edd, &[mug, shirt], "stock", &[("change", "add"), ("pieces", "3")]).await;
    let (named, was, is_now) = (
        "Shirt".to_owned(),
        json!({ "stock of Sage": 5, "stock of Rust": 5 }),
        json!({ "stock of Sage": 8, "stock of Rust": 8 }),
    );
    let update = || "product.update".to_owned();
    assert_eq!(parts(&shop.pool, shirt).await, [(update(), named.clone(), was.clone(), is_now.clone())]);
    let whole = (update(), "Tarn mug".to_owned(), json!({ "stock": 10 }), json!({ "stock": 13 }));
    assert_eq!(parts(&shop.pool, mug).await, [whole]);
    assert!(parts(&shop.pool, bowl).await.is_empty());

    // The trail has one line for it, which leads to the others.
    let all = page(&edd, "").await;
    let entry: i64 = sqlx::query_scalar("select id from audit_log where act = 'product.bulk_update'")
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert!(all.contains("Changed products in bulk") && !all.contains("Changed a product"), "{all}");
    assert!(all.contains(&format!("href=\"/admin/audit?part_of={entry}\"")), "{all}");
    let each = page(&edd, &format!("?part_of={entry}")).await;
    assert!(each.contains("Stock of Sage") && each.contains("Tarn mug") && !each.contains("Bowl"), "{each}");

    let history = page(&edd, &format!("?of=product:{shirt}")).await;
    assert!(history.contains("All that was done to it: Shirt") && history.contains("Stock of Sage"), "{history}");
    assert!(history.contains(&format!("href=\"/admin/products/bulk/{stock}\"")), "and what it was part of");
    assert!(!history.contains("Tarn mug"));
    let form = edd.get(&format!("/admin/products/{shirt}")).await.body;
    assert!(form.contains(&format!("href=\"/admin/audit?of=product:{shirt}\"")), "{form}");

    // What was sold in between was not put there by the edit, nor taken by its undoing.
    sqlx::query("update variants set on_hand = on_hand - 1 where option_values = '{Sage}'")
        .execute(&shop.pool)
        .await
        .unwrap();
    assert_eq!(act(&edd, "bulk/undo", &[("edit", &stock)]).await.status, StatusCode::OK);
    let back = (
        update(),
        named,
        json!({ "stock of Sage": 7, "stock of Rust": 8 }),
        json!({ "stock of Sage": 4, "stock of Rust": 5 }),
    );
    assert_eq!(parts(&shop.pool, shirt).await.last(), Some(&back));
}

#[sqlx::test(migrations = "../migrations")]
async fn of_a_bulk_edit_one_product_can_be_taken_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let table = add_category(&shop.pool, None, "table", "Table").await.to_string();
    let mug = add(&shop.pool, Product::default()).await;
    let bowl = add(&shop.pool, Product { slug: "bowl", title: "Bowl", ..Product::default() }).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    edited(&edd, &[mug, bowl], "category", &[("category", &table)]).await;
    let entry: i64 = sqlx::query_scalar("select id from audit_log where part_of is not null and subject_id = $1")
        .bind(mug.to_string())
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    let entry = entry.to_string();
    assert!(
        page(&edd, &format!("?q=Entry+{entry}")).await.contains("Tarn mug"),
        "by its number it is found as any other"
    );
    done(&edd, "trail/revert", &[("entry", &entry), ("page", "/admin/audit")]).await;
    let left: Vec<String> = sqlx::query_scalar("select slug from products where category_id is not null")
        .fetch_all(&shop.pool)
        .await
        .unwrap();
    assert_eq!(left, ["bowl"]);
    let again = act(&edd, "trail/revert", &[("entry", &entry)]).await;
    assert!(beside(&again, "").contains("has been changed since"));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_import_is_in_the_history_of_each_of_its_products(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product { price: 2400, on_hand: 10, ..Product::default() }).await;
    add(&shop.pool, Product { slug: "bowl", title: "Bowl", body: "", ..Product::default() }).await;
    let browser = imports::signed_in(&shop, &imports::EDITOR, "editor").await;
    let file = "Handle,Title,Product Category,Variant SKU,Variant Inventory Qty,Variant Price,Status\n\
                tarn-mug,Tarn beaker,Kitchen,TARN-MUG-0,7,26.50,active\n\
                bowl,Bowl,,BOWL-0,10,24.00,active\n\
                pot,Pot,Kitchen,POT,3,40,draft\n";
    let import = imports::upload(&browser, file).await;
    assert_eq!(imports::apply(&browser, &import).await, "applied");
    let pot: Uuid =
        sqlx::query_scalar("select id from products where slug = 'pot'").fetch_one(&shop.pool).await.unwrap();
    let kitchen: Uuid = sqlx::query_scalar("select id from categories").fetch_one(&shop.pool).await.unwrap();
    let before = json!({ "title": "Tarn mug", "category": null, "category_id": null, "price": 2400, "stock": 10 });
    let after =
        json!({ "title": "Tarn beaker", "category": "Kitchen", "category_id": kitchen, "price": 2650, "stock": 7 });
    let changed = ("product.update".to_owned(), "Tarn beaker".to_owned(), before.clone(), after.clone());
    assert_eq!(parts(&shop.pool, mug).await, std::slice::from_ref(&changed));
    let made = parts(&shop.pool, pot).await;
    assert_eq!((made.len(), made[0].0.as_str(), &made[0].2), (1, "product.create", &json!({})));
    assert_eq!((&made[0].3["title"], &made[0].3["price"]), (&json!("Pot"), &json!(4000)));
    let all = "select count(*) from audit_log where part_of is not null";
    assert_eq!(sqlx::query_scalar::<_, i64>(all).fetch_one(&shop.pool).await.unwrap(), 2, "nothing of what stays");
    let history = page(&browser, &format!("?of=product:{mug}")).await;
    assert!(history.contains("new.csv") && history.contains(&format!("href=\"/admin/imports/{import}\"")), "{history}");

    assert_eq!(imports::undo(&browser, &import).await, "undone");
    let back = ("product.update".to_owned(), "Tarn mug".to_owned(), after, before);
    assert_eq!(parts(&shop.pool, mug).await, [changed, back]);
    assert_eq!(parts(&shop.pool, pot).await.last().map(|one| one.0.as_str()), Some("product.delete"));
    // A plain product has one variant, which has no name.
    let meant: Vec<(Option<Uuid>, Option<Uuid>)> = sqlx::query_as(
        "select (before -> 'variants_id' ->> '')::uuid, (after -> 'variants_id' ->> '')::uuid
         from audit_log where act = 'product.update' and part_of is not null",
    )
    .fetch_all(&shop.pool)
    .await
    .unwrap();
    let variant: Uuid = sqlx::query_scalar("select id from variants where product_id = $1")
        .bind(mug)
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert_eq!(meant, [(Some(variant), Some(variant)); 2], "of the import and of its undoing");
}

#[sqlx::test(migrations = "../migrations")]
async fn accounts_and_categories_have_their_history_and_only_for_who_may_read_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    shop.account(&ANN, "shopper").await;
    let ann: Uuid = sqlx::query_scalar("select id from users where username = $1")
        .bind(ANN.username)
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    done(&ada, "users/block", &[("user", &ann.to_string()), ("reason", "A parcel of stones")]).await;
    let category = add_category(&shop.pool, None, "mugs", "Mugs").await;
    let id = category.to_string();
    done(&ada, "categories/save", &[("category", &id), ("version", "1"), ("name", "Cups"), ("slug", "mugs")]).await;

    let (of_ann, of_mugs) = (format!("?of=user:{ann}"), format!("?of=category:{category}"));
    for (path, search) in
        [(format!("/admin/users/{ann}"), &of_ann), (format!("/admin/categories/{category}"), &of_mugs)]
    {
        let html = ada.get(&path).await.body;
        assert!(html.contains(&format!("href=\"/admin/audit{search}\"")), "{path}: {html}");
    }
    let history = page(&ada, &of_ann).await;
    assert!(history.contains("A parcel of stones") && !history.contains("Cups"), "{history}");
    assert!(page(&ada, "?q=parcel").await.contains("A parcel of stones"), "what is said beside the log is found, too");
    assert!(page(&ada, &of_mugs).await.contains("Cups"));

    let edd = signed_in(&shop, &EDD, "editor").await;
    let sue = signed_in(&shop, &SUE, "support").await;
    assert!(page(&edd, &of_mugs).await.contains("Cups") && !page(&sue, &of_mugs).await.contains("Cups"));
    assert!(page(&sue, &of_ann).await.contains("A parcel of stones"));
    for search in [of_ann.clone(), format!("{of_ann}&kind=category"), "?q=parcel".to_owned()] {
        assert!(!page(&edd, &search).await.contains("parcel of stones"), "{search}");
    }
}
