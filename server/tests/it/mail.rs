//! Mail from the outbox to a mail server (rows 11, 39, 47, B9 and B14 of the bar).

use crate::command_line::{SECRET, url};
use crate::shop::Shop;
use crate::smtp_sink::{Mood, Sink};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use server::mail::{Composer, Letter, Mailbox, Mailer, Pace, Smtp, Worker, enqueue};
use server::metrics::{self, Metrics};
use server::secret::Secret;
use sqlx::PgPool;
use std::collections::HashSet;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use tokio::io::AsyncReadExt;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower::ServiceExt;

const PATIENCE: Duration = Duration::from_secs(20);

fn secret() -> Secret {
    Secret::from_text(SECRET).unwrap()
}

/// Hurried, but for the tick: what a test waits for has to come by itself.
fn pace() -> Pace {
    Pace {
        first_pause: Duration::from_millis(20),
        longest_pause: Duration::from_millis(50),
        tick: Duration::from_secs(60),
        ..Pace::default()
    }
}

struct Running {
    leave: watch::Sender<bool>,
    task: JoinHandle<()>,
    metrics: Arc<Metrics>,
}

impl Running {
    fn start(pool: &PgPool, mailer: Option<Mailer>, pace: Pace) -> Self {
        let from = "Fieldstone <shop@shop.example>".parse().unwrap();
        let composer = Composer::new("Fieldstone", "https://shop.example", from);
        let metrics = Arc::new(Metrics::default());
        let worker = Worker::new(pool, secret(), composer, mailer, Arc::clone(&metrics), pace);
        let (leave, told) = watch::channel(false);
        Self { leave, task: tokio::spawn(worker.run(told)), metrics }
    }

    async fn end(self) {
        self.leave.send_replace(true);
        tokio::time::timeout(PATIENCE, self.task).await.expect("the worker leaves").unwrap();
    }
}

fn smtp(sink: &Sink) -> Option<Mailer> {
    Some(Mailer::Smtp(Smtp::new(&sink.url()).unwrap()))
}

fn code() -> Letter {
    Letter::SignUpCode { code: "123456".to_owned() }
}

async fn post(pool: &PgPool, to: Option<&str>, letter: &Letter) {
    post_until(pool, to, letter, OffsetDateTime::now_utc() + Duration::from_secs(600)).await;
}

async fn post_until(pool: &PgPool, to: Option<&str>, letter: &Letter, expires_at: OffsetDateTime) {
    let mut connection = pool.acquire().await.unwrap();
    enqueue(&mut connection, &secret(), to, letter, expires_at).await.unwrap();
}

/// Asks the database until so many rows fulfil the condition.
async fn until(pool: &PgPool, condition: &str, rows: i64) {
    let patience = Instant::now() + PATIENCE;
    loop {
        let query = sqlx::AssertSqlSafe(format!("select count(*) from outbox where {condition}"));
        let count: i64 = sqlx::query_scalar(query).fetch_one(pool).await.unwrap();
        if count == rows {
            return;
        }
        assert!(Instant::now() < patience, "{count} rows, not {rows}, where {condition}");
    }
}

/// Waits until a worker has asked, after everything that is done, when the next letter is due.
async fn until_asleep(pool: &PgPool) {
    let patience = Instant::now() + PATIENCE;
    let asked = "select exists (
        select 1 from pg_stat_activity
        where datname = current_database() and state = 'idle'
          and query like 'select extract(epoch from min(next_try_at)%' and query_start > (select max(done_at) from outbox))";
    while !sqlx::query_scalar::<_, bool>(asked).fetch_one(pool).await.unwrap() {
        assert!(Instant::now() < patience, "the worker doesn’t come to rest");
    }
}

