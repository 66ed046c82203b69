//! Which products are chosen, and by whom.

use super::*;

#[sqlx::test(migrations = "../migrations")]
async fn the_filter_s_products_are_chosen_on_all_its_pages(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    many(&shop, 120).await;
    let table = browser.get("/admin/products?q=thing&size=25&status=active").await.body;
    assert!(table.contains("All 120 that match") && table.contains("All 25 on this page"), "{table}");
    assert!(table.contains("Select thing 1"), "{table}");
    let edit = begin(&browser, &[("which", "filter"), ("filter", "q=thing&status=active")]).await;
    let page = browser.get(&format!("/admin/products/bulk/{edit}?act=price")).await.body;
    assert!(page.contains("120 products chosen, all that matched the filter"), "{page}");
    let page = preview(&browser, &edit, "status", &[("status", "draft")]).await;
    assert!(page.contains("120 products would change."), "{page}");
    let edit = begin(&browser, &[("which", "filter"), ("filter", "status=draft")]).await;
    assert!(browser.get(&format!("/admin/products/bulk/{edit}")).await.body.contains("1 product chosen"));
    let on_page = ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(",");
    let edit = begin(&browser, &[("page_all", "all"), ("on_page", &on_page)]).await;
    assert!(browser.get(&format!("/admin/products/bulk/{edit}")).await.body.contains("3 products chosen"));
    let none = [("which", "filter"), ("filter", "q=nothing+at+all"), ("on_page", on_page.as_str())];
    assert_eq!(beside(&act(&browser, "bulk/begin", &none).await, ""), "No product matches any more");
    assert_eq!(beside(&act(&browser, "bulk/begin", &[]).await, ""), "Select some products first");
}

