//! The grid of variants.

use super::*;

#[sqlx::test(migrations = "../migrations")]
async fn a_product_is_made_with_options_and_becomes_plain_again(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let mut form = open(&browser, "/admin/products/new").await;
    for (name, value) in
        [("title", "Fell shirt"), ("status", "active"), ("variants[0][price]", "20"), ("variants[0][add]", "3")]
    {
        set(&mut form, name, value);
    }
    let mut form = press(&browser, form, "option").await;
    assert_eq!(get(&form, "title"), "Fell shirt", "what was typed stays");
    set(&mut form, "options[0][name]", "Size");
    set(&mut form, "options[0][more]", "S, M");
    let early = save(&browser, &form).await;
    assert!(wrong(&early).contains(&"variants[0][gone]".to_owned()), "{}", early.body);
    let mut form = press(&browser, form, "missing").await;
    assert_eq!((get(&form, "variants[1][of][0]"), get(&form, "variants[1][price]")), ("M", "20"), "as the first");
    cell(&mut form, "M", "price", "22.50");
    cell(&mut form, "M", "sku", "SHIRT-M");
    cell(&mut form, "M", "add", "5");
    let path = saved(&browser, &form).await;
    assert_eq!(rows(&shop.pool).await, "S 2000 3, M 2250 5");
    assert_eq!(
        text(&shop.pool, "select concat_ws('|', option_names::text, price_min, price_max, on_hand) from products")
            .await,
        "{Size}|2000|2250|8"
    );
    let moved =
        "select string_agg(delta || ' ' || reason || ' ' || coalesce(person(actor_id), actor), ', ' order by id)
                 from stock_movements";
    assert_eq!(text(&shop.pool, moved).await, "3 edit edd, 5 edit edd");
    assert!(shop.get_until("/products/fell-shirt", |page| page.body.contains("SHIRT-M")).await.body.contains("Size"));
    assert!(!browser.get("/admin/products/new").await.body.contains("You have unsaved changes"), "the draft is gone");

    // A second option: each variant gets its first value.
    let mut form = press(&browser, open(&browser, &path).await, "option").await;
    set(&mut form, "options[1][name]", "Colour");
    set(&mut form, "options[1][more]", "Red, Blue");
    let before = ids(&shop.pool).await;
    let form = press(&browser, form, "missing").await;
    saved(&browser, &form).await;
    assert_eq!(rows(&shop.pool).await, "S/Red 2000 3, S/Blue 2000 0, M/Red 2250 5, M/Blue 2000 0");
    let after = ids(&shop.pool).await;
    assert!(
        before.iter().all(|(size, id)| after.contains(&(format!("{size}/Red"), id.clone()))),
        "{before:?} {after:?}"
    );

    // Without options one variant is left; which others go is said before it is saved.
    let form = press(&browser, open(&browser, &path).await, "drop-1").await;
    let mut form = press(&browser, form, "drop-0").await;
    let gone = (0..4).filter(|row| !get(&form, &format!("variants[{row}][gone]")).is_empty()).count();
    assert_eq!(gone, 3, "{form:?}");
    let ticked = form.iter().find(|(name, _)| name.ends_with("[gone]")).unwrap().0.clone();
    set(&mut form, &ticked, "");
    assert_eq!(wrong(&save(&browser, &form).await).len(), 1, "two can't be told apart");
    set(&mut form, &ticked, "on");
    saved(&browser, &form).await;
    assert_eq!(rows(&shop.pool).await, " 2000 3");
    assert!(browser.get(&path).await.body.contains("Stock: 3 now"));
    assert_eq!(text(&shop.pool, "select option_names::text from products").await, "{}");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_called_otherwise_keeps_its_ids_and_what_is_removed_stays_in_carts_by_name(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { colours: &["Sage", "Rust", "Chalk"], ..Product::default() }).await.to_string();
    let path = format!("/admin/products/{id}");
    let browser = signed_in(&shop, &EDD, "editor").await;
    let before = ids(&shop.pool).await;
    let chalk = before.iter().find(|(name, _)| name == "Chalk").unwrap().1.clone();
    let shopper = shop.browser();
    let json = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    let body = format!("variant={chalk}&quantity=1");
    assert_eq!(shopper.send(Method::POST, "/api/cart/add_line", &json, &body).await.status, StatusCode::OK);

    let mut form = open(&browser, &path).await;
    set(&mut form, "options[0][name]", "Glaze");
    set(&mut form, "options[0][values][0]", "Rust");
    set(&mut form, "options[0][values][1]", "Sage <1>");
    let form = press(&browser, form, "raise-0-1").await;
    let form = press(&browser, form, "drop-0-2").await;
    let page = browser.get(&format!("{path}?draft=1")).await.body;
    assert!(page.contains("In 1 cart") && page.contains("it isn’t sold any more"), "{page}");
    saved(&browser, &form).await;
    assert_eq!(rows(&shop.pool).await, "Sage <1> 2400 10, Rust 2400 10");
    let after = ids(&shop.pool).await;
    for (was, now) in [("Sage", "Rust"), ("Rust", "Sage <1>")] {
        let id = &before.iter().find(|(name, _)| name == was).unwrap().1;
        assert!(after.contains(&(now.to_owned(), id.clone())), "{was} is {now}: {after:?}");
    }
    let line = "select concat_ws('|', name, variant_id is null) from cart_lines";
    assert_eq!(text(&shop.pool, line).await, "Tarn mug, Chalk|t");
    assert!(shopper.get("/cart").await.body.contains("Chalk"), "the cart says what it was");

    // The entry has the options before and after, and the removed variant; no price that only its variant's name changed.
    let entry = "select before::text || after::text from audit_log where act = 'product.update'";
    let entry = text(&shop.pool, entry).await;
    assert!(entry.contains("Colour: Sage, Rust, Chalk") && entry.contains("Glaze: Sage <1>, Rust"), "{entry}");
    assert!(entry.contains("price of Chalk") && !entry.contains("price of Sage"), "{entry}");
    let number = text(&shop.pool, "select id::text from audit_log where act = 'product.update'").await;
    let revert = act(&browser, "trail/revert", &[("entry", &number), ("page", "/admin/audit")]).await;
    assert!(beside(&revert, "").contains("can’t be taken back"));
}

