//! The table of products, and what is changed in its rows.

use super::*;

#[sqlx::test(migrations = "../migrations")]
async fn prices_and_stock_are_changed_in_their_rows(pool: PgPool) {
    let shop = Shop::open(pool).await;
    add(&shop.pool, Product::default()).await;
    let browser = staff(&shop, &EDITOR, "editor").await;
    let variant = text(&shop.pool, "select id::text from variants").await;
    let send = async |form: &'static str, version: &str, seen: &str, typed: &str| {
        let field = if form == "set_price" { "price" } else { "stock" };
        let page = "/admin/products?stock=low";
        let fields =
            [("variant", variant.as_str()), ("version", version), ("seen", seen), (field, typed), ("page", page)];
        act(&browser, form, &fields).await
    };
    let done = acted(&send("set_price", "1", "24.00", "19.5").await);
    assert_eq!(done.next.notice.as_deref(), Some("Price of Tarn mug: €24.00 → €19.50"));
    assert_eq!(wrong(&send("set_price", "1", "24.00", "1").await), ["price"], "an older version");
    for typed in ["", "-1", "1e9", "x"] {
        assert_eq!(wrong(&send("set_price", "2", "19.50", typed).await), ["price"], "{typed}");
    }
    acted(&send("set_stock", "2", "10", "4").await);
    // Somebody buys one.
    sqlx::query("update variants set on_hand = on_hand - 1").execute(&shop.pool).await.unwrap();
    assert_eq!(wrong(&send("set_stock", "3", "4", "9").await), ["stock"]);
    acted(&send("set_stock", "3", "4", "+2").await);
    assert_eq!(wrong(&send("set_stock", "4", "5", "-6").await), ["stock"]);
    // What is added needs no look at what is there, and one row's counts once, however often it is sent.
    let parallel = join_all((0..20).map(|_| send("set_stock", "4", "5", "+3"))).await;
    assert!(parallel.iter().all(|answer| acted(answer).next.notice.as_deref() == Some("Stock of Tarn mug: 5 → 8")));
    let again = acted(&send("set_stock", "4", "5", "+3").await);
    assert_eq!(again.next.notice.as_deref(), Some("Stock of Tarn mug: 5 → 8"));
    let row = "select concat_ws(' ', v.price, v.on_hand, p.version) from variants v, products p";
    assert_eq!(text(&shop.pool, row).await, "1950 8 5");
    // Another number is another act, and so is the same one in the row that shows what came of it.
    acted(&send("set_stock", "4", "5", "-2").await);
    let page = browser.get("/admin/products").await.body;
    let cell = page.split("/api/admin/products/set_stock").nth(1).expect("the stock’s form");
    let (version, seen) = (value(cell, "version"), value(cell, "stock"));
    assert_eq!((version, seen), ("6", "6"));
    acted(&send("set_stock", version, seen, "+3").await);
    assert_eq!(text(&shop.pool, row).await, "1950 9 7");
    // What there is to be needs that look.
    assert_eq!(wrong(&send("set_stock", "6", "9", "3").await), ["stock"], "an older version");
    let parallel = join_all((0..20).map(|_| send("set_stock", "7", "9", "6"))).await;
    assert_eq!(parallel.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    assert_eq!(text(&shop.pool, row).await, "1950 6 8");

    let json = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    let fields = [
        ("variant", variant.as_str()),
        ("version", "8"),
        ("seen", "19.50"),
        ("price", "<b>"),
        ("page", "/admin/products"),
    ];
    browser.send(Method::POST, "/api/admin/products/set_price", &json, &encoded(&fields)).await;
    let page = browser.get("/admin/products").await.body;
    assert!(page.contains("Write an amount in digits") && page.contains("value=\"&lt;b&gt;\""), "{page}");
}

