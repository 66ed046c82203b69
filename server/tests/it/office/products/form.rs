//! One product: made, changed, archived and deleted.

use super::*;
use crate::shop::until_somebody_waits;
use std::collections::BTreeSet;

#[sqlx::test(migrations = "../migrations")]
async fn a_product_is_made_changed_and_found_under_both_its_names(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = staff(&shop, &EDITOR, "editor").await;
    let table = add_category(&shop.pool, None, "table", "Table").await.to_string();
    let fields: Vec<_> = NEW.into_iter().chain([("category", table.as_str())]).collect();
    let path = acted(&act(&browser, "save", &fields).await).next.path;
    let id = path.strip_prefix("/admin/products/").unwrap().to_owned();
    let row = "select concat_ws('|', slug, body_html, tags::text, status, price_min, compare_at, on_hand, version)
               from products";
    let expected = "tarn-mug|<p>A mug.</p>\n<p>Of clay.</p>|{new,kitchen}|active|2400|3000|7|1";
    assert_eq!(text(&shop.pool, row).await, expected);
    assert!(shop.get_until("/products/tarn-mug", |page| page.status == StatusCode::OK).await.body.contains("Of clay."));

    let page = browser.get(&path).await.body;
    assert!(page.contains("Shoppers see it.") && page.contains("Stock: 7 now"), "{page}");
    let form = form_of(&page, &id);
    // Someone buys two while the form is open: that is not a change of the product, and stays.
    sqlx::query("update variants set on_hand = on_hand - 2").execute(&shop.pool).await.unwrap();
    let changes = [("title", "Tarn beaker"), ("slug", ""), ("variants[0][add]", "-1"), ("variants[0][price]", "26.5")];
    let answer = post(&browser, "save", &with(&form, &changes)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, path.as_str()), "{}", answer.body);
    let expected = "tarn-beaker|<p>A mug.</p>\n<p>Of clay.</p>|{new,kitchen}|active|2650|3000|4|2";
    assert_eq!(text(&shop.pool, row).await, expected);
    let moved =
        "select string_agg(delta || ' ' || reason || ' ' || coalesce(person(actor_id), actor), ', ' order by id)
                 from stock_movements";
    assert_eq!(text(&shop.pool, moved).await, "7 edit edith, -2 correction system, -1 edit edith");

    let old = shop.get_until("/products/tarn-mug?variant=TARN", |page| page.status.is_redirection()).await;
    assert_eq!(old.header("location"), "/products/tarn-beaker?variant=TARN");
    let scripted = "/api/catalog/page?path=/products/tarn-mug&search=";
    assert!(shop.get_until(scripted, |page| page.body.contains("Tarn beaker")).await.body.contains("Tarn beaker"));
    assert_eq!(shop.get("/products/none").await.status, StatusCode::NOT_FOUND);

    let trail =
        "select string_agg(act || ' ' || actor || ' ' || subject || ' ' || (request_id <> ''), ', ' order by id)
                 from trail where subject_kind = 'product'";
    assert_eq!(
        text(&shop.pool, trail).await,
        "product.create edith Tarn mug true, product.update edith Tarn beaker true"
    );
    let changed = "select (before || '{}')::text || after::text from audit_log where act = 'product.update'";
    let changed = text(&shop.pool, changed).await;
    assert!(changed.contains(r#""stock": 5"#) && changed.contains(r#""stock": 4"#), "{changed}");
    assert!(!changed.contains("tags"), "only what changed: {changed}");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_comes_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = staff(&shop, &EDITOR, "editor").await;
    add(&shop.pool, Product { slug: "bowl", ..Product::default() }).await;
    let fields = [("title", " "), ("status", "none"), ("variants[0][price]", "1,000.00"), ("variants[0][add]", "1e9")];
    let answer = act(&browser, "save", &fields).await;
    assert_eq!(wrong(&answer), ["title", "status", "variants[0][price]", "variants[0][add]"]);
    for (field, hostile) in
        [("variants[0][price]", "-1"), ("variants[0][price]", "9223372036854775808"), ("variants[0][add]", "-1")]
    {
        let fields: Vec<_> =
            NEW.iter().map(|(name, value)| (*name, if *name == field { hostile } else { *value })).collect();
        assert_eq!(wrong(&act(&browser, "save", &fields).await), [field], "{hostile}");
    }
    for (field, taken) in
        [("slug", "bowl"), ("variants[0][sku]", "BOWL-0"), ("category", "018f0000-0000-7000-8000-000000000000")]
    {
        let mut fields = NEW.to_vec();
        fields.retain(|(name, _)| *name != field);
        fields.push((field, taken));
        assert_eq!(wrong(&act(&browser, "save", &fields).await), [field], "{taken}");
    }
    assert_eq!(number(&shop.pool, "select count(*) from products").await, 1);

    // Longer than a cookie.
    let long = format!("<p>{}</p><script>alert(1)</script>", "clay ".repeat(2000));
    let fields =
        [("title", "<b>Mug</b>"), ("body", long.as_str()), ("status", "draft"), ("page", "/admin/products/new")];
    let answer = post(&browser, "save", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/admin/products/new"));
    let page = browser.get("/admin/products/new").await.body;
    assert!(page.contains("&lt;b&gt;Mug&lt;/b&gt;") && page.contains("clay clay clay"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert(1)"));
    assert!(!browser.get("/admin/products/new").await.body.contains("clay clay"), "once");
}

#[sqlx::test(migrations = "../migrations")]
async fn of_two_who_edit_one_product_the_second_sees_both_versions(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { body: "<p>A mug.</p>", ..Product::default() }).await.to_string();
    let path = format!("/admin/products/{id}");
    let (first, second) = (staff(&shop, &EDITOR, "editor").await, staff(&shop, &ANN, "admin").await);
    let form = form_of(&first.get(&path).await.body, &id);
    assert_eq!(form_of(&second.get(&path).await.body, &id), form);
    acted(&act(&first, "save", &with(&form, &[("title", "Tarn beaker"), ("vendor", "Theirs")])).await);

    let mine = [("title", "Tarn <cup>"), ("body", "<p>A cup.</p>")];
    let by_script = act(&second, "save", &with(&form, &mine)).await;
    assert_eq!(by_script.status, StatusCode::CONFLICT);
    let answer = post(&second, "save", &with(&form, &mine)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
    assert_eq!(text(&shop.pool, "select title from products").await, "Tarn beaker", "nothing was overwritten");

    let page = second.get(&path).await.body;
    assert!(page.contains("Someone else changed this product") && page.contains("edith saved this product"), "{page}");
    let versus = page.split("data-key=\"versus\"").nth(1).unwrap().split("</section>").next().unwrap();
    for (field, theirs, mine) in [
        ("Title", "Tarn beaker", "Tarn &lt;cup&gt;"),
        ("Description", "A mug.", "&lt;p&gt;A cup.&lt;/p&gt;"),
        ("Vendor", "Theirs", "nothing"),
    ] {
        for words in [field, theirs, mine] {
            assert!(versus.contains(words), "{words}: {versus}");
        }
    }
    assert!(!versus.contains("Price") && page.contains("Save mine over it"), "{versus}");
    let mut again = form_of(&page, &id);
    for (_, value) in &mut again {
        *value = value.replace("&lt;", "<").replace("&gt;", ">");
    }
    assert!(again.contains(&("title".to_owned(), "Tarn <cup>".to_owned())), "{again:?}");
    acted(&act(&second, "save", &with(&again, &[])).await);
    let row = "select concat_ws('|', title, body_html, vendor, version) from products";
    assert_eq!(text(&shop.pool, row).await, "Tarn <cup>|<p>A cup.</p>||3");
    assert!(!second.get(&path).await.body.contains("Save mine over it"));
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_saves_of_one_version_one_is_done(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product::default()).await.to_string();
    let browser = staff(&shop, &EDITOR, "editor").await;
    let form = form_of(&browser.get(&format!("/admin/products/{id}")).await.body, &id);
    let changed = with(&form, &[("variants[0][add]", "5")]);
    let answers = join_all((0..20).map(|_| act(&browser, "save", &changed))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::CONFLICT).count(), 19);
    assert_eq!(number(&shop.pool, "select on_hand::bigint from variants").await, 15);

    // From one opening of the form they are one, and answered alike.
    acted(&act(&browser, "discard_draft", &[("product", &id)]).await);
    let again = form_of(&browser.get(&format!("/admin/products/{id}")).await.body, &id);
    let mut changed = with(&again, &[("variants[0][add]", "5")]);
    changed.push(("tab", "one"));
    let answers = join_all((0..20).map(|_| act(&browser, "save", &changed))).await;
    assert!(answers.iter().all(|answer| acted(answer).next.notice.as_deref() == Some("Saved Tarn mug")));
    assert_eq!(number(&shop.pool, "select on_hand::bigint from variants").await, 20);
    let unsaved = "select count(*) from product_drafts where typed is not null and tab = 'one'";
    assert_eq!(number(&shop.pool, unsaved).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_that_is_sent_twice_makes_one_product(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = staff(&shop, &EDITOR, "editor").await;
    let fields: Vec<_> = NEW.into_iter().chain([("tab", "one")]).collect();
    let made = |answer: &Answer| {
        let done = acted(answer);
        assert_eq!(done.next.notice.as_deref(), Some("Created Tarn mug"));
        done.next.path
    };
    let answers = join_all((0..20).map(|_| act(&browser, "save", &fields))).await;
    let paths: BTreeSet<String> = answers.iter().map(made).collect();
    assert_eq!(paths.len(), 1, "{paths:?}");
    assert_eq!(paths.first(), Some(&made(&act(&browser, "save", &fields).await)), "tried again later");
    let all = "select count(*) || ' ' || sum(on_hand) from products";
    assert_eq!(text(&shop.pool, all).await, "1 7");
    assert_eq!(number(&shop.pool, "select count(*) from audit_log where act = 'product.create'").await, 1);
    assert_eq!(number(&shop.pool, "select count(*) from product_drafts where typed is not null").await, 0);

    // Changed by who has gone back to it, or opened anew, it is another.
    let changed = |name: &str, value: &'static str| -> Vec<(&str, &str)> {
        let fields = fields.iter().filter(|(one, _)| *one != "variants[0][sku]");
        fields.map(|(one, was)| (*one, if *one == name { value } else { *was })).collect()
    };
    acted(&act(&browser, "save", &changed("title", "Tarn bowl")).await);
    acted(&act(&browser, "save", &changed("tab", "two")).await);
    // Without a script no form says where it is from: typed alike within a minute, it is a double click.
    let plain = NEW.map(|(name, value)| (name, if name == "title" { "Tarn plate" } else { value }));
    let plain: Vec<_> = plain.into_iter().filter(|(name, _)| *name != "variants[0][sku]").collect();
    let answers = join_all((0..20).map(|_| act(&browser, "save", &plain))).await;
    let paths: BTreeSet<String> = answers.iter().map(|answer| acted(answer).next.path).collect();
    assert_eq!(paths.len(), 1, "{paths:?}");
    sqlx::query("update product_idempotency_keys set at = at - interval '2 minutes'")
        .execute(&shop.pool)
        .await
        .unwrap();
    acted(&act(&browser, "save", &plain).await);
    let slugs = "select string_agg(slug, ' ' order by slug) from products";
    assert_eq!(text(&shop.pool, slugs).await, "tarn-bowl tarn-mug tarn-mug-2 tarn-plate tarn-plate-2");

    // Of what is gone there is no answer any more; and after a day of nothing.
    sqlx::query("delete from products where slug <> 'tarn-bowl'").execute(&shop.pool).await.unwrap();
    assert_eq!(number(&shop.pool, "select count(*) from product_idempotency_keys").await, 1);
    made(&act(&browser, "save", &fields).await);
    sqlx::query("update product_idempotency_keys set at = at - interval '25 hours'").execute(&shop.pool).await.unwrap();
    server::services::office::tidy_drafts(&shop.pool).await.unwrap();
    assert_eq!(number(&shop.pool, "select count(*) from product_idempotency_keys").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_address_that_nobody_typed_is_never_refused(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = staff(&shop, &EDITOR, "editor").await;
    let mut fields = NEW.to_vec();
    fields.retain(|(name, _)| *name != "variants[0][sku]");
    let vendors: Vec<String> = (0..20).map(|number| format!("Vendor {number}")).collect();
    let each = vendors.iter().map(|vendor| [fields.as_slice(), &[("vendor", vendor)]].concat());
    let answers = join_all(each.map(async |fields| act(&browser, "save", &fields).await)).await;
    for answer in &answers {
        acted(answer);
    }
    assert_eq!(text(&shop.pool, "select count(*) || ' ' || count(distinct slug) from products").await, "20 20");

    // Somebody gives the very address to theirs, between the look for a free one and its use.
    let bowl = add(&shop.pool, Product { slug: "bowl", title: "Bowl", ..Product::default() }).await;
    let mut other = shop.pool.begin().await.unwrap();
    let theirs = "update products set slug = 'scree-jug' where id = $1";
    sqlx::query(theirs).bind(bowl).execute(&mut *other).await.unwrap();
    let fields: Vec<_> =
        fields.into_iter().map(|(name, value)| (name, if name == "title" { "Scree jug" } else { value })).collect();
    let then = async {
        until_somebody_waits(&shop.pool).await;
        other.commit().await.unwrap();
    };
    let (answer, ()) = futures::join!(act(&browser, "save", &fields), then);
    acted(&answer);
    assert_eq!(text(&shop.pool, "select slug from products where title = 'Scree jug'").await, "scree-jug-2");
}

#[sqlx::test(migrations = "../migrations")]
async fn variants_are_changed_in_one_form_and_may_exchange_their_numbers(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { colours: &["Sage", "Rust"], ..Product::default() }).await.to_string();
    let browser = staff(&shop, &EDITOR, "editor").await;
    let page = browser.get(&format!("/admin/products/{id}")).await.body;
    assert!(page.contains("Price of Sage") && page.contains("Values to add to Colour"), "{page}");
    let variants: Vec<(String, String)> = (0..2)
        .map(|at| (format!("variants[{at}][id]"), value(&page, &format!("variants[{at}][id]")).to_owned()))
        .collect();
    let mut fields = vec![("product", id.as_str()), ("version", "1"), ("title", "Tarn mug"), ("status", "active")];
    fields.extend(variants.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    fields.extend([
        ("options[0][name]", "Colour"),
        ("options[0][values][0]", "Sage"),
        ("options[0][values][1]", "Rust"),
        ("variants[0][of][0]", "Sage"),
        ("variants[1][of][0]", "Rust"),
        ("variants[0][price]", "20"),
        ("variants[0][sku]", "TARN-MUG-1"),
        ("variants[0][add]", "-11"),
        ("variants[1][price]", "22"),
        ("variants[1][sku]", "TARN-MUG-0"),
    ]);
    assert_eq!(wrong(&act(&browser, "save", &fields).await), ["variants[0][add]"], "there are ten");
    fields.retain(|(name, _)| *name != "variants[0][add]");
    fields.push(("variants[0][add]", "-10"));
    acted(&act(&browser, "save", &fields).await);
    let rows = "select string_agg(concat_ws(' ', option_values[1], sku, price, on_hand), ', ' order by position) from variants";
    assert_eq!(text(&shop.pool, rows).await, "Sage TARN-MUG-1 2000 0, Rust TARN-MUG-0 2200 10");
    // Another product's variant is none of this one's.
    add(&shop.pool, Product { slug: "bowl", ..Product::default() }).await;
    let other = text(&shop.pool, "select id::text from variants where sku = 'BOWL-0'").await;
    let foreign = [
        ("product", id.as_str()),
        ("version", "2"),
        ("title", "Tarn mug"),
        ("status", "active"),
        ("variants[0][id]", other.as_str()),
        ("variants[0][price]", "0.01"),
    ];
    assert_eq!(wrong(&act(&browser, "save", &foreign).await), [""]);
    assert_eq!(number(&shop.pool, "select min(price) from variants").await, 2000);
}

#[sqlx::test(migrations = "../migrations")]
async fn foreign_fields_change_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = staff(&shop, &EDITOR, "editor").await;
    let foreign = [
        ("id", "018f0000-0000-7000-8000-000000000000"),
        ("seq", "1"),
        ("price_min", "1"),
        ("on_hand", "999"),
        ("option_names[0]", "Size"),
        ("created_at", "2000-01-01"),
        ("role", "admin"),
        ("variants[0][on_hand]", "999"),
        ("variants[0][product_id]", "018f0000-0000-7000-8000-000000000000"),
        ("variants[0][version]", "99"),
    ];
    let fields: Vec<_> = NEW.into_iter().chain(foreign).collect();
    acted(&act(&browser, "save", &fields).await);
    let row =
        "select concat_ws('|', p.on_hand, p.price_min, p.option_names::text, p.created_at > now() - interval '1 hour',
                                p.id = v.product_id, v.version)
               from products p, variants v";
    assert_eq!(text(&shop.pool, row).await, "7|2400|{}|t|t|1");
    assert_eq!(text(&shop.pool, "select role from users").await, "editor");
}

#[sqlx::test(migrations = "../migrations")]
async fn only_who_works_on_the_catalogue_reaches_products(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product::default()).await.to_string();
    let support = staff(&shop, &ANN, "support").await;
    for path in ["/admin/products", "/admin/products/new", &format!("/admin/products/{id}")] {
        assert_eq!(support.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        let scripted = format!("/api/admin/page?path={path}&search=");
        let answer = support.send(Method::GET, &scripted, &[("accept", "application/json")], "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    for form in ["save", "grid", "draft", "discard_draft", "remove", "restore", "set_price", "set_stock"] {
        let answer = act(&support, form, &[("product", &id), ("version", "1"), ("title", "x")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
    }
    assert!(!support.get("/admin").await.body.contains("/admin/products"));
    assert_eq!(text(&shop.pool, "select title from products").await, "Tarn mug");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_product_goes_for_good_only_when_nobody_has_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await.to_string();
    let bowl = add(&shop.pool, Product { slug: "bowl", title: "Bowl", ..Product::default() }).await.to_string();
    let browser = staff(&shop, &EDITOR, "editor").await;
    let shopper = shop.browser();
    let json = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    shopper.send(Method::POST, "/api/cart/add_line", &json, "product=bowl&quantity=1").await;
    let page = browser.get(&format!("/admin/products/{bowl}")).await.body;
    assert!(page.contains("1 cart has it, so it can be archived but not deleted"), "{page}");

    let stale = act(&browser, "remove", &[("product", &mug), ("version", "0")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let gone = acted(&act(&browser, "remove", &[("product", &mug), ("version", "1")]).await);
    assert_eq!((gone.next.path.as_str(), gone.next.notice.as_deref()), ("/admin/products", Some("Deleted Tarn mug")));
    assert_eq!(browser.get(&format!("/admin/products/{mug}")).await.status, StatusCode::NOT_FOUND);
    let kept = acted(&act(&browser, "remove", &[("product", &bowl), ("version", "1")]).await);
    assert!(kept.next.notice.unwrap().starts_with("Archived Bowl"));
    let page = browser.get(&format!("/admin/products/{bowl}")).await.body;
    assert!(page.contains("It is archived.") && page.contains("Restore as a draft"), "{page}");
    acted(&act(&browser, "restore", &[("product", &bowl)]).await);
    assert!(browser.get(&format!("/admin/products/{bowl}")).await.body.contains("It is a draft."));
    let trail = "select string_agg(act, ' ' order by id) from audit_log where subject_kind = 'product'";
    assert_eq!(text(&shop.pool, trail).await, "product.delete product.archive product.restore");
}
