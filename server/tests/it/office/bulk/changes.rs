//! What edits change, and take back.

use super::*;

#[sqlx::test(migrations = "../migrations")]
async fn a_status_is_previewed_set_and_taken_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    let before = text(&shop.pool, ROWS).await;
    let edit = choose(&browser, &ids).await;
    let page = preview(&browser, &edit, "status", &[("status", "draft")]).await;
    assert!(page.contains("2 products would change."), "{page}");
    assert!(page.contains("1 stays as it is: the status is Draft already"), "{page}");
    assert!(page.contains("Change 2 products") && page.contains("Active"), "{page}");
    assert_eq!(text(&shop.pool, ROWS).await, before, "nothing changes at a preview");
    assert_eq!(number(&shop.pool, "select count(*) from audit_log where act like 'product.%'").await, 0);

    assert_eq!(apply(&browser, &edit, &seen(&page)).await, "The edit is applied");
    let expected = "bowl|draft|{Red}|1, mug|draft|{new,kitchen}|2, shirt|draft|{}|2";
    assert_eq!(text(&shop.pool, ROWS).await, expected);
    assert_eq!(apply(&browser, &edit, &seen(&page)).await, "The edit is applied", "and once is enough");
    assert_eq!(text(&shop.pool, ROWS).await, expected);

    let history = browser.get("/admin/products/bulk").await.body;
    assert!(history.contains("Status: Draft") && history.contains("Undo…") && history.contains("edd"), "{history}");
    assert_eq!(undo(&browser, &edit).await.status, StatusCode::OK);
    assert_eq!(undo(&browser, &edit).await.status, StatusCode::OK, "and once is enough");
    let expected = "bowl|draft|{Red}|1, mug|active|{new,kitchen}|3, shirt|active|{}|3";
    assert_eq!(text(&shop.pool, ROWS).await, expected);
    let trail = "select string_agg(concat_ws(' ', act, actor, subject, before, after), '; ' order by id)
                 from trail where act like 'product.bulk%'";
    assert_eq!(
        text(&shop.pool, trail).await,
        r#"product.bulk_update edd Status: Draft {"status": ["2 active"]} {"status": "draft", "products": 2}; product.bulk_undo edd Status: Draft {} {"products": 2}"#
    );
    let trail = browser.get("/admin/audit").await.body;
    assert!(trail.contains("Changed products in bulk") && trail.contains("Took back a bulk edit"), "{trail}");
    assert!(trail.contains(&format!("/admin/products/bulk/{edit}")), "{trail}");
}

#[sqlx::test(migrations = "../migrations")]
async fn categories_and_tags_are_set_and_taken_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    let table = add_category(&shop.pool, None, "table", "Table").await.to_string();
    let edit = edited(&browser, &ids[..2], "category", &[("category", &table)]).await;
    let expected = "bowl|draft|{Red}|table|2, mug|active|{new,kitchen}|table|2, shirt|active|{}|1";
    assert_eq!(text(&shop.pool, ROWS).await, expected);
    assert!(browser.get(&format!("/admin/products/bulk/{edit}")).await.body.contains("Category: Table"));

    let tags = [("add", "NEW, gift"), ("remove", "red, kitchen")];
    let tagged = edited(&browser, &ids, "tags", &tags).await;
    let expected = "bowl|draft|{NEW,gift}|table|3, mug|active|{new,gift}|table|3, shirt|active|{NEW,gift}|2";
    assert_eq!(text(&shop.pool, ROWS).await, expected);
    assert_eq!(number(&shop.pool, "select count(*) from products where search @@ to_tsquery('gift')").await, 3);
    assert_eq!(undo(&browser, &tagged).await.status, StatusCode::OK);

    // The tags' edit touched what the category's had made, though what it did is undone.
    let words = beside(&undo(&browser, &edit).await, "");
    assert!(words.contains("because of 2 products: bowl (it was changed), mug (it was changed)"), "{words}");
    let none = edited(&browser, &ids, "category", &[("category", "")]).await;
    assert_eq!(number(&shop.pool, "select count(*) from products where category_id is not null").await, 0);
    // Its category goes: there is none to come back to.
    run(&shop.pool, "delete from categories").await;
    let page = browser.get(&format!("/admin/products/bulk/{none}")).await.body;
    assert!(page.contains("its category is gone") && !page.contains("Undo this edit"), "{page}");
    assert!(beside(&undo(&browser, &none).await, "").contains("its category is gone"));
}

