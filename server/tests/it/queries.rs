//! What a page asks of the database: how many queries, and by which indexes at a large size.

use crate::shop::{Product, Shop, add, add_category};
use axum::http::Method;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::{Arc, Mutex, Once};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

/// Statements as sqlx reports them, and notices as the server sends them.
#[derive(Clone, Default)]
pub struct Heard {
    statements: Arc<Mutex<Vec<String>>>,
    notices: Arc<Mutex<Vec<String>>>,
}

struct Text<'a>(&'a mut String, &'static str);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == self.1 {
            *self.0 = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == self.1 {
            *self.0 = value.to_owned();
        }
    }
}

impl<S: tracing::Subscriber> Layer<S> for Heard {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let (field, sink) = match event.metadata().target() {
            "sqlx::query" => ("summary", &self.statements),
            "sqlx::postgres::notice" => ("message", &self.notices),
            _ => return,
        };
        let mut text = String::new();
        event.record(&mut Text(&mut text, field));
        sink.lock().unwrap().push(text);
    }
}

impl Heard {
    /// Hears everything on this thread, where a test's runtime runs all of its tasks.
    pub fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        // What nobody wanted to hear is remembered for all threads, and a test that begins to listen may come too late to
        // change that. With one who hears everything nothing is ever unwanted.
        static ALL_EARS: Once = Once::new();
        ALL_EARS.call_once(|| drop(tracing::subscriber::set_global_default(Registry::default())));
        let heard = Self::default();
        let guard = tracing::subscriber::set_default(Registry::default().with(heard.clone()));
        (heard, guard)
    }

    pub fn take_statements(&self) -> Vec<String> {
        std::mem::take(&mut *self.statements.lock().unwrap())
    }

    pub fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut *self.notices.lock().unwrap())
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn no_page_asks_more_for_more_products(pool: PgPool) {
    let table = add_category(&pool, None, "table", "Table").await;
    for n in 0..30 {
        let slug = format!("mug-{n}");
        let product = Product { slug: &slug, title: &format!("Mug {n}"), category: Some(table), ..Product::default() };
        add(&pool, product).await;
    }
    let shop = Shop::open_with(pool, &["--page-cache-mib", "0"]).await;
    // The first answer waits for the catalogue, and prepares the statements.
    for path in ["/", "/products", "/products/mug-1", "/search?q=mug"] {
        shop.get(path).await;
    }
    let (heard, _guard) = Heard::start();
    for (path, most) in [
        ("/", 3),
        ("/products", 1),
        ("/products?page=2", 1),
        ("/products?option.colour=sage&in_stock=true", 1),
        ("/categories/table?sort=price_asc", 1),
        ("/products/mug-3", 2),
        ("/search?q=mugs", 2),
        ("/cart", 0),
    ] {
        shop.get(path).await;
        let statements = heard.take_statements();
        assert!(statements.len() <= most, "{path}: {} queries: {statements:#?}", statements.len());
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn every_query_of_a_page_uses_an_index_at_the_large_size(pool: PgPool) {
    fill(&pool, 300_000).await;
    // The server explains every statement that runs, with its real parameters.
    let options: PgConnectOptions = (*pool.connect_options()).clone();
    let explained = options.options([
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_analyze", "off"),
        ("client_min_messages", "log"),
    ]);
    let explained = PgPoolOptions::new().max_connections(2).connect_with(explained).await.unwrap();
    let shop = Shop::open_with(explained, &["--page-cache-mib", "0"]).await;
    shop.get_until("/products", |answer| answer.status.is_success()).await;
    let (heard, _guard) = Heard::start();
    for path in [
        "/",
        "/products",
        "/products?page=9000",
        "/products?sort=name&page=700",
        "/products?option.colour=sage&in_stock=true&min=20",
        "/categories/c1?sort=price_desc",
        "/search?q=common",
        "/search?q=common+word77",
        "/search?q=comon+wrod77",
        "/products/p-150000",
        "/api/catalog/suggest?q=comm",
    ] {
        let answer = shop.send(Method::GET, path, &[("accept", "*/*")], "").await;
        assert!(answer.status.is_success(), "{path}: {}", answer.status);
        let plans = heard.take_notices();
        assert!(plans.iter().any(|plan| plan.contains("Query Text")), "{path}: nothing was explained");
        for plan in plans {
            for table in ["products", "variants", "product_images", "search_words", "media"] {
                assert!(!plan.contains(&format!("Seq Scan on {table}")), "{path}:\n{plan}");
            }
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn stock_of_many_variants_is_recorded_by_no_loop_within_a_loop(pool: PgPool) {
    for n in 0..3 {
        let colours = &["Sage", "Rust", "Ink"];
        add(&pool, Product { slug: &format!("mug-{n}"), title: "Mug", colours, ..Product::default() }).await;
    }
    let options: PgConnectOptions = (*pool.connect_options()).clone();
    let explained = options.options([
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_nested_statements", "on"),
        ("client_min_messages", "log"),
    ]);
    let one = PgPoolOptions::new().max_connections(1).connect_with(explained).await.unwrap();
    let (heard, _guard) = Heard::start();
    // The plan is made for one row, and kept.
    sqlx::query("update variants set on_hand = on_hand + 1 where position = 1 and product_id in (select id from products limit 1)")
        .execute(&one)
        .await
        .unwrap();
    heard.take_notices();
    sqlx::query("update variants set on_hand = on_hand + 1").execute(&one).await.unwrap();
    let plans = heard.take_notices();
    let recording: Vec<&String> = plans.iter().filter(|plan| plan.contains("insert into stock_movements")).collect();
    assert!(!recording.is_empty(), "nothing was explained: {plans:#?}");
    assert!(recording.iter().all(|plan| !plan.contains("Nested Loop")), "{recording:#?}");
}

/// A large catalogue without its triggers, whose work is done in bulk.
async fn fill(pool: &PgPool, products: i32) {
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql(
        "set session_replication_role = replica;
         insert into categories (id, slug, name)
         select gen_random_uuid(), 'c' || n, 'Category ' || n from generate_series(1, 40) n;",
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    sqlx::query(
        "insert into products (id, slug, title, category_id, status, option_names, price_min, price_max, on_hand, search)
         select gen_random_uuid(), 'p-' || n, t.title, c.id, 'active', '{Colour}', n % 9000, n % 9000, n % 5,
                setweight(to_tsvector('english', t.title), 'A')
         from generate_series(1, $1) n
         cross join lateral (select case when n % 10 = 0 then 'Common ' else 'Rare ' end || 'word' || n % 3000 || ' no' || n)
             as t(title)
         join categories c on c.slug = 'c' || (n % 40 + 1)",
    )
    .bind(products)
    .execute(&mut *connection)
    .await
    .unwrap();
    sqlx::raw_sql(
        "insert into variants (id, product_id, position, sku, price, on_hand, option_values)
         select gen_random_uuid(), id, 1, slug, price_min, on_hand, case when seq % 3 = 0 then '{Sage}' else '{Rust}' end::text[]
         from products;
         insert into media (id, hash, width, height, widths)
         select gen_random_uuid(), sha256(n::text::bytea), 800, 800, '{240,480,800}' from generate_series(1, 50000) n;
         insert into product_images (id, product_id, position, media_id)
         select gen_random_uuid(), p.id, 1, m.id
         from (select id, seq % 50000 as at from products) p
         join (select id, row_number() over () - 1 as at from media) m using (at);
         insert into search_words
         select word, ndoc from ts_stat('select to_tsvector(''simple'', plain_text(title)) from products') where length(word) > 2;
         set session_replication_role = origin;",
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    sqlx::raw_sql("vacuum analyze").execute(&mut *connection).await.unwrap();
}
