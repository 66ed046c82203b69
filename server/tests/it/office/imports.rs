//! Imports in the browser (rows 29, 43 and 46 of the bar, and B4).

use crate::accounts::{ANN, Browser, Person};
use crate::catalogue_file::{catalogues, eur};
use crate::shop::{Answer, Product, Shop, add};
use app::cart::api::Acted;
use app::error::AppError;
use app::form::Next;
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use serde_json::{Value, json};
use server::services::office::ImportWork;
use sqlx::PgPool;
use std::time::{Duration, Instant};
use uuid::Uuid;

const EDITOR: Person = Person { username: "edith", email: "edith@example.com", password: "a heron at the weir" };

async fn signed_in<'a>(shop: &'a Shop, person: &Person, role: &str) -> Browser<'a> {
    shop.account(person, role).await;
    let browser = shop.browser();
    assert_eq!(browser.log_in(person.email, person.password).await.status, StatusCode::OK);
    browser
}

/// The form of a new file.
async fn send_file(browser: &Browser<'_>, accept: &str, name: &str, file: &str) -> Answer {
    let body = format!(
        "--limes\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/csv\r\n\r\n\
         {file}\r\n--limes--\r\n"
    );
    let headers = [("accept", accept), ("content-type", "multipart/form-data; boundary=limes")];
    browser.send(Method::POST, "/api/admin/imports/upload", &headers, &body).await
}

/// Uploads a file and waits for its dry run.
async fn upload(browser: &Browser<'_>, file: &str) -> String {
    let answer = send_file(browser, "application/json", "new.csv", file).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let next: Next = serde_json::from_str(&answer.body).unwrap();
    let id = next.path.strip_prefix("/admin/imports/").unwrap().to_owned();
    settled(&browser.shop().pool, &id).await;
    id
}

/// Waits until nothing is at work on an import; says how that ended.
async fn settled(pool: &PgPool, import: &str) -> String {
    let import: Uuid = import.parse().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let state: String =
            sqlx::query_scalar("select state from imports where id = $1").bind(import).fetch_one(pool).await.unwrap();
        if !["checking", "applying", "undoing"].contains(&state.as_str()) {
            return state;
        }
        assert!(Instant::now() < patience, "{state}");
        tokio::task::yield_now().await;
    }
}

async fn act(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/admin/imports/{form}"), &headers, &body).await
}

