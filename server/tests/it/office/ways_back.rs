//! Ways back from more kinds of acts, and the words for those that have none.

use super::imports;
use super::pictures::{added, describe, pictures, png};
use super::staff::{ADA, EDD, act, beside, done, signed_in};
use crate::accounts::Browser;
use crate::shop::{Answer, Product, Shop, add, add_category, until_somebody_waits};
use axum::http::StatusCode;
use futures::future::join_all;
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

async fn text(pool: &PgPool, query: &'static str) -> String {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

async fn newest(pool: &PgPool) -> String {
    text(pool, "select max(id)::text from audit_log").await
}

async fn revert(browser: &Browser<'_>, entry: &str) -> Answer {
    act(browser, "trail/revert", &[("entry", entry), ("page", "/admin/audit")]).await
}

async fn reverted(browser: &Browser<'_>, entry: &str) {
    let answer = revert(browser, entry).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

async fn run(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_variant_is_found_under_whatever_name_it_has(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    add(&pool, Product { colours: &["Moss", "Rust"], on_hand: 5, ..Product::default() }).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let moss = text(&pool, "select id::text from variants where option_values = '{Moss}'").await;
    let fields = [("variant", &*moss), ("version", "1"), ("seen", "5"), ("stock", "+3")];
    done(&edd, "products/set_stock", &fields).await;
    let entry = newest(&pool).await;
    // What is called Moss now is another one.
    run(
        &pool,
        "update variants set option_values = '{Fern}' where option_values = '{Moss}';
         update variants set option_values = '{Moss}' where option_values = '{Rust}'",
    )
    .await;
    reverted(&edd, &entry).await;
    let stock = "select string_agg(option_values[1] || ' ' || on_hand, ', ' order by position) from variants";
    assert_eq!(text(&pool, stock).await, "Fern 5, Moss 5");

    let again = newest(&pool).await;
    run(&pool, "delete from variants where option_values = '{Fern}'").await;
    assert!(beside(&revert(&edd, &again).await, "").contains("isn’t there any more"));
    assert!(beside(&revert(&edd, &entry).await, "").contains("Its variant Moss isn’t there any more"));
    assert_eq!(text(&pool, stock).await, "Moss 5", "the one that has its name is left alone");
}

#[sqlx::test(migrations = "../migrations")]
async fn pieces_are_taken_back_once(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    add(&pool, Product { on_hand: 5, ..Product::default() }).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let variant = text(&pool, "select id::text from variants").await;
    done(&edd, "products/set_stock", &[("variant", &variant), ("version", "1"), ("seen", "5"), ("stock", "+3")]).await;
    let entry = newest(&pool).await;
    let stock = "select on_hand::text from variants";
    reverted(&edd, &entry).await;
    let back = newest(&pool).await;
    // Pressed again, in another tab or by who is impatient.
    assert!(beside(&revert(&edd, &entry).await, "").contains("taken back already"));
    assert_eq!(text(&pool, stock).await, "5");
    reverted(&edd, &back).await;
    assert_eq!(text(&pool, stock).await, "8", "as if it had never been taken back");
    assert!(beside(&revert(&edd, &back).await, "").contains("taken back already"));
    reverted(&edd, &entry).await;
    assert_eq!(text(&pool, stock).await, "5");
}

#[sqlx::test(migrations = "../migrations")]
async fn pieces_of_an_import_that_is_undone_are_taken_back_with_it(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    add(&pool, Product { on_hand: 10, ..Product::default() }).await;
    let edith = signed_in(&shop, &imports::EDITOR, "editor").await;
    let import =
        imports::upload(&edith, "Handle,Title,Variant Price,Variant Inventory Qty\ntarn-mug,Tarn mug,24,7\n").await;
    assert_eq!(imports::apply(&edith, &import).await, "applied");
    let part = "select max(id)::text from audit_log where part_of is not null";
    let entry = text(&pool, part).await;
    assert_eq!(imports::undo(&edith, &import).await, "undone");
    let stock = "select on_hand::text from variants";
    assert_eq!(text(&pool, stock).await, "10");
    assert!(beside(&revert(&edith, &entry).await, "").contains("taken back already"));
    assert_eq!(text(&pool, stock).await, "10");
    reverted(&edith, &text(&pool, part).await).await;
    assert_eq!(text(&pool, stock).await, "7", "of the undoing, as of any other act");
}

/// Names in the order of siblings, each with its parent's and how many products it has itself.
async fn tree(pool: &PgPool) -> String {
    text(
        pool,
        "select string_agg(
             concat_ws(' < ', c.name, p.name) || ' ' || (select count(*) from products where category_id = c.id),
             ', ' order by p.name nulls first, c.position, c.name)
         from categories c left join categories p on p.id = c.parent_id",
    )
    .await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_merged_category_comes_back_with_what_is_still_where_it_went(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let table = add_category(&pool, None, "table", "Table").await;
    let mugs = add_category(&pool, Some(table), "mugs", "Mugs").await;
    let cups = add_category(&pool, Some(table), "cups", "Cups").await;
    add_category(&pool, Some(mugs), "large", "Large").await;
    add_category(&pool, Some(cups), "small", "Small").await;
    run(&pool, "update categories set position = case slug when 'mugs' then 1 else 2 end").await;
    for (slug, category) in [("one", mugs), ("two", mugs), ("three", cups)] {
        add(&pool, Product { slug, category: Some(category), ..Product::default() }).await;
    }
    let before = tree(&pool).await;
    let merge = async || {
        let (mugs, cups) = (mugs.to_string(), cups.to_string());
        let version: String = text(&pool, "select (version - moves)::text from categories where slug = 'mugs'").await;
        let fields = [("category", &*mugs), ("version", &version), ("seen", "2"), ("into", &cups)];
        done(&edd, "categories/merge", &fields).await;
        newest(&pool).await
    };
    let entry = merge().await;
    let led = shop.get_until("/categories/mugs", |page| page.status.is_redirection()).await;
    assert_eq!(led.header("location"), "/categories/cups");
    assert!(edd.get("/admin/audit").await.body.contains("The category comes back to where it was"));
    reverted(&edd, &entry).await;
    assert_eq!(tree(&pool).await, before);
    assert_eq!(text(&pool, "select count(*)::text from category_slugs").await, "0", "no address leads away from it");
    assert!(beside(&revert(&edd, &entry).await, "").contains("is there again"));

    // One of its products has been moved on since, and stays there.
    let entry = merge().await;
    run(&pool, "update products set category_id = null where slug = 'one'").await;
    reverted(&edd, &entry).await;
    let left = "select string_agg(p.slug, ' ' order by p.slug)
                from products p join categories c on c.id = p.category_id where c.slug = 'mugs'";
    assert_eq!(text(&pool, left).await, "two");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_merged_category_does_not_come_back_above_where_it_stands(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let place = add_category(&pool, None, "place", "Place").await;
    let mugs = add_category(&pool, Some(place), "mugs", "Mugs").await;
    let large = add_category(&pool, Some(mugs), "large", "Large").await.to_string();
    add_category(&pool, Some(mugs), "small", "Small").await;
    let cups = add_category(&pool, None, "cups", "Cups").await.to_string();
    let (place, mugs) = (place.to_string(), mugs.to_string());
    let fields = [("category", &*mugs), ("version", "1"), ("seen", "0"), ("into", &*cups)];
    done(&edd, "categories/merge", &fields).await;
    let entry = newest(&pool).await;
    // Where it stood is below one of those that it had.
    let fields = [("category", &*place), ("from", ""), ("parent", &*large), ("page", "/admin/categories")];
    done(&edd, "categories/put_under", &fields).await;
    reverted(&edd, &entry).await;
    assert_eq!(tree(&pool).await, "Cups 0, Large < Cups 0, Place < Large 0, Small < Mugs 0, Mugs < Place 0");
    let back = "select after ->> 'categories' from audit_log order by id desc limit 1";
    assert_eq!(text(&pool, back).await, "1");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_category_that_was_made_goes_while_nothing_is_in_it(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    done(&edd, "categories/create", &[("name", "Mugs"), ("parent", "")]).await;
    let entry = newest(&pool).await;
    let id: Uuid = sqlx::query_scalar("select id from categories").fetch_one(&pool).await.unwrap();
    add(&pool, Product { category: Some(id), ..Product::default() }).await;
    assert!(beside(&revert(&edd, &entry).await, "").contains("something in it"));
    run(&pool, "update products set category_id = null; update categories set name = 'Cups'").await;
    assert!(beside(&revert(&edd, &entry).await, "").contains("name has been changed since"));
    run(&pool, "update categories set name = 'Mugs'").await;
    reverted(&edd, &entry).await;
    assert_eq!(text(&pool, "select count(*)::text from categories").await, "0");
    assert_eq!(text(&pool, "select act from audit_log order by id desc limit 1").await, "category.delete");
}

const NEW: [(&str, &str); 5] = [
    ("title", "Tarn mug"),
    ("status", "active"),
    ("body", "A *mug*."),
    ("variants[0][price]", "24"),
    ("variants[0][add]", "7"),
];

#[sqlx::test(migrations = "../migrations")]
async fn a_product_that_was_made_goes_unless_it_was_changed(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    done(&edd, "products/save", &NEW).await;
    let entry = newest(&pool).await;
    run(&pool, "update products set title = 'Beck mug'").await;
    assert!(beside(&revert(&edd, &entry).await, "").contains("changed since it was made"));
    run(&pool, "update products set title = 'Tarn mug'; update variants set on_hand = 5").await;
    run(&pool, "update sessions set authenticated_at = now() - interval '1 hour'").await;
    assert!(!beside(&revert(&edd, &entry).await, "password").is_empty(), "deleting asks for the password");
    let fields = [("entry", &*entry), ("password", EDD.password), ("page", "/admin/audit")];
    done(&edd, "trail/revert", &fields).await;
    assert_eq!(text(&pool, "select count(*)::text from products").await, "0");

    // One that somebody has set aside stays for them, archived.
    let ada = signed_in(&shop, &ADA, "admin").await;
    done(&ada, "products/save", &NEW).await;
    let entry = newest(&pool).await;
    let form = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    let slug = text(&pool, "select slug from products").await;
    let kept =
        ada.send(axum::http::Method::POST, "/api/cart/add_line", &form, format!("product={slug}&quantity=1")).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
    reverted(&ada, &entry).await;
    assert_eq!(text(&pool, "select status from products").await, "archived");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deleted_product_comes_back_whole(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let table = add_category(&pool, None, "table", "Table").await;
    let colours = &["Moss", "Rust"];
    let mug = add(&pool, Product { colours, category: Some(table), ..Product::default() }).await;
    added(&edd, mug, &[("a.png", &png(300))]).await;
    added(&edd, mug, &[("b.png", &png(400))]).await;
    run(
        &pool,
        "update products set body_source = 'A mug.', seo_title = 'Mugs', slug = 'mug';
         update variants set barcode = '42', grams = 300,
                             image_id = (select id from product_images order by position limit 1)
         where option_values = '{Moss}'",
    )
    .await;
    let whole = "select (jsonb_agg(whole_product(id)) #- '{0,variants,0,version}' #- '{0,variants,0,updated_at}'
                         #- '{0,variants,1,version}' #- '{0,variants,1,updated_at}')::text from products";
    let before = text(&pool, whole).await;
    let version = text(&pool, "select (version - picture_acts)::text from products").await;
    let id = mug.to_string();
    done(&edd, "products/remove", &[("product", &id), ("version", &version)]).await;
    let entry = newest(&pool).await;
    assert_eq!(text(&pool, "select count(*)::text from products").await, "0");
    shop.media.tidy(&pool, Duration::ZERO).await.unwrap();
    assert_eq!(text(&pool, "select count(*)::text from media").await, "2", "they may be wanted again");

    // Its number is another's by now: nothing comes back by half.
    let other = add(&pool, Product { slug: "mug", ..Product::default() }).await;
    assert!(beside(&revert(&edd, &entry).await, "").contains("Another product has this address"));
    sqlx::query("delete from products where id = $1").bind(other).execute(&pool).await.unwrap();

    reverted(&edd, &entry).await;
    assert_eq!(text(&pool, whole).await, before);
    assert_eq!(text(&pool, "select slug from product_slugs").await, "tarn-mug", "old addresses lead to it again");
    assert_eq!(text(&pool, "select concat_ws(' ', price_min, on_hand) from products").await, "2400 20");
    assert_eq!(text(&pool, "select act from audit_log order by id desc limit 1").await, "product.restore");
    assert!(beside(&revert(&edd, &entry).await, "").contains("is there again"));

    // After a while its pictures are thrown away, and it comes back without.
    let version = text(&pool, "select (version - picture_acts)::text from products").await;
    done(&edd, "products/remove", &[("product", &id), ("version", &version)]).await;
    let entry = newest(&pool).await;
    run(&pool, "update removed_products set removed_at = removed_at - interval '91 days'").await;
    shop.media.tidy(&pool, Duration::ZERO).await.unwrap();
    reverted(&edd, &entry).await;
    assert!(pictures(&pool, mug).await.is_empty());
    assert_eq!(text(&pool, "select count(*)::text from variants").await, "2");
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_who_bring_a_product_back_at_once_one_does(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let id = add(&pool, Product::default()).await.to_string();
    let remove = async || {
        let version = text(&pool, "select (version - picture_acts)::text from products").await;
        done(&edd, "products/remove", &[("product", &id), ("version", &version)]).await;
        newest(&pool).await
    };
    let entry = remove().await;
    let told = |answer: &Answer| assert_eq!(beside(answer, ""), "This product is there again");
    let answers = join_all((0..8).map(|_| revert(&edd, &entry))).await;
    let (back, late): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == StatusCode::OK);
    assert_eq!(back.len(), 1);
    late.into_iter().for_each(told);

    // By its older entry somebody has brought it back, and isn’t done yet.
    let newer = remove().await;
    let mut other = pool.begin().await.unwrap();
    let product = "insert into products (id, slug, title)
                   select product_id, slug, 'Tarn mug' from removed_products where entry_id = $1::bigint";
    sqlx::query(product).bind(entry.parse::<i64>().unwrap()).execute(&mut *other).await.unwrap();
    let settling = async {
        until_somebody_waits(&pool).await;
        other.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(revert(&edd, &newer), settling);
    told(&answer);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_done_to_pictures_is_taken_back(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let mug = add(&pool, Product { colours: &["Moss", "Rust"], ..Product::default() }).await;
    added(&edd, mug, &[("a.png", &png(300))]).await;
    added(&edd, mug, &[("b.png", &png(400))]).await;
    let added_last = newest(&pool).await;
    let [(first, _), (second, _)] = pictures(&pool, mug).await.try_into().unwrap();
    let order = async || pictures(&pool, mug).await.into_iter().map(|(id, _)| id).collect::<Vec<_>>();

    let moss = text(&pool, "select id::text from variants where option_values = '{Moss}'").await;
    describe(&edd, mug, &first, &[("alt", "A grey mug"), ("variants[]", &moss)]).await;
    let described = newest(&pool).await;
    describe(&edd, mug, &first, &[("alt", "A blue mug"), ("variants[]", &moss)]).await;
    let words = "select alt || ' ' || (select count(*) from variants where image_id is not null)
                 from product_images order by position limit 1";
    assert!(beside(&revert(&edd, &described).await, "").contains("text has been changed since"));
    let again = newest(&pool).await;
    reverted(&edd, &again).await;
    assert_eq!(text(&pool, words).await, "A grey mug 1");
    reverted(&edd, &described).await;
    assert_eq!(text(&pool, words).await, " 0");

    done(&edd, "pictures/place", &[("picture", &second), ("to", "1")]).await;
    let placed = newest(&pool).await;
    assert_eq!(order().await, [second.clone(), first.clone()]);
    reverted(&edd, &placed).await;
    assert_eq!(order().await, [first.clone(), second.clone()]);
    assert!(beside(&revert(&edd, &placed).await, "").contains("place has been changed since"));

    done(&edd, "pictures/remove", &[("picture", &first)]).await;
    let removed = newest(&pool).await;
    reverted(&edd, &removed).await;
    assert_eq!(order().await, [first.clone(), second.clone()]);
    assert!(beside(&revert(&edd, &removed).await, "").contains("already"));
    reverted(&edd, &added_last).await;
    assert_eq!(order().await, [first]);
    assert!(beside(&revert(&edd, &added_last).await, "").contains("picture isn’t there any more"));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_entry_without_a_way_back_says_why(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let trail = async |search: &str| ada.get(&format!("/admin/audit{search}")).await.body;
    // Of log-ins only whoever asks is told.
    let logged_in = text(&pool, "select max(id)::text from audit_log where act = 'session.log_in'").await;
    assert!(!trail("?act=session.log_in").await.contains("A log-in can’t be undone"));
    assert!(beside(&revert(&ada, &logged_in).await, "").contains("A log-in can’t be undone"));
    run(
        &pool,
        r#"insert into audit_log (actor, act, subject_kind, subject_id, subject, before, after) values
           ('x', 'category.merge', 'category', gen_random_uuid()::text, 'Mugs', '{"slug": "mugs"}', '{}'),
           ('x', 'product.update', 'product', gen_random_uuid()::text, 'Mug', '{"vendor": "a"}', '{"vendor": "b"}'),
           ('x', 'user.delete', 'user', gen_random_uuid()::text, '', '{}', '{}')"#,
    )
    .await;
    for (act, words) in [
        ("category.merge", "It was written before entries told enough"),
        ("product.update", "What it was done to isn’t there any more"),
        ("user.delete", "gone for good"),
    ] {
        let page = trail(&format!("?act={act}")).await;
        assert!(page.contains(words) && !page.contains("/api/admin/trail/revert"), "{act}: {page}");
    }
    let merged = text(&pool, "select id::text from audit_log where act = 'category.merge'").await;
    assert!(beside(&revert(&ada, &merged).await, "").contains("can’t be taken back. It was written before"));
}
