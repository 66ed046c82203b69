//! A shop under test: the real router on a real socket, before a database of its own.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use clap::Parser;
use http_body_util::BodyExt;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use server::config::{Cli, Command, Serve};
use server::database::{Use, pool_of};
use server::http::{Host, router, serve};
use server::mail::Mailbox;
use server::media::MediaStore;
use server::metrics::Metrics;
use server::secret::Secret;
use server::services::office::pictures::{Encoder, Pace, PictureJobs};
use sqlx::PgPool;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

pub struct Shop {
    pub addr: SocketAddr,
    pub pool: PgPool,
    pub dev_mail: Option<Mailbox>,
    pub media: MediaStore,
    pub metrics: Arc<Metrics>,
    jobs: Arc<PictureJobs>,
    client: Client<HttpConnector, Body>,
    leave: Option<oneshot::Sender<()>>,
    pub served: Option<JoinHandle<std::io::Result<()>>>,
    encoder: Option<Encoding>,
    _folder: tempdir::Folder,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The nonce of the content security policy.
    pub fn nonce(&self) -> &str {
        let policy = self.header("content-security-policy");
        policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce in the policy")
    }
}

impl Shop {
    pub async fn open(pool: PgPool) -> Self {
        Self::open_with(pool, &[]).await
    }

    pub async fn open_with(pool: PgPool, flags: &[&str]) -> Self {
        Self::open_over(pool, flags, None).await
    }

    /// `media`: where its pictures are; else in a folder of its own.
    pub async fn open_over(pool: PgPool, flags: &[&str], media: Option<MediaStore>) -> Self {
        let mut shop = Self::open_without_encoder(pool, flags, media).await;
        shop.encoder = Some(shop.encode(Pace::default()));
        shop
    }

    /// Nothing makes pictures of what it receives before [`Shop::encode`] does.
    pub async fn open_without_encoder(pool: PgPool, flags: &[&str], media: Option<MediaStore>) -> Self {
        // As the shop itself connects: its settings are part of what is tested.
        let pool = pool_of((*pool.connect_options()).clone(), 5, Use::Requests);
        let folder = tempdir::Folder::new();
        let root = folder.path().join("site");
        std::fs::create_dir_all(root.join("pkg")).unwrap();
        let settings = settings(&root, flags);
        let currency = app::domain::Currency::from_code("EUR").unwrap();
        let media = media.unwrap_or_else(|| MediaStore::new(folder.path().join("media")));
        let dev_mail = settings.mail.post(&settings).unwrap().dev_mail;
        let host = Host::new(pool.clone(), &settings, currency, secret(), media.clone(), dev_mail.clone());
        let (metrics, jobs) = (Arc::clone(&host.metrics), Arc::clone(&host.pictures));
        let router = router(host, &settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (leave, told) = oneshot::channel::<()>();
        let served = tokio::spawn(serve(listener, router, 1000, async {
            let _ = told.await;
        }));
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            addr,
            pool,
            dev_mail,
            media,
            metrics,
            jobs,
            client,
            leave: Some(leave),
            served: Some(served),
            encoder: None,
            _folder: folder,
        }
    }

    /// As this shop's process does, beside any other that is at it.
    pub fn encode(&self, pace: Pace) -> Encoding {
        Encoding::start(Encoder::new(&self.pool, self.media.clone(), Arc::clone(&self.jobs), pace))
    }