#[sqlx::test(migrations = "../migrations")]
async fn who_removes_a_variant_waits_for_its_shoppers_before_their_carts(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { colours: &["Sage", "Chalk"], ..Product::default() }).await.to_string();
    let browser = signed_in(&shop, &EDD, "editor").await;
    let chalk = ids(&shop.pool).await.iter().find(|(name, _)| name == "Chalk").unwrap().1.clone();
    let shopper = shop.browser();
    let json = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    let body = format!("variant={chalk}&quantity=1");
    assert_eq!(shopper.send(Method::POST, "/api/cart/add_line", &json, &body).await.status, StatusCode::OK);
    // As a shopper who puts a list of wishes into the cart: first who they are, then the wishes, then the cart.
    let mut shopping = shop.pool.begin().await.unwrap();
    sqlx::query("select from guests for no key update").execute(&mut *shopping).await.unwrap();
    let form = open(&browser, &format!("/admin/products/{id}")).await;
    let form = press(&browser, form, "drop-0-1").await;
    let saving = save(&browser, &form);
    let buying = async {
        until_somebody_waits(&shop.pool).await;
        sqlx::query("select from carts for update nowait").execute(&mut *shopping).await.expect("it is free");
        shopping.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(saving, buying);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(rows(&shop.pool).await, "Sage 2400 10");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_wrong_in_the_grid_is_said_beside_its_cells(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { colours: &["Sage", "Rust"], ..Product::default() }).await.to_string();
    add(&shop.pool, Product { slug: "bowl", ..Product::default() }).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let form = open(&browser, &format!("/admin/products/{id}")).await;
    let with = |changes: &[(&str, &str)]| {
        let mut form = form.clone();
        changes.iter().for_each(|(name, value)| set(&mut form, name, value));
        form
    };
    for (changes, fields) in [
        (&[("options[0][name]", " ")][..], &["options[0][name]"][..]),
        (&[("options[0][values][1]", " SAGE ")], &["options[0][values][1]"]),
        (&[("options[0][values][0]", "")], &["options[0][values][0]"]),
        (&[("options[0][values][0]", "a\u{202e}b")], &["options[0][values][0]"]),
        (&[("options[0][more]", "Rust")], &["options[0][more]"]),
        (&[("options[0][more]", "Chalk")], &["options[0][more]"]),
        (&[("options[1][name]", "colour"), ("options[1][more]", "x")], &["options[1][name]"]),
        (&[("variants[1][of][0]", "Sage")], &["variants[1][gone]", "options[0][values][1]"]),
        (&[("variants[0][gone]", "on"), ("variants[1][gone]", "on")], &[""]),
        (&[("variants[0][price]", "-1"), ("variants[1][add]", "x")], &["variants[0][price]", "variants[1][add]"]),
        (&[("variants[0][add]", "-11")], &["variants[0][add]"]),
        (&[("variants[1][sku]", "BOWL-0")], &["variants[1][sku]"]),
        (&[("variants[1][id]", "")], &[""]),
    ] {
        let answer = save(&browser, &with(changes)).await;
        assert_eq!(wrong(&answer), fields, "{changes:?}");
    }
    // What a button can't make anything of stays as it was typed, and without JavaScript the page says so.
    let fields = with(&[("options[0][more]", "sage"), ("press", "missing"), ("page", "/admin/products/x")]);
    assert!(
        beside(&act(&browser, "products/grid", &pairs(&fields)).await, "options[0][more]").contains("there already")
    );
    let page = format!("/admin/products/{id}");
    let mut fields = with(&[("options[0][more]", "sage"), ("press", "missing")]);
    set(&mut fields, "page", &page);
    let answer = by_itself(&browser, "grid", &pairs(&fields)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, page.as_str()));
    let html = browser.get(&page).await.body;
    assert!(html.contains("sage is there already") && html.contains("value=\"sage\""), "{html}");

    let many: Vec<String> = (0..298).map(|number| format!("v{number}")).collect();
    let too_many = with(&[("options[0][more]", &[many.join(","), "x".to_owned()].join(",")), ("press", "missing")]);
    assert!(beside(&act(&browser, "products/grid", &pairs(&too_many)).await, "options").contains("at most 300"));
    let form = press(&browser, with(&[("options[0][more]", &many.join(","))]), "missing").await;
    let answer = by_itself(&browser, "save", &pairs(&form)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, page.as_str()), "{}", answer.body);
    assert_eq!(
        text(&shop.pool, "select count(*)::text from variants where sku is distinct from 'BOWL-0'").await,
        "300"
    );
    let mut full = open(&browser, &page).await;
    for row in 0..300 {
        set(&mut full, &format!("variants[{row}][price]"), "a lot");
    }
    let answer = by_itself(&browser, "save", &pairs(&full)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let html = browser.get(&page).await.body;
    assert_eq!(html.matches("value=\"a lot\"").count(), 300, "what was typed is longer than a cookie");
    assert!(html.contains("aria-invalid"), "and says what is wrong");
}

