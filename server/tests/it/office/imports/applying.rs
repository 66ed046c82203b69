//! What applying an import changes, and an undo takes back.

use super::*;

#[sqlx::test(migrations = "../migrations")]
async fn a_dry_run_tells_each_change_and_makes_none(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let before = state(&shop.pool).await;
    let import = upload(&browser, FILE).await;
    assert_eq!(state(&shop.pool).await, before);
    assert_eq!(counts(&shop.pool, &import).await, (1, 1, 1, 0));

    let changed = page(&browser, &import, "").await;
    for part in
        ["New (1)", "Changed (1)", "Unchanged (1)", "Refused (0)", "3 rows; 3 new categories", "Apply the import"]
    {
        assert!(changed.contains(part), "{part}: {changed}");
    }
    for (column, old, new) in [
        ("Title", "Tarn mug", "Tarn &lt;b&gt;beaker&lt;/b&gt;"),
        ("Product Category", "", "Kitchen &gt; Mugs"),
        ("Tags", "", "clay, new"),
        ("TARN-MUG-0, Variant Inventory Qty", "10", "7"),
        ("TARN-MUG-0, Variant Price", "24.00", "26.50"),
    ] {
        let line = changed.split("versus-line").find(|line| line.contains(&format!(">{column}: ")));
        let line = line.unwrap_or_else(|| panic!("{column}: {changed}"));
        assert!(line.contains(old) && line.contains(new), "{column}: {line}");
    }
    assert!(!changed.contains("<b>beaker"), "text stays text");
    let new = page(&browser, &import, "?show=new").await;
    assert!(new.contains("data-key=\"pot\"") && !new.contains("data-key=\"bowl\""), "{new}");
    assert!(page(&browser, &import, "?show=unchanged").await.contains("data-key=\"bowl\""));

    let history = browser.get("/admin/imports").await.body;
    assert!(history.contains("new.csv") && history.contains("edith") && history.contains("Checked, not applied"));
    let uploads = trail(&shop.pool, "import.upload").await;
    assert_eq!(uploads, [("edith".to_owned(), "new.csv".to_owned(), json!({ "bytes": FILE.len() }))]);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_applied_is_undone_to_the_last_row(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let before = state(&shop.pool).await;
    let import = upload(&browser, FILE).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    let row =
        "select string_agg(concat_ws('|', slug, title, price_min, on_hand, status, tags::text), ' ' order by slug)
               from products";
    let applied: String = sqlx::query_scalar(row).fetch_one(&shop.pool).await.unwrap();
    assert_eq!(
        applied,
        "bowl|Bowl|2400|10|active|{} pot|Pot|4000|3|draft|{} tarn-mug|Tarn <b>beaker</b>|2650|7|active|{clay,new}"
    );
    let movement =
        "select count(*) from stock_movements where delta = -3 and reason = 'import' and person(actor_id) = 'edith'";
    assert_eq!(number(&shop.pool, movement).await, 1);
    let told = page(&browser, &import, "").await;
    assert!(told.contains("Applied") && told.contains("by edith") && told.contains("Undo the import"), "{told}");

    assert_eq!(undo(&browser, &import).await, "undone");
    assert_eq!(state(&shop.pool).await, before);
    assert_sound(&shop.pool).await;
    assert_eq!(undo(&browser, &import).await, "undone", "a second time changes nothing");
    assert_eq!(state(&shop.pool).await, before);
    let counts = json!({ "created": 1, "updated": 1, "unchanged": 1, "categories": 3 });
    assert_eq!(trail(&shop.pool, "import.apply").await, [("edith".to_owned(), "new.csv".to_owned(), counts)]);
    let counts = json!({ "restored": 1, "deleted": 1, "archived": 0 });
    assert_eq!(trail(&shop.pool, "import.undo").await, [("edith".to_owned(), "new.csv".to_owned(), counts)]);
    assert!(browser.get("/admin/audit").await.body.contains(&format!("href=\"/admin/imports/{import}\"")));
}

/// Makes the shop differ from the file in every way: other products, some missing, variants and pictures that the file
/// doesn't have, and none that it has.
const DIFFER: &str = "
    delete from products where seq % 4 = 0;
    update products set title = title || '!', tags = '{other}', version = version + 1 where seq % 4 = 1;
    update variants set price = price + 100, on_hand = on_hand + 2, sku = 'X' || sku
    where product_id in (select id from products where seq % 4 = 2);
    delete from variants v using products p where p.id = v.product_id and p.seq % 4 = 3 and v.position > 1;
    delete from product_images i using products p where p.id = i.product_id and p.seq % 4 = 3;
    insert into product_images (id, product_id, position, alt, source)
    select gen_random_uuid(), id, 1, 'Other', 'https://example.org/other.jpg' from products where seq % 4 = 3;
    insert into variants (id, product_id, position, sku, price, on_hand, option_values)
    select gen_random_uuid(), id, 99, 'ONLY-HERE-' || seq, 100, 4,
           array_fill('Only here'::text, array[cardinality(option_names)])
    from products where cardinality(option_names) > 0;";

#[sqlx::test(migrations = "../migrations")]
async fn the_real_file_is_checked_applied_and_undone(pool: PgPool) {
    let Some(folder) = catalogues() else { return };
    let file = std::fs::read_to_string(folder.join("shopify-apparel.csv")).unwrap();
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let first = upload(&browser, &file).await;
    assert_eq!(counts(&shop.pool, &first).await, (20, 0, 0, 0));
    assert_eq!(apply(&browser, &first).await, "applied");
    let again = upload(&browser, &file).await;
    assert_eq!(counts(&shop.pool, &again).await, (0, 0, 20, 0));
    assert!(page(&browser, &again, "").await.contains("Nothing would change: all of the file is in the shop already."));
    let answer = act(&browser, "apply", &[("import", &again), ("seen", "0")]).await;
    assert!(!wrong(&answer, "").is_empty());

    run(&shop.pool, DIFFER).await;
    let before = state(&shop.pool).await;
    let import = upload(&browser, &file).await;
    let (created, updated, unchanged, refused) = counts(&shop.pool, &import).await;
    assert_eq!((created, created + updated + unchanged, refused), (5, 20, 0));
    assert!(updated >= 10, "{updated}");
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_ne!(state(&shop.pool).await, before);
    assert_eq!(undo(&browser, &import).await, "undone");
    for (before, after) in before.iter().zip(&state(&shop.pool).await) {
        assert_eq!(before, after);
    }
    assert_eq!(state(&shop.pool).await.len(), before.len());
    assert_sound(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_has_been_touched_since_is_not_undone(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    run(&shop.pool, "update products set vendor = 'Theirs', version = version + 1 where slug = 'tarn-mug'").await;
    let before = state(&shop.pool).await;
    let told = page(&browser, &import, "").await;
    assert!(told.contains("It can’t be undone any more") && told.contains("it was changed"), "{told}");
    assert!(!told.contains("Undo the import"), "{told}");
    // Somebody may have had the page open.
    assert_eq!(undo(&browser, &import).await, "applied");
    assert_eq!(state(&shop.pool).await, before);
    assert!(page(&browser, &import, "").await.contains("Nothing was undone"));
    assert!(trail(&shop.pool, "import.undo").await.is_empty());
    // What the import left alone is nobody's concern; what it made is.
    run(&shop.pool, "update products set version = version - 1 where slug = 'tarn-mug'").await;
    run(&shop.pool, "update products set version = version + 1 where slug = 'bowl'").await;
    assert!(page(&browser, &import, "").await.contains("Undo the import"));
    run(&shop.pool, "delete from products where slug = 'pot'").await;
    assert!(page(&browser, &import, "").await.contains("it was deleted"));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_undo_takes_away_no_sale_and_nothing_from_a_cart(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let more = FILE.replace("POT,3,40,draft", "POT,3,40,active").replace("TARN-MUG-0,7", "TARN-MUG-0,15");
    let import = upload(&browser, &more).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    run(&shop.pool, "update variants set on_hand = on_hand - 2 where sku = 'TARN-MUG-0'").await;
    shop.get_until("/products/pot", |page| page.status == StatusCode::OK).await;
    let shopper = shop.browser();
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    let added = shopper.send(Method::POST, "/api/cart/add_line", &headers, "product=pot&quantity=1&page=/cart").await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    assert_eq!(undo(&browser, &import).await, "undone");
    let left = "select on_hand::bigint from variants where sku = 'TARN-MUG-0'";
    assert_eq!(number(&shop.pool, left).await, 8, "ten, less two that were sold");
    assert_eq!(number(&shop.pool, "select count(*) from products where slug = 'pot' and status = 'archived'").await, 1);
    assert_eq!(number(&shop.pool, "select count(*) from cart_lines where variant_id is not null").await, 1);
    assert!(page(&browser, &import, "").await.contains("archived rather than deleted"));
    assert_sound(&shop.pool).await;

    let import = upload(&browser, &more).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    run(&shop.pool, "update variants set on_hand = 1 where sku = 'TARN-MUG-0'").await;
    assert_eq!(undo(&browser, &import).await, "applied");
    assert!(page(&browser, &import, "").await.contains("stock would fall below nothing"));
    assert_eq!(number(&shop.pool, left).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn skus_that_pass_between_products_pass_back(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let before = state(&shop.pool).await;
    let import = upload(
        &browser,
        "Handle,Title,Variant SKU,Variant Price\ntarn-mug,Tarn mug,BOWL-0,24\nbowl,Bowl,NEW,24\npot,Pot,TARN-MUG-0,40\n",
    )
    .await;
    assert_eq!(counts(&shop.pool, &import).await, (1, 2, 0, 0), "{}", page(&browser, &import, "").await);
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(undo(&browser, &import).await, "undone", "{}", page(&browser, &import, "").await);
    assert_eq!(state(&shop.pool).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_who_apply_or_undo_an_import_one_does(pool: PgPool) {
    let one = shop_with_products(pool.clone()).await;
    let other = Shop::open(pool).await;
    let browser = signed_in(&one, &EDITOR, "editor").await;
    let elsewhere = browser.at(&other);
    let import = upload(&browser, FILE).await;
    let before = state(&one.pool).await;
    let seen = seen(&browser, &import).await;
    let fields = [("import", import.as_str()), ("seen", seen.as_str())];
    let tries = (0..20).map(|at| act(if at % 2 == 0 { &browser } else { &elsewhere }, "apply", &fields));
    for answer in join_all(tries).await {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    assert_eq!(settled(&one.pool, &import).await, "applied");
    assert_eq!(trail(&one.pool, "import.apply").await.len(), 1);
    assert_eq!(number(&one.pool, "select count(*) from stock_movements where reason = 'import'").await, 2);
    let tries = (0..20).map(|at| act(if at % 2 == 0 { &browser } else { &elsewhere }, "undo", &fields));
    for answer in join_all(tries).await {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    assert_eq!(settled(&one.pool, &import).await, "undone");
    assert_eq!(trail(&one.pool, "import.undo").await.len(), 1);
    assert_eq!(state(&one.pool).await, before);
    assert_sound(&one.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_apply_does_what_was_shown_or_asks_to_look_again(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    let first = seen(&browser, &import).await;
    run(&shop.pool, "update products set vendor = 'Theirs', version = version + 1 where slug = 'tarn-mug'").await;
    let before = state(&shop.pool).await;
    assert_eq!(apply(&browser, &import).await, "ready");
    assert_eq!(state(&shop.pool).await, before);
    assert!(page(&browser, &import, "").await.contains("Look again before you apply it"));
    // A page from before shows what isn't so any more.
    let late = act(&browser, "apply", &[("import", &import), ("seen", &first)]).await;
    assert!(wrong(&late, "").contains("checked again since"), "{}", late.body);
    assert_eq!(state(&shop.pool).await, before);

    run(&shop.pool, "update variants set price = 2500 where sku = 'BOWL-0'").await;
    assert_eq!(apply(&browser, &import).await, "ready", "one that was to stay would change");
    assert_eq!(counts(&shop.pool, &import).await, (1, 2, 0, 0));
    // Pieces that were sold meanwhile make it no other product.
    run(&shop.pool, "update variants set on_hand = 5 where sku = 'TARN-MUG-0'").await;
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(number(&shop.pool, "select on_hand::bigint from variants where sku = 'TARN-MUG-0'").await, 7);

    // What somebody has taken meanwhile refuses the file.
    let import = upload(&browser, &FILE.replace("pot,Pot", "kettle,Kettle").replace("POT", "KETTLE")).await;
    add(&shop.pool, Product { slug: "other", ..Product::default() }).await;
    run(&shop.pool, "update variants set sku = 'KETTLE' where sku = 'OTHER-0'").await;
    assert_eq!(apply(&browser, &import).await, "refused");
    assert!(page(&browser, &import, "").await.contains("belongs to another product, other"));
}
