//! What an import takes away comes back with its undoing, also to shoppers; and neither keeps a shopper waiting who
//! keeps it waiting.

use super::imports::{EDITOR, act, apply, seen, settled, signed_in, state, undo, upload};
use crate::accounts::Browser;
use crate::catalogue_file::eur;
use crate::shop::{Product, Shop, add};
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use server::services::office::ImportWork;
use sqlx::PgPool;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Of the shirt's two colours one stays, and neither of its pictures.
const FILE: &str = "\
Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Alt Text
shirt,Shirt,Colour,Rust,SHIRT-1,24.00,https://example.org/new.jpg,New
";

/// A shirt with a decorative picture of the shop's own, and somebody who has its Moss in their cart, for later, and on
/// their wishlist.
const SET_ASIDE: &str = "
    insert into media (id, hash, width, height, widths)
    values ('018f0000-0000-7000-8000-00000000000a', sha256('a'), 10, 10, '{10}');
    insert into product_images (id, product_id, position, decorative, media_id, source)
    select '018f0000-0000-7000-8000-00000000000b', id, 1, true, '018f0000-0000-7000-8000-00000000000a', 'moss.png'
    from products where slug = 'shirt';
    update variants set image_id = '018f0000-0000-7000-8000-00000000000b' where option_values = '{Moss}';
    insert into guests (id, token_hash) values ('018f0000-0000-7000-8000-00000000000c', sha256('c'));
    insert into carts (id, guest_id)
    values ('018f0000-0000-7000-8000-00000000000d', '018f0000-0000-7000-8000-00000000000c');
    insert into cart_lines (id, cart_id, variant_id, saved, quantity, price, name)
    select gen_random_uuid(), '018f0000-0000-7000-8000-00000000000d', id, saved, 1, price, 'Shirt, Moss'
    from variants cross join (values (true), (false)) s (saved) where option_values = '{Moss}';
    insert into wishlists (id, guest_id, name, is_default)
    values ('018f0000-0000-7000-8000-00000000000e', '018f0000-0000-7000-8000-00000000000c', 'Wishlist', true);
    insert into wishlist_items (id, wishlist_id, variant_id, price, name)
    select gen_random_uuid(), '018f0000-0000-7000-8000-00000000000e', id, price, 'Shirt, Moss'
    from variants where option_values = '{Moss}';";

async fn run(pool: &PgPool, statements: &'static str) {
    sqlx::raw_sql(statements).execute(pool).await.unwrap();
}

async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

async fn shop_with_a_shirt(pool: PgPool) -> Shop {
    add(
        &pool,
        Product { slug: "shirt", title: "Shirt", colours: &["Moss", "Rust"], price: 2400, ..Product::default() },
    )
    .await;
    run(&pool, "update variants set sku = case option_values when '{Moss}' then 'SHIRT-0' else 'SHIRT-1' end").await;
    run(&pool, SET_ASIDE).await;
    Shop::open(pool).await
}

const WAITING: &str = "select (select count(*) from cart_lines where variant_id is null)
                              + (select count(*) from wishlist_items where variant_id is null)";
const MEDIA: &str = "select count(*) from media";

