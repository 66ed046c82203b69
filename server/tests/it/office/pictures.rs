//! Pictures of products (rows 41 and 42 of the bar, and B15).

use super::staff::{ADA, EDD, SAM, SUE, act, beside, done, signed_in};
use crate::accounts::Browser;
use crate::disk::Disk;
use crate::media::{encoded, with_exif};
use crate::shop::{Answer, Product, Shop, add, add_category};
use app::error::AppError;
use app::form::Next;
use axum::http::{Method, StatusCode};
use bytes::Bytes;
use futures::future::join_all;
use image::ImageFormat;
use server::media::MAX_BYTES;
use sqlx::PgPool;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

pub(super) const UPLOAD: &str = "/api/admin/pictures/upload";
pub(super) const FORM: &str = "multipart/form-data; boundary=xXx";

/// A file as it is sent: its name, and what is in it.
pub(super) type Sent<'a> = (&'a str, &'a [u8]);

pub(super) fn form(product: Uuid, files: &[Sent]) -> Vec<u8> {
    form_with(&[], product, files)
}

/// `texts`: what a browser by itself sends of the pictures that there are.
pub(super) fn form_with(texts: &[(&str, &str)], product: Uuid, files: &[Sent]) -> Vec<u8> {
    let product = product.to_string();
    let page = format!("/admin/products/{product}");
    let mut body = Vec::new();
    for (name, value) in texts.iter().copied().chain([("product", product.as_str()), ("page", page.as_str())]) {
        body.extend(format!("--xXx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (name, bytes) in files {
        let head = format!("form-data; name=\"pictures\"; filename=\"{name}\"\r\nContent-Type: image/png");
        body.extend(format!("--xXx\r\nContent-Disposition: {head}\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--xXx--\r\n");
    body
}

/// As the shop's script sends them.
pub(super) async fn upload(browser: &Browser<'_>, product: Uuid, files: &[Sent<'_>]) -> Answer {
    let headers = [("accept", "application/json"), ("content-type", FORM)];
    browser.send(Method::POST, UPLOAD, &headers, form(product, files)).await
}

pub(super) async fn added(browser: &Browser<'_>, product: Uuid, files: &[Sent<'_>]) {
    let answer = upload(browser, product, files).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let next: Next = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(next.path, format!("/admin/products/{product}"));
}

pub(super) fn png(width: u32) -> Vec<u8> {
    encoded(width, 40, ImageFormat::Png)
}

/// Pictures in their order, with their media.
pub(super) async fn pictures(pool: &PgPool, product: Uuid) -> Vec<(String, Uuid)> {
    sqlx::query_as("select id::text, media_id from product_images where product_id = $1 order by position")
        .bind(product)
        .fetch_all(pool)
        .await
        .unwrap()
}

pub(super) async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

pub(super) async fn acts(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("select act from audit_log where act like 'product.%' order by id")
        .fetch_all(pool)
        .await
        .unwrap()
}

async fn version(pool: &PgPool) -> i64 {
    number(pool, "select version from products").await
}

/// What a picture's form was made from.
async fn seen(browser: &Browser<'_>, product: Uuid, picture: &str) -> String {
    let page = browser.get(&format!("/admin/products/{product}")).await.body;
    let item = page.split(&format!("<li data-key=\"{picture}\"")).nth(1).expect("the picture");
    let value = item.split("name=\"seen\" value=\"").nth(1).expect("what was seen");
    value.split('"').next().unwrap().to_owned()
}

pub(super) async fn describe(browser: &Browser<'_>, product: Uuid, picture: &str, fields: &[(&str, &str)]) {
    let seen = seen(browser, product, picture).await;
    let all = [&[("picture", picture), ("seen", &seen)][..], fields].concat();
    done(browser, "pictures/describe", &all).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn pictures_are_added_described_ordered_removed_and_shown_to_shoppers(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    added(&browser, mug, &[("front.png", &png(300))]).await;
    added(&browser, mug, &[("back.png", &png(400))]).await;
    let [(front, first), (back, second)] = pictures(&shop.pool, mug).await.try_into().unwrap();
    assert_eq!(version(&shop.pool).await, 3);
    let shown = |media: Uuid| move |page: &Answer| page.body.contains(&format!("/media/{media}/"));
    assert!(shown(second)(&shop.get_until("/products/tarn-mug", shown(second)).await));

    // A text is asked for, and can be left out only on purpose.
    let page = browser.get(&format!("/admin/products/{mug}")).await.body;
    assert_eq!(page.matches("Needs a text").count(), 2);
    for (fields, wrong) in [
        ([("picture", front.as_str()), ("alt", "  ")].as_slice(), "Say what the picture shows"),
        (&[("picture", &front), ("alt", "A mug"), ("decorative", "yes")], "Clear this"),
        (&[("picture", &front), ("alt", "A \u{202e}mug")], "ordinary characters"),
    ] {
        let answer = act(&browser, "pictures/describe", fields).await;
        assert!(beside(&answer, "alt").contains(wrong), "{}", answer.body);
    }
    describe(&browser, mug, &front, &[("alt", "<b>A grey mug</b>")]).await;
    describe(&browser, mug, &back, &[("decorative", "yes")]).await;
    let page = browser.get(&format!("/admin/products/{mug}")).await.body;
    assert_eq!(page.matches("Needs a text").count(), 0);
    let described = |page: &Answer| page.body.contains("alt=\"&lt;b&gt;A grey mug");
    let page = shop.get_until("/products/tarn-mug", described).await;
    assert!(described(&page) && !page.body.contains("<b>A grey"), "{}", page.body);

    // The first is first, whichever way it got there; beyond an end there is nothing.
    let order = async || pictures(&shop.pool, mug).await.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    for (picture, to, expected) in [
        (&back, "up", [&back, &front]),
        (&back, "up", [&back, &front]),
        (&back, "2", [&front, &back]),
        (&front, "down", [&back, &front]),
    ] {
        done(&browser, "pictures/place", &[("picture", picture), ("to", to)]).await;
        assert_eq!(order().await.iter().collect::<Vec<_>>(), expected, "{to}");
    }
    // Its buttons name the place itself: pressed twice, they move it once.
    let page = browser.get(&format!("/admin/products/{mug}")).await.body;
    for (button, place) in [("up", "1"), ("down", "2")] {
        for picture in [&back, &front] {
            let form = page.split(&format!("id=\"{button}-{picture}\"")).next().unwrap();
            let to = form.rsplit("name=\"to\" value=\"").next().and_then(|to| to.split('"').next());
            assert_eq!(to, Some(place), "{button} {picture}");
        }
    }
    assert_eq!(
        act(&browser, "pictures/place", &[("picture", &back), ("to", "0")]).await.status,
        StatusCode::BAD_REQUEST
    );
    let leads = |page: &Answer| {
        let at = |media: Uuid| page.body.find(&format!("/media/{media}/"));
        at(second) < at(first)
    };
    assert!(leads(&shop.get_until("/products/tarn-mug", leads).await));

    let removed = done(&browser, "pictures/remove", &[("picture", &back)]).await;
    let undo = removed.next.undo.expect("an offer to undo");
    assert_eq!(order().await, std::slice::from_ref(&front));
    let gone = |page: &Answer| !page.body.contains(&format!("/media/{second}/"));
    assert!(gone(&shop.get_until("/products/tarn-mug", gone).await));
    assert_eq!(act(&browser, "pictures/remove", &[("picture", &back)]).await.status, StatusCode::NOT_FOUND);
    done(&browser, undo.action.strip_prefix("/api/admin/").unwrap(), &[("undo", &undo.id)]).await;
    assert_eq!(order().await, [back.clone(), front.clone()]);
    let answer = act(&browser, "pictures/restore", &[("undo", &undo.id)]).await;
    assert!(beside(&answer, "").contains("already"), "{}", answer.body);

    assert_eq!(
        acts(&shop.pool).await,
        [
            "product.add_picture",
            "product.add_picture",
            "product.describe_picture",
            "product.describe_picture",
            "product.reorder_pictures",
            "product.reorder_pictures",
            "product.reorder_pictures",
            "product.remove_picture",
            "product.restore_picture",
        ]
    );
    let change: (serde_json::Value, serde_json::Value) = sqlx::query_as(
        "select before - 'picture_id', after - 'picture_id' from audit_log
         where act = 'product.describe_picture' order by id limit 1",
    )
    .fetch_one(&shop.pool)
    .await
    .unwrap();
    assert_eq!(change, (serde_json::json!({"shows": ""}), serde_json::json!({"shows": "<b>A grey mug</b>"})));
    assert_eq!(version(&shop.pool).await, 1 + i64::try_from(acts(&shop.pool).await.len()).unwrap());
}

#[sqlx::test(migrations = "../migrations")]
async fn of_two_who_describe_a_picture_the_second_is_told_what_it_says(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    added(&browser, mug, &[("a.png", &png(300))]).await;
    let (picture, _) = pictures(&shop.pool, mug).await.remove(0);
    let before = seen(&browser, mug, &picture).await;
    let theirs = [("picture", picture.as_str()), ("seen", &before), ("alt", "A grey mug")];
    done(&browser, "pictures/describe", &theirs).await;
    done(&browser, "pictures/describe", &theirs).await;
    let mine = [("picture", picture.as_str()), ("seen", &before), ("alt", "A white mug")];
    let answer = act(&browser, "pictures/describe", &mine).await;
    assert!(beside(&answer, "alt").contains("It says “A grey mug” now"), "{}", answer.body);
    describe(&browser, mug, &picture, &[("alt", "A white mug")]).await;
    let described = acts(&shop.pool).await.iter().filter(|act| *act == "product.describe_picture").count();
    assert_eq!(described, 2, "what was sent twice is done once");
}

#[sqlx::test(migrations = "../migrations")]
async fn acts_on_pictures_leave_the_forms_version_and_hide_no_other_change(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let (id, page) = (mug.to_string(), format!("/admin/products/{mug}"));
    let variant: String = sqlx::query_scalar("select id::text from variants").fetch_one(&shop.pool).await.unwrap();
    let save = async |title: &str, version: &str| {
        let fields = [
            ("product", id.as_str()),
            ("version", version),
            ("title", title),
            ("slug", "tarn-mug"),
            ("status", "active"),
            ("variants[0][id]", &variant),
            ("variants[0][price]", "24.00"),
        ];
        act(&browser, "products/save", &fields).await.status
    };
    added(&browser, mug, &[("a.png", &png(300))]).await;
    let (picture, _) = pictures(&shop.pool, mug).await.remove(0);
    describe(&browser, mug, &picture, &[("alt", "A mug")]).await;
    assert_eq!(version(&shop.pool).await, 3, "an import that is undone sees them");
    assert!(browser.get(&page).await.body.contains("name=\"version\" value=\"1\""));
    assert_eq!(save("Tarn beaker", "1").await, StatusCode::OK);
    // Somebody else's save, with a picture before and after it.
    added(&browser, mug, &[("b.png", &png(400))]).await;
    assert_eq!(save("Tarn cup", "1").await, StatusCode::CONFLICT);
    assert_eq!(save("Tarn cup", "2").await, StatusCode::OK);
}

#[sqlx::test(migrations = "../migrations")]
async fn variants_have_pictures_of_their_own(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product { colours: &["Sage", "Clay", "Ink"], ..Product::default() }).await;
    let other = add(&shop.pool, Product { slug: "bowl", title: "Bowl", ..Product::default() }).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    added(&browser, mug, &[("a.png", &png(300))]).await;
    let (picture, media) = pictures(&shop.pool, mug).await.remove(0);
    let ids: Vec<String> = sqlx::query_scalar("select id::text from variants where product_id = $1 order by position")
        .bind(mug)
        .fetch_all(&shop.pool)
        .await
        .unwrap();
    let showing = async || -> Vec<String> {
        sqlx::query_scalar("select option_values[1] from variants where image_id is not null order by position")
            .fetch_all(&shop.pool)
            .await
            .unwrap()
    };
    let fields = [("alt", "A mug"), ("variants[]", ids[0].as_str()), ("variants[]", &ids[2])];
    describe(&browser, mug, &picture, &fields).await;
    assert_eq!(showing().await, ["Sage", "Ink"]);
    let page = browser.get(&format!("/admin/products/{mug}")).await.body;
    assert_eq!(page.matches("checked=\"\"").count(), 2, "{page}");
    describe(&browser, mug, &picture, &[("alt", "A mug"), ("variants[]", &ids[1])]).await;
    assert_eq!(showing().await, ["Clay"]);
    let shown = |page: &Answer| page.body.contains(&format!("/media/{media}/"));
    assert!(shown(&shop.get_until("/products/tarn-mug?colour=Clay", shown).await));

    let foreign: String = sqlx::query_scalar("select id::text from variants where product_id = $1")
        .bind(other)
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    let now = seen(&browser, mug, &picture).await;
    let fields = [("picture", picture.as_str()), ("seen", &now), ("alt", "A mug"), ("variants[]", &foreign)];
    assert_eq!(act(&browser, "pictures/describe", &fields).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(showing().await, ["Clay"]);

    // Gone with its variant's, and back with it.
    let undo = done(&browser, "pictures/remove", &[("picture", &picture)]).await.next.undo.unwrap();
    assert_eq!(showing().await, [""; 0]);
    done(&browser, "pictures/restore", &[("undo", &undo.id)]).await;
    assert_eq!(showing().await, ["Clay"]);
}

/// A PNG that says it is larger than it is.
pub(super) fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(64);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_no_harmless_picture_is_refused_in_words_and_leaves_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let jpeg = encoded(64, 64, ImageFormat::Jpeg);
    let behind = |picture: &[u8], more: &[u8]| [picture, more].concat();
    let large = behind(&png(64), &vec![0; MAX_BYTES]);
    let cases: [(&str, Vec<u8>, StatusCode, &str); 12] = [
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), StatusCode::BAD_REQUEST, "not a JPEG"),
        ("moving.png", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), StatusCode::BAD_REQUEST, "not a JPEG"),
        ("page.jpg", b"<!doctype html><script>alert(1)</script>".to_vec(), StatusCode::BAD_REQUEST, "not a JPEG"),
        ("archive.jpg", behind(&jpeg, b"PK\x03\x04....PK\x05\x06"), StatusCode::BAD_REQUEST, "goes on after"),
        ("script.png", behind(&png(64), b"<script>alert(1)</script>"), StatusCode::BAD_REQUEST, "goes on after"),
        ("half.jpg", jpeg[..jpeg.len() / 2].to_vec(), StatusCode::BAD_REQUEST, "damaged"),
        ("bomb.png", bomb(60_000, 60_000), StatusCode::BAD_REQUEST, "60000 × 60000 pixels"),
        ("wide.png", bomb(8193, 1), StatusCode::BAD_REQUEST, "8193 × 1 pixels"),
        ("many.png", bomb(8000, 5001), StatusCode::BAD_REQUEST, "8000 × 5001 pixels"),
        ("liar.png", bomb(6000, 6000), StatusCode::BAD_REQUEST, "damaged"),
        ("large.png", large, StatusCode::PAYLOAD_TOO_LARGE, "larger than 5 MiB"),
        ("", Vec::new(), StatusCode::BAD_REQUEST, "Choose a picture"),
    ];
    for (name, bytes, status, words) in cases {
        let answer = upload(&browser, mug, &[(name, &bytes)]).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        let AppError::Invalid { fields } = serde_json::from_str(&answer.body).unwrap() else {
            panic!("{}", answer.body)
        };
        assert!(fields[0].message.contains(words) && fields[0].message.contains(name), "{name}: {}", fields[0].message);
    }
    // More than a form may be is not even read.
    let mut line = tokio::net::TcpStream::connect(shop.addr).await.unwrap();
    let head = format!(
        "POST {UPLOAD} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\ncontent-type: {FORM}\r\ncontent-length: {}\r\n\r\n",
        11 * MAX_BYTES
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    line.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
    assert_eq!(number(&shop.pool, "select count(*) from product_images").await, 0);
    assert_eq!(number(&shop.pool, "select count(*) from media").await, 0);
    assert_eq!(shop.media.sweep(&shop.pool, Duration::ZERO).await.unwrap(), 0, "no file was left");
    assert_eq!(acts(&shop.pool).await, [""; 0]);
    assert_eq!(version(&shop.pool).await, 1);

    // Between good ones it is named, and they are taken.
    let answer = upload(&browser, mug, &[("a.png", &png(300)), ("b.svg", b"<svg/>"), ("c.png", &png(400))]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("b.svg: ") && !answer.body.contains("a.png"), "{}", answer.body);
    assert_eq!(pictures(&shop.pool, mug).await.len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_picture_is_turned_upright_bare_of_metadata_and_under_a_random_name(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let photo = with_exif(&encoded(400, 200, ImageFormat::Jpeg), 6);
    added(&browser, mug, &[("../../ann-at-home.jpg", &photo)]).await;
    let (_, media) = pictures(&shop.pool, mug).await.remove(0);
    assert_eq!(media.get_version_num(), 4, "random, not a time or a hash");
    let bytes = shop.media.read(media, 200).await.unwrap().expect("a file");
    let upright = image::load_from_memory(&bytes).unwrap();
    assert_eq!((upright.width(), upright.height()), (200, 400));
    assert!(upright.to_rgb8()[(100, 20)][0] > 180, "what was left is on top");
    for trace in [&b"Exif"[..], b"EXIF", b"GPS", b"SEC", b"ann"] {
        assert!(!bytes.windows(trace.len()).any(|window| window == trace));
    }
    let stored: String =
        sqlx::query_scalar("select row_to_json(i)::text || row_to_json(m)::text from product_images i, media m")
            .fetch_one(&shop.pool)
            .await
            .unwrap();
    assert!(!stored.contains("ann-at-home"), "{stored}");

    let path = format!("/media/{media}/200.webp");
    let answer = shop.get(&path).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "image/webp"));
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let again = shop.send(Method::GET, &path, &[("if-none-match", answer.header("etag"))], "").await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    for path in ["/200.webp", "/241.webp", "/200.webp%231", "/..%2f..%2fsecret"] {
        let answer = shop.get(&format!("/media/{}{path}", Uuid::new_v4())).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_picture_at_once_is_one(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let bytes = png(300);
    let answers = join_all((0..4).map(|_| async { upload(&browser, mug, &[("a.png", &bytes)]).await })).await;
    let taken = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    let told = answers.iter().filter(|answer| answer.body.contains("has this picture already")).count();
    assert_eq!((taken, told), (1, 3), "{:?}", answers.iter().map(|answer| &answer.body).collect::<Vec<_>>());
    assert_eq!(number(&shop.pool, "select count(*) from media").await, 1);
    assert_eq!(shop.media.sweep(&shop.pool, Duration::ZERO).await.unwrap(), 0, "whoever was slower left no files");
}

#[sqlx::test(migrations = "../migrations")]
async fn only_who_works_on_the_catalogue_and_only_from_the_shop_s_own_pages(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let bytes = png(300);
    let stranger = upload(&shop.browser(), mug, &[("a.png", &bytes)]).await;
    assert_eq!((stranger.status, stranger.header("cache-control")), (StatusCode::UNAUTHORIZED, "no-store"));
    for (person, role) in [(&SUE, "support"), (&SAM, "shopper")] {
        let browser = signed_in(&shop, person, role).await;
        assert_eq!(upload(&browser, mug, &[("a.png", &bytes)]).await.status, StatusCode::FORBIDDEN, "{role}");
    }
    let browser = signed_in(&shop, &ADA, "admin").await;
    let headers = [("accept", "application/json"), ("content-type", FORM), ("sec-fetch-site", "cross-site")];
    let answer = browser.send(Method::POST, UPLOAD, &headers, form(mug, &[("a.png", &bytes)])).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(upload(&browser, Uuid::now_v7(), &[("a.png", &bytes)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(number(&shop.pool, "select count(*) from media").await, 0);
    added(&browser, mug, &[("a.png", &bytes)]).await;
    // Nor do others act on what is there.
    let (picture, _) = pictures(&shop.pool, mug).await.remove(0);
    let support = shop.browser();
    assert_eq!(support.log_in(SUE.email, SUE.password).await.status, StatusCode::OK);
    for form in ["describe", "place", "remove", "restore"] {
        let fields = [("picture", picture.as_str()), ("undo", &picture), ("alt", "x"), ("to", "up")];
        let answer = act(&support, &format!("pictures/{form}"), &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_browser_by_itself_is_led_back_and_told(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let page = format!("/admin/products/{mug}");
    let headers = [("accept", "text/html"), ("content-type", FORM)];
    let files: [Sent; 3] = [("a.png", &png(300)), ("<b>b</b>.svg", b"<svg/>"), ("c.png", &png(400))];
    let answer = browser.send(Method::POST, UPLOAD, &headers, form(mug, &files)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, page.as_str()));
    let shown = browser.get(&page).await.body;
    assert!(shown.contains("Added 2 pictures") && shown.contains("b&lt;/b&gt;.svg: the file is not"), "{shown}");
    assert!(shown.contains("enctype=\"multipart/form-data\""));
    let answer = browser.send(Method::POST, UPLOAD, &headers, form(mug, &[("", b"")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&page).await.body.contains("Choose a picture first"));
    let answer = shop.browser().send(Method::POST, UPLOAD, &headers, form(mug, &files)).await;
    assert!(answer.header("location").starts_with("/login?next="), "{}", answer.status);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_full_disk_takes_nothing_by_half_and_browsing_goes_on(pool: PgPool) {
    let disk = Disk::with_room(6);
    let shop = Shop::open_over(pool, &[], Some(disk.media())).await;
    let mug = add(&shop.pool, Product::default()).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    // As it came in, and three files, so that two are left: for the next one as it comes in, and for its first.
    added(&browser, mug, &[("a.png", &png(500))]).await;
    let (_, media) = pictures(&shop.pool, mug).await.remove(0);
    let answer = upload(&browser, mug, &[("b.png", &png(600)), ("c.png", &png(700))]).await;
    assert_eq!(answer.status, StatusCode::INSUFFICIENT_STORAGE);
    assert!(answer.body.contains("disk is full"), "{}", answer.body);
    let headers = [("accept", "text/html"), ("content-type", FORM)];
    let answer = browser.send(Method::POST, UPLOAD, &headers, form(mug, &[("b.png", &png(600))])).await;
    assert_eq!(answer.status, StatusCode::INSUFFICIENT_STORAGE);
    assert!(answer.body.contains("<h1>The shop’s disk is full</h1>"), "{}", answer.body);

    assert_eq!(disk.names().await.len(), 3, "no half file");
    assert_eq!(number(&shop.pool, "select count(*) from picture_jobs where state <> 'done'").await, 0, "no half job");
    assert_eq!(number(&shop.pool, "select count(*) from media").await, 1, "no half row");
    assert_eq!(number(&shop.pool, "select count(*) from product_images").await, 1);
    assert_eq!(version(&shop.pool).await, 2);
    assert_eq!(shop.get("/products/tarn-mug").await.status, StatusCode::OK);
    assert_eq!(shop.get(&format!("/media/{media}/240.webp")).await.status, StatusCode::OK);

    disk.has_room(100);
    added(&browser, mug, &[("b.png", &png(600))]).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_nothing_shows_any_more_is_thrown_away(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    for width in [300, 310, 320, 330] {
        added(&browser, mug, &[("a.png", &png(width))]).await;
    }
    let [(_, shown), (removed, gone), (category, table), (scene, home)] =
        pictures(&shop.pool, mug).await.try_into().unwrap();
    let id = add_category(&shop.pool, None, "table", "Table").await;
    sqlx::query("update categories set picture_id = $2 where id = $1")
        .bind(id)
        .bind(table)
        .execute(&shop.pool)
        .await
        .unwrap();
    sqlx::query("insert into settings (key, value) values ('home', jsonb_build_object('wide', $1::uuid))")
        .bind(home)
        .execute(&shop.pool)
        .await
        .unwrap();
    for picture in [&removed, &category, &scene] {
        done(&browser, "pictures/remove", &[("picture", picture)]).await;
    }
    const DAY: Duration = Duration::from_secs(24 * 3600);
    assert_eq!(shop.media.tidy(&shop.pool, DAY).await.unwrap(), 0, "it may be taken back");
    done(&browser, "pictures/restore", &[("undo", &removed)]).await;
    done(&browser, "pictures/remove", &[("picture", &removed)]).await;
    assert_eq!(shop.media.tidy(&shop.pool, Duration::ZERO).await.unwrap(), 1);
    let kept = async |media: Uuid| -> Option<Bytes> { shop.media.read(media, 240).await.unwrap() };
    assert!(kept(gone).await.is_none());
    for media in [shown, table, home] {
        assert!(kept(media).await.is_some(), "{media}");
    }
    assert_eq!(number(&shop.pool, "select count(*) from media").await, 3);
    assert_eq!(act(&browser, "pictures/restore", &[("undo", &removed)]).await.status, StatusCode::BAD_REQUEST);
    // A product takes its pictures along.
    sqlx::query("delete from products").execute(&shop.pool).await.unwrap();
    assert_eq!(shop.media.tidy(&shop.pool, Duration::ZERO).await.unwrap(), 1);
}
