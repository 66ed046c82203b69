//! Which columns the tables show, and what they ask of a large database.

use super::staff::{ADA, EDD, SUE, act, beside, done, signed_in};
use crate::accounts::Browser;
use crate::queries::Heard;
use crate::shop::{Product, Shop, add, add_category};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// Labels of a table's cells in its first row, but for the box that selects it.
fn cells(page: &str) -> Vec<&str> {
    let row = page.split_once("<tbody>").unwrap().1.split_once("</tr>").unwrap().0;
    let labels = row.split("data-label=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    labels.filter(|label| *label != "Select").collect()
}

fn headings(page: &str) -> usize {
    page.split_once("<thead>").unwrap().1.split_once("</thead>").unwrap().0.matches("<th").count()
}

/// The address of the first link with this text.
fn href(page: &str, text: &str) -> String {
    let before = page.split_once(&format!(">{text}</a>")).unwrap_or_else(|| panic!("no {text}: {page}")).0;
    let link = before.rsplit_once("<a ").unwrap().1;
    link.split_once("href=\"").unwrap().1.split('"').next().unwrap().replace("&amp;", "&")
}

#[sqlx::test(migrations = "../migrations")]
async fn columns_of_products_are_chosen_in_the_address(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let mug =
        Product { vendor: "Fell & Sons", tags: &["handmade", "clay"], compare_at: Some(3000), ..Product::default() };
    add(&pool, mug).await;
    add(&pool, Product { slug: "bowl", title: "Bowl", ..Product::default() }).await;
    let table = async |search: &str| edd.get(&format!("/admin/products?{search}")).await.body;
    let usual = ["Status", "Category", "Price", "Stock", "Updated"];
    let page = table("").await;
    assert_eq!(cells(&page), usual);
    let all = headings(&page);
    assert_eq!(cells(&table("col=password").await), usual, "what there isn’t is not said");

    let page = table("sort=title&q=tarn&col=name&col=tags&col=vendor&col=compare_at&col=variants&col=created").await;
    assert_eq!(cells(&page), ["Vendor", "Tags", "Variants", "Price before", "Created"]);
    for shown in ["Fell &amp; Sons", "handmade, clay", "€30.00"] {
        assert!(page.contains(shown), "{shown}");
    }
    assert_eq!(headings(&page) + 1, all, "its title and five others, without its picture");
    let alone = table("col=name").await;
    assert!(cells(&alone).is_empty() && alone.contains("Tarn mug"), "its title can’t be left out");

    // Kept by everything that leads to the same table.
    let chosen = "col=name&col=vendor";
    let page = table(&format!("{chosen}&size=25")).await;
    assert!(href(&page, "Product").contains(chosen) && page.contains("col=name&amp;col=vendor&amp;size=100"));
    assert!(page.contains(r#"<input type="hidden" name="col" value="vendor">"#), "by the filters");
    assert!(page.contains(r#"<input type="hidden" name="size" value="25">"#), "and the other way round");
    assert_eq!(href(&page, "The usual columns"), "/admin/products?size=25");
    assert!(!href(&page, "Export").contains("col="));
    assert_eq!(cells(&edd.get(&href(&page, "Product")).await.body), ["Vendor"]);
    let fields = [("name", "Vendors"), ("search", chosen), ("page", "/admin/products")];
    done(&edd, "views/save", &fields).await;
    let saved = href(&table("").await, "Vendors");
    assert_eq!(saved, format!("/admin/products?{chosen}"));
    assert!(table(chosen).await.contains("aria-current=\"true\">Vendors<"));
}

#[sqlx::test(migrations = "../migrations")]
async fn columns_of_users_are_chosen_in_the_address(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    sqlx::query(
        "insert into users (id, username, username_key, email, email_key, created_at)
         select gen_random_uuid(), 'user' || n, 'user' || n, 'u' || n || '@x.example', 'u' || n || '@x.example', now()
         from generate_series(1, 30) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let page = ada.get("/admin/users").await.body;
    assert_eq!(cells(&page), ["E-mail", "Role", "Status", "Created", "Last seen"]);
    let page = ada.get("/admin/users?size=25&col=name&col=role&col=verified").await.body;
    assert_eq!((cells(&page), headings(&page)), (vec!["Role", "Verified"], 3));
    let next = href(&page, "Next");
    assert!(next.contains("col=name&col=role&col=verified") && next.contains("after="), "{next}");
    assert_eq!(cells(&ada.get(&next).await.body), ["Role", "Verified"]);
    assert!(href(&page, "Username").contains("col=name&col=role&col=verified"));
    assert!(!href(&page, "Export").contains("col="));
}

#[sqlx::test(migrations = "../migrations")]
async fn filters_in_use_are_counted(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    for (path, summary) in [
        ("/admin/products", "Filters"),
        ("/admin/products?q=mug&sort=title&size=25&col=name&page=1", "Filters"),
        ("/admin/products?status=draft&stock=low&sale=", "Filters (2)"),
        ("/admin/users?role=admin", "Filters (1)"),
        ("/admin/audit?who=ada&from=2026-01-01&kind=user", "Filters (3)"),
    ] {
        assert!(ada.get(path).await.body.contains(&format!("<summary>{summary}</summary>")), "{path}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_counted_and_searched_follows_its_sources(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let mug = add(&pool, Product { colours: &["Sage", "Rust"], on_hand: 4, price: 1000, ..Product::default() }).await;
    let kept = async || -> (String, i32, i64) {
        sqlx::query_as(
            "select s.status, s.on_hand, s.value from product_stock s join products p using (seq) where p.id = $1",
        )
        .bind(mug)
        .fetch_one(&pool)
        .await
        .unwrap()
    };
    let total: (i64, i64) = sqlx::query_as("select sum(on_hand), sum(price * on_hand)::bigint from variants")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kept().await, ("active".to_owned(), i32::try_from(total.0).unwrap(), total.1));
    // The dearer variant's price is in no summary of the product's own.
    sqlx::query("update variants set price = 5000 where position = 2").execute(&pool).await.unwrap();
    let value: i64 =
        sqlx::query_scalar("select sum(price * on_hand)::bigint from variants").fetch_one(&pool).await.unwrap();
    assert_eq!(kept().await.2, value);
    sqlx::query("update products set status = 'archived'").execute(&pool).await.unwrap();
    assert_eq!(kept().await.0, "archived");

    let edd = signed_in(&shop, &EDD, "editor").await;
    let found =
        async |words: &str| edd.get(&format!("/admin/products?q={words}")).await.body.contains("class=\"name\"");
    sqlx::query("update variants set sku = 'HERON-7' where position = 2").execute(&pool).await.unwrap();
    assert!(found("heron-7").await && found("ERON").await && found("he").await && !found("er").await);
    sqlx::query("delete from variants where position = 2").execute(&pool).await.unwrap();
    assert!(!found("heron").await);
    sqlx::query("delete from products").execute(&pool).await.unwrap();
    let left: i64 = sqlx::query_scalar("select count(*) from product_stock").fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0);
}

fn names(page: &str) -> Vec<String> {
    page.split("class=\"name\">").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

/// All that is on the pages from `page` on, by their links.
async fn walk(browser: &Browser<'_>, page: &str, way: &str) -> Vec<Vec<String>> {
    let (mut pages, mut body) = (Vec::new(), browser.get(page).await.body);
    loop {
        pages.push(names(&body));
        if !body.contains(&format!(">{way}</a>")) {
            return pages;
        }
        body = browser.get(&href(&body, way)).await.body;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn every_order_is_paged_from_either_end(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let table = add_category(&pool, None, "table", "Table").await;
    let mugs = add_category(&pool, Some(table), "mugs", "Mugs").await;
    for n in 0..60_i32 {
        let (slug, title) = (format!("p{n}"), format!("Ä plate. {:02}", n % 40));
        let category = [None, Some(table), Some(mugs)][usize::try_from(n % 3).unwrap()];
        let status = ["active", "draft", "archived"][usize::try_from(n % 3).unwrap()];
        let (price, on_hand) = (1000 + i64::from(n % 4), n % 5);
        let product = Product { slug: &slug, title: &title, category, status, price, on_hand, ..Product::default() };
        add(&pool, product).await;
    }
    // Of some there is no price, number or SKU to sort by.
    sqlx::query("delete from variants where price = 1003").execute(&pool).await.unwrap();
    sqlx::query("update variants set sku = null where price = 1002").execute(&pool).await.unwrap();
    for sort in ["title", "sku", "status", "category", "price", "stock", "created", "updated"] {
        for sort in [sort.to_owned(), format!("-{sort}")] {
            let table = format!("/admin/products?size=25&sort={sort}");
            let there = walk(&ada, &table, "Next").await.concat();
            let ends = format!("{table}&page=last");
            let mut back = walk(&ada, &ends, "Previous").await;
            assert_eq!((there.len(), back[0].len()), (60, 25), "{sort}");
            back.reverse();
            assert_eq!(back.concat(), there, "{sort}");
            // From the row of a page by rows on.
            let middle = href(&ada.get(&ends).await.body, "Previous");
            let on = walk(&ada, &middle, "Next").await.concat();
            assert_eq!(on, there[10..], "{sort}");
        }
    }
    for place in ["after=x", "before=1.2", "after=1.2.%00", "after=1.999999999999999999.a", "page=201"] {
        let answer = ada.get(&format!("/admin/products?{place}")).await;
        assert!(answer.status.is_success() && answer.body.contains("There is no such page"), "{place}");
    }
    let gone = format!("/admin/products?sort=category&after=1.0.{}", uuid::Uuid::now_v7());
    assert!(ada.get(&gone).await.body.contains("There is no such page"));
    // With other rows the same place is another.
    let page = ada.get("/admin/products?size=25&sort=title&page=last").await.body;
    assert!(href(&page, "Status").ends_with("?size=25&sort=status"), "{}", href(&page, "Status"));
}

#[sqlx::test(migrations = "../migrations")]
async fn accounts_are_sorted_by_what_they_are(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    sqlx::query(
        "insert into users (id, username, username_key, email, email_key, verified_at, blocked_at, created_at)
         select gen_random_uuid(), 'user' || n, 'user' || n, chr(97 + n % 26) || lpad(n::text, 2, '0') || '@x.example',
                n || '@x.example',
                case when n % 3 > 0 then now() end, case when n % 5 = 0 then now() end, now()
         from generate_series(1, 60) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    for (sort, column) in [("email", "E-mail"), ("role", "Role"), ("status", "Status")] {
        let table = format!("/admin/users?size=25&sort={sort}");
        let there = walk(&ada, &table, "Next").await.concat();
        let mut back = walk(&ada, &format!("{table}&page=last"), "Previous").await;
        back.reverse();
        assert_eq!((there.len(), back.concat()), (61, there), "{sort}");
        assert!(ada.get(&table).await.body.contains(&format!(">{column}<span aria-hidden=\"true\"> ↑</span></a>")));
    }
    let page = ada.get("/admin/users?sort=email&size=100").await.body;
    let emails: Vec<&str> =
        page.split("data-label=\"E-mail\">").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert!(emails.len() == 61 && emails.is_sorted(), "{emails:?}");
    let file = ada.get("/admin/users.csv?sort=role").await.body;
    assert!(file.starts_with("Username,Display name,E-mail,Role,Status,Verified,Created,Last seen"), "{file}");
}

#[sqlx::test(migrations = "../migrations")]
async fn variants_are_changed_below_their_product(pool: PgPool) {
    let shop = Shop::open_with(pool.clone(), &["--low-stock", "3"]).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let colours = &["Sage", "Rust"];
    let mug = add(&pool, Product { colours, on_hand: 4, price: 1000, ..Product::default() }).await.to_string();
    let bowl = add(&pool, Product { slug: "bowl", title: "Bowl", on_hand: 5, ..Product::default() }).await.to_string();
    let page = edd.get("/admin/products?sort=title&size=25").await.body;
    let open = href_of(&page, "2 variants");
    assert_eq!(open, format!("/admin/products?sort=title&size=25&open={mug}"));
    assert!(!page.contains("Price of Tarn mug, Rust") && page.contains("aria-expanded=\"false\""));
    let page = edd.get(&open).await.body;
    for shown in ["Price of Tarn mug, Sage", "Stock of Tarn mug, Rust", "aria-expanded=\"true\"", "Stock of Bowl"] {
        assert!(page.contains(shown), "{shown}");
    }
    assert_eq!(href_of(&page, "2 variants"), "/admin/products?sort=title&size=25", "and closes");
    assert!(!href(&page, "Status").contains("open="), "with another order the row is elsewhere");
    let nobody = uuid::Uuid::now_v7().to_string();
    for other in [bowl.as_str(), &nobody, "x"] {
        let page = edd.get(&format!("/admin/products?open={other}")).await.body;
        assert!(page.contains("Tarn mug") && !page.contains("class=\"opened\""), "{other}");
    }

    let rust: (uuid::Uuid, i32) = sqlx::query_as("select id, on_hand from variants where option_values = '{Rust}'")
        .fetch_one(&pool)
        .await
        .unwrap();
    let (variant, seen) = (rust.0.to_string(), rust.1.to_string());
    let cell = |version: &'static str, name: &'static str, typed: &'static str| {
        [
            ("variant", variant.clone()),
            ("version", version.to_owned()),
            ("seen", seen.clone()),
            (name, typed.to_owned()),
            ("page", open.clone()),
        ]
    };
    for (form, fields) in [("set_price", cell("1", "price", "12.50")), ("set_stock", cell("2", "stock", "+1"))] {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let acted = done(&edd, &format!("products/{form}"), &fields).await;
        assert_eq!(acted.next.path, open, "the page stays as it was");
        assert!(edd.get(&open).await.body.contains("class=\"opened\""));
        assert!(acted.next.notice.unwrap_or_default().contains("Tarn mug, Rust"));
    }
    let now: (i64, i32) = sqlx::query_as("select price, on_hand from variants where id = $1")
        .bind(rust.0)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(now, (1250, rust.1 + 1));
    let fields = cell("1", "price", "9.00");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(!beside(&act(&edd, "products/set_price", &fields).await, "price").is_empty(), "of before");
    // Taken back as from the product's form.
    let entry: String = sqlx::query_scalar(
        "select min(id)::text from audit_log where act = 'product.update' and after ? 'price of Rust'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    done(&edd, "trail/revert", &[("entry", &entry), ("page", "/admin/audit")]).await;
    let price: i64 =
        sqlx::query_scalar("select price from variants where id = $1").bind(rust.0).fetch_one(&pool).await.unwrap();
    assert_eq!(price, 1000);
}

/// The address of the first link whose text begins so.
fn href_of(page: &str, text: &str) -> String {
    let before = page.split_once(&format!(">{text}")).unwrap_or_else(|| panic!("no {text}: {page}")).0;
    let link = before.rsplit_once("<a ").unwrap().1;
    link.split_once("href=\"").unwrap().1.split('"').next().unwrap().replace("&amp;", "&")
}

#[sqlx::test(migrations = "../migrations")]
async fn low_means_the_same_in_rows_filter_and_overview(pool: PgPool) {
    let shop = Shop::open_with(pool.clone(), &["--low-stock", "3"]).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    for on_hand in [0, 1, 3, 4, 6] {
        let (slug, title) = (format!("mug-{on_hand}"), format!("Mug {on_hand}"));
        add(&pool, Product { slug: &slug, title: &title, on_hand, ..Product::default() }).await;
    }
    let page = edd.get("/admin/products?sort=title").await.body;
    assert_eq!((page.matches("class=\"low\"").count(), page.matches("class=\"out\"").count()), (2, 1));
    assert_eq!(names(&edd.get("/admin/products?sort=title&stock=low").await.body), ["Mug 1", "Mug 3"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn every_table_uses_an_index_at_the_large_size(pool: PgPool) {
    fill(&pool, 100_000).await;
    // As in `queries.rs`: the server explains every statement that runs, with its real parameters.
    let options: PgConnectOptions = (*pool.connect_options()).clone();
    let explained = options.options([
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_analyze", "on"),
        ("auto_explain.log_timing", "off"),
        ("client_min_messages", "log"),
    ]);
    let explained = PgPoolOptions::new().max_connections(2).connect_with(explained).await.unwrap();
    let shop = Shop::open_with(explained, &["--page-cache-mib", "0"]).await;
    shop.get_until("/products", |answer| answer.status.is_success()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let (heard, _guard) = Heard::start();
    for path in [
        "/admin/products",
        "/admin/products?page=200",
        "/admin/products?sort=title&page=200",
        "/admin/products?sort=-price&page=200",
        "/admin/products?sort=stock&page=200",
        "/admin/products?sort=-created&page=200",
        "/admin/products?sort=sku&page=200",
        "/admin/products?sort=-status&page=200",
        "/admin/products?sort=category&page=200",
        "/admin/products?sort=-title&page=last",
        "/admin/products?sort=price&page=last",
        "/admin/products?sort=stock&page=last",
        "/admin/products?sort=sku&page=last",
        "/admin/products?sort=-category&page=last",
        "/admin/products?page=last",
        "/admin/products?status=draft&sort=title&page=last",
        "/admin/products?status=draft&sort=price",
        "/admin/products?stock=out",
        "/admin/products?stock=low&sort=title",
        "/admin/products?sale=yes",
        "/admin/products?q=SKU-&sort=title",
        "/admin/products?q=SKU-77777",
        "/admin/products?q=qzx",
        "/admin/users",
        "/admin/users?sort=username",
        "/admin/users?sort=-seen",
        "/admin/users?sort=email&page=last",
        "/admin/users?sort=-role",
        "/admin/users?sort=status&page=last",
        "/admin/users?q=person-777",
        "/admin/users?q=qz",
        "/admin/users?status=unverified&sort=username",
    ] {
        let answer = ada.get(path).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.status);
        let plans = heard.take_notices();
        assert!(plans.iter().any(|plan| plan.contains("Query Text")), "{path}: nothing was explained");
        // What is only reckoned with isn't run.
        for plan in plans.iter().filter(|plan| !plan.contains("Query Text: explain")) {
            for table in ["products", "variants", "product_stock", "users"] {
                assert!(!plan.contains(&format!("Seq Scan on {table} ")), "{path}:\n{plan}");
            }
            // What is marked in an index's bitmap isn't read yet.
            let reads = |line: &str| line.contains(" Scan ") && !line.contains("Bitmap Index Scan");
            assert!(plan.lines().all(|line| !reads(line) || rows(line) <= 20_000), "{path}:\n{plan}");
        }
    }
    let next = href(&ada.get("/admin/users?sort=username").await.body, "Next");
    assert!(ada.get(&next).await.body.contains("person-"));
    // Where numbers end the way goes on, and no page there costs the rows before it.
    let last_numbered = ada.get("/admin/products?sort=title&page=200").await.body;
    assert!(last_numbered.contains("About 100,000 products"), "{last_numbered}");
    let next = href(&last_numbered, "Next");
    assert!(next.contains("after="), "{next}");
    heard.take_notices();
    let page = ada.get(&next).await.body;
    assert_eq!(page.matches("class=\"name\"").count(), 50);
    for plan in heard.take_notices().iter().filter(|plan| plan.contains("plain_text(p.title), p.seq)")) {
        assert!(plan.lines().all(|line| !line.contains(" Scan ") || rows(line) <= 100), "{plan}");
    }
}

/// Rows that a step of a plan really had.
fn rows(line: &str) -> u64 {
    let actual = line.split_once("(actual rows=").map_or("0", |(_, rest)| rest.split([' ', '.']).next().unwrap_or("0"));
    actual.parse().unwrap_or(0)
}

async fn fill(pool: &PgPool, each: i32) {
    let mut connection = pool.acquire().await.unwrap();
    for statement in [
        "set session_replication_role = replica",
        "insert into products (id, slug, title, status, price_min, price_max, compare_at, on_hand, skus, updated_at)
         select gen_random_uuid(), 'p-' || n, case when n % 10 = 0 then 'Common ' else 'Rare ' end || n,
                case when n % 20 = 0 then 'draft' else 'active' end, n % 9000, n % 9000,
                case when n % 7 = 0 then n % 9000 + 500 end, n % 100, 'SKU-' || n, now() - make_interval(mins => n % 10000)
         from generate_series(1, $1) n",
        "insert into variants (id, product_id, position, sku, price, on_hand)
         select gen_random_uuid(), id, 1, skus, price_min, on_hand from products where $1 > 0",
        "insert into product_stock (seq, status, on_hand, value)
         select seq, status, on_hand, price_min * on_hand from products where $1 > 0",
        "insert into users (id, username, username_key, email, email_key, password_hash, verified_at, created_at, last_seen_at)
         select gen_random_uuid(), 'person-' || n, 'person-' || n, n || '@x.example', n || '@x.example', 'x',
                case when n % 10 > 0 then now() end, now() - make_interval(mins => n),
                case when n % 3 = 0 then now() - make_interval(mins => n) end
         from generate_series(1, $1) n",
        "set session_replication_role = origin",
    ] {
        match statement.contains("$1") {
            true => sqlx::query(statement).bind(each).execute(&mut *connection).await.unwrap(),
            false => sqlx::query(statement).execute(&mut *connection).await.unwrap(),
        };
    }
    sqlx::raw_sql("vacuum analyze").execute(&mut *connection).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn short_searches_find_beginnings_of_names(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let sue: Browser = signed_in(&shop, &SUE, "support").await;
    sqlx::query(
        "insert into users (id, username, username_key, email, email_key, display_name)
         values (gen_random_uuid(), 'qzar', 'qzar', 'a@x.example', 'a@x.example', ''),
                (gen_random_uuid(), 'anne', 'anne', 'b@x.example', 'b@x.example', 'Anne Qzell'),
                (gen_random_uuid(), 'suqz', 'suqz', 'c@x.example', 'c@x.example', '')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let page = sue.get("/admin/users?q=QZ&sort=username").await.body;
    let names: Vec<&str> = page.split("class=\"name\">").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(names, ["anne", "qzar"]);
    assert!(sue.get("/admin/users?q=uqz").await.body.contains("suqz"), "from three letters on anywhere");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_price_that_can_be_changed_stands_with_its_currency(pool: PgPool) {
    let shop = Shop::open(pool).await;
    add(&shop.pool, Product::default()).await;
    let shirt = Product { slug: "shirt", title: "Shirt", colours: &["Sage", "Rust"], ..Product::default() };
    let shirt = add(&shop.pool, shirt).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let field = |page: &str| {
        let fields = page.split("<span class=\"amount\">").skip(1);
        let with =
            |field: &str| field.contains("aria-hidden=\"true\">€</span><input") && field.contains("value=\"24.00\"");
        fields.filter(|field| with(field)).count()
    };
    assert_eq!(field(&browser.get("/admin/products").await.body), 1);
    assert_eq!(field(&browser.get(&format!("/admin/products?open={shirt}")).await.body), 3, "and of each variant");
}
