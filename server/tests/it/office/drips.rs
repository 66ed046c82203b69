//! Who sends a byte now and then keeps nobody waiting (B16 of the bar).

use super::staff::{EDD, signed_in};
use crate::media::encoded;
use crate::shop::{Product, Shop, add};
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use image::ImageFormat;
use sqlx::PgPool;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const UPLOAD: &str = "/api/admin/pictures/upload";
/// Files that the shop takes in at once.
const AT_ONCE: usize = 8;

fn begun(product: &str) -> Vec<u8> {
    let part = |head: &str| format!("--xXx\r\ncontent-disposition: form-data; {head}\r\n\r\n");
    [part("name=\"product\""), product.to_owned(), "\r\n".to_owned(), part("name=\"pictures\"; filename=\"a.png\"")]
        .concat()
        .into_bytes()
}

/// Sends the rest of a picture a byte at a time, each in less than what counts as stopping, until it is answered.
async fn drip(shop: SocketAddr, session: &str, product: &str) -> String {
    let mut line = TcpStream::connect(shop).await.unwrap();
    let head = format!(
        "POST {UPLOAD} HTTP/1.1\r\nHost: {shop}\r\nAccept: application/json\r\nCookie: session={session}\r\n\
         Content-Type: multipart/form-data; boundary=xXx\r\nContent-Length: 1000000\r\n\r\n"
    );
    line.write_all(&[head.as_bytes(), &begun(product), &[b'x'; 100]].concat()).await.unwrap();
    let (mut answers, mut rest) = line.split();
    let mut ticks = tokio::time::interval(Duration::from_secs(7));
    let mut answer = [0; 4096];
    loop {
        tokio::select! {
            received = answers.read(&mut answer) => {
                return String::from_utf8_lossy(&answer[..received.unwrap()]).into_owned();
            }
            _ = ticks.tick() => rest.write_all(&[b'x'; 50]).await.unwrap(),
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_drip_is_ended_and_gives_its_place_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let product = add(&shop.pool, Product::default()).await.to_string();
    let browser = signed_in(&shop, &EDD, "editor").await;
    let session = browser.cookie("session").unwrap();
    let drips = join_all((0..AT_ONCE).map(|_| drip(shop.addr, &session, &product)));
    let answers = tokio::time::timeout(Duration::from_secs(40), drips).await.expect("answered in time");
    for answer in answers {
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("arrive as a whole"), "{answer}");
    }
    let picture = encoded(40, 40, ImageFormat::Png);
    let body = [begun(&product), picture, b"\r\n--xXx--\r\n".to_vec()].concat();
    let headers = [("accept", "application/json"), ("content-type", "multipart/form-data; boundary=xXx")];
    let answer = browser.send(Method::POST, UPLOAD, &headers, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}
