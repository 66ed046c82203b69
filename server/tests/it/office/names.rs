//! Names of people go with their accounts; what they did stays, and tells of them no more than who is who.

use super::bulk::edited;
use super::imports::{FILE, apply, undo, upload};
use super::staff::{ADA, SAM, done, signed_in};
use crate::accounts::{Browser, Person, newest_code, next};
use crate::shop::{Product, Shop, add};
use axum::http::StatusCode;
use server::database::MIGRATOR;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

const EVE: Person =
    Person { username: "evelyn.moor", email: "evelyn@moorcroft.example", password: "a heron at the weir" };
const ZOE: Person = Person { username: "zoe.tarn", email: "zoe@tarnhow.example", password: "a bittern in the rushes" };

/// All that is stored anywhere with this text in it, whatever its type and case.
async fn mentions(pool: &PgPool, text: &str) -> Vec<String> {
    let columns: Vec<(String, String, bool)> = sqlx::query_as(
        "select c.table_name::text, c.column_name::text, c.data_type = 'bytea'
         from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
         where c.table_schema = 'public' and t.table_type = 'BASE TABLE'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut found = Vec::new();
    for (table, column, is_bytes) in columns {
        let value = if is_bytes { format!("encode({column:?}, 'escape')") } else { format!("{column:?}::text") };
        let query = format!("select {value} from {table:?} where strpos(lower({value}), lower($1)) > 0");
        let values: Vec<String> = sqlx::query_scalar(AssertSqlSafe(query)).bind(text).fetch_all(pool).await.unwrap();
        found.extend(values.into_iter().map(|value| format!("{table}.{column}: {value}")));
    }
    found
}

async fn assert_gone(pool: &PgPool, texts: &[&str]) {
    for text in texts {
        let found = mentions(pool, text).await;
        assert!(found.is_empty(), "{text}: {found:#?}");
    }
}

fn deleted(id: &str) -> String {
    format!("deleted account {}", &id[30..])
}

async fn body(browser: &Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.body
}

async fn text(pool: &PgPool, query: &'static str) -> String {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

async fn version(pool: &PgPool, id: &str) -> String {
    sqlx::query_scalar("select version::text from users where id = $1")
        .bind(id.parse::<Uuid>().unwrap())
        .fetch_one(pool)
        .await
        .unwrap()
}

/// Gives somebody another name.
async fn rename(browser: &Browser<'_>, user: &str, username: &str, shown: &str, email: &str) {
    let version = version(&browser.shop().pool, user).await;
    let fields =
        [("user", user), ("version", &version), ("username", username), ("display_name", shown), ("email", email)];
    done(browser, "users/save", &fields).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_worked_here_and_is_deleted_is_named_nowhere(pool: PgPool) {
    let mug = add(&pool, Product::default()).await;
    add(&pool, Product { slug: "bowl", title: "Bowl", body: "", ..Product::default() }).await;
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let sam = shop.account(&SAM, "shopper").await.to_string();
    let eve = signed_in(&shop, &EVE, "admin").await;
    let id = text(&pool, "select id::text from users where username = 'evelyn.moor'").await;

    // Everything once.
    let own = [("username", "eve.moorcroft"), ("display_name", "Evelyn Moorcroft")];
    assert_eq!(eve.post("save_profile", &own).await.status, StatusCode::OK);
    let variant = text(&pool, "select id::text from variants where sku like 'TARN%'").await;
    let seen = [("variant", &*variant), ("version", "1"), ("seen", "10"), ("stock", "+5")];
    done(&eve, "products/set_stock", &seen).await;
    let import = upload(&eve, FILE).await;
    assert_eq!(apply(&eve, &import).await, "applied");
    assert_eq!(undo(&eve, &import).await, "undone");
    let edit = edited(&eve, &[mug], "status", &[("status", "draft")]).await;
    done(&eve, "categories/create", &[("name", "Cups"), ("page", "/admin/categories")]).await;
    done(&eve, "users/block", &[("user", &sam), ("reason", "fraud"), ("note", "Write to us")]).await;
    done(&eve, "users/unblock", &[("user", &sam)]).await;
    done(&eve, "users/set_role", &[("user", &sam), ("role", "editor")]).await;
    rename(&eve, &sam, "sam.brook", "Sam Brook", SAM.email).await;
    done(&eve, "users/create", &[("username", "fay"), ("email", "fay@example.com"), ("role", "shopper")]).await;
    done(&eve, "views/save", &[("name", "Mine"), ("search", "q=a"), ("page", "/admin/users")]).await;
    assert_eq!(eve.get("/admin/users.csv").await.status, StatusCode::OK);
    shop.browser().log_in(EVE.email, "not the password").await;

    // Who is here is called by the name that they have now, whatever it was then.
    let product = format!("/admin/products/{mug}");
    let bulk = format!("/admin/products/bulk/{edit}");
    let place = format!("/admin/imports/{import}");
    let pages = ["/admin/audit", "/admin/audit.csv", "/admin/imports", &place, "/admin/products/bulk", &bulk, &product];
    for page in pages {
        let shown = body(&ada, page).await;
        assert!(shown.contains("eve.moorcroft"), "{page}: {shown}");
    }
    let of = async |search: &str| {
        let file = body(&ada, &format!("/admin/audit.csv?{search}")).await;
        file.lines().filter(|line| !line.contains(",user.delete,")).count()
    };
    let did = of("who=EVE.moor").await;
    let named = of("q=eve.moor").await;
    assert!(did > 12 && named > did, "{did} {named}");
    for there in [EVE.email, "Evelyn Moorcroft", "eve.moorcroft", EVE.username] {
        assert!(!mentions(&pool, there).await.is_empty(), "{there}: a search that finds nothing tells nothing");
    }

    done(&ada, "users/delete", &[("user", &id)]).await;
    assert_gone(&pool, &[EVE.username, "eve.moorcroft", "moorcroft", "Evelyn"]).await;
    for page in pages {
        let shown = body(&ada, page).await;
        assert!(shown.contains(&deleted(&id)), "{page}: {shown}");
    }
    // What they did is still to be found, and by whom.
    let name = deleted(&id).replace(' ', "+");
    assert_eq!(of(&format!("who={name}")).await, did);
    assert_eq!(of(&format!("q={name}")).await, named);
    assert_eq!(of("who=eve").await, 1, "only the heading");
    let moved = "select string_agg(distinct deleted_account(actor_id), ' ') from stock_movements
                 where reason in ('edit', 'import', 'import undo')";
    assert_eq!(text(&pool, moved).await, deleted(&id));
}

/// Somebody who has signed up, moved to another address, and been renamed, blocked and let in again.
async fn long_known<'a>(shop: &'a Shop, admin: &Browser<'_>) -> (Browser<'a>, String) {
    let browser = shop.signed_up(&ZOE).await;
    let id = text(&shop.pool, "select id::text from users where username = 'zoe.tarn'").await;
    let own = [("username", "zoe.mere"), ("display_name", "Zoe Mere")];
    assert_eq!(browser.post("save_profile", &own).await.status, StatusCode::OK);
    next(&browser.post("change_email", &[("email", "zoe@merewater.example"), ("password", ZOE.password)]).await);
    let code = newest_code(&shop.pool, "zoe@merewater.example").await.expect("a code in the mail");
    next(&browser.verify(&code).await);
    rename(admin, &id, "zoe.fell", "Zoe Fell", "zoe@merewater.example").await;
    let why = [("user", id.as_str()), ("reason", "Zoe Fell of 4 Mill Lane"), ("note", "Dear Zoe")];
    done(admin, "users/block", &why).await;
    done(admin, "users/unblock", &[("user", &id)]).await;
    done(admin, "users/end_sessions", &[("user", &id)]).await;
    done(admin, "users/start_reset", &[("user", &id)]).await;
    shop.browser().log_in("zoe.fell", "not the password").await;
    next(&browser.log_in("zoe.fell", ZOE.password).await);
    let own = browser.post("download", &[("password", ZOE.password)]).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.body);
    for part in ["zoe.tarn", "z…@tarnhow.example", "user.email_changed"] {
        assert!(own.body.contains(part), "{part}: {}", own.body);
    }
    assert!(!own.body.contains("Mill Lane"), "what the staff wrote for each other: {}", own.body);
    (browser, id)
}

const OF_ZOE: [&str; 7] = ["zoe.tarn", "zoe.mere", "zoe.fell", "Zoe", "tarnhow", "merewater", "Mill Lane"];

#[sqlx::test(migrations = "../migrations")]
async fn who_shopped_here_and_is_deleted_is_named_nowhere(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let mut ids = Vec::new();
    for by_owner in [true, false] {
        let (browser, id) = long_known(&shop, &ada).await;
        let shown = body(&ada, &format!("/admin/users/{id}")).await;
        for then in ["zoe.tarn", "zoe.mere", "z…@tarnhow.example", "z…@merewater.example", "Mill Lane"] {
            assert!(shown.contains(then), "{then}: {shown}");
        }
        if by_owner {
            next(&browser.post("delete", &[("password", ZOE.password)]).await);
        } else {
            done(&ada, "users/delete", &[("user", &id)]).await;
        }
        assert_gone(&pool, &OF_ZOE).await;
        ids.push(id);
    }
    let trail = body(&ada, "/admin/audit").await;
    assert!(ids.iter().all(|id| trail.contains(&deleted(id))), "{trail}");
    let both = "select string_agg(distinct subject, ',') from trail where act = 'user.block'";
    assert_eq!(text(&pool, both).await.split(',').count(), 2, "two who are gone are two");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_entry_that_names_somebody_is_refused(pool: PgPool) {
    for entry in [
        "(actor_id, actor, act, subject_kind) values (gen_random_uuid(), 'ann', 'product.update', 'product')",
        "(actor, act, subject_kind, subject) values ('nobody', 'user.block', 'user', 'ann')",
        "(actor, act, subject_kind, before) values ('nobody', 'user.update', 'user', '{\"username\": \"ann\"}')",
        "(actor, act, subject_kind, after) values ('nobody', 'user.update', 'user', '{\"email\": \"a\"}')",
    ] {
        let error = sqlx::query(AssertSqlSafe(format!("insert into audit_log {entry}"))).execute(&pool).await;
        assert!(error.unwrap_err().to_string().contains("audit_log_names_nobody"), "{entry}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_written_with_names_is_kept_without_them(pool: PgPool) {
    MIGRATOR.undo(&pool, 20_261_128_000_073).await.unwrap();
    // Of two people who were called `bob`, one after the other, the second works here, as `rob`.
    sqlx::raw_sql(
        r#"insert into users (id, username, username_key, email, email_key, verified_at) values
               ('01900000-0000-7000-8000-000000000001', 'rob', 'rob', 'rob@example.com', 'rob@example.com', now());
           insert into audit_log (at, actor_id, actor, act, subject_kind, subject_id, subject, before, after) values
               ('2026-01-01', '01900000-0000-7000-8000-00000000000a', 'bob', 'product.update', 'product', '1', 'Mug',
                '{"title": "Cup"}', '{"title": "Mug"}'),
               ('2026-01-02', '01900000-0000-7000-8000-00000000000a', 'bob', 'user.update', 'user',
                '01900000-0000-7000-8000-00000000000a', 'bob', '{"username": "bobby"}', '{"username": "bob"}'),
               ('2026-02-01', '01900000-0000-7000-8000-000000000001', 'bob', 'import.apply', 'import',
                '01900000-0000-7000-8000-0000000000f1', 'new.csv', '{}', '{}'),
               ('2026-02-02', '01900000-0000-7000-8000-000000000001', 'bob', 'user.update', 'user',
                '01900000-0000-7000-8000-000000000001', 'rob', '{"username": "bob"}', '{"username": "rob"}'),
               ('2026-02-03', null, 'command line', 'user.create', 'user', '01900000-0000-7000-8000-00000000000a', 'bob',
                '{}', '{"role": "editor", "email": "b…@example.com"}');
           insert into imports (id, actor_id, actor, file_name, bytes, state, applied_at, applied_by) values
               ('01900000-0000-7000-8000-0000000000f1', '01900000-0000-7000-8000-00000000000a', 'bob', 'new.csv', 1,
                'applied', '2026-02-01', 'bob');"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    add(&pool, Product::default()).await;
    sqlx::raw_sql(
        "insert into stock_movements (variant_id, delta, reason, actor, created_at)
         select id, 1, 'edit', 'bob', '2026-01-01'::timestamptz from variants
         union all select id, -1, 'edit', 'bob', '2026-02-01'::timestamptz from variants",
    )
    .execute(&pool)
    .await
    .unwrap();
    MIGRATOR.run(&pool).await.unwrap();

    let told: Vec<String> =
        sqlx::query_scalar("select concat_ws(' ', actor, act, subject, before, after) from trail order by id")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(
        told,
        [
            r#"deleted account 00000a product.update Mug {"title": "Cup"} {"title": "Mug"}"#,
            "deleted account 00000a user.update deleted account 00000a {} {}",
            "rob import.apply new.csv {} {}",
            r#"rob user.update rob {"username": "bob"} {"username": "rob"}"#,
            r#"command line user.create deleted account 00000a {} {"role": "editor"}"#,
        ]
    );
    let moved = "select string_agg(delta || ' ' || person(actor_id) || actor, ', ' order by id) from stock_movements
                 where reason = 'edit'";
    assert_eq!(text(&pool, moved).await, "1 deleted account 00000a, -1 rob");
    let import = "select person(actor_id) || ', ' || person(applied_by) from imports";
    assert_eq!(text(&pool, import).await, "deleted account 00000a, rob");
    assert_gone(&pool, &["bobby", "b…@example.com"]).await;
    let error = sqlx::query("update audit_log set actor = ''").execute(&pool).await.unwrap_err();
    assert!(error.to_string().contains("append-only"), "{error}");

    // And back: those who are here have their names again, and nobody else.
    MIGRATOR.undo(&pool, 20_261_128_000_073).await.unwrap();
    let back =
        "select string_agg(actor || ' ' || subject, ', ' order by id) from audit_log where subject_kind = 'user'";
    let expected = "deleted account 00000a deleted account 00000a, rob rob, command line deleted account 00000a";
    assert_eq!(text(&pool, back).await, expected);
    assert_eq!(text(&pool, "select before ->> 'username' from audit_log where subject = 'rob'").await, "bob");
}
