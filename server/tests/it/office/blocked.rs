//! Who is blocked or demoted is out, whatever is open in their browser or on its way (row 25 of the bar).

use super::imports;
use super::staff::{ADA, EDD, act, done, signed_in};
use crate::accounts::{Browser, Person, count, of_staff};
use crate::media::encoded;
use crate::shop::{Answer, Product, Shop, add, until_somebody_waits};
use axum::http::{Method, StatusCode};
use image::ImageFormat;
use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const FAY: Person = Person { username: "fay", email: "fay@example.com", ..EDD };
const JSON: (&str, &str) = ("accept", "application/json");

/// What hinders `person` from here on, as an admin does it.
async fn stop(admin: &Browser<'_>, person: &Person, form: &str) {
    let id: String = sqlx::query_scalar("select id::text from users where username = $1")
        .bind(person.username)
        .fetch_one(&admin.shop().pool)
        .await
        .unwrap();
    let fields = [("user", id.as_str()), ("reason", "x"), ("role", "shopper")];
    done(admin, &format!("users/{form}"), &fields).await;
}

async fn send_files(browser: &Browser<'_>, product: &str) -> [Answer; 2] {
    let picture = encoded(40, 40, ImageFormat::Png);
    let part = |head: &str, content: &[u8]| {
        [format!("--xXx\r\ncontent-disposition: form-data; {head}\r\n\r\n").as_bytes(), content, b"\r\n"].concat()
    };
    let form = [JSON, ("content-type", "multipart/form-data; boundary=xXx")];
    let pictures = [
        part("name=\"product\"", product.as_bytes()),
        part("name=\"pictures\"; filename=\"a.png\"", &picture),
        b"--xXx--\r\n".to_vec(),
    ];
    let file = [part("name=\"file\"; filename=\"a.csv\"", b"Handle,Title\nmug,Mug\n"), b"--xXx--\r\n".to_vec()];
    [
        browser.send(Method::POST, "/api/admin/pictures/upload", &form, pictures.concat()).await,
        browser.send(Method::POST, "/api/admin/imports/upload", &form, file.concat()).await,
    ]
}

const ALL: &str = "select ((select sum(version) from products) + (select sum(version) from categories)
                       + (select count(*) from audit_log where act not like 'user.%' and act not like 'session.%')
                       + (select count(*) from imports) + (select count(*) from bulk_edits)
                       + (select count(*) from product_images) + (select count(*) from product_drafts)
                       + (select count(*) from saved_views))::bigint";