#[sqlx::test(migrations = "../migrations")]
async fn more_than_a_hundred_rows_ask_for_the_password_after_a_while(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    many(&shop, 101).await;
    stale(&shop).await;
    let edit = begin(&browser, &[("which", "filter")]).await;
    let page = preview(&browser, &edit, "status", &[("status", "draft")]).await;
    assert!(page.contains("Your own password"), "{page}");
    let seen = seen(&page);
    let with = |password| [("edit", edit.as_str()), ("seen", seen.as_str()), ("password", password)];
    for password in ["", "not the password"] {
        assert!(!beside(&act(&browser, "bulk/apply", &with(password)).await, "password").is_empty());
    }
    assert_eq!(number(&shop.pool, "select count(*) from products where status = 'draft'").await, 0);
    done(&browser, "bulk/apply", &with(EDD.password)).await;
    assert_eq!(number(&shop.pool, "select count(*) from products where status = 'draft'").await, 101);
    stale(&shop).await;
    assert!(!beside(&undo(&browser, &edit).await, "password").is_empty());
    done(&browser, "bulk/undo", &with(EDD.password)).await;
    assert_eq!(number(&shop.pool, "select count(*) from products where status = 'draft'").await, 0);

    // Fewer are no danger.
    run(&shop.pool, "delete from products where slug = 'thing-1'").await;
    stale(&shop).await;
    let edit = begin(&browser, &[("which", "filter")]).await;
    let page = preview(&browser, &edit, "status", &[("status", "draft")]).await;
    assert!(!page.contains("Your own password"), "{page}");
    assert_eq!(apply(&browser, &edit, &self::seen(&page)).await, "The edit is applied");
    assert_eq!(undo(&browser, &edit).await.status, StatusCode::OK);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_deleted_or_moved_by_the_hundred_asks_for_the_password_too(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    many(&shop, 101).await;
    let from = add_category(&shop.pool, None, "from", "From").await;
    let into = add_category(&shop.pool, None, "into", "Into").await.to_string();
    sqlx::query("update products set category_id = $1").bind(from).execute(&shop.pool).await.unwrap();
    let (from, product) = (from.to_string(), text(&shop.pool, "select id::text from products limit 1").await);
    stale(&shop).await;
    for (form, fields) in [
        ("categories/merge", [("category", from.as_str()), ("into", into.as_str())]),
        ("categories/delete", [("category", from.as_str()), ("products", "none")]),
        ("products/remove", [("product", product.as_str()), ("version", "1")]),
    ] {
        assert!(!beside(&act(&browser, form, &fields).await, "password").is_empty(), "{form}");
    }
    assert!(browser.get(&format!("/admin/categories/{from}")).await.body.contains("Your own password"));
    assert!(browser.get(&format!("/admin/products/{product}")).await.body.contains("Your own password"));
    let fields = [("product", product.as_str()), ("version", "1"), ("password", EDD.password)];
    done(&browser, "products/remove", &fields).await;
    assert_eq!(number(&shop.pool, "select count(*) from products").await, 100);
    stale(&shop).await;
    let fields = [("category", from.as_str()), ("version", "1"), ("seen", "100"), ("into", &into)];
    done(&browser, "categories/merge", &fields).await;
    let moved = "select count(*) from products p join categories c on c.id = p.category_id where c.slug = 'into'";
    assert_eq!(number(&shop.pool, moved).await, 100);
}

#[sqlx::test(migrations = "../migrations")]
async fn only_those_who_keep_the_catalogue_reach_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let editor = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    let edit = choose(&editor, &ids).await;
    let seen = seen(&preview(&editor, &edit, "status", &[("status", "archived")]).await);
    let support = signed_in(&shop, &SUE, "support").await;
    for (form, fields) in [
        ("bulk/begin", vec![("which", "filter")]),
        ("bulk/status", vec![("edit", edit.as_str()), ("status", "draft")]),
        ("bulk/apply", vec![("edit", edit.as_str()), ("seen", seen.as_str())]),
        ("bulk/undo", vec![("edit", edit.as_str())]),
    ] {
        assert_eq!(act(&support, form, &fields).await.status, StatusCode::FORBIDDEN, "{form}");
    }
    for path in ["/admin/products/bulk".to_owned(), format!("/admin/products/bulk/{edit}")] {
        assert_eq!(support.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let admin = signed_in(&shop, &ADA, "admin").await;
    assert_eq!(apply(&admin, &edit, &seen).await, "The edit is applied");
    for id in ["none", "018f0000-0000-7000-8000-000000000000"] {
        assert_eq!(admin.get(&format!("/admin/products/bulk/{id}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(act(&admin, "bulk/undo", &[("edit", id)]).await.status, StatusCode::NOT_FOUND);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn without_javascript_it_goes_from_page_to_page(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let ids = three(&shop).await;
    let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    let post = async |form: &str, fields: &[(&str, &str)]| {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = browser.send(Method::POST, &format!("/api/admin/bulk/{form}"), &headers, &body).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{form}: {}", answer.body);
        answer.header("location").to_owned()
    };
    let mug = ids[1].to_string();
    let chosen = post("begin", &[("products[]", &mug), ("act", "price"), ("page", "/admin/products")]).await;
    let edit = chosen.strip_prefix("/admin/products/bulk/").unwrap().strip_suffix("?act=price").unwrap().to_owned();
    let fields =
        [("edit", edit.as_str()), ("change", "lower_percent"), ("by", "a lot"), ("rounding", "99"), ("page", &chosen)];
    assert_eq!(post("price", &fields).await, chosen);
    let page = browser.get(&chosen).await.body;
    assert!(page.contains("Write a percentage in digits") && page.contains("value=\"a lot\""), "{page}");
    let fields = [("edit", edit.as_str()), ("change", "lower_percent"), ("by", "10"), ("rounding", "exact")];
    let preview = post("price", &fields).await;
    let seen = seen(&browser.get(&preview).await.body);
    assert_eq!(post("apply", &[("edit", &edit), ("seen", &seen), ("page", &preview)]).await, preview);
    let page = browser.get(&preview).await.body;
    assert!(page.contains("The edit is applied") && page.contains("Undo this edit"), "{page}");
    assert_eq!(number(&shop.pool, "select price from variants where sku = 'MUG-0'").await, 2160);
    assert_eq!(post("undo", &[("edit", &edit), ("page", &preview)]).await, preview);
    assert_eq!(number(&shop.pool, "select price from variants where sku = 'MUG-0'").await, 2400);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_ticked_on_other_pages_is_chosen_too(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ids = three(&shop).await;
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let browser = signed_in(&shop, &EDD, "editor").await;
    let chosen = async |fields: &[(&str, &str)]| {
        let edit = begin(&browser, fields).await;
        let page = browser.get(&format!("/admin/products/bulk/{edit}")).await.body;
        ["1 product chosen", "2 products chosen", "3 products chosen"].iter().position(|words| page.contains(words))
    };
    let others = [ids[1].as_str(), &ids[2]].join(",");
    assert_eq!(chosen(&[("products[]", &ids[0]), ("elsewhere", &others)]).await, Some(2));
    assert_eq!(chosen(&[("elsewhere", &others)]).await, Some(1));
    assert_eq!(chosen(&[("products[]", &ids[1]), ("elsewhere", &others)]).await, Some(1), "one is chosen once");
    // The box above the column means its page beside what is ticked elsewhere; to choose the page means it alone.
    let page = [("on_page", ids[0].as_str()), ("elsewhere", &others)];
    assert_eq!(chosen(&[page[0], page[1], ("page_all", "all")]).await, Some(2));
    assert_eq!(chosen(&[page[0], page[1], ("which", "page")]).await, Some(0));
    let table = browser.get("/admin/products").await.body;
    assert!(table.contains("name=\"elsewhere\" value=\"\""), "without a script there is nothing elsewhere: {table}");
}