    /// Tells the shop to finish what it accepted and leave.
    pub fn close(&mut self) {
        if let Some(leave) = self.leave.take() {
            let _ = leave.send(());
        }
        if let Some(encoder) = &self.encoder {
            encoder.leave.send_replace(true);
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", "text/html")], "").await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.addr));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.as_ref().to_vec())).unwrap();
        let response = self.client.request(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Asks until the page says what is expected: a notice takes a moment to arrive.
    pub async fn get_until(&self, path: &str, expected: impl Fn(&Answer) -> bool) -> Answer {
        let patience = Instant::now() + Duration::from_secs(10);
        loop {
            let answer = self.get(path).await;
            if expected(&answer) || Instant::now() > patience {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// What makes pictures, for as long as it is kept.
pub struct Encoding {
    leave: watch::Sender<bool>,
    pub task: JoinHandle<()>,
}

impl Encoding {
    pub fn start(encoder: Encoder) -> Self {
        let (leave, told) = watch::channel(false);
        Self { leave, task: tokio::spawn(encoder.run(told)) }
    }

    /// Tells it to finish what it has in hand, and waits for that.
    pub async fn end(self) {
        self.leave.send_replace(true);
        tokio::time::timeout(Duration::from_secs(30), self.task).await.expect("it leaves").unwrap();
    }
}

/// The shop's key in tests.
pub fn secret() -> Secret {
    Secret::from_text("a key that only tests may know of").unwrap()
}

fn settings(root: &std::path::Path, flags: &[&str]) -> Serve {
    let root = root.to_str().unwrap();
    // Many tests share one machine.
    let patient: &[&str] = &["--picture-wait-seconds", "60"];
    let patient = if flags.contains(&patient[0]) { &[] } else { patient };
    let args = ["shopfront", "serve", "--site-root", root]
        .into_iter()
        .chain(patient.iter().copied())
        .chain(flags.iter().copied());
    match Cli::parse_from(args).command {
        Command::Serve(settings) => settings,
        _ => unreachable!(),
    }
}

/// A product to put into the database, plain unless said otherwise.
pub struct Product<'a> {
    pub slug: &'a str,
    pub title: &'a str,
    pub body: &'a str,
    pub tags: &'a [&'a str],
    pub vendor: &'a str,
    pub category: Option<Uuid>,
    pub status: &'a str,
    /// Minor units.
    pub price: i64,
    pub compare_at: Option<i64>,
    pub on_hand: i32,
    /// Values of the option "Colour", each a variant.
    pub colours: &'a [&'a str],
}

impl Default for Product<'_> {
    fn default() -> Self {
        Self {
            slug: "tarn-mug",
            title: "Tarn mug",
            body: "<p>A mug.</p>",
            tags: &[],
            vendor: "",
            category: None,
            status: "active",
            price: 2400,
            compare_at: None,
            on_hand: 10,
            colours: &[],
        }
    }
}

pub async fn add(pool: &PgPool, product: Product<'_>) -> Uuid {
    let id = Uuid::now_v7();
    let names: &[&str] = if product.colours.is_empty() { &[] } else { &["Colour"] };
    sqlx::query(
        "insert into products (id, slug, title, body_html, tags, vendor, category_id, status, option_names)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(product.slug)
    .bind(product.title)
    .bind(product.body)
    .bind(product.tags)
    .bind(product.vendor)
    .bind(product.category)
    .bind(product.status)
    .bind(names)
    .execute(pool)
    .await
    .unwrap();
    let plain: &[&str] = &[""];
    let colours = if product.colours.is_empty() { plain } else { product.colours };
    for (at, colour) in colours.iter().enumerate() {
        let values: &[&str] = if product.colours.is_empty() { &[] } else { &[colour] };
        sqlx::query(
            "insert into variants (id, product_id, position, sku, price, compare_at, on_hand, option_values)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(Uuid::now_v7())
        .bind(id)
        .bind(at as i32 + 1)
        .bind(format!("{}-{at}", product.slug.to_uppercase()))
        .bind(product.price)
        .bind(product.compare_at)
        .bind(product.on_hand)
        .bind(values)
        .execute(pool)
        .await
        .unwrap();
    }
    for word in product.title.to_lowercase().split_whitespace() {
        sqlx::query("insert into search_words values ($1, 1) on conflict (word) do update set products = search_words.products + 1")
            .bind(word)
            .execute(pool)
            .await
            .unwrap();
    }
    id
}

pub async fn until_somebody_waits(pool: &PgPool) {
    let patience = Instant::now() + Duration::from_secs(10);
    let waits = "select exists (
                     select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
                 )";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(pool).await.unwrap() {
        assert!(Instant::now() < patience, "nobody waits");
        tokio::task::yield_now().await;
    }
}

pub async fn add_category(pool: &PgPool, parent: Option<Uuid>, slug: &str, name: &str) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query("insert into categories (id, parent_id, slug, name) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(parent)
        .bind(slug)
        .bind(name)
        .execute(pool)
        .await
        .unwrap();
    id
}

mod tempdir {
    use std::path::{Path, PathBuf};

    /// A folder that goes with its test.
    pub struct Folder(PathBuf);

    impl Folder {
        pub fn new() -> Self {
            let path = std::env::temp_dir().join(format!("shopfront-test-{}", uuid::Uuid::new_v4()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        pub fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
