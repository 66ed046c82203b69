//! Pictures that are being prepared: whatever happens to the process that is at it, they come, once, or it is told why not.

use super::pictures::{FORM, UPLOAD, acts, added, bomb, describe, form, number, pictures, png, upload};
use super::staff::{EDD, done, signed_in};
use crate::accounts::Browser;
use crate::disk::Disk;
use crate::shop::{Encoding, Product, Shop, add};
use app::form::Next;
use axum::http::{Method, StatusCode};
use server::services::office::pictures::{Encoder, Pace, PictureJobs};
use sqlx::PgPool;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(30);
/// Whose requests wait for nothing.
const HURRIED: [&str; 2] = ["--picture-wait-seconds", "0"];

/// Hurried, but for the tick: what a test waits for has to come by itself.
fn pace() -> Pace {
    Pace {
        first_pause: Duration::from_millis(20),
        longest_pause: Duration::from_millis(50),
        tick: Duration::from_secs(60),
        ..Pace::default()
    }
}

/// A shop with a mug, which makes no pictures before it is told to, and the disk on which it has room for so many files.
async fn idle(pool: PgPool, room: usize) -> (Arc<Disk>, Shop, Uuid) {
    let disk = Disk::with_room(room);
    let shop = Shop::open_without_encoder(pool, &HURRIED, Some(disk.media())).await;
    let mug = add(&shop.pool, Product::default()).await;
    (disk, shop, mug)
}

/// An editor who has sent one picture of a product, which waits.
async fn sending(shop: &Shop, product: Uuid) -> (Browser<'_>, String) {
    let browser = signed_in(shop, &EDD, "editor").await;
    let picture = sent(&browser, product, ("a.png", &png(200))).await;
    (browser, picture)
}

/// Makes a job other than it is.
async fn alter(pool: &PgPool, job: &str, change: &str) {
    let query = sqlx::AssertSqlSafe(format!("update picture_jobs set {change} where id::text = $1"));
    assert_eq!(sqlx::query(query).bind(job).execute(pool).await.unwrap().rows_affected(), 1);
}

/// Until so many jobs are as said.
async fn until(pool: &PgPool, condition: &str, jobs: i64) {
    let patience = Instant::now() + PATIENCE;
    loop {
        let query = sqlx::AssertSqlSafe(format!("select count(*) from picture_jobs where {condition}"));
        let count: i64 = sqlx::query_scalar(query).fetch_one(pool).await.unwrap();
        if count == jobs {
            return;
        }
        assert!(Instant::now() < patience, "{count} jobs, not {jobs}, where {condition}");
    }
}

/// Until nothing is kept of a file as it came in.
async fn until_forgotten(disk: &Disk) -> Vec<String> {
    let patience = Instant::now() + PATIENCE;
    loop {
        let names = disk.names().await;
        if names.iter().all(|name| name.ends_with(".webp")) {
            return names;
        }
        assert!(Instant::now() < patience, "{names:?}");
        tokio::task::yield_now().await;
    }
}

/// Sends one file, and is told that it is being prepared.
async fn sent(browser: &Browser<'_>, product: Uuid, file: (&str, &[u8])) -> String {
    let answer = upload(browser, product, &[file]).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    let next: Next = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(next.notice.as_deref(), Some("A picture is being prepared"));
    sqlx::query_scalar("select id::text from picture_jobs order by number desc limit 1")
        .fetch_one(&browser.shop().pool)
        .await
        .unwrap()
}

async fn page(browser: &Browser<'_>, product: Uuid) -> String {
    browser.get(&format!("/admin/products/{product}")).await.body
}

