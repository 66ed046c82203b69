//! Products as the staff work on them (rows 28, 29, 44 and 46 of the bar, and B7).

use crate::accounts::{ANN, Browser, Person};
use crate::shop::{Answer, Product, Shop, add, add_category};
use app::cart::api::Acted;
use app::error::AppError;
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use sqlx::PgPool;
use uuid::Uuid;

const EDITOR: Person = Person { username: "edith", email: "edith@example.com", password: "a heron at the weir" };

/// A form, as the shop's script posts it.
async fn act(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/admin/products/{form}"), &headers, &encoded(fields)).await
}

/// A form, as a browser posts it by itself.
async fn post(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/admin/products/{form}"), &headers, &encoded(fields)).await
}

fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn acted(answer: &Answer) -> Acted {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("an Acted")
}

fn refused(answer: &Answer) -> AppError {
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.body);
    serde_json::from_str(&answer.body).expect("an AppError")
}

/// Fields that are wrong, in order.
fn wrong(answer: &Answer) -> Vec<String> {
    match refused(answer) {
        AppError::Invalid { fields } => fields.into_iter().map(|one| one.field).collect(),
        other => panic!("{other:?}"),
    }
}

async fn staff<'a>(shop: &'a Shop, person: &Person, role: &str) -> Browser<'a> {
    shop.account(person, role).await;
    let browser = shop.browser();
    let answer = browser.log_in(person.email, person.password).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    browser
}

async fn text(pool: &PgPool, query: &'static str) -> String {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

/// What stands in a form's field: hidden ones, inputs and the like.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let name = format!(" name=\"{name}\"");
    let tag = page.split('<').filter_map(|tag| tag.split('>').next()).find(|tag| tag.contains(&name));
    let tag = tag.unwrap_or_else(|| panic!("{name} in {page}"));
    tag.split(" value=\"").nth(1).and_then(|value| value.split('"').next()).unwrap_or_default()
}

/// The fields of a plain product's form, as its page has them.
fn form_of(page: &str, id: &str) -> Vec<(String, String)> {
    let form = page.split("product-form").nth(1).expect("the form");
    let body = form.split("<textarea").nth(1).and_then(|rest| rest.split_once('>')).expect("a description").1;
    let body = body.split("</textarea>").next().unwrap().trim_start_matches('\n');
    let selected = |name: &str| {
        let select = form.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
        let option = select.split("<option ").find(|option| option.contains("selected")).unwrap();
        option.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let mut fields = vec![("product".to_owned(), id.to_owned()), ("page".to_owned(), format!("/admin/products/{id}"))];
    for name in ["version", "title", "slug", "vendor", "tags"] {
        fields.push((name.to_owned(), value(form, name).to_owned()));
    }
    for name in ["id", "price", "compare_at", "sku", "add"] {
        let name = format!("variants[0][{name}]");
        fields.push((name.clone(), value(form, &name).to_owned()));
    }
    fields.push(("body".to_owned(), body.replace("&lt;", "<").replace("&gt;", ">")));
    fields.push(("category".to_owned(), selected("category")));
    fields.push(("status".to_owned(), selected("status")));
    fields
}

fn with<'a>(fields: &'a [(String, String)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields
        .iter()
        .map(|(name, value)| {
            let changed = changes.iter().find(|(changed, _)| changed == name);
            (name.as_str(), changed.map_or(value.as_str(), |(_, value)| *value))
        })
        .collect()
}

const NEW: [(&str, &str); 8] = [
    ("title", "Tarn mug"),
    ("body", "A mug.\r\n\r\nOf clay."),
    ("status", "active"),
    ("tags", "new, kitchen"),
    ("variants[0][price]", "24"),
    ("variants[0][compare_at]", "30.00"),
    ("variants[0][sku]", "TARN"),
    ("variants[0][add]", "7"),
];

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
    let moved = "select string_agg(delta || ' ' || reason || ' ' || actor, ', ' order by id) from stock_movements";
    assert_eq!(text(&shop.pool, moved).await, "7 edit edith, -2 correction system, -1 edit edith");

    let old = shop.get_until("/products/tarn-mug?variant=TARN", |page| page.status.is_redirection()).await;
    assert_eq!(old.header("location"), "/products/tarn-beaker?variant=TARN");
    let scripted = "/api/catalog/page?path=/products/tarn-mug&search=";
    assert!(shop.get_until(scripted, |page| page.body.contains("Tarn beaker")).await.body.contains("Tarn beaker"));
    assert_eq!(shop.get("/products/none").await.status, StatusCode::NOT_FOUND);

    let trail =
        "select string_agg(act || ' ' || actor || ' ' || subject || ' ' || (request_id <> ''), ', ' order by id)
                 from audit_log where subject_kind = 'product'";
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
    let versus = page.split("versus").nth(1).unwrap().split("</section>").next().unwrap();
    for (field, theirs, mine) in [
        ("Title", "Tarn beaker", "Tarn &lt;cup&gt;"),
        ("Description", "&lt;p&gt;A mug.&lt;/p&gt;", "&lt;p&gt;A cup.&lt;/p&gt;"),
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
}

#[sqlx::test(migrations = "../migrations")]
async fn variants_are_changed_in_one_form_and_may_exchange_their_numbers(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { colours: &["Sage", "Rust"], ..Product::default() }).await.to_string();
    let browser = staff(&shop, &EDITOR, "editor").await;
    let page = browser.get(&format!("/admin/products/{id}")).await.body;
    assert!(page.contains("Price of Sage") && page.contains("Import a file to change options"), "{page}");
    let variants: Vec<(String, String)> = (0..2)
        .map(|at| (format!("variants[{at}][id]"), value(&page, &format!("variants[{at}][id]")).to_owned()))
        .collect();
    let mut fields = vec![("product", id.as_str()), ("version", "1"), ("title", "Tarn mug"), ("status", "active")];
    fields.extend(variants.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    fields.extend([
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
    for form in ["save", "remove", "restore", "set_price", "set_stock"] {
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
    let parallel = join_all((0..20).map(|_| send("set_stock", "4", "5", "+1"))).await;
    assert_eq!(parallel.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    let row = "select concat_ws(' ', v.price, v.on_hand, p.version) from variants v, products p";
    assert_eq!(text(&shop.pool, row).await, "1950 6 5");

    let json = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    let fields = [
        ("variant", variant.as_str()),
        ("version", "5"),
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
    for form in ["save", "remove", "restore", "set_price", "set_stock"] {
        let fields =
            [("product", nobody.as_str()), ("variant", &nobody), ("version", "1"), ("price", "1"), ("stock", "1")];
        assert_eq!(act(&browser, form, &fields).await.status, StatusCode::NOT_FOUND, "{form}");
    }
}
