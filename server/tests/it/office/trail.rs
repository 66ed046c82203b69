//! Who reads what of the trail, and what is done with it.

use super::staff::{ADA, EDD, SAM, SUE, act, beside, done, signed_in};
use crate::accounts::Browser;
use crate::shop::{Answer, Product, Shop, add, add_category};
use axum::http::{Method, StatusCode};
use sqlx::PgPool;

/// Entries of several kinds, by several people, on several days.
async fn written(pool: &PgPool) {
    sqlx::query(
        "insert into users (id, username, username_key, email, email_key)
         values ('01900000-0000-7000-8000-000000000001', 'samuel', 'samuel', 'samuel@example.com', 'samuel@example.com')",
    )
    .execute(pool)
    .await
    .unwrap();
    sqlx::query(
        r#"insert into audit_log (at, actor, act, subject_kind, subject_id, subject, before, after, reason, request_id)
           values ('2026-01-01 23:59:59Z', 'ada', 'product.update', 'product', '', 'Tarn mug',
                   '{"price": 2400, "title": "Mug"}', '{"price": 2600, "title": "Tarn mug"}', 'a <b>rise</b>', 'r1'),
                  ('2026-01-02 00:00:00Z', '=edd', 'category.create', 'category', '', '+Cups', '{}', '{}', '-x', 'r2'),
                  ('2026-01-02 12:00:00Z', 'sue', 'user.block', 'user', '01900000-0000-7000-8000-000000000001', '', '{}', '{"blocked": true}', '', 'r3'),
                  ('2026-01-03 00:00:00Z', 'nobody', 'session.refused', 'session', '', '@sam', '{}', '{}', '', 'r4')"#,
    )
    .execute(pool)
    .await
    .unwrap();
}