async fn page(browser: &Browser<'_>, import: &str, search: &str) -> String {
    let answer = browser.get(&format!("/admin/imports/{import}{search}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

/// The dry run that the page's form names.
async fn seen(browser: &Browser<'_>, import: &str) -> String {
    let page = page(browser, import, "").await;
    let after = page.split("name=\"seen\" value=\"").nth(1).unwrap_or_else(|| panic!("no form in {page}"));
    after.split('"').next().unwrap().to_owned()
}

async fn apply(browser: &Browser<'_>, import: &str) -> String {
    let answer = act(browser, "apply", &[("import", import), ("seen", &seen(browser, import).await)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let _: Acted = serde_json::from_str(&answer.body).unwrap();
    settled(&browser.shop().pool, import).await
}

async fn undo(browser: &Browser<'_>, import: &str) -> String {
    let answer = act(browser, "undo", &[("import", import), ("password", EDITOR.password)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    settled(&browser.shop().pool, import).await
}

fn wrong(answer: &Answer, field: &str) -> String {
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.body);
    match serde_json::from_str(&answer.body).expect("an AppError") {
        AppError::Invalid { fields } => {
            fields.into_iter().find(|one| one.field == field).map(|one| one.message).unwrap_or_default()
        }
        other => panic!("{other:?}"),
    }
}

/// Every row of the catalogue, but for what each write changes.
async fn state(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select 'product ' || (to_jsonb(p) - array['version', 'updated_at'])::text from products p
         union all
         select 'variant ' || (to_jsonb(v) - array['version', 'updated_at'])::text from variants v
         union all
         select 'image ' || to_jsonb(i)::text from product_images i
         union all
         select 'category ' || to_jsonb(c)::text from categories c
         order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn counts(pool: &PgPool, import: &str) -> (i32, i32, i32, i32) {
    sqlx::query_as("select created, updated, unchanged, refused from imports where id = $1")
        .bind(import.parse::<Uuid>().unwrap())
        .fetch_one(pool)
        .await
        .unwrap()
}

async fn trail(pool: &PgPool, act: &str) -> Vec<(String, String, Value)> {
    sqlx::query_as("select actor, subject, after from audit_log where act = $1 order by id")
        .bind(act)
        .fetch_all(pool)
        .await
        .unwrap()
}

async fn run(pool: &PgPool, statements: &'static str) {
    sqlx::raw_sql(statements).execute(pool).await.unwrap();
}

async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

/// Whatever was done, the stock is what its movements come to.
async fn assert_sound(pool: &PgPool) {
    let unsound = "select count(*) from variants v
                   where v.on_hand <> (select coalesce(sum(delta), 0) from stock_movements m where m.variant_id = v.id)";
    assert_eq!(number(pool, unsound).await, 0, "stock that no movement explains");
}

const FILE: &str = "\
Handle,Title,Product Category,Tags,Variant SKU,Variant Inventory Qty,Variant Price,Status
tarn-mug,Tarn <b>beaker</b>,Kitchen > Mugs,\"clay, new\",TARN-MUG-0,7,26.50,active
bowl,Bowl,,,BOWL-0,10,24.00,active
pot,Pot,Kitchen > Pots,,POT,3,40,draft
";

/// A shop with two of the products of [`FILE`], one of which it changes.
async fn shop_with_products(pool: PgPool) -> Shop {
    add(&pool, Product::default()).await;
    add(&pool, Product { slug: "bowl", title: "Bowl", body: "", ..Product::default() }).await;
    Shop::open(pool).await
}

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
    let movement = "select count(*) from stock_movements where delta = -3 and reason = 'import' and actor = 'edith'";
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
    assert!(page(&browser, &again, "").await.contains("nothing to apply"));
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

#[sqlx::test(migrations = "../migrations")]
async fn every_bad_row_is_named_and_none_is_applied(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let before = state(&shop.pool).await;
    let mut file = FILE.to_owned() + "lid,Lid,,,LID,-1,\"1,000\",live\n,Nobody,,,,1,1,active\n";
    for at in 0..60 {
        file += &format!("bad-{at},Bad,,,,1,a <i>lot</i>,active\n");
    }
    let import = upload(&browser, &file).await;
    assert_eq!(counts(&shop.pool, &import).await, (1, 1, 1, 62));
    let told = page(&browser, &import, "").await;
    for part in ["can’t be applied", "Mend the rows below", "64 problems", "Refused (62)"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("Apply the import") && !told.contains("<i>lot"), "{told}");
    let row = |line: &str, column: &str, reason: &str| {
        let is = |row: &&str| row.contains(&format!(">{line}<")) && row.contains(&format!(">{column}<"));
        let found = told.split("<tr").find(is).unwrap_or_else(|| panic!("line {line}, {column}: {told}"));
        assert!(found.contains(reason), "{reason}: {found}");
    };
    row("5", "Variant Inventory Qty", "the least is 0");
    row("5", "Variant Price", "without thousands separators");
    row("5", "Status", "write active, draft or archived");
    row("6", "Handle", "is missing");
    let rest = page(&browser, &import, "?show=refused&page=2").await;
    assert!(rest.contains(">66<") && !rest.contains(">5<"), "{rest}");
    let answer = act(&browser, "apply", &[("import", &import), ("seen", "0")]).await;
    assert!(wrong(&answer, "").contains("Mend the rows"), "{}", answer.body);
    assert_eq!(state(&shop.pool).await, before);
    // The rest is shown as it would be.
    assert!(page(&browser, &import, "?show=changed").await.contains("data-key=\"tarn-mug\""));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_is_too_large_or_none_is_refused_in_words(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let head = "Handle,Title,Variant Price\n";
    let rows: String = (0..50_001).map(|at| format!("h{at},T,1\n")).collect();
    let import = upload(&browser, &[head, &rows].concat()).await;
    let told = page(&browser, &import, "").await;
    assert!(told.contains("the file has more than 50000 rows") && told.contains(">50,002<"), "{told}");
    assert!(!told.contains("Apply the import"));

    let padded = |bytes: usize| {
        let start = format!("{head}mug,Mug,1\n");
        let filler = "\n".repeat(bytes - start.len());
        start + &filler
    };
    let most = 10 * 1024 * 1024;
    let whole = upload(&browser, &padded(most)).await;
    assert_eq!(counts(&shop.pool, &whole).await, (1, 0, 0, 0), "it may have so many");
    for size in [most + 1, 2 * most] {
        let answer = send_file(&browser, "application/json", "big.csv", &padded(size)).await;
        assert!(wrong(&answer, "file").contains("larger than 10 MiB"), "{}", answer.body);
    }
    let answer = send_file(&browser, "text/html", "big.csv", &padded(most + 1)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/admin/imports"));
    assert!(browser.get("/admin/imports").await.body.contains("larger than 10 MiB"));

    assert!(wrong(&send_file(&browser, "application/json", "", "").await, "file").contains("Choose a file"));
    let headers = [("accept", "application/json"), ("content-type", "multipart/form-data; boundary=limes")];
    let cut = "--limes\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nHandle";
    let answer = browser.send(Method::POST, "/api/admin/imports/upload", &headers, cut).await;
    assert!(wrong(&answer, "file").contains("did not arrive whole"), "{}", answer.body);
    assert_eq!(number(&shop.pool, "select count(*) from imports").await, 2);

    let none = upload(&browser, "x").await;
    assert!(page(&browser, &none, "").await.contains("the first line must name the columns"));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_export_has_the_filter_no_formula_and_comes_back_unchanged(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    run(
        &shop.pool,
        "update products
         set title = '=1+1', vendor = '@home', seo_title = '-5', type = '+x', seo_description = chr(39) || '=y',
             tags = array['a, b']
         where slug = 'tarn-mug';
         insert into media (id, hash, width, height, widths)
         values ('018f0000-0000-7000-8000-00000000000a', sha256('a'), 10, 10, '{10}');
         insert into product_images (id, product_id, position, alt, media_id, source)
         select gen_random_uuid(), id, 1, '@alt', '018f0000-0000-7000-8000-00000000000a', 'mug.png'
         from products where slug = 'tarn-mug';
         insert into product_images (id, product_id, position, source)
         select gen_random_uuid(), id, 2, 'https://example.org/b.jpg' from products where slug = 'tarn-mug'",
    )
    .await;
    let file = browser.get("/admin/products.csv?sort=title").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"products.csv\"");
    assert_eq!(file.header("cache-control"), "no-store");
    let mut records = csv::Reader::from_reader(file.body.as_bytes());
    let records: Vec<csv::StringRecord> = records.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 3);
    for cell in records.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    let before = state(&shop.pool).await;
    let import = upload(&browser, &file.body).await;
    assert_eq!(counts(&shop.pool, &import).await, (0, 0, 2, 0), "{}", page(&browser, &import, "").await);
    // Changed, and changed back by the export, it is as it was.
    run(&shop.pool, "update products set title = 'Other', version = version + 1 where slug = 'tarn-mug'").await;
    let import = upload(&browser, &file.body).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(state(&shop.pool).await, before);

    let names = async |search: &str| -> Vec<String> {
        let body = browser.get(&format!("/admin/products.csv?{search}")).await.body;
        let mut records = csv::Reader::from_reader(body.as_bytes());
        let mut names: Vec<String> = records.records().map(|record| record.unwrap()[0].to_owned()).collect();
        names.dedup();
        names
    };
    assert_eq!(names("").await, ["tarn-mug", "bowl"]);
    assert_eq!(names("q=bowl").await, ["bowl"]);
    assert_eq!(names("picture=none&page=7&size=25").await, ["bowl"]);
    assert_eq!(names("status=draft").await, Vec::<String>::new());
    let table = browser.get("/admin/products?q=bowl&sort=title").await.body;
    assert!(table.contains("href=\"/admin/products.csv?q=bowl\""), "{table}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_large_export_comes_in_pieces_and_misses_none(pool: PgPool) {
    let shop = Shop::open(pool).await;
    run(
        &shop.pool,
        "insert into products (id, slug, title) select gen_random_uuid(), 'p' || n, 'P' from generate_series(1, 1203) n;
         insert into variants (id, product_id, position, price) select gen_random_uuid(), id, 1, 100 from products",
    )
    .await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let body = browser.get("/admin/products.csv").await.body;
    let mut records = csv::Reader::from_reader(body.as_bytes());
    let mut handles: Vec<String> = records.records().map(|record| record.unwrap()[0].to_owned()).collect();
    let mut expected: Vec<String> = (1..=1203).map(|at| format!("p{at}")).collect();
    handles.sort();
    expected.sort();
    assert_eq!(handles, expected);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_template_is_a_file_that_can_be_imported(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let template = browser.get("/admin/imports/template.csv").await;
    assert_eq!(template.header("content-disposition"), "attachment; filename=\"products-template.csv\"");
    let import = upload(&browser, &template.body).await;
    assert_eq!(counts(&shop.pool, &import).await, (1, 0, 0, 0), "{}", page(&browser, &import, "").await);
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(number(&shop.pool, "select count(*) from products where status = 'draft'").await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn pictures_without_an_address_are_the_shop_s_own(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let file = |image: &str| format!("Handle,Title,Variant Price,Image Src\ntarn-mug,Tarn mug,24,{image}\n");
    let import = upload(&browser, &file("mug.png")).await;
    assert!(page(&browser, &import, "").await.contains("the shop has no picture of this name"));
    let import = upload(&browser, &file("https://example.org/mug.jpg")).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    let kept = "select count(*) from product_images where source = 'https://example.org/mug.jpg' and media_id is null";
    assert_eq!(number(&shop.pool, kept).await, 1, "it stays where it is");
}

#[sqlx::test(migrations = "../migrations")]
async fn editors_and_admins_import_and_nobody_else(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let editor = signed_in(&shop, &EDITOR, "editor").await;
    let sue = Person { username: "sue", email: "sue@example.com", ..EDITOR };
    let ada = Person { username: "ada", email: "ada@example.com", ..EDITOR };
    let support = signed_in(&shop, &sue, "support").await;
    let shopper = signed_in(&shop, &ANN, "shopper").await;
    let stranger = shop.browser();
    let import = upload(&editor, FILE).await;
    let seen = seen(&editor, &import).await;
    let before = state(&shop.pool).await;
    let place = format!("/admin/imports/{import}");
    for (browser, refused) in
        [(&support, StatusCode::FORBIDDEN), (&shopper, StatusCode::FORBIDDEN), (&stranger, StatusCode::UNAUTHORIZED)]
    {
        for form in ["check", "apply", "undo"] {
            let answer = act(browser, form, &[("import", &import), ("seen", &seen)]).await;
            assert_eq!(answer.status, refused, "{form}: {}", answer.body);
        }
        assert_eq!(send_file(browser, "application/json", "x.csv", FILE).await.status, refused);
        for path in ["/admin/imports", &place, "/admin/imports/template.csv", "/admin/products.csv"] {
            let answer = browser.get(path).await;
            let away = answer.status == StatusCode::FORBIDDEN || answer.header("location").starts_with("/login?next=");
            assert!(away, "{path}: {}", answer.status);
            assert!(!answer.body.contains("tarn-mug"), "{path}");
        }
    }
    assert!(send_file(&stranger, "text/html", "x.csv", FILE).await.header("location").starts_with("/login?next="));
    assert_eq!(state(&shop.pool).await, before);
    assert_eq!(number(&shop.pool, "select count(*) from imports").await, 1);
    let admin = signed_in(&shop, &ada, "admin").await;
    assert_eq!(apply(&admin, &import).await, "applied", "also what another has uploaded");
    assert_eq!(admin.get("/admin/imports/018f0000-0000-7000-8000-000000000000").await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.get("/admin/imports/none").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_old_log_in_gives_the_password_again(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    let seen = seen(&browser, &import).await;
    let before = state(&shop.pool).await;
    let stale = "update sessions set authenticated_at = now() - interval '16 minutes'";
    run(&shop.pool, stale).await;
    let told = page(&browser, &import, "").await;
    assert!(told.contains("Asked for again"), "{told}");
    let fields = [("import", import.as_str()), ("seen", seen.as_str())];
    assert!(!wrong(&act(&browser, "apply", &fields).await, "password").is_empty());
    let with = |password| [fields[0], fields[1], ("password", password)];
    assert!(!wrong(&act(&browser, "apply", &with("not the password")).await, "password").is_empty());
    assert_eq!(state(&shop.pool).await, before);
    let answer = act(&browser, "apply", &with(EDITOR.password)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(settled(&shop.pool, &import).await, "applied");
    run(&shop.pool, stale).await;
    assert!(!wrong(&act(&browser, "undo", &fields).await, "password").is_empty());
    assert_eq!(undo(&browser, &import).await, "undone");
    assert_eq!(state(&shop.pool).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_import_whose_process_is_gone_can_be_applied_again(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    run(&shop.pool, "update imports set state = 'applying', attempt = attempt + 1, beat_at = now()").await;
    let told = page(&browser, &import, "").await;
    assert!(told.contains("data-polls") && !told.contains("Apply the import"), "at work: {told}");
    // It is at work elsewhere: this is no second one.
    assert_eq!(act(&browser, "apply", &[("import", &import), ("seen", "0")]).await.status, StatusCode::OK);
    assert!(trail(&shop.pool, "import.apply").await.is_empty());

    run(&shop.pool, "update imports set beat_at = now() - interval '21 seconds'").await;
    let told = page(&browser, &import, "").await;
    assert!(told.contains("Interrupted") && told.contains("Nothing was changed"), "{told}");
    assert!(!told.contains("data-polls"));
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(trail(&shop.pool, "import.apply").await.len(), 1);

    run(&shop.pool, "update imports set state = 'undoing', beat_at = now() - interval '21 seconds'").await;
    ImportWork::new(shop.pool.clone(), eur()).tidy().await.unwrap();
    let told = page(&browser, &import, "").await;
    assert!(told.contains("The server stopped") && told.contains("Undo the import"), "{told}");
    assert_eq!(undo(&browser, &import).await, "undone");
}

/// A process that was believed dead, and comes back when another has begun, commits nothing.
#[sqlx::test(migrations = "../migrations")]
async fn who_has_lost_the_claim_ends_nothing(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    let seen = seen(&browser, &import).await;
    let before = state(&shop.pool).await;
    // Another import keeps it waiting.
    let mut busy = shop.pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(hashtext('catalogue import'))").execute(&mut *busy).await.unwrap();
    let answer = act(&browser, "apply", &[("import", &import), ("seen", &seen)]).await;
    assert!(answer.body.contains("being applied"), "{}", answer.body);
    run(&shop.pool, "update imports set attempt = attempt + 1").await;
    busy.rollback().await.unwrap();
    // The next in turn, in this process, is after it.
    let other = upload(&browser, "Handle,Title,Variant Price\nlid,Lid,1\n").await;
    assert_eq!(counts(&shop.pool, &other).await, (1, 0, 0, 0));
    assert_eq!(state(&shop.pool).await, before);
    assert!(trail(&shop.pool, "import.apply").await.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn old_files_are_thrown_away_and_the_history_stays(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let applied = upload(&browser, FILE).await;
    assert_eq!(apply(&browser, &applied).await, "applied");
    let waiting = upload(&browser, &FILE.replace("26.50", "27")).await;
    let work = ImportWork::new(shop.pool.clone(), eur());
    let kept = "select (select count(*) from import_products) + (select count(*) from imports where file is not null)";
    let all = number(&shop.pool, kept).await;
    work.tidy().await.unwrap();
    assert_eq!(number(&shop.pool, kept).await, all);
    let later = "update imports set created_at = created_at - interval '31 days',
                                    applied_at = applied_at - interval '31 days'";
    run(&shop.pool, later).await;
    work.tidy().await.unwrap();
    assert_eq!(number(&shop.pool, kept).await, 3, "those of the one that can be undone");
    let told = page(&browser, &waiting, "").await;
    assert!(told.contains("are gone by now") && !told.contains("Apply the import"), "{told}");
    assert!(page(&browser, &applied, "").await.contains("Undo the import"));
    run(&shop.pool, "update imports set applied_at = applied_at - interval '61 days'").await;
    work.tidy().await.unwrap();
    assert_eq!(number(&shop.pool, kept).await, 0);
    assert!(!wrong(&act(&browser, "undo", &[("import", &applied)]).await, "").is_empty());
    assert_eq!(number(&shop.pool, "select count(*) from imports").await, 2);
}