#[sqlx::test(migrations = "../migrations")]
async fn what_shoppers_had_and_pictures_come_back_with_an_undo(pool: PgPool) {
    let shop = shop_with_a_shirt(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let before = state(&shop.pool).await;
    let import = upload(&browser, FILE).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(number(&shop.pool, WAITING).await, 3);
    assert_eq!(number(&shop.pool, "select count(*) from product_images where media_id is null").await, 1);
    // Nothing shows the picture any more, and for as long as it may come back it stays.
    shop.media.tidy(&shop.pool, Duration::ZERO).await.unwrap();
    assert_eq!(number(&shop.pool, MEDIA).await, 1);
    assert_eq!(undo(&browser, &import).await, "undone");
    let after = state(&shop.pool).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    assert_eq!(after.len(), before.len());

    // Undone, or too old to be, it keeps nothing.
    let kept = "select (select count(*) from import_lines) + (select count(*) from import_media)";
    assert_eq!(number(&shop.pool, kept).await, 0);
    let import = upload(&browser, FILE).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(number(&shop.pool, kept).await, 4);
    run(&shop.pool, "update imports set applied_at = applied_at - interval '91 days'").await;
    ImportWork::new(shop.pool.clone(), eur()).tidy().await.unwrap();
    assert_eq!(number(&shop.pool, kept).await, 0);
    shop.media.tidy(&shop.pool, Duration::ZERO).await.unwrap();
    assert_eq!(number(&shop.pool, MEDIA).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_line_that_its_owner_has_removed_stays_removed(pool: PgPool) {
    let shop = shop_with_a_shirt(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    // Two carts have become one, and with them two lines for the same; a third is gone.
    run(
        &shop.pool,
        "delete from cart_lines where saved; delete from wishlist_items;
         insert into cart_lines (id, cart_id, quantity, price, name)
         select '018f0000-0000-7000-8000-00000000000f', cart_id, 3, price, name from cart_lines;
         insert into import_lines (import_id, line_id, variant_id)
         select import_id, '018f0000-0000-7000-8000-00000000000f', variant_id from import_lines limit 1",
    )
    .await;
    assert_eq!(undo(&browser, &import).await, "undone");
    assert_eq!(number(&shop.pool, "select count(*) from cart_lines").await, 2);
    assert_eq!(number(&shop.pool, "select quantity::bigint from cart_lines where variant_id is not null").await, 1);
}

/// Waits until something in this database waits for a lock.
async fn somebody_waits(pool: &PgPool) {
    let patience = Instant::now() + Duration::from_secs(30);
    let waiting =
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while number(pool, waiting).await == 0 {
        assert!(Instant::now() < patience, "nobody waits");
        tokio::task::yield_now().await;
    }
}

/// A shopper who has their cart locked, and comes to its variants only after the import has come to the cart.
async fn shops_meanwhile(shop: &Shop, browser: &Browser<'_>, form: &str, fields: &[(&str, &str)], sku: &str) {
    let mut shopper = shop.pool.begin().await.unwrap();
    sqlx::raw_sql("set local lock_timeout = '5s'; select from carts for update").execute(&mut *shopper).await.unwrap();
    let shopping = async {
        somebody_waits(&shop.pool).await;
        sqlx::query("select from variants where sku = $1 for key share")
            .bind(sku)
            .execute(&mut *shopper)
            .await
            .expect("who waits for the cart has not locked the variant yet");
        sqlx::query("update cart_lines set quantity = quantity + 1").execute(&mut *shopper).await.unwrap();
        shopper.commit().await.unwrap();
    };
    let (answer, ()) = futures::join!(act(browser, form, fields), shopping);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[sqlx::test(migrations = "../migrations")]
async fn carts_are_waited_for_before_variants_are_locked(pool: PgPool) {
    let shop = shop_with_a_shirt(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    let seen = seen(&browser, &import).await;
    shops_meanwhile(&shop, &browser, "apply", &[("import", &import), ("seen", &seen)], "SHIRT-0").await;
    assert_eq!(settled(&shop.pool, &import).await, "applied");
    assert_eq!(number(&shop.pool, WAITING).await, 3);
    let fields = [("import", import.as_str()), ("password", EDITOR.password)];
    shops_meanwhile(&shop, &browser, "undo", &fields, "SHIRT-1").await;
    assert_eq!(settled(&shop.pool, &import).await, "undone");
    assert_eq!(number(&shop.pool, WAITING).await, 0);
    assert_eq!(number(&shop.pool, "select sum(quantity) from cart_lines").await, 6, "and nothing is lost");
}

#[sqlx::test(migrations = "../migrations")]
async fn shoppers_go_on_while_imports_come_and_go(pool: PgPool) {
    let one = shop_with_a_shirt(pool.clone()).await;
    let other = Shop::open(pool).await;
    let browser = signed_in(&one, &EDITOR, "editor").await;
    let moss: Uuid =
        sqlx::query_scalar("select id from variants where sku = 'SHIRT-0'").fetch_one(&one.pool).await.unwrap();
    let imports = async {
        for _ in 0..5 {
            let import = upload(&browser, FILE).await;
            assert_eq!(apply(&browser, &import).await, "applied");
            assert_eq!(undo(&browser, &import).await, "undone");
        }
    };
    let moss = format!("product=shirt&variant={moss}&quantity=1");
    let shoppers = (0..8).map(async |at| {
        let shopper = if at % 2 == 0 { one.browser() } else { other.browser() };
        let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
        for _ in 0..15 {
            for (form, body) in [
                ("cart/add_line", moss.as_str()),
                ("wishlist/save", "product=shirt"),
                ("wishlist/all_to_cart", "list="),
                ("cart/clear", ""),
            ] {
                let answer = shopper.send(Method::POST, &format!("/api/{form}"), &headers, body).await;
                assert!(!answer.status.is_server_error(), "{form}: {} {}", answer.status, answer.body);
            }
        }
    });
    futures::join!(imports, join_all(shoppers));
    let deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
    assert_eq!(number(&one.pool, deadlocks).await, 0);
    let unsound = "select count(*) from variants v
                   where v.on_hand <> (select coalesce(sum(delta), 0) from stock_movements m where m.variant_id = v.id)";
    assert_eq!(number(&one.pool, unsound).await, 0);
}