#[sqlx::test(migrations = "../migrations")]
async fn without_javascript_a_button_of_the_grid_comes_back_with_the_form(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let mut form = open(&browser, "/admin/products/new").await;
    set(&mut form, "title", "Fell shirt");
    set(&mut form, "press", "option");
    let answer = by_itself(&browser, "grid", &pairs(&form)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/admin/products/new?draft=1"));
    let page = browser.get("/admin/products/new?draft=1").await.body;
    assert!(page.contains("name=\"options[0][name]\"") && page.contains("value=\"Fell shirt\""), "{page}");
    assert_eq!(text(&shop.pool, "select count(*)::text from products").await, "0", "nothing is saved");
}

#[sqlx::test(migrations = "../migrations")]
async fn missing_variants_are_offered_by_their_number_and_not_without(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { colours: &["Sage", "Rust"], ..Product::default() }).await.to_string();
    let path = format!("/admin/products/{id}");
    let browser = signed_in(&shop, &EDD, "editor").await;
    let page = browser.get(&path).await.body;
    assert!(page.contains("Add this variant") && !page.contains("value=\"missing\""), "none is missing: {page}");
    let mut form = fields(&page);
    set(&mut form, "options[0][more]", "Chalk");
    press(&browser, form, "update").await;
    let page = browser.get(&format!("{path}?draft=1")).await.body;
    assert!(page.contains("Add the missing variant<"), "{page}");
    let mut form = press(&browser, fields(&page), "option").await;
    set(&mut form, "options[1][name]", "Size");
    set(&mut form, "options[1][more]", "S, M");
    let form = press(&browser, form, "update").await;
    let page = browser.get(&format!("{path}?draft=1")).await.body;
    assert!(page.contains("Add the 4 missing variants"), "{page}");
    press(&browser, form, "missing").await;
    assert!(!browser.get(&format!("{path}?draft=1")).await.body.contains("value=\"missing\""));
}
