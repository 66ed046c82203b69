//! The ceiling that `make bench` holds the shop against: bytes from memory, by the same axum on the same listener.
//! `/{bytes}` answers that many.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use bytes::Bytes;
use std::net::SocketAddr;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MOST: usize = 1024 * 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let addr: SocketAddr = std::env::args().nth(1).ok_or("usage: ceiling ADDR")?.parse()?;
    let bytes = Bytes::from(vec![b'x'; MOST]);
    let answer = move |Path(length): Path<usize>| {
        let bytes = bytes.clone();
        async move { ([("content-type", "text/html; charset=utf-8")], bytes.slice(..length.min(MOST))) }
    };
    let router = Router::new().route("/{bytes}", get(answer));
    let listener = tokio::net::TcpListener::bind(addr).await?;
    server::http::serve(listener, router, 4096, std::future::pending()).await?;
    Ok(())
}