pub async fn figures(metrics: &Arc<Metrics>, pool: &PgPool) -> String {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = metrics::router(Arc::clone(metrics), pool.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

fn has_line(figures: &str, line: &str) -> bool {
    figures.lines().any(|have| have == line)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_letter_arrives_whole_as_soon_as_it_is_written(pool: PgPool) {
    let sink = Sink::open().await;
    let worker = Running::start(&pool, smtp(&sink), pace());
    post(&pool, Some("ada@example.com"), &code()).await;
    sink.takes(1).await;
    until_asleep(&pool).await;
    // For a minute, but for the notice.
    post(&pool, Some("bob@example.com"), &Letter::PasswordChanged).await;
    let letters = sink.takes(2).await;
    assert_eq!(letters[0].to, ["ada@example.com"]);
    assert!(letters[0].from.starts_with("<shop@shop.example>"), "{}", letters[0].from);
    assert_eq!(letters[0].header("From"), "Fieldstone <shop@shop.example>");
    assert_eq!(letters[0].header("Subject"), "Your code for Fieldstone");
    let parts = letters[0].parts();
    let kinds: Vec<&str> = parts.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["text/plain; charset=utf-8", "text/html; charset=utf-8"]);
    assert!(parts[0].1.contains("\n    123 456\n") && parts[0].1.contains("If it wasn’t you"), "{}", parts[0].1);
    assert!(parts[1].1.contains("</html>") && parts[1].1.contains("If it wasn’t you"), "{}", parts[1].1);
    assert_eq!(letters[1].header("Subject"), "Your password at Fieldstone has changed");
    until(&pool, "state = 'sent' and letter is null and done_at is not null and last_error = ''", 2).await;
    worker.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn several_workers_send_each_letter_once(pool: PgPool) {
    let sink = Sink::open().await;
    for number in 0..100 {
        post(&pool, Some(&format!("reader-{number}@example.com")), &code()).await;
    }
    let workers = [0, 1].map(|_| Running::start(&pool, smtp(&sink), pace()));
    until(&pool, "state = 'sent'", 100).await;
    for worker in workers {
        worker.end().await;
    }
    let letters = sink.letters();
    let ids: HashSet<String> = letters.iter().map(|letter| letter.header("Message-ID")).collect();
    let readers: HashSet<String> = letters.iter().map(|letter| letter.to[0].clone()).collect();
    assert_eq!((letters.len(), ids.len(), readers.len()), (100, 100, 100));
}

#[sqlx::test(migrations = "../migrations")]
async fn mail_waits_for_a_mail_server_that_is_down(pool: PgPool) {
    let mut sink = Sink::open().await;
    sink.stop().await;
    let worker = Running::start(&pool, smtp(&sink), pace());
    for number in 0..20 {
        post(&pool, Some(&format!("reader-{number}@example.com")), &code()).await;
    }
    until(&pool, "tries >= 2 and last_error = 'connection refused'", 1).await;
    sink.start().await;
    sink.takes(20).await;
    until(&pool, "state = 'sent' and last_error = ''", 20).await;
    worker.end().await;
    assert_eq!(sink.letters().len(), 20);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_long_queue_asks_a_mail_server_that_is_down_no_more_often_than_a_short_one(pool: PgPool) {
    let mut sink = Sink::open().await;
    sink.stop().await;
    // Its removal tells that the worker has gone to rest: it tidies up after its first look.
    sqlx::query(
        "insert into outbox (id, kind, state, expires_at, done_at)
         values (gen_random_uuid(), 'password_changed', 'sent', now(), now() - interval '30 days')",
    )
    .execute(&pool)
    .await
    .unwrap();
    for number in 0..20 {
        post(&pool, Some(&format!("reader-{number}@example.com")), &code()).await;
    }
    let worker = Running::start(&pool, smtp(&sink), Pace { first_pause: PATIENCE, longest_pause: PATIENCE, ..pace() });
    until(&pool, "state = 'sent'", 0).await;
    until(&pool, "tries = 1", 4).await;
    until(&pool, "tries = 0", 16).await;
    worker.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_has_expired_is_not_sent(pool: PgPool) {
    let mut sink = Sink::open().await;
    sink.stop().await;
    let worker = Running::start(&pool, smtp(&sink), pace());
    // One that expires while the mail server is down, and one that did before anybody looked.
    post_until(&pool, Some("ada@example.com"), &code(), OffsetDateTime::now_utc() + Duration::from_millis(1500)).await;
    until(&pool, "tries > 0", 1).await;
    post_until(&pool, Some("ada@example.com"), &code(), OffsetDateTime::now_utc() - Duration::from_secs(1)).await;
    until(&pool, "state = 'expired' and letter is null", 2).await;
    sink.start().await;
    post(&pool, Some("bob@example.com"), &code()).await;
    let letters = sink.takes(1).await;
    assert_eq!(letters[0].to, ["bob@example.com"]);
    assert!(has_line(&figures(&worker.metrics, &pool).await, "shopfront_mail_total{outcome=\"expired\"} 2"));
    worker.end().await;
    assert_eq!(sink.letters().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_letter_to_nobody_is_done_without_a_mail_server(pool: PgPool) {
    let sink = Sink::open().await;
    let worker = Running::start(&pool, smtp(&sink), pace());
    post(&pool, None, &code()).await;
    until(&pool, "state = 'sent' and tries = 0", 1).await;
    worker.end().await;
    assert!(sink.said().is_empty(), "nobody asked the mail server");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_letter_refused_for_good_is_given_up_and_the_others_are_sent(pool: PgPool) {
    let sink = Sink::open().await;
    sink.is(Mood::Refuses("550 5.1.1 <ada@example.com>: no such mailbox"));
    let worker = Running::start(&pool, smtp(&sink), pace());
    post(&pool, Some("ada@example.com"), &code()).await;
    until(&pool, "state = 'dead' and letter is null and tries = 3 and last_error = '550 5.1.1'", 1).await;
    sink.is(Mood::Takes);
    post(&pool, Some("bob@example.com"), &code()).await;
    assert_eq!(sink.takes(1).await[0].to, ["bob@example.com"]);
    until(&pool, "state = 'sent'", 1).await;
    let figures = figures(&worker.metrics, &pool).await;
    for line in [
        "shopfront_outbox_letters{state=\"dead\"} 1",
        "shopfront_outbox_letters{state=\"waiting\"} 0",
        "shopfront_outbox_oldest_waiting_seconds 0",
        "shopfront_mail_total{outcome=\"sent\"} 1",
        "shopfront_mail_total{outcome=\"failed\"} 2",
        "shopfront_mail_total{outcome=\"dead\"} 1",
        "shopfront_database_up 1",
    ] {
        assert!(has_line(&figures, line), "{line} is not in\n{figures}");
    }
    worker.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_letter_that_is_put_off_is_tried_until_it_is_taken(pool: PgPool) {
    let sink = Sink::open().await;
    sink.is(Mood::Refuses("451 4.7.1 greylisted"));
    let worker = Running::start(&pool, smtp(&sink), pace());
    post(&pool, Some("ada@example.com"), &code()).await;
    until(&pool, "state = 'waiting' and tries > 5 and last_error = '451 4.7.1'", 1).await;
    sink.is(Mood::Takes);
    sink.takes(1).await;
    until(&pool, "state = 'sent'", 1).await;
    worker.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_mail_server_that_hangs_is_left_and_browsing_goes_on(pool: PgPool) {
    let sink = Sink::open().await;
    sink.is(Mood::Mute);
    let shop = Shop::open(pool.clone()).await;
    let pace = Pace { send_limit: Duration::from_secs(2), ..pace() };
    let worker = Running::start(&pool, smtp(&sink), pace);
    post(&pool, Some("ada@example.com"), &code()).await;
    sink.is_waited_for().await;
    assert_eq!(shop.get("/products").await.status, StatusCode::OK);
    assert_eq!(shop.get("/readyz").await.status, StatusCode::OK);
    let stuck: i64 = sqlx::query_scalar(
        "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(stuck, 0, "no transaction is open while the mail server is waited for");
    until(&pool, "state = 'waiting' and last_error = 'no answer within 2 s'", 1).await;
    sink.is(Mood::Takes);
    sink.takes(1).await;
    worker.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_conversation_that_was_cut_is_not_gone_on_with(pool: PgPool) {
    let sink = Sink::open().await;
    let pace = Pace { send_limit: Duration::from_millis(500), ..pace() };
    let worker = Running::start(&pool, smtp(&sink), pace);
    // A connection that the pool would use again.
    post(&pool, Some("ada@example.com"), &code()).await;
    sink.takes(1).await;
    until(&pool, "state = 'sent'", 1).await;
    sink.is(Mood::Holds);
    post(&pool, Some("bob@example.com"), &code()).await;
    until(&pool, "last_error like 'no answer%'", 1).await;
    sink.is(Mood::Takes);
    until(&pool, "state = 'sent'", 2).await;
    worker.end().await;
    let conversations = sink.said();
    assert!(conversations[0].iter().any(|line| line.contains("ada@")), "{conversations:?}");
    let cut = conversations.iter().find(|lines| lines.iter().any(|line| line.contains("bob@"))).unwrap();
    let after = cut.iter().skip_while(|line| !line.contains("bob@")).skip_while(|line| *line != "DATA").skip(1);
    assert!(after.clone().all(|line| line == "QUIT"), "{cut:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_worker_that_dies_with_a_letter_in_hand_loses_nothing(pool: PgPool) {
    let sink = Sink::open().await;
    sink.is(Mood::Holds);
    let pace = Pace { lease: Duration::from_secs(2), ..pace() };
    let killed = Running::start(&pool, smtp(&sink), pace);
    post(&pool, Some("ada@example.com"), &code()).await;
    sink.hears(1).await;
    killed.task.abort();
    assert!(killed.task.await.unwrap_err().is_cancelled());
    until(&pool, "state = 'waiting' and tries = 1 and letter is not null and next_try_at > now()", 1).await;
    sink.is(Mood::Takes);
    let other = Running::start(&pool, smtp(&sink), pace);
    until(&pool, "state = 'sent' and tries = 2", 1).await;
    other.end().await;
    // The first may have been taken too: nobody was left to hear it. Then it is told by its id.
    let ids: HashSet<String> = sink.letters().iter().map(|letter| letter.header("Message-ID")).collect();
    assert_eq!(ids.len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_worker_told_to_leave_finishes_the_letter_in_hand(pool: PgPool) {
    let sink = Sink::open().await;
    sink.is(Mood::Holds);
    let worker = Running::start(&pool, smtp(&sink), pace());
    post(&pool, Some("ada@example.com"), &code()).await;
    sink.hears(1).await;
    worker.leave.send_replace(true);
    post(&pool, Some("bob@example.com"), &code()).await;
    sink.is(Mood::Takes);
    worker.end().await;
    until(&pool, "state = 'sent'", 1).await;
    until(&pool, "state = 'waiting' and tries = 0", 1).await;
    assert_eq!(sink.letters().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_wrong_password_is_no_letter_s_fault(pool: PgPool) {
    let sink = Sink::open_for(Some(("shop", "swordfish"))).await;
    let wrong = Smtp::new(&format!("smtp://shop:sw%40rdfish@{}", sink.addr)).unwrap();
    let worker = Running::start(&pool, Some(Mailer::Smtp(wrong)), pace());
    post(&pool, Some("ada@example.com"), &code()).await;
    until(&pool, "state = 'waiting' and tries > 4 and last_error = '535 5.7.8'", 1).await;
    worker.end().await;
    assert!(sink.letters().is_empty());
    let right = Smtp::new(&format!("smtp://shop:swordfish@{}", sink.addr)).unwrap();
    let worker = Running::start(&pool, Some(Mailer::Smtp(right)), pace());
    sink.takes(1).await;
    worker.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn where_tls_is_required_nothing_is_said_without_it(pool: PgPool) {
    let sink = Sink::open_for(Some(("shop", "swordfish"))).await;
    let smtp = Smtp::new(&format!("smtp://shop:swordfish@{}?tls=required", sink.addr)).unwrap();
    let worker = Running::start(&pool, Some(Mailer::Smtp(smtp)), pace());
    post(&pool, Some("ada@example.com"), &code()).await;
    until(&pool, "state = 'waiting' and last_error like '%STARTTLS%'", 1).await;
    worker.end().await;
    let said = sink.said();
    assert!(!said.is_empty());
    assert!(said.iter().flatten().all(|line| line.starts_with("EHLO") || line.starts_with("QUIT")), "{said:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_letter_that_another_key_sealed_is_given_up(pool: PgPool) {
    let sink = Sink::open().await;
    let other = Secret::from_text("another key for tests, long enough too").unwrap();
    let expires_at = OffsetDateTime::now_utc() + Duration::from_secs(600);
    let mut connection = pool.acquire().await.unwrap();
    enqueue(&mut connection, &other, Some("ada@example.com"), &code(), expires_at).await.unwrap();
    let worker = Running::start(&pool, smtp(&sink), pace());
    until(&pool, "state = 'dead' and last_error = 'it was sealed under another key'", 1).await;
    worker.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_way_for_mail_letters_wait(pool: PgPool) {
    post(&pool, Some("ada@example.com"), &code()).await;
    post_until(&pool, Some("ada@example.com"), &code(), OffsetDateTime::now_utc() - Duration::from_secs(1)).await;
    let worker = Running::start(&pool, None, pace());
    until(&pool, "state = 'expired'", 1).await;
    worker.end().await;
    until(&pool, "state = 'waiting' and tries = 0", 1).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_folder_gets_each_letter_as_a_whole_file(pool: PgPool) {
    let folder = std::env::temp_dir().join(format!("shopfront-mail-{}", uuid::Uuid::new_v4()));
    let worker = Running::start(&pool, Some(Mailer::File(folder.clone())), pace());
    post(&pool, Some("ada@example.com"), &code()).await;
    post(&pool, Some("bob@example.com"), &Letter::PasswordChanged).await;
    until(&pool, "state = 'sent'", 2).await;
    worker.end().await;
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    for file in &files {
        assert_eq!(file.extension().unwrap(), "eml");
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains("Subject: ") && text.trim_end().ends_with("--"), "{text}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn old_rows_are_removed(pool: PgPool) {
    let keep = Duration::from_secs(3600);
    for age in ["2 hours", "1 minute"] {
        post(&pool, None, &code()).await;
        let query = "update outbox set state = 'sent', done_at = now() - $1::text::interval where done_at is null";
        sqlx::query(query).bind(age).execute(&pool).await.unwrap();
    }
    let worker = Running::start(&pool, None, Pace { keep, ..pace() });
    until(&pool, "true", 1).await;
    worker.end().await;
    until(&pool, "done_at > now() - interval '10 minutes'", 1).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn neither_the_log_nor_the_outbox_tells_a_code_or_an_address(pool: PgPool) {
    const READER: Option<&str> = Some("ada.lovelace@example.com");
    let sink = Sink::open().await;
    sink.is(Mood::Refuses("451 4.2.2 ada.lovelace@example.com is full; 123456; she wrote 123 456"));
    // A process of its own: its log is all that a shop would log, at the finest level.
    let mut shop = tokio::process::Command::new(env!("CARGO_BIN_EXE_shopfront"))
        .args(["serve", "--addr", "127.0.0.1:0", "--log", "trace", "--log-format", "text"])
        .args(["--smtp-url", &sink.url(), "--mail-from", "shop@shop.example"])
        .env("DATABASE_URL", url(&pool))
        .env("SHOPFRONT_MEDIA_DIR", std::env::temp_dir())
        .env("SHOPFRONT_SECRET", SECRET)
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut stderr = shop.stderr.take().unwrap();
    let logged = tokio::spawn(async move {
        let mut log = String::new();
        stderr.read_to_string(&mut log).await.unwrap();
        log
    });
    post(&pool, READER, &code()).await;
    until(&pool, "state = 'waiting' and last_error = '451 4.2.2'", 1).await;
    sink.is(Mood::Refuses("550 ada.lovelace@example.com is gone; 123456; she wrote 123 456"));
    sqlx::query("update outbox set tries = 5, next_try_at = now()").execute(&pool).await.unwrap();
    post_until(&pool, READER, &code(), OffsetDateTime::now_utc() - Duration::from_secs(1)).await;
    until(&pool, "state = 'dead' and last_error = '550'", 1).await;
    until(&pool, "state = 'expired'", 1).await;
    sink.is(Mood::Takes);
    post(&pool, READER, &code()).await;
    until(&pool, "state = 'sent'", 1).await;
    let pid = shop.id().unwrap().to_string();
    assert!(tokio::process::Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    assert!(shop.wait().await.unwrap().success());
    let log = logged.await.unwrap();
    let rows: String = sqlx::query_scalar("select string_agg(row_to_json(outbox)::text, ' ') from outbox")
        .fetch_one(&pool)
        .await
        .unwrap();
    for part in ["mail was not sent", "4.2.2", "mail was refused for good", "550", "not sent in time", "mail sent"] {
        assert!(log.contains(part), "{part} is not logged");
    }
    for told in [&log, &rows] {
        for secret in ["ada.lovelace", "123456", "123 456"] {
            let line = told.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret}");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn figures_come_without_the_database_too_and_never_to_visitors(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.get("/nowhere").await;
    let metrics = Arc::clone(&shop.metrics);
    let up = figures(&metrics, &shop.pool).await;
    assert!(has_line(&up, "shopfront_database_up 1"), "{up}");
    assert!(has_line(&up, "shopfront_requests_total{class=\"page\",status=\"4xx\"} 1"), "{up}");
    shop.pool.close().await;
    let down = figures(&metrics, &shop.pool).await;
    assert!(has_line(&down, "shopfront_database_up 0") && !down.contains("shopfront_outbox"), "{down}");
    assert_eq!(shop.get("/metrics").await.status, StatusCode::NOT_FOUND);
    let request = Request::get("/").body(Body::empty()).unwrap();
    let answer = metrics::router(metrics, shop.pool.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_developer_reads_the_shop_s_letters(pool: PgPool) {
    let shop = Shop::open_with(pool.clone(), &["--dev-mail"]).await;
    let mailbox: Mailbox = shop.dev_mail.clone().unwrap();
    assert!(shop.get("/dev/mail").await.body.contains("No letter has been sent yet"));
    let worker = Running::start(&pool, Some(Mailer::Memory(mailbox)), pace());
    post(&pool, Some("ada@example.com"), &code()).await;
    until(&pool, "state = 'sent'", 1).await;
    post(&pool, Some("bob@example.com"), &Letter::EmailChanged { new_email: "<b>bob</b>@example.com".into() }).await;
    until(&pool, "state = 'sent'", 2).await;
    worker.end().await;
    let list = shop.get("/dev/mail").await;
    assert_eq!(list.header("cache-control"), "no-store");
    assert_eq!(list.header("x-robots-tag"), "noindex");
    assert!(list.body.find("bob@example.com").unwrap() < list.body.find("ada@example.com").unwrap(), "newest first");
    let text = shop.get("/dev/mail/1").await;
    assert!(text.body.contains("123 456") && text.body.contains("href=\"/dev/mail/1/html\""), "{}", text.body);
    let escaped = shop.get("/dev/mail/2").await.body;
    assert!(escaped.contains("&lt;b&gt;bob") && !escaped.contains("<b>bob"), "{escaped}");
    let html = shop.get("/dev/mail/1/html").await;
    assert!(html.body.contains("Finish signing up"), "{}", html.body);
    let policy = html.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("allow-scripts"), "{policy}");
    assert!(!text.header("content-security-policy").contains("unsafe-inline"), "only a letter has styles of its own");
    for path in ["/dev/mail/3", "/dev/mail/x", "/dev/mail/-1", "/dev/mail/1/x"] {
        assert!(shop.get(path).await.status.is_client_error(), "{path}");
    }
    for host in ["evil.example", "localhost.evil.example", "192.168.1.10:3000"] {
        for path in ["/dev/mail", "/dev/mail/1", "/dev/mail/1/html"] {
            let answer = shop.send(Method::GET, path, &[("host", host)], "").await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{host}{path}");
            assert!(!answer.body.contains("123"), "{host}{path}");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn where_letters_are_not_to_be_shown_there_is_no_page_for_them(pool: PgPool) {
    for flags in [
        vec![],
        vec!["--dev-mail", "--smtp-url", "smtp://127.0.0.1:1", "--mail-from", "shop@shop.example"],
        vec!["--dev-mail", "--mail-dir", "/nowhere", "--mail-from", "shop@shop.example"],
    ] {
        let shop = Shop::open_with(pool.clone(), &flags).await;
        for path in ["/dev/mail", "/dev/mail/1", "/dev/mail/1/html"] {
            assert_eq!(shop.get(path).await.status, StatusCode::NOT_FOUND, "{flags:?} {path}");
        }
    }
}