#[sqlx::test(migrations = "../migrations")]
async fn an_open_tab_can_do_nothing_more(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let product = add(&shop.pool, Product::default()).await.to_string();
    crate::shop::add_category(&shop.pool, None, "mugs", "Mugs").await;
    let variant: String = sqlx::query_scalar("select id::text from variants").fetch_one(&shop.pool).await.unwrap();
    let admin = signed_in(&shop, &ADA, "admin").await;
    for (person, form) in [(&EDD, "block"), (&FAY, "set_role")] {
        let open = signed_in(&shop, person, "editor").await;
        let version: i64 = sqlx::query_scalar("select version from products").fetch_one(&shop.pool).await.unwrap();
        let (version, next) = (version.to_string(), (version + 1).to_string());
        let stock = |version| [("variant", variant.as_str()), ("version", version), ("stock", "+1"), ("seen", "10")];
        let fields = [("variant", variant.as_str()), ("version", &version), ("price", "23"), ("seen", "24.00")];
        if form == "block" {
            done(&open, "products/set_price", &fields).await;
        }
        let pages = ["/admin", "/admin/products", &format!("/admin/products/{product}"), "/admin/imports"];
        for page in pages {
            assert_eq!(open.get(page).await.status, StatusCode::OK, "{page}");
        }
        stop(&admin, person, form).await;

        let before = count(&shop.pool, ALL).await;
        let out = |what: &str, answer: &Answer| {
            let sent_away = answer.header("location").starts_with("/login?");
            assert!(answer.status == StatusCode::UNAUTHORIZED || sent_away, "{form}: {what}: {}", answer.status);
            assert!(!answer.body.contains("Tarn mug"), "{form}: {what}: {}", answer.body);
        };
        for version in [&version, &next] {
            out("a cell", &act(&open.twin(), "products/set_stock", &stock(version.as_str())).await);
        }
        for (at, answer) in send_files(&open.twin(), &product).await.iter().enumerate() {
            out(["a picture", "a file"][at], answer);
        }
        let headers = [JSON, ("content-type", "application/x-www-form-urlencoded")];
        for (method, path) in of_staff() {
            let method: Method = method.parse().unwrap();
            let body =
                format!("product={product}&products[]={product}&version={next}&title=Pot&name=Pots&status=draft");
            // A refusal takes the cookie away; each is asked with it.
            out(path, &open.twin().send(method, path, &headers, body).await);
        }
        for page in pages {
            out(page, &open.twin().get(page).await);
            let scripted = format!("/api/admin/page?path={page}&search=");
            out(&scripted, &open.twin().send(Method::GET, &scripted, &headers, "").await);
        }
        let live = "/api/admin/live?path=/admin&search=";
        out(live, &open.twin().send(Method::GET, live, &headers, "").await);
        assert_eq!(count(&shop.pool, ALL).await, before, "{form}");
        assert_eq!(count(&shop.pool, "select count(*) from variants where price = 2300 and on_hand = 10").await, 1);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn an_import_that_waits_for_its_turn_is_not_applied(pool: PgPool) {
    let shop = Shop::open(pool).await;
    add(&shop.pool, Product { slug: "mug", ..Product::default() }).await;
    let admin = signed_in(&shop, &ADA, "admin").await;
    for (person, form) in [(&EDD, "block"), (&FAY, "set_role")] {
        let editor = signed_in(&shop, person, "editor").await;
        let import = imports::upload(&editor, "Handle,Title,Variant Price\nmug,Pot,1\n").await;
        let seen = imports::seen(&editor, &import).await;
        // Another import is being written.
        let mut other = shop.pool.begin().await.unwrap();
        sqlx::query("select pg_advisory_xact_lock(hashtext('catalogue import'))").execute(&mut *other).await.unwrap();
        let asked = done(&editor, "imports/apply", &[("import", &import), ("seen", &seen)]).await;
        assert_eq!(asked.next.notice.as_deref(), Some("The import is being applied"));
        stop(&admin, person, form).await;
        other.commit().await.unwrap();
        assert_eq!(imports::settled(&shop.pool, &import).await, "interrupted", "{form}");
        assert_eq!(
            count(&shop.pool, "select count(*) from products where title = 'Tarn mug' and version = 1").await,
            1
        );
        assert_eq!(count(&shop.pool, "select count(*) from audit_log where act = 'import.apply'").await, 0);
        let page = admin.get(&format!("/admin/imports/{import}")).await.body;
        assert!(page.contains("who asked for it may not work on the catalogue any more"), "{page}");
    }
    // Whoever still may can go on with the file.
    let last: String = sqlx::query_scalar("select id::text from imports order by created_at desc, id desc limit 1")
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert_eq!(imports::apply(&admin, &last).await, "applied");
    assert_eq!(count(&shop.pool, "select count(*) from products where title = 'Pot'").await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_undo_that_waits_for_its_turn_changes_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    add(&shop.pool, Product { slug: "mug", ..Product::default() }).await;
    let admin = signed_in(&shop, &ADA, "admin").await;
    let editor = signed_in(&shop, &EDD, "editor").await;
    let import = imports::upload(&editor, "Handle,Title,Variant Price\nmug,Pot,1\n").await;
    assert_eq!(imports::apply(&editor, &import).await, "applied");
    let mut other = shop.pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(hashtext('catalogue import'))").execute(&mut *other).await.unwrap();
    done(&editor, "imports/undo", &[("import", &import)]).await;
    stop(&admin, &EDD, "block").await;
    other.commit().await.unwrap();
    assert_eq!(imports::settled(&shop.pool, &import).await, "applied");
    assert_eq!(count(&shop.pool, "select count(*) from products where title = 'Pot'").await, 1);
    assert_eq!(count(&shop.pool, "select count(*) from audit_log where act = 'import.undo'").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_bulk_edit_under_way_changes_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let product = add(&shop.pool, Product::default()).await.to_string();
    let editor = signed_in(&shop, &EDD, "editor").await;
    let path = done(&editor, "bulk/begin", &[("products[]", &product)]).await.next.path;
    let edit = path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    done(&editor, "bulk/status", &[("edit", &edit), ("status", "draft")]).await;
    let page = editor.get(&format!("/admin/products/bulk/{edit}")).await.body;
    let seen = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a preview");
    let mut busy = shop.pool.begin().await.unwrap();
    sqlx::query("select from products for update").execute(&mut *busy).await.unwrap();
    let fields = [("edit", edit.as_str()), ("seen", seen)];
    let block = async {
        until_somebody_waits(&shop.pool).await;
        sqlx::query("update users set blocked_at = now() where username = 'edd'").execute(&shop.pool).await.unwrap();
        busy.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(act(&editor, "bulk/apply", &fields), block);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    assert_eq!(count(&shop.pool, "select count(*) from products where status = 'active' and version = 1").await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_is_being_sent_ends(pool: PgPool) {
    const EACH: usize = 3000;
    let shop = Shop::open(pool).await;
    let editor = signed_in(&shop, &EDD, "editor").await;
    // More than what a socket and the shop hold for a reader that takes its time; however long its making takes.
    let mut connection = shop.pool.acquire().await.unwrap();
    sqlx::raw_sql("set statement_timeout = 0").execute(&mut *connection).await.unwrap();
    sqlx::raw_sql(
        "set session_replication_role = replica;
         insert into products (id, slug, title, body_html)
         select gen_random_uuid(), 'p' || n, 'P', repeat('words ', 4000) from generate_series(1, 3000) n;
         insert into variants (id, product_id, position, price) select gen_random_uuid(), id, 1, 100 from products;
         set session_replication_role = origin",
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    let mut reader = TcpStream::connect(shop.addr).await.unwrap();
    let session = editor.cookie("session").unwrap();
    let request =
        format!("GET /admin/products.csv HTTP/1.1\r\nHost: {}\r\nCookie: session={session}\r\n\r\n", shop.addr);
    reader.write_all(request.as_bytes()).await.unwrap();
    let mut file = vec![0; 1000];
    reader.read_exact(&mut file).await.unwrap();
    assert!(file.starts_with(b"HTTP/1.1 200"));
    sqlx::query("update users set blocked_at = now() where username = 'edd'").execute(&shop.pool).await.unwrap();
    // Cut off is how a reader knows that it hasn't everything.
    drop(reader.read_to_end(&mut file).await);
    let lines = String::from_utf8_lossy(&file).matches("words words").count() / 2000;
    assert!(lines < EACH, "{lines}");
    assert!(!file.ends_with(b"0\r\n\r\n"), "it doesn’t look whole");
}
