//! Pictures: what is taken, what is refused, and what is left behind.

use crate::catalogue_file::Folder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use server::media::{MAX_BYTES, MediaError, MediaStore, Medium};
use sqlx::PgPool;
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

/// A picture whose left half is red and right half blue.
fn picture(width: u32, height: u32) -> DynamicImage {
    let colour = |x: u32| if x < width / 2 { Rgb([200, 30, 30]) } else { Rgb([30, 30, 200]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| colour(x)))
}

pub fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture(width, height).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Puts an EXIF block behind a JPEG's first marker: the orientation, and what nobody should read later, a comment and
/// where it was taken.
pub fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x03".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend([0x82, 0x98, 0, 2, 0, 0, 0, 4, b'S', b'E', b'C', 0]);
    exif.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 50]);
    exif.extend([0, 0, 0, 0]);
    exif.extend([0, 1, 0, 0x1b, 0, 2, 0, 0, 0, 4, b'G', b'P', b'S', 0, 0, 0, 0, 0]);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// As if more pictures followed in the same file.
fn animated(png: &[u8]) -> Vec<u8> {
    let control = [0, 0, 0, 8, b'a', b'c', b'T', b'L', 0, 0, 0, 2, 0, 0, 0, 0, 0xf3, 0x8d, 0x93, 0x70];
    // Behind the signature and the header.
    [&png[..33], &control, &png[33..]].concat()
}

async fn ingest(store: &MediaStore, pool: &PgPool, bytes: Vec<u8>) -> Result<Medium, MediaError> {
    store.ingest(&mut pool.acquire().await.unwrap(), bytes).await
}

async fn read(store: &MediaStore, id: uuid::Uuid, width: u32) -> bytes::Bytes {
    store.read(id, width).await.unwrap().expect("a file")
}

fn files_below(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                let inner: Vec<String> = files_below(&path).into_iter().map(|file| format!("{name}/{file}")).collect();
                if inner.is_empty() { vec![name] } else { inner }
            } else {
                vec![name]
            }
        })
        .collect();
    names.sort();
    names
}