#[sqlx::test(migrations = "../migrations")]
async fn prices_are_changed_by_share_and_by_amount_and_a_sale_begins_and_ends(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    let before = text(&shop.pool, VARIANTS).await;
    let sale = [("change", "lower_percent"), ("by", "10"), ("rounding", "99"), ("sale", "yes")];
    let edit = choose(&browser, &ids).await;
    let page = preview(&browser, &edit, "price", &sale).await;
    assert!(page.contains("3 products (4 variants) would change."), "{page}");
    assert!(page.contains("€21.99") && page.contains("Sage"), "{page}");
    assert_eq!(apply(&browser, &edit, &seen(&page)).await, "The edit is applied");
    let expected = "BOWL-0|899|1000|2, MUG-0|2199|2400|10, SHIRT-0|99|150|5, SHIRT-1|99|150|5";
    assert_eq!(text(&shop.pool, VARIANTS).await, expected);
    assert_eq!(
        text(&shop.pool, "select price_min || ' ' || compare_at from products where slug = 'mug'").await,
        "2199 2400"
    );

    let ended = edited(&browser, &ids, "price", &[("change", "end_sale")]).await;
    assert_eq!(text(&shop.pool, VARIANTS).await, before);
    assert_eq!(undo(&browser, &ended).await.status, StatusCode::OK);
    assert_eq!(text(&shop.pool, VARIANTS).await, expected);

    let amount = [("change", "lower_amount"), ("by", "5.00"), ("rounding", "exact")];
    let edit = choose(&browser, &ids).await;
    let page = preview(&browser, &edit, "price", &amount).await;
    assert!(page.contains("2 can’t be changed: the price would fall below zero (shirt, Sage; shirt, Rust)"), "{page}");
    assert_eq!(apply(&browser, &edit, &seen(&page)).await, "The edit is applied");
    let expected = "BOWL-0|399|1000|2, MUG-0|1699|2400|10, SHIRT-0|99|150|5, SHIRT-1|99|150|5";
    assert_eq!(text(&shop.pool, VARIANTS).await, expected);

    for (fields, field) in [
        ([("change", "lower_percent"), ("by", "101"), ("rounding", "exact")], "by"),
        ([("change", "raise_amount"), ("by", "1,000.00"), ("rounding", "exact")], "by"),
        ([("change", "raise_percent"), ("by", "1"), ("rounding", "up")], "rounding"),
    ] {
        let edit = choose(&browser, &ids).await;
        let fields: Vec<_> = [("edit", edit.as_str())].into_iter().chain(fields).collect();
        assert!(!beside(&act(&browser, "bulk/price", &fields).await, field).is_empty(), "{fields:?}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn stock_goes_back_as_pieces_so_that_what_was_sold_stays_sold(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    let edit = choose(&browser, &ids).await;
    let page = preview(&browser, &edit, "stock", &[("change", "take"), ("pieces", "3")]).await;
    assert!(page.contains("1 can’t be changed: there are fewer pieces than are to be taken away (bowl)"), "{page}");
    // Sales meanwhile don't make it another edit.
    run(&shop.pool, "update variants set on_hand = on_hand - 1 where sku = 'MUG-0'").await;
    assert_eq!(apply(&browser, &edit, &seen(&page)).await, "The edit is applied");
    let stock = "select string_agg(sku || ' ' || on_hand, ', ' order by sku) from variants";
    assert_eq!(text(&shop.pool, stock).await, "BOWL-0 2, MUG-0 6, SHIRT-0 2, SHIRT-1 2");
    run(&shop.pool, "update variants set on_hand = on_hand - 2 where sku = 'MUG-0'").await;
    assert_eq!(undo(&browser, &edit).await.status, StatusCode::OK);
    assert_eq!(text(&shop.pool, stock).await, "BOWL-0 2, MUG-0 7, SHIRT-0 5, SHIRT-1 5");
    let moved = "select string_agg(distinct delta || ' ' || reason || ' ' || coalesce(person(actor_id), actor), ', ')
                 from stock_movements
                 where reason like 'bulk%'";
    assert_eq!(text(&shop.pool, moved).await, "-3 bulk edit edd, 3 bulk undo edd");

    // A number that was counted is of before.
    let edit = choose(&browser, &ids).await;
    let page = preview(&browser, &edit, "stock", &[("change", "set"), ("pieces", "20")]).await;
    run(&shop.pool, "update variants set on_hand = on_hand - 1 where sku = 'MUG-0'").await;
    assert!(apply(&browser, &edit, &seen(&page)).await.contains("have changed since you looked"));
    assert_eq!(text(&shop.pool, stock).await, "BOWL-0 2, MUG-0 6, SHIRT-0 5, SHIRT-1 5");
    let page = browser.get(&format!("/admin/products/bulk/{edit}")).await.body;
    assert!(page.contains("have changed since you looked"), "{page}");
    assert_eq!(apply(&browser, &edit, &seen(&page)).await, "The edit is applied");
    assert_eq!(text(&shop.pool, stock).await, "BOWL-0 20, MUG-0 20, SHIRT-0 20, SHIRT-1 20");
    run(&shop.pool, "update variants set on_hand = 3 where sku = 'MUG-0'").await;
    assert!(beside(&undo(&browser, &edit).await, "").contains("mug (so many pieces were sold"));
    assert_eq!(text(&shop.pool, stock).await, "BOWL-0 20, MUG-0 3, SHIRT-0 20, SHIRT-1 20", "all or nothing");
}