/// The request ids that a page shows.
async fn shown(browser: &Browser<'_>, path: &str) -> Vec<&'static str> {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    ["r1", "r2", "r3", "r4"].into_iter().filter(|id| answer.body.contains(&format!(">{id}<"))).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn filters_leave_what_is_asked_for(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    written(&pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    for (search, expected) in [
        ("", &["r1", "r2", "r3", "r4"][..]),
        ("?who=ad", &["r1"]),
        ("?who=sam", &[]),
        ("?q=sam", &["r3", "r4"]),
        ("?q=TARN", &["r1"]),
        ("?q=r3", &["r3"]),
        ("?q=RISE", &["r1"]),
        ("?q=26.00", &["r1"]),
        ("?q=6.00", &[]),
        ("?q=blocked", &["r3"]),
        ("?q=entry+2", &["r2"]),
        ("?of=product:nothing", &[]),
        ("?of=user:01900000-0000-7000-8000-000000000001", &["r3"]),
        ("?part_of=1", &[]),
        ("?q=%25", &[]),
        ("?act=user.block", &["r3"]),
        ("?kind=category", &["r2"]),
        ("?kind=category&act=user.block", &[]),
        ("?from=2026-01-02&to=2026-01-02", &["r2", "r3"]),
        ("?to=2026-01-01", &["r1"]),
        ("?from=2026-01-03", &["r4"]),
        ("?q=%00&before=x", &["r1", "r2", "r3", "r4"]),
    ] {
        assert_eq!(shown(&ada, &format!("/admin/audit{search}")).await, expected, "{search}");
    }
    let wrong = ada.get("/admin/audit?from=2026-02-30").await.body;
    assert!(wrong.contains("From: write a day"));
    let all = ada.get("/admin/audit").await.body;
    assert!(all.contains("<del>€24.00</del>") && all.contains("<ins>€26.00</ins>"));
    assert!(all.contains("Changed a product") && all.contains("Was refused a log-in"));
    assert!(all.contains("a &lt;b&gt;rise&lt;/b&gt;") && !all.contains("<b>rise"));
    assert!(!all.contains("/api/admin/trail/revert"), "none of these can be taken back");
}

#[sqlx::test(migrations = "../migrations")]
async fn older_entries_follow_without_gap_or_repeat(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    sqlx::query(
        "insert into audit_log (actor, act, subject_kind, subject, request_id)
         select 'ada', 'product.update', case when n % 3 = 0 then 'user' else 'product' end,
                case when n % 3 = 0 then '' else 'x' end, 'n' || n
         from generate_series(1, 120) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let edd = signed_in(&shop, &EDD, "editor").await;
    let mut path = "/admin/audit".to_owned();
    let mut seen = Vec::new();
    loop {
        let body = edd.get(&path).await.body;
        seen.extend(body.split(">n").skip(1).filter_map(|rest| rest.split('<').next()?.parse::<u32>().ok()));
        let Some((_, rest)) = body.split_once("before=") else { break };
        path = format!("/admin/audit?before={}", rest.split(['"', '&']).next().unwrap());
        if !body.contains(">Older<") {
            break;
        }
    }
    let expected: Vec<u32> = (1..=120).rev().filter(|n| n % 3 != 0).collect();
    assert_eq!(seen, expected);
}

#[sqlx::test(migrations = "../migrations")]
async fn each_role_reads_what_is_about_its_work(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    written(&pool).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let sue = signed_in(&shop, &SUE, "support").await;
    for search in ["", "?kind=", "?q=a"] {
        let path = format!("/admin/audit{search}");
        assert!(shown(&edd, &path).await.iter().all(|id| ["r1", "r2"].contains(id)), "{search}");
        assert!(shown(&sue, &path).await.iter().all(|id| ["r3", "r4"].contains(id)), "{search}");
    }
    assert_eq!(shown(&edd, "/admin/audit").await, ["r1", "r2"]);
    assert_eq!(shown(&sue, "/admin/audit").await, ["r3", "r4"]);
    assert!(shown(&edd, "/admin/audit?kind=user").await.is_empty());
    assert!(shown(&sue, "/admin/audit?act=product.update").await.is_empty());
    assert!(!edd.get("/admin/audit").await.body.contains("user.block"), "not in the filters either");
    let file = edd.get("/admin/audit.csv").await.body;
    assert!(file.contains(",r1\r\n") || file.contains(",r1\n"));
    assert!(!file.contains("user.block") && !file.contains("session.refused"));

    let sam = signed_in(&shop, &SAM, "shopper").await;
    for path in ["/admin/audit", "/admin/audit.csv"] {
        assert_eq!(sam.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert!(shop.get(path).await.header("location").starts_with("/login?next="), "{path}");
    }
    assert_eq!(act(&sam, "trail/revert", &[("entry", "1")]).await.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_export_is_whole_filtered_and_inert(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    written(&pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let file = ada.get("/admin/audit.csv").await;
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.header("content-disposition").starts_with("attachment"));
    let lines: Vec<&str> = file.body.lines().collect();
    assert!(lines[0].starts_with("Id,At,Who,Act"));
    for inert in [",'=edd,", ",'+Cups,", ",'-x,", ",'@sam,"] {
        assert!(file.body.contains(inert), "{inert}: {}", file.body);
    }
    let at = |text: &str| lines.iter().position(|line| line.contains(text));
    assert!(at("session.refused") < at("product.update") && at("session.refused").is_some(), "newest first");
    let some = ada.get("/admin/audit.csv?kind=user&before=2").await.body;
    assert_eq!(some.lines().count(), 1, "only the heading");
    assert_eq!(ada.get("/admin/audit.csv?from=x").await.status, StatusCode::BAD_REQUEST);

    sqlx::raw_sql(
        "insert into audit_log (actor, act, subject_kind, subject)
         select 'ada', 'product.update', 'product', 'x' from generate_series(1, 51000);
         insert into audit_log (actor, act, subject_kind, subject)
         values ('ada', 'product.bulk_update', 'product', 'Twice as dear');
         insert into audit_log (actor, act, subject_kind, subject, part_of)
         select 'ada', 'product.update', 'product', 'part ' || n, (select max(id) from audit_log)
         from generate_series(1, 2000) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let all = ada.get("/admin/audit.csv?kind=product").await.body;
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(lines.len(), 1 + 2001 + 51_000 + 1, "a heading, the edit and its parts, and the rest to the last");
    assert!(lines[1].contains("Twice as dear") && lines[2].contains(",part 1,"), "{}", lines[1..3].join("; "));
    assert!(lines[2001].contains(",part 2000,") && lines.last().unwrap().contains("Tarn mug"));
    let exports = "select string_agg(after ->> 'kind', ',' order by id) from audit_log where act = 'trail.export'";
    let exports: String = sqlx::query_scalar(exports).fetch_one(&pool).await.unwrap();
    assert_eq!(exports, ",user,product", "each is in the trail, but none that was refused");
    assert!(!all.contains("trail.export") && ada.get("/admin/audit").await.body.contains("Exported the trail"));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_written_stays_written(pool: PgPool) {
    written(&pool).await;
    for statement in [
        "update audit_log set actor = 'x'",
        "delete from audit_log",
        "truncate audit_log",
        "delete from audit_log where false",
    ] {
        let error = sqlx::query(statement).execute(&pool).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{statement}: {error}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_of_a_category_is_taken_back(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let mugs = add_category(&pool, None, "mugs", "Mugs").await.to_string();
    let edd = signed_in(&shop, &EDD, "editor").await;
    let save = async |version: &str, name: &str, slug: &str| {
        let fields = [("category", &*mugs), ("version", version), ("name", name), ("slug", slug), ("page", "/")];
        done(&edd, "categories/save", &fields).await;
    };
    save("1", "Cups", "mugs").await;
    save("2", "Cups", "cups").await;
    let entries: Vec<i64> = sqlx::query_scalar("select id from audit_log where subject_kind = 'category' order by id")
        .fetch_all(&pool)
        .await
        .unwrap();
    let entries: Vec<String> = entries.iter().map(i64::to_string).collect();
    let page = edd.get("/admin/audit").await.body;
    assert_eq!(page.matches("/api/admin/trail/revert").count(), 2);

    // Each by itself: the address has been changed since, the name has not.
    let revert = async |entry: &str| act(&edd, "trail/revert", &[("entry", entry), ("page", "/admin/audit")]).await;
    assert_eq!(revert(&entries[0]).await.status, StatusCode::OK);
    let (name, slug): (String, String) =
        sqlx::query_as("select name, slug from categories").fetch_one(&pool).await.unwrap();
    assert_eq!((&*name, &*slug), ("Mugs", "cups"));
    assert!(beside(&revert(&entries[0]).await, "").contains("has been changed since"));
    let reason: String =
        sqlx::query_scalar("select reason from audit_log order by id desc limit 1").fetch_one(&pool).await.unwrap();
    assert_eq!(reason, format!("Takes back entry {}", entries[0]));

    done(&edd, "categories/shift", &[("category", &mugs), ("way", "up")]).await;
    sqlx::query("insert into audit_log (actor, act, subject_kind) values ('ada', 'product.create', 'product')")
        .execute(&pool)
        .await
        .unwrap();
    let other: i64 = sqlx::query_scalar("select max(id) from audit_log").fetch_one(&pool).await.unwrap();
    assert!(beside(&revert(&other.to_string()).await, "").contains("can’t be taken back"));
    assert_eq!(revert("999999").await.status, StatusCode::NOT_FOUND);
    let sue = signed_in(&shop, &SUE, "support").await;
    let unseen = act(&sue, "trail/revert", &[("entry", &entries[1])]).await;
    assert_eq!(unseen.status, StatusCode::NOT_FOUND, "what can’t be read isn’t there");
}

async fn newest(pool: &PgPool) -> String {
    let id: i64 = sqlx::query_scalar("select max(id) from audit_log").fetch_one(pool).await.unwrap();
    id.to_string()
}

async fn revert(browser: &Browser<'_>, entry: &str) -> Answer {
    act(browser, "trail/revert", &[("entry", entry), ("page", "/admin/audit")]).await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_of_a_product_is_taken_back_field_by_field(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let mug = add(&pool, Product { on_hand: 10, price: 2400, ..Product::default() }).await.to_string();
    let edd = signed_in(&shop, &EDD, "editor").await;
    let variant: String = sqlx::query_scalar("select id::text from variants").fetch_one(&pool).await.unwrap();
    let version =
        async || -> String { sqlx::query_scalar("select version::text from products").fetch_one(&pool).await.unwrap() };
    let cell = async |form: &str, field: (&str, &str)| {
        let seen: String = sqlx::query_scalar("select on_hand::text from variants").fetch_one(&pool).await.unwrap();
        let fields = [("variant", &*variant), ("version", &version().await), ("seen", &seen), field];
        done(&edd, &format!("products/{form}"), &fields).await;
        newest(&pool).await
    };
    let state = async || -> String {
        let state = "select concat_ws(' ', p.title, p.slug, p.status, v.price, v.on_hand)
                     from products p join variants v on v.product_id = p.id";
        sqlx::query_scalar(state).fetch_one(&pool).await.unwrap()
    };
    let price = cell("set_price", ("price", "30.00")).await;
    let stock = cell("set_stock", ("stock", "+5")).await;
    sqlx::query("update variants set on_hand = on_hand - 2").execute(&pool).await.unwrap();

    let page = edd.get("/admin/audit").await.body;
    assert!(page.contains("Price becomes “€24.00” again") && page.contains("Stock gets 5 fewer"), "{page}");
    let taken = revert(&edd, &stock).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    assert_eq!(state().await, "Tarn mug tarn-mug active 3000 8", "what was sold meanwhile stays sold");
    let dearer = cell("set_price", ("price", "35.00")).await;
    assert!(beside(&revert(&edd, &price).await, "").contains("price has been changed since"));
    assert_eq!(revert(&edd, &dearer).await.status, StatusCode::OK);
    assert_eq!(revert(&edd, &price).await.status, StatusCode::OK);
    assert_eq!(state().await, "Tarn mug tarn-mug active 2400 8");
    let (act_of, reason): (String, String) =
        sqlx::query_as("select act, reason from audit_log order by id desc limit 1").fetch_one(&pool).await.unwrap();
    assert_eq!((act_of.as_str(), reason), ("product.update", format!("Takes back entry {price}")));
    let movement: (i32, String, String) =
        sqlx::query_as("select delta, reason, person(actor_id) from stock_movements order by id desc limit 1")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(movement, (-5, "revert".to_owned(), "edd".to_owned()));

    let many = cell("set_stock", ("stock", "+2")).await;
    sqlx::query("update variants set on_hand = 1").execute(&pool).await.unwrap();
    assert!(beside(&revert(&edd, &many).await, "").contains("There is only 1"));

    let renamed = [
        ("product", &*mug),
        ("version", &version().await),
        ("title", "Tarn cup"),
        ("slug", "tarn-cup"),
        ("status", "draft"),
        ("body", ""),
        ("variants[0][id]", &variant),
        ("variants[0][price]", "24.00"),
    ];
    done(&edd, "products/save", &renamed).await;
    let renamed = newest(&pool).await;
    assert_eq!(state().await, "Tarn cup tarn-cup draft 2400 1");
    assert_eq!(revert(&edd, &renamed).await.status, StatusCode::OK);
    assert_eq!(state().await, "Tarn mug tarn-mug active 2400 1");

    sqlx::query("delete from products").execute(&pool).await.unwrap();
    assert!(beside(&revert(&edd, &dearer).await, "").contains("isn’t there any more"));
    let sue = signed_in(&shop, &SUE, "support").await;
    assert_eq!(revert(&sue, &price).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn variants_and_archived_products_go_back_too(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let bowl = add(&pool, Product { slug: "bowl", title: "Bowl", ..Product::default() }).await.to_string();
    let edd = signed_in(&shop, &EDD, "editor").await;
    let form = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    let kept = edd.send(Method::POST, "/api/cart/add_line", &form, "product=bowl&quantity=1").await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
    done(&edd, "products/remove", &[("product", &bowl), ("version", "1")]).await;
    let archived = newest(&pool).await;
    assert_eq!(revert(&edd, &archived).await.status, StatusCode::OK);
    let status: String = sqlx::query_scalar("select status from products").fetch_one(&pool).await.unwrap();
    assert_eq!(status, "active");
    assert!(beside(&revert(&edd, &archived).await, "").contains("status has been changed since"));

    let colours = &["Moss", "One of two"];
    let mug = add(&pool, Product { colours, price: 2400, ..Product::default() }).await.to_string();
    sqlx::query("update variants set price = 2600, on_hand = 7 where option_values = '{One of two}'")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query(
        r#"insert into audit_log (actor, act, subject_kind, subject_id, subject, before, after)
           values ('edd', 'product.update', 'product', $1, 'Tarn mug',
                   '{"price of One of two": 2400, "stock of One of two": 3}',
                   '{"price of One of two": 2600, "stock of One of two": 4}'),
                  ('edd', 'product.update', 'product', $1, 'Tarn mug', '{}', '{"price of Rust": 1}'),
                  ('edd', 'product.update', 'product', $1, 'Tarn mug', '{"products": 1}', '{"products": 2}')"#,
    )
    .bind(&mug)
    .execute(&pool)
    .await
    .unwrap();
    let last: i64 = newest(&pool).await.parse().unwrap();
    assert_eq!(revert(&edd, &(last - 2).to_string()).await.status, StatusCode::OK);
    let both: Vec<(i64, i32)> =
        sqlx::query_as("select price, on_hand from variants where option_values <> '{}' order by position")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(both, [(2400, 10), (2400, 6)]);
    for unknown in [last - 1, last] {
        assert!(beside(&revert(&edd, &unknown.to_string()).await, "").contains("can’t be taken back"));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_category_goes_back_to_where_it_was(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let table = add_category(&pool, None, "table", "Table").await;
    let mugs = add_category(&pool, Some(table), "mugs", "Mugs").await.to_string();
    for (slug, name) in [("bowls", "Bowls"), ("cups", "Cups")] {
        add_category(&pool, Some(table), slug, name).await;
    }
    let home = add_category(&pool, None, "home", "Home").await.to_string();
    let edd = signed_in(&shop, &EDD, "editor").await;
    let order = async || -> String {
        let order = "select coalesce(string_agg(slug, ' ' order by position), '') from categories where parent_id = $1";
        sqlx::query_scalar(order).bind(table).fetch_one(&pool).await.unwrap()
    };
    done(&edd, "categories/shift", &[("category", &mugs), ("way", "up")]).await;
    let shifted = newest(&pool).await;
    let before = order().await;
    done(&edd, "categories/put_under", &[("category", &mugs), ("from", &table.to_string()), ("parent", &home)]).await;
    let moved = newest(&pool).await;
    assert!(!order().await.contains("mugs"));
    assert!(beside(&revert(&edd, &shifted).await, "").contains("place has been changed since"));
    assert_eq!(revert(&edd, &moved).await.status, StatusCode::OK);
    assert_eq!(order().await, before, "at its place among the others");
    assert!(beside(&revert(&edd, &moved).await, "").contains("place has been changed since"));
    assert_eq!(revert(&edd, &shifted).await.status, StatusCode::OK);
    assert_ne!(order().await, before);

    done(&edd, "categories/put_under", &[("category", &mugs), ("from", &table.to_string()), ("parent", &home)]).await;
    let moved = newest(&pool).await;
    sqlx::query("delete from categories where parent_id = $1").bind(table).execute(&pool).await.unwrap();
    sqlx::query("delete from categories where id = $1").bind(table).execute(&pool).await.unwrap();
    assert!(beside(&revert(&edd, &moved).await, "").contains("isn’t there any more"));
    assert!(!edd.get("/admin/audit").await.body.contains(&home), "ids are not for reading");
}
