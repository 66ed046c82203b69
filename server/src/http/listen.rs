//! Accepting connections, and leaving in order.

use super::client::Peer;
use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::util::MapRequest;

/// For a request's head, from the moment the connection is ready for one.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// For what was accepted before the shop was told to leave.
const LEAVING: Duration = Duration::from_secs(20);
/// Bytes of a request's head, and of each connection's buffer.
const HEAD_LIMIT: usize = 64 * 1024;

/// Serves until `leave`, then finishes what was accepted, within a deadline.
///
/// # Errors
/// When the listener itself fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    max_connections: u32,
    leave: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(HEAD_LIMIT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10))
        .max_concurrent_streams(128)
        .max_header_list_size(HEAD_LIMIT as u32);
    let builder = Arc::new(builder);
    let places = Arc::new(Semaphore::new(max_connections as usize));
    let graceful = GracefulShutdown::new();
    let mut leave = std::pin::pin!(leave);
    loop {
        let accepted = async {
            // Past the limit, connections wait in the system's queue rather than in our memory.
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        let (accepted, place) = tokio::select! {
            () = &mut leave => break,
            accepted = accepted => match accepted {
                Some(accepted) => accepted,
                None => break,
            },
        };
        let (stream, peer) = match accepted {
            Ok((stream, peer)) => (stream, Peer(peer.ip())),
            Err(error) => {
                // Out of file descriptors, or a client that left in the queue: neither ends the shop.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let service = MapRequest::new(router.clone(), move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request
        });
        let service = TowerToHyperService::new(service);
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    tracing::info!("leaving: finishing what was accepted");
    if tokio::time::timeout(LEAVING, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    Ok(())
}
