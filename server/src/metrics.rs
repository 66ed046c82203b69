//! Figures for Prometheus, on a listener of their own that no visitor reaches.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use sqlx::PgPool;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Prometheus gives up after 10 s by default; a database in trouble must not cost the other figures.
const DATABASE_LIMIT: Duration = Duration::from_secs(2);
/// Connections to the private listener at most.
pub const MAX_CONNECTIONS: u32 = 16;

#[derive(Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, number: u64) {
        self.0.fetch_add(number, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What visitors ask for, coarsely: figures by path would be as many as there are products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Page,
    Api,
    Asset,
    Media,
    /// `/healthz` and `/readyz`, whose great number would hide what visitors get.
    Probe,
}

impl Class {
    const ALL: [Self; 5] = [Self::Page, Self::Api, Self::Asset, Self::Media, Self::Probe];

    pub fn of(path: &str) -> Self {
        match path {
            "/healthz" | "/readyz" => Self::Probe,
            _ if path.starts_with("/api/") => Self::Api,
            _ if path.starts_with("/media/") => Self::Media,
            _ if path.starts_with("/pkg/") || path.starts_with("/fonts/") => Self::Asset,
            _ => Self::Page,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::Asset => "asset",
            Self::Media => "media",
            Self::Probe => "probe",
        }
    }
}

/// Upper bounds of the histogram's buckets, in seconds.
const BOUNDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0];

#[derive(Default)]
struct Requests {
    /// By the first digit of the status.
    statuses: [Counter; 5],
    /// Each request in the one bucket where it belongs; sums are made when asked for.
    buckets: [Counter; BOUNDS.len() + 1],
    microseconds: Counter,
}

/// What one process has seen since it started.
pub struct Metrics {
    started: SystemTime,
    requests: [Requests; Class::ALL.len()],
    pub mail_sent: Counter,
    /// Tries that will be repeated.
    pub mail_failed: Counter,
    pub mail_expired: Counter,
    pub mail_dead: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            started: SystemTime::now(),
            requests: Default::default(),
            mail_sent: Counter::default(),
            mail_failed: Counter::default(),
            mail_expired: Counter::default(),
            mail_dead: Counter::default(),
        }
    }
}

impl Metrics {
    pub fn request(&self, class: Class, status: u16, took: Duration) {
        let Some(requests) = self.requests.get(class as usize) else { return };
        if let Some(counter) = requests.statuses.get(usize::from(status / 100).wrapping_sub(1)) {
            counter.add(1);
        }
        let seconds = took.as_secs_f64();
        let bucket = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        if let Some(counter) = requests.buckets.get(bucket) {
            counter.add(1);
        }
        requests.microseconds.add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }
}

/// The state of the outbox, which all processes share.
pub struct Outbox {
    pub waiting: i64,
    pub dead: i64,
    /// Of the letter that waits longest, in seconds; 0 when none does.
    pub oldest_waiting: f64,
}

impl Outbox {
    /// # Errors
    /// The database's.
    pub async fn read(pool: &PgPool) -> Result<Self, sqlx::Error> {
        // Two queries rather than one, so that each reads an index of just its rows.
        sqlx::query_as!(
            Self,
            r#"
            select
                waiting.number as "waiting!",
                (select count(*) from outbox where state = 'dead') as "dead!",
                coalesce(extract(epoch from now() - waiting.oldest), 0)::float8 as "oldest_waiting!"
            from (
                select count(*) as number, min(created_at) as oldest
                from outbox
                where state = 'waiting' and letter is not null
            ) waiting
            "#
        )
        .fetch_one(pool)
        .await
    }
}

/// Pictures that the staff have sent and that wait to be prepared, by whichever process.
pub struct PictureQueue {
    pub waiting: i64,
    /// Given up, and told to the staff until somebody removes them.
    pub failed: i64,
    /// Of the picture that waits longest, in seconds; 0 when none does.
    pub oldest_waiting: f64,
}

impl PictureQueue {
    /// # Errors
    /// The database's.
    pub async fn read(pool: &PgPool) -> Result<Self, sqlx::Error> {
        // Two queries rather than one, so that each reads an index of just its rows.
        sqlx::query_as!(
            Self,
            r#"
            select
                waiting.number as "waiting!",
                (select count(*) from picture_jobs where state = 'failed') as "failed!",
                coalesce(extract(epoch from now() - waiting.oldest), 0)::float8 as "oldest_waiting!"
            from (
                select count(*) as number, min(created_at) as oldest from picture_jobs where state = 'waiting'
            ) waiting
            "#
        )
        .fetch_one(pool)
        .await
    }
}

/// What waits in the database, for any process to take.
struct Waiting {
    outbox: Outbox,
    pictures: PictureQueue,
}

impl Waiting {
    async fn read(pool: &PgPool) -> Result<Self, sqlx::Error> {
        Ok(Self { outbox: Outbox::read(pool).await?, pictures: PictureQueue::read(pool).await? })
    }
}

#[derive(Clone)]
struct Source {
    metrics: Arc<Metrics>,
    pool: PgPool,
}

/// All that the private listener answers.
pub fn router(metrics: Arc<Metrics>, pool: PgPool) -> Router {
    Router::new().route("/metrics", get(answer)).with_state(Source { metrics, pool })
}

async fn answer(State(source): State<Source>) -> impl IntoResponse {
    let waiting = match tokio::time::timeout(DATABASE_LIMIT, Waiting::read(&source.pool)).await {
        Ok(Ok(waiting)) => Some(waiting),
        Ok(Err(_)) | Err(_) => None,
    };
    let body = exposition(&source.metrics, &source.pool, waiting);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], body)
}