/// Titles of the table's rows, in order.
fn titles(page: &str) -> Vec<&str> {
    page.split("class=\"name\">").skip(1).map(|rest| rest.split('<').next().unwrap()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn the_table_is_searched_filtered_sorted_and_paged_by_its_address(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = staff(&shop, &EDITOR, "editor").await;
    assert!(browser.get("/admin/products").await.body.contains("Create the first"));
    let table = add_category(&shop.pool, None, "table", "Table").await;
    let mugs = add_category(&shop.pool, Some(table), "mugs", "Mugs").await;
    let all = [
        Product {
            slug: "a",
            title: "Tarn mug",
            category: Some(mugs),
            tags: &["handmade"],
            price: 900,
            ..Product::default()
        },
        Product { slug: "b", title: "100% wool_throw", status: "draft", on_hand: 3, ..Product::default() },
        Product { slug: "c", title: "Scree <b>bowl", category: Some(table), on_hand: 0, ..Product::default() },
        Product {
            slug: "d",
            title: "Adit vase",
            compare_at: Some(9900),
            colours: &["Sage", "Rust"],
            ..Product::default()
        },
    ];
    for product in all {
        add(&shop.pool, product).await;
    }
    sqlx::query("update variants set price = 5000 where sku = 'D-1'").execute(&shop.pool).await.unwrap();
    for (search, expected) in [
        ("sort=title", vec!["100% wool_throw", "Adit vase", "Scree &lt;b&gt;bowl", "Tarn mug"]),
        ("sort=-title", vec!["Tarn mug", "Scree &lt;b&gt;bowl", "Adit vase", "100% wool_throw"]),
        ("sort=price&status=active", vec!["Tarn mug", "Scree &lt;b&gt;bowl", "Adit vase"]),
        ("sort=-stock&status=active", vec!["Adit vase", "Tarn mug", "Scree &lt;b&gt;bowl"]),
        ("sort=role", vec!["Adit vase", "Scree &lt;b&gt;bowl", "100% wool_throw", "Tarn mug"]),
        ("q=cree", vec!["Scree &lt;b&gt;bowl"]),
        ("q=d-1", vec!["Adit vase"]),
        ("q=handm", vec!["Tarn mug"]),
        ("q=Ta", vec!["Tarn mug"]),
        ("q=0%25", vec![]),
        ("q=00%25", vec!["100% wool_throw"]),
        ("q=wool_", vec!["100% wool_throw"]),
        ("q=%27%3B--%00", vec![]),
        ("status=draft", vec!["100% wool_throw"]),
        ("stock=low", vec!["100% wool_throw"]),
        ("stock=out", vec!["Scree &lt;b&gt;bowl"]),
        ("sale=yes", vec!["Adit vase"]),
        ("picture=none&sort=title&category=none", vec!["100% wool_throw", "Adit vase"]),
    ] {
        let answer = browser.get(&format!("/admin/products?{search}")).await;
        assert_eq!((answer.status, titles(&answer.body)), (StatusCode::OK, expected), "{search}");
    }
    let below = browser.get(&format!("/admin/products?category={table}&sort=title")).await.body;
    assert_eq!(titles(&below), ["Scree &lt;b&gt;bowl", "Tarn mug"]);
    assert!(below.contains("Table › Mugs") && below.contains("2 products"), "{below}");
    let whole = browser.get("/admin/products").await;
    assert_eq!(whole.header("cache-control"), "no-store");
    assert!(
        whole.body.contains("€24.00 – €50.00") && whole.body.contains("4 products") && whole.body.contains(">now<")
    );
    assert!(browser.get("/admin/products?q=nothing").await.body.contains("No product is like that"));
    assert!(browser.get("/admin/products?page=9").await.body.contains("There is no such page"));
    assert_eq!(browser.get("/admin/products?page=4294967295&size=100").await.status, StatusCode::OK);

    for n in 0..30 {
        add(&shop.pool, Product { slug: &format!("p{n}"), title: &format!("Plate {n:02}"), ..Product::default() })
            .await;
    }
    let second = browser.get("/admin/products?q=plate&sort=title&size=25&page=2").await.body;
    assert_eq!(titles(&second), ["Plate 25", "Plate 26", "Plate 27", "Plate 28", "Plate 29"]);
    assert!(second.contains("rel=\"prev\"") && !second.contains("rel=\"next\""));
    assert!(second.contains("aria-sort=\"ascending\""));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_not_there_is_not_found(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = staff(&shop, &EDITOR, "editor").await;
    let nobody = Uuid::now_v7().to_string();
    for id in [nobody.as_str(), "x", "..%2F", "1%00"] {
        assert_eq!(browser.get(&format!("/admin/products/{id}")).await.status, StatusCode::NOT_FOUND, "{id}");
    }
    for form in ["save", "grid", "draft", "discard_draft", "remove", "restore", "set_price", "set_stock"] {
        let fields =
            [("product", nobody.as_str()), ("variant", &nobody), ("version", "1"), ("price", "1"), ("stock", "1")];
        assert_eq!(act(&browser, form, &fields).await.status, StatusCode::NOT_FOUND, "{form}");
    }
}
