//! What an edit never does: half of it, twice, or over what somebody else has changed.

use super::*;

#[sqlx::test(migrations = "../migrations")]
async fn an_edit_of_another_preview_changes_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    let edit = choose(&browser, &ids).await;
    let first = seen(&preview(&browser, &edit, "status", &[("status", "archived")]).await);
    run(&shop.pool, "update products set status = 'archived' where slug = 'bowl'").await;
    assert!(apply(&browser, &edit, &first).await.contains("have changed since you looked"));
    let second = preview(&browser, &edit, "status", &[("status", "active")]).await;
    assert!(apply(&browser, &edit, &first).await.contains("Another preview has been made"));
    run(&shop.pool, "delete from products where slug = 'bowl'").await;
    assert!(apply(&browser, &edit, &seen(&second)).await.contains("have changed since you looked"));
    let page = browser.get(&format!("/admin/products/bulk/{edit}")).await.body;
    assert!(
        page.contains("Nothing would change: what isn’t like that already can’t be changed.")
            && page.contains("1 can’t be changed: deleted since"),
        "{page}"
    );
    assert_eq!(text(&shop.pool, ROWS).await, "mug|active|{new,kitchen}|1, shirt|active|{}|1");
    assert!(!beside(&act(&browser, "bulk/apply", &[("edit", &choose(&browser, &ids).await)]).await, "").is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn what_has_been_touched_since_is_not_undone(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    let edit = edited(&browser, &ids, "status", &[("status", "archived")]).await;
    let after = text(&shop.pool, ROWS).await;
    let restored = act(&browser, "products/restore", &[("product", &ids[1].to_string())]).await;
    assert_eq!(restored.status, StatusCode::OK);
    let touched = text(&shop.pool, ROWS).await;
    assert_ne!(touched, after);
    let words = beside(&undo(&browser, &edit).await, "");
    assert_eq!(words, "It can’t be undone any more, because of 1 product: mug (it was changed)");
    assert_eq!(text(&shop.pool, ROWS).await, touched);
    assert!(browser.get("/admin/products/bulk").await.body.contains("Products have changed since"));
    let page = browser.get(&format!("/admin/products/bulk/{edit}")).await.body;
    assert!(page.contains("because of what has happened to 1 product since") && !page.contains("Undo this edit"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_that_was_open_gets_the_conflict(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    edited(&browser, &ids, "stock", &[("change", "add"), ("pieces", "1")]).await;
    let id = ids[1].to_string();
    let answer = act(&browser, "products/save", &[("product", &id), ("version", "1")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
}

#[sqlx::test(migrations = "../migrations")]
async fn one_row_that_fails_fails_all(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    run(&shop.pool, "alter table variants add constraint not_mine check (sku <> 'SHIRT-1' or price <= 150)").await;
    let before = (text(&shop.pool, ROWS).await, text(&shop.pool, VARIANTS).await);
    let edit = choose(&browser, &ids).await;
    let raise = [("change", "raise_percent"), ("by", "10"), ("rounding", "exact")];
    let page = preview(&browser, &edit, "price", &raise).await;
    let answer = act(&browser, "bulk/apply", &[("edit", &edit), ("seen", &seen(&page))]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
    assert_eq!((text(&shop.pool, ROWS).await, text(&shop.pool, VARIANTS).await), before);
    assert_eq!(number(&shop.pool, "select count(*) from audit_log where act like 'product.%'").await, 0);
    run(&shop.pool, "alter table variants drop constraint not_mine").await;
    assert_eq!(apply(&browser, &edit, &seen(&page)).await, "The edit is applied", "it is as it was");
}

#[sqlx::test(migrations = "../migrations")]
async fn two_that_apply_one_preview_apply_it_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (one, two) = (signed_in(&shop, &EDD, "editor").await, signed_in(&shop, &ADA, "admin").await);
    let ids = three(&shop).await;
    let edit = choose(&one, &ids).await;
    let seen = seen(&preview(&one, &edit, "stock", &[("change", "add"), ("pieces", "5")]).await);
    let answers = futures::join!(apply(&one, &edit, &seen), apply(&two, &edit, &seen), apply(&one, &edit, &seen));
    assert_eq!(answers.0, "The edit is applied");
    assert_eq!((answers.1, answers.2), (answers.0.clone(), answers.0));
    assert_eq!(number(&shop.pool, "select sum(on_hand) from variants").await, 2 + 10 + 5 + 5 + 4 * 5);
    assert_eq!(number(&shop.pool, "select count(*) from audit_log where act = 'product.bulk_update'").await, 1);
    let undone = futures::join!(undo(&one, &edit), undo(&two, &edit));
    assert_eq!((undone.0.status, undone.1.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(number(&shop.pool, "select sum(on_hand) from variants").await, 22);
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_thousand_rows_take_seconds(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    many(&shop, 10_000).await;
    for (what, fields) in [
        ("tags", vec![("add", "new"), ("remove", "old")]),
        ("price", vec![("change", "lower_percent"), ("by", "10"), ("rounding", "99"), ("sale", "yes")]),
    ] {
        let began = Instant::now();
        let edit = begin(&browser, &[("which", "filter")]).await;
        let page = preview(&browser, &edit, what, &fields).await;
        assert!(page.contains("10,000 products"), "{page}");
        assert_eq!(apply(&browser, &edit, &seen(&page)).await, "The edit is applied");
        assert_eq!(undo(&browser, &edit).await.status, StatusCode::OK);
        assert!(began.elapsed() < Duration::from_secs(60), "{what}: {:?}", began.elapsed());
    }
    assert_eq!(number(&shop.pool, "select count(*) from products where tags = '{old}' and version = 5").await, 10_000);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_old_is_forgotten_and_the_history_stays(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    let applied = edited(&browser, &ids, "status", &[("status", "archived")]).await;
    let left = choose(&browser, &ids).await;
    preview(&browser, &left, "status", &[("status", "draft")]).await;
    server::services::office::bulk::tidy(&shop.pool).await.unwrap();
    assert_eq!(number(&shop.pool, "select count(*) from bulk_edit_rows").await, 6);
    run(&shop.pool, "update bulk_edits set created_at = now() - interval '3 days'").await;
    server::services::office::bulk::tidy(&shop.pool).await.unwrap();
    assert_eq!(number(&shop.pool, "select count(*) from bulk_edit_rows").await, 3, "what is applied can be undone");
    assert_eq!(browser.get(&format!("/admin/products/bulk/{left}")).await.status, StatusCode::NOT_FOUND);
    let old = "update bulk_edits set created_at = now() - interval '31 days', applied_at = now() - interval '31 days'";
    run(&shop.pool, old).await;
    server::services::office::bulk::tidy(&shop.pool).await.unwrap();
    assert_eq!(number(&shop.pool, "select count(*) from bulk_edit_rows").await, 0);
    let page = browser.get(&format!("/admin/products/bulk/{applied}")).await.body;
    assert!(page.contains("3 products changed.") && page.contains("gone by now"), "{page}");
    assert_eq!(beside(&undo(&browser, &applied).await, ""), "There is nothing to undo");
    assert!(browser.get("/admin/products/bulk").await.body.contains("Too long ago"));
}