/// Prometheus' text format, version 0.0.4.
fn exposition(metrics: &Metrics, pool: &PgPool, waiting: Option<Waiting>) -> String {
    let mut text = Text(String::with_capacity(8 * 1024));
    let started = metrics.started.duration_since(UNIX_EPOCH).unwrap_or_default();
    text.single(
        "process_start_time_seconds",
        "gauge",
        "When this process started, in Unix time.",
        started.as_secs_f64(),
    );

    text.family("shopfront_requests_total", "counter", "Requests answered, by class and first digit of the status.");
    for (class, requests) in Class::ALL.iter().zip(&metrics.requests) {
        for (digit, counter) in (1..).zip(&requests.statuses) {
            let labels = format!("{{class=\"{}\",status=\"{digit}xx\"}}", class.name());
            text.sample("shopfront_requests_total", &labels, counter.get());
        }
    }
    text.family("shopfront_request_seconds", "histogram", "Time to an answer's head, by class.");
    for (class, requests) in Class::ALL.iter().zip(&metrics.requests) {
        let class = class.name();
        let mut below = 0;
        for (at, counter) in requests.buckets.iter().enumerate() {
            below += counter.get();
            let bound = BOUNDS.get(at).map_or_else(|| "+Inf".to_owned(), ToString::to_string);
            text.sample("shopfront_request_seconds_bucket", &format!("{{class=\"{class}\",le=\"{bound}\"}}"), below);
        }
        let seconds = requests.microseconds.get() as f64 / 1e6;
        text.sample("shopfront_request_seconds_sum", &format!("{{class=\"{class}\"}}"), seconds);
        text.sample("shopfront_request_seconds_count", &format!("{{class=\"{class}\"}}"), below);
    }

    text.family("shopfront_mail_total", "counter", "What this process did with letters.");
    for (outcome, counter) in [
        ("sent", &metrics.mail_sent),
        ("failed", &metrics.mail_failed),
        ("expired", &metrics.mail_expired),
        ("dead", &metrics.mail_dead),
    ] {
        text.sample("shopfront_mail_total", &format!("{{outcome=\"{outcome}\"}}"), counter.get());
    }

    text.single(
        "shopfront_database_up",
        "gauge",
        "Whether the database answered just now.",
        u8::from(waiting.is_some()),
    );
    if let Some(Waiting { outbox, pictures }) = waiting {
        text.family("shopfront_outbox_letters", "gauge", "Letters in the outbox, by state.");
        text.sample("shopfront_outbox_letters", "{state=\"waiting\"}", outbox.waiting);
        text.sample("shopfront_outbox_letters", "{state=\"dead\"}", outbox.dead);
        text.single(
            "shopfront_outbox_oldest_waiting_seconds",
            "gauge",
            "Age of the letter that waits longest.",
            outbox.oldest_waiting,
        );
        text.family("shopfront_picture_jobs", "gauge", "Pictures that the staff sent and that aren't ready, by state.");
        text.sample("shopfront_picture_jobs", "{state=\"waiting\"}", pictures.waiting);
        text.sample("shopfront_picture_jobs", "{state=\"failed\"}", pictures.failed);
        text.single(
            "shopfront_picture_jobs_oldest_waiting_seconds",
            "gauge",
            "Age of the picture that waits longest to be prepared.",
            pictures.oldest_waiting,
        );
    }
    text.family("shopfront_database_connections", "gauge", "This process' database connections for requests.");
    text.sample("shopfront_database_connections", "{state=\"open\"}", pool.size());
    text.sample("shopfront_database_connections", "{state=\"idle\"}", pool.num_idle());
    text.sample("shopfront_database_connections", "{state=\"allowed\"}", pool.options().get_max_connections());
    text.0
}

struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.family(name, kind, help);
        self.sample(name, "", value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_are_counted_by_class_status_and_time() {
        let metrics = Metrics::default();
        for (path, status, ms) in
            [("/", 200, 3), ("/products/x", 404, 30), ("/api/x", 503, 6000), ("/pkg/a.js", 200, 0)]
        {
            metrics.request(Class::of(path), status, Duration::from_millis(ms));
        }
        let options = sqlx::postgres::PgConnectOptions::new();
        let pool = crate::database::pool_of(options, 3, crate::database::Use::Requests);
        let text = exposition(&metrics, &pool, None);
        for line in [
            "shopfront_requests_total{class=\"page\",status=\"2xx\"} 1",
            "shopfront_requests_total{class=\"page\",status=\"4xx\"} 1",
            "shopfront_requests_total{class=\"api\",status=\"5xx\"} 1",
            "shopfront_request_seconds_bucket{class=\"page\",le=\"0.0025\"} 0",
            "shopfront_request_seconds_bucket{class=\"page\",le=\"0.005\"} 1",
            "shopfront_request_seconds_bucket{class=\"page\",le=\"+Inf\"} 2",
            "shopfront_request_seconds_bucket{class=\"api\",le=\"5\"} 0",
            "shopfront_request_seconds_count{class=\"api\"} 1",
            "shopfront_request_seconds_sum{class=\"page\"} 0.033",
            "shopfront_database_up 0",
            "shopfront_database_connections{state=\"allowed\"} 3",
        ] {
            assert!(text.lines().any(|have| have == line), "{line} is not in\n{text}");
        }
        for unknown in ["shopfront_outbox", "shopfront_picture_jobs"] {
            assert!(!text.contains(unknown), "what isn’t known isn’t told");
        }
    }
}