#[sqlx::test(migrations = "../migrations")]
async fn pictures_are_stored_as_webp_in_the_widths_that_pages_use(pool: PgPool) {
    let folder = Folder::new();
    let store = MediaStore::new(folder.0.join("media"));
    for (format, width, height, widths) in [
        (ImageFormat::Jpeg, 1000, 500, vec![240, 480, 800, 1000]),
        (ImageFormat::Png, 240, 300, vec![240]),
        (ImageFormat::WebP, 100, 50, vec![100]),
        (ImageFormat::Png, 2400, 1200, vec![240, 480, 800, 1200, 1600, 1920]),
    ] {
        let medium = ingest(&store, &pool, encoded(width, height, format)).await.unwrap();
        let kept = width.min(1920);
        assert_eq!((medium.width, medium.height), (kept, height * kept / width));
        assert_eq!(medium.widths, widths);
        for &width in &medium.widths {
            let bytes = read(&store, medium.id, width).await;
            assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::WebP);
            let stored = image::load_from_memory(&bytes).unwrap();
            assert_eq!(stored.width(), width);
            let pixel = stored.to_rgb8()[(width / 4, 0)];
            assert!(pixel[0] > 180 && pixel[2] < 60, "the left is red: {pixel:?}");
        }
        assert_eq!(Medium::url(medium.id, 240), format!("/media/{}/240.webp", medium.id));
    }
    let names = files_below(&folder.0.join("media"));
    assert_eq!(names.len(), 12);
    assert!(names.iter().all(|name| !name.starts_with('.') && name.ends_with(".webp")), "{names:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn orientation_is_applied_and_metadata_goes(pool: PgPool) {
    let folder = Folder::new();
    let store = MediaStore::new(folder.0.join("media"));
    let upright = ingest(&store, &pool, with_exif(&encoded(400, 200, ImageFormat::Jpeg), 1)).await.unwrap();
    assert_eq!((upright.width, upright.height), (400, 200));
    // 6: to be turned clockwise, so that the left half comes to the top.
    let turned = ingest(&store, &pool, with_exif(&encoded(400, 200, ImageFormat::Jpeg), 6)).await.unwrap();
    assert_eq!((turned.width, turned.height), (200, 400));
    let bytes = read(&store, turned.id, 200).await;
    let pixels = image::load_from_memory(&bytes).unwrap().to_rgb8();
    assert!(pixels[(100, 20)][0] > 180 && pixels[(100, 380)][2] > 180);
    for needle in [&b"Exif"[..], b"EXIF", b"SEC", b"GPS"] {
        assert!(!bytes.windows(needle.len()).any(|window| window == needle));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_bytes_are_stored_once(pool: PgPool) {
    let folder = Folder::new();
    let store = MediaStore::new(folder.0.join("media"));
    let bytes = encoded(300, 300, ImageFormat::Png);
    let (a, b, c) = tokio::join!(
        ingest(&store, &pool, bytes.clone()),
        ingest(&store, &pool, bytes.clone()),
        ingest(&store, &pool, bytes.clone())
    );
    assert_eq!(a.as_ref().unwrap(), b.as_ref().unwrap());
    assert_eq!(a.unwrap(), c.unwrap());
    let media: i64 = sqlx::query_scalar("select count(*) from media").fetch_one(&pool).await.unwrap();
    assert_eq!(media, 1);
    assert_eq!(files_below(&folder.0.join("media")).len(), 2, "whoever came later took its files away");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_no_harmless_picture_is_refused_without_a_trace(pool: PgPool) {
    let folder = Folder::new();
    let store = MediaStore::new(folder.0.join("media"));
    let jpeg = encoded(64, 64, ImageFormat::Jpeg);
    let png = encoded(64, 64, ImageFormat::Png);
    let webp = encoded(64, 64, ImageFormat::WebP);
    let behind = |picture: &[u8], more: &[u8]| [picture, more].concat();
    let zip = b"PK\x03\x04............PK\x05\x06";
    type Case = (&'static str, Vec<u8>, fn(&MediaError) -> bool);
    let cases: Vec<Case> = vec![
        ("nothing", Vec::new(), |e| matches!(e, MediaError::UnknownFormat)),
        ("text", b"hello".to_vec(), |e| matches!(e, MediaError::UnknownFormat)),
        ("an SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), |e| matches!(e, MediaError::UnknownFormat)),
        ("a GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), |e| matches!(e, MediaError::UnknownFormat)),
        ("a JPEG with an archive", behind(&jpeg, zip), |e| matches!(e, MediaError::TrailingData)),
        ("a PNG with a page", behind(&png, b"<script>alert(1)</script>"), |e| matches!(e, MediaError::TrailingData)),
        ("a WebP with an archive", behind(&webp, zip), |e| matches!(e, MediaError::TrailingData)),
        ("half a JPEG", jpeg[..jpeg.len() / 2].to_vec(), |e| matches!(e, MediaError::Damaged)),
        ("half a PNG", png[..png.len() / 2].to_vec(), |e| matches!(e, MediaError::Damaged)),
        ("half a WebP", webp[..webp.len() / 2].to_vec(), |e| matches!(e, MediaError::Damaged)),
        ("an animated PNG", animated(&png), |e| matches!(e, MediaError::Animated)),
        ("too many bytes", behind(&jpeg, &vec![0; MAX_BYTES]), |e| matches!(e, MediaError::TooManyBytes)),
        ("too wide", encoded(8193, 1, ImageFormat::Png), |e| matches!(e, MediaError::TooManyPixels { .. })),
        ("too many pixels", encoded(8000, 5001, ImageFormat::Png), |e| matches!(e, MediaError::TooManyPixels { .. })),
    ];
    for (name, bytes, is_expected) in cases {
        let error = ingest(&store, &pool, bytes).await.expect_err(name);
        assert!(is_expected(&error), "{name}: {error:?}");
        assert!(error.is_about_the_file(), "{name}");
    }
    assert_eq!(files_below(&folder.0.join("media")), Vec::<String>::new());
    let media: i64 = sqlx::query_scalar("select count(*) from media").fetch_one(&pool).await.unwrap();
    assert_eq!(media, 0);

    // Padding, and the second picture that phones put behind the first, are nothing to refuse.
    ingest(&store, &pool, behind(&jpeg, &[0; 32])).await.unwrap();
    ingest(&store, &pool, behind(&jpeg, &encoded(32, 32, ImageFormat::Jpeg))).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_folder_that_can_t_be_written_leaves_nothing_behind(pool: PgPool) {
    let folder = Folder::new();
    let blocked = folder.0.join("media");
    std::fs::write(&blocked, "in the way").unwrap();
    let store = MediaStore::new(&blocked);
    let error = ingest(&store, &pool, encoded(64, 64, ImageFormat::Png)).await.unwrap_err();
    assert!(matches!(error, MediaError::Io(_)) && !error.is_about_the_file(), "{error:?}");
    let media: i64 = sqlx::query_scalar("select count(*) from media").fetch_one(&pool).await.unwrap();
    assert_eq!(media, 0);
}

#[test]
fn a_full_disk_is_told_as_such() {
    assert!(matches!(MediaError::from(std::io::Error::from_raw_os_error(28)), MediaError::DiskFull));
}

#[sqlx::test(migrations = "../migrations")]
async fn folders_that_no_row_names_are_swept_once_they_are_old(pool: PgPool) {
    let folder = Folder::new();
    let store = MediaStore::new(&folder.0);
    let kept = ingest(&store, &pool, encoded(300, 300, ImageFormat::Png)).await.unwrap();
    // As if killed between the files and the row, or in the middle of a file.
    store.store(encoded(320, 320, ImageFormat::Png)).await.unwrap().keep();
    let half = folder.0.join(uuid::Uuid::new_v4().to_string());
    std::fs::create_dir(&half).unwrap();
    std::fs::write(half.join("240.webp#1"), "RIFF").unwrap();
    std::fs::create_dir(folder.0.join("not-ours")).unwrap();
    let folders = || std::fs::read_dir(&folder.0).unwrap().count();
    assert_eq!(store.sweep(&pool, Duration::from_secs(3600)).await.unwrap(), 0, "what is young may still get its row");
    assert_eq!(folders(), 4);
    assert_eq!(store.sweep(&pool, Duration::ZERO).await.unwrap(), 2);
    assert_eq!(folders(), 2);
    assert!(store.open(kept.id, 300).await.unwrap().is_some());
}