#[sqlx::test(migrations = "../migrations")]
async fn what_waits_is_told_to_the_staff_only_and_stands_as_it_came(pool: PgPool) {
    let (disk, shop, mug) = idle(pool, 100).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let first = sent(&browser, mug, ("<b>front</b>.png", &png(200))).await;
    let headers = [("accept", "text/html"), ("content-type", FORM)];
    let files: [super::pictures::Sent; 2] = [("back.png", &png(210)), ("side.png", &png(220))];
    let answer = browser.send(Method::POST, UPLOAD, &headers, form(mug, &files)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let shown = page(&browser, mug).await;
    assert!(shown.contains("2 pictures are being prepared"), "{shown}");
    assert_eq!(shown.matches("data-polls").count(), 3);
    assert_eq!(shown.matches("Reload to see it").count(), 3);
    assert!(shown.contains("Picture &lt;b&gt;front&lt;/b&gt;.png"), "{shown}");
    // Twice is once, also before it is there.
    let again = upload(&browser, mug, &[("again.png", &png(200))]).await;
    assert!(again.status == StatusCode::BAD_REQUEST && again.body.contains("has this picture already"));

    describe(&browser, mug, &first, &[("alt", "A grey mug")]).await;
    assert!(page(&browser, mug).await.contains("value=\"A grey mug\""));

    // Nobody else knows of them.
    assert_eq!(number(&shop.pool, "select count(*) from product_images").await, 0);
    assert_eq!(number(&shop.pool, "select version from products").await, 1);
    assert!(browser.get("/admin/products?picture=none").await.body.contains("Tarn mug"));
    assert!(!browser.get("/admin/products").await.body.contains("/media/"));
    for path in ["/", "/products", "/products/tarn-mug"] {
        let body = shop.get(path).await.body;
        assert!(!body.contains("/media/") && !body.contains(&first), "{path}");
    }
    for path in [&format!("incoming/{first}/original"), &format!("incoming/{first}"), &format!("{first}/200.webp")] {
        assert_eq!(shop.get(&format!("/media/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let incoming = disk.names().await;
    assert!(incoming.len() == 3 && incoming.contains(&format!("incoming/{first}/original")), "{incoming:?}");
    assert_eq!(shop.media.sweep(&shop.pool, Duration::ZERO).await.unwrap(), 0, "they are needed");

    // The one that was sent first is there last.
    alter(&shop.pool, &first, "next_try_at = now() + interval '1 hour'").await;
    let encoder = shop.encode(pace());
    until(&shop.pool, "state = 'done'", 2).await;
    sqlx::query("update picture_jobs set next_try_at = now()").execute(&shop.pool).await.unwrap();
    encoder.end().await;
    let _encoder = shop.encode(pace());
    until(&shop.pool, "state = 'done' and file_name = ''", 3).await;
    let widths: Vec<(i32, String)> = sqlx::query_as(
        "select m.width, i.alt from product_images i join media m on m.id = i.media_id order by i.position",
    )
    .fetch_all(&shop.pool)
    .await
    .unwrap();
    assert_eq!(widths, [(200, "A grey mug".to_owned()), (210, String::new()), (220, String::new())]);
    assert_eq!(until_forgotten(&disk).await.len(), 3);
    let shown = page(&browser, mug).await;
    assert!(!shown.contains("data-polls") && !shown.contains("Being prepared"), "{shown}");
    let there = |page: &crate::shop::Answer| page.body.contains("alt=\"A grey mug\"");
    assert!(there(&shop.get_until("/products/tarn-mug", there).await));
    assert_eq!(
        acts(&shop.pool).await,
        ["product.describe_picture", "product.add_picture", "product.add_picture", "product.add_picture"]
    );
    let who = "select count(*) from audit_log l join users u on u.id = l.actor_id
               where act = 'product.add_picture' and request_id <> '' and u.username = 'edd'";
    assert_eq!(number(&shop.pool, who).await, 3);
    // It is the same picture under the same name.
    describe(&browser, mug, &first, &[("alt", "A mug")]).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_picture_outlives_the_process_that_was_at_it(pool: PgPool) {
    let (disk, shop, mug) = idle(pool, 100).await;
    sending(&shop, mug).await;
    disk.hangs(true);
    let pace = Pace { lease: Duration::from_secs(2), ..pace() };
    let killed = shop.encode(pace);
    let patience = Instant::now() + PATIENCE;
    while disk.begun() < 2 {
        assert!(Instant::now() < patience, "it isn’t begun");
        tokio::task::yield_now().await;
    }
    killed.task.abort();
    assert!(killed.task.await.unwrap_err().is_cancelled());
    until(&shop.pool, "state = 'waiting' and claimed and tries = 1 and next_try_at > now()", 1).await;
    assert!(pictures(&shop.pool, mug).await.is_empty());
    disk.hangs(false);
    let other = shop.encode(pace);
    until(&shop.pool, "state = 'done' and tries = 2 and deaths = 1", 1).await;
    other.end().await;
    assert_eq!(pictures(&shop.pool, mug).await.len(), 1);
    assert_eq!(disk.names().await.len(), 1, "nothing of the first try, nor the file as it came in");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_claim_that_has_run_out_counts_no_more(pool: PgPool) {
    let (disk, shop, mug) = idle(pool, 100).await;
    sending(&shop, mug).await;
    disk.hangs(true);
    let slow = shop.encode(pace());
    until(&shop.pool, "claimed", 1).await;
    // As if another had it by now.
    sqlx::query("update picture_jobs set tries = tries + 1").execute(&shop.pool).await.unwrap();
    disk.hangs(false);
    slow.end().await;
    assert!(pictures(&shop.pool, mug).await.is_empty());
    let names = disk.names().await;
    assert!(names.len() == 1 && names[0].starts_with("incoming/"), "the other needs it: {names:?}");
    assert_eq!(number(&shop.pool, "select count(*) from media").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_processes_die_with_is_given_up(pool: PgPool) {
    let (_disk, shop, mug) = idle(pool, 100).await;
    let (browser, _) = sending(&shop, mug).await;
    sqlx::query("update picture_jobs set tries = 3, deaths = 2, claimed = true").execute(&shop.pool).await.unwrap();
    let _encoder = shop.encode(pace());
    until(&shop.pool, "state = 'failed'", 1).await;
    assert!(page(&browser, mug).await.contains("the shop could not prepare this picture"));
}

#[sqlx::test(migrations = "../migrations")]
async fn two_processes_make_each_picture_once(pool: PgPool) {
    const MANY: u32 = 8;
    let (disk, shop, mug) = idle(pool, 100).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    for width in 0..MANY {
        sent(&browser, mug, ("a.png", &png(200 + width))).await;
    }
    let other = Encoder::new(&shop.pool, disk.media(), Arc::new(PictureJobs::new(Duration::ZERO)), pace());
    let encoders = [shop.encode(pace()), Encoding::start(other)];
    until(&shop.pool, "state = 'done' and tries = 1", MANY.into()).await;
    for encoder in encoders {
        encoder.end().await;
    }
    assert_eq!(disk.begun(), 2 * MANY as usize, "each as it came in, and in its one width");
    assert_eq!(until_forgotten(&disk).await.len(), MANY as usize);
    let widths: Vec<i32> = sqlx::query_scalar(
        "select m.width from product_images i join media m on m.id = i.media_id order by i.position",
    )
    .fetch_all(&shop.pool)
    .await
    .unwrap();
    assert!(widths.iter().copied().eq((200..).take(MANY as usize)), "{widths:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_could_not_be_prepared_is_told_and_can_be_removed(pool: PgPool) {
    let (disk, shop, mug) = idle(pool, 100).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let liar = sent(&browser, mug, ("liar.png", &bomb(300, 300))).await;
    let _encoder = shop.encode(pace());
    until(&shop.pool, "state = 'failed'", 1).await;
    let shown = page(&browser, mug).await;
    assert!(shown.contains("It can’t be shown: the picture is damaged and can’t be read."), "{shown}");
    assert!(!shown.contains("data-polls") && !shown.contains("Being prepared"), "{shown}");
    assert!(until_forgotten(&disk).await.is_empty());
    let removed = done(&browser, "pictures/remove", &[("picture", &liar)]).await;
    assert_eq!(removed.next.notice.as_deref(), Some("Removed liar.png"));
    assert!(removed.next.undo.is_none());
    assert!(!page(&browser, mug).await.contains("liar.png"));
    assert_eq!(number(&shop.pool, "select count(*) from picture_jobs").await, 0);
    assert_eq!(acts(&shop.pool).await, ["product.cancel_picture"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_removed_while_it_is_prepared_never_comes(pool: PgPool) {
    let (disk, shop, mug) = idle(pool, 100).await;
    let (browser, picture) = sending(&shop, mug).await;
    disk.hangs(true);
    let encoder = shop.encode(pace());
    until(&shop.pool, "claimed", 1).await;
    done(&browser, "pictures/remove", &[("picture", &picture)]).await;
    disk.hangs(false);
    encoder.end().await;
    assert!(pictures(&shop.pool, mug).await.is_empty());
    assert!(until_forgotten(&disk).await.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_full_disk_is_waited_for_where_nobody_else_waits(pool: PgPool) {
    let (disk, shop, mug) = idle(pool, 1).await;
    let (browser, _) = sending(&shop, mug).await;
    let _encoder = shop.encode(Pace { most_tries: i32::MAX, ..pace() });
    until(&shop.pool, "disk_full and tries > 2", 1).await;
    assert!(page(&browser, mug).await.contains("Being prepared"));
    disk.has_room(100);
    until(&shop.pool, "state = 'done'", 1).await;
    assert_eq!(until_forgotten(&disk).await.len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_waits_doesn_t_outlive_the_right_to_send_it(pool: PgPool) {
    let (disk, shop, mug) = idle(pool, 100).await;
    sending(&shop, mug).await;
    sqlx::query("update users set blocked_at = now() where username = 'edd'").execute(&shop.pool).await.unwrap();
    let _encoder = shop.encode(pace());
    until(&shop.pool, "state = 'failed' and reason like '%may not work on the catalogue%'", 1).await;
    assert!(until_forgotten(&disk).await.is_empty());
    assert_eq!(acts(&shop.pool).await, [""; 0]);
}

#[sqlx::test(migrations = "../migrations")]
async fn files_of_no_job_are_swept_and_a_picture_that_is_known_needs_no_second_try(pool: PgPool) {
    let disk = Disk::with_room(100);
    let shop = Shop::open_over(pool, &[], Some(disk.media())).await;
    let mug = add(&shop.pool, Product::default()).await;
    let bowl = add(&shop.pool, Product { slug: "bowl", title: "Bowl", ..Product::default() }).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    added(&browser, mug, &[("a.png", &png(200))]).await;
    assert_eq!(disk.begun(), 2);
    added(&browser, bowl, &[("b.png", &png(200))]).await;
    assert_eq!(disk.begun(), 2, "the same files");
    // As if killed between the file and its job.
    shop.media.keep_original(Uuid::now_v7(), png(210).into()).await.unwrap().keep();
    assert_eq!(shop.media.sweep(&shop.pool, Duration::from_secs(3600)).await.unwrap(), 0);
    assert_eq!(shop.media.sweep(&shop.pool, Duration::ZERO).await.unwrap(), 1);
    assert_eq!(disk.names().await.len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_preview_tells_of_pictures_that_are_still_to_come(pool: PgPool) {
    let (_disk, shop, mug) = idle(pool, 100).await;
    let (browser, first) = sending(&shop, mug).await;
    let path = format!("/admin/products/{mug}/preview");
    let shown = async |path: &str| browser.get(path).await.body;
    assert!(shown(&path).await.contains("1 picture is still being prepared and will show here"));
    sent(&browser, mug, ("b.png", &png(210))).await;
    for path in [&path, &format!("{path}/draft")] {
        assert!(shown(path).await.contains("2 pictures are still being prepared and will show here"), "{path}");
    }
    assert!(!shown("/products/tarn-mug").await.contains("being prepared"), "shoppers needn't know");
    // What has failed will never show.
    alter(&shop.pool, &first, "state = 'failed', reason = 'no', done_at = now()").await;
    assert!(shown(&path).await.contains("1 picture is still being prepared"));
    let _encoder = shop.encode(pace());
    until(&shop.pool, "state = 'done'", 1).await;
    assert!(!shown(&path).await.contains("still being prepared"));
}

#[sqlx::test(migrations = "../migrations")]
async fn figures_tell_how_many_pictures_wait_and_for_how_long(pool: PgPool) {
    let (_disk, shop, mug) = idle(pool, 100).await;
    let figures = async || crate::mail::figures(&shop.metrics, &shop.pool).await;
    let value = |figures: &str, name: &str| -> f64 {
        let line = figures.lines().find_map(|line| line.strip_prefix(name)).expect("the figure");
        line.trim().parse().expect("a number")
    };
    let oldest = "shopfront_picture_jobs_oldest_waiting_seconds ";
    assert_eq!(value(&figures().await, oldest), 0.0);
    let (browser, first) = sending(&shop, mug).await;
    sent(&browser, mug, ("b.png", &png(210))).await;
    alter(&shop.pool, &first, "created_at = now() - interval '1 hour'").await;
    let told = figures().await;
    assert_eq!(value(&told, "shopfront_picture_jobs{state=\"waiting\"} "), 2.0);
    assert_eq!(value(&told, "shopfront_picture_jobs{state=\"failed\"} "), 0.0);
    assert!((3600.0..3700.0).contains(&value(&told, oldest)), "{told}");
    alter(&shop.pool, &first, "state = 'failed', reason = 'no', done_at = now()").await;
    let told = figures().await;
    assert_eq!(value(&told, "shopfront_picture_jobs{state=\"waiting\"} "), 1.0);
    assert_eq!(value(&told, "shopfront_picture_jobs{state=\"failed\"} "), 1.0);
    assert!(value(&told, oldest) < 600.0, "{told}");
}
