//! What wraps every answer: its request id, the security headers, a time limit, and a page where a handler fails.

use super::error_page;
use crate::config::Serve;
use crate::metrics::{Class, Metrics};
use app::host::RequestId;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use axum::middleware::Next;
use base64::Engine;
use futures::FutureExt;
use leptos::nonce::Nonce;
use std::fmt::Write;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Past this a visitor has gone away, and a page that says so is worth more than the answer.
const TIME_LIMIT: Duration = Duration::from_millis(4500);
/// Files take as long as their sender's line does: the largest of each kind at 20 kB/s, as a slow phone sends, and then
/// some. Whoever stops sending, or all but stops, is not waited for so long (`received.rs`).
const UPLOADS: [(&str, Duration); 2] = [
    (app::admin::pictures::UPLOAD, Duration::from_secs(6 * 60)),
    (app::admin::imports::view::UPLOAD, Duration::from_secs(12 * 60)),
];
/// What changes thousands of products, and does so to its end even for who has gone away: an answer before that end
/// would say that nothing has happened. It comes to at most three long statements, of a minute and a half each.
const LONG: Duration = Duration::from_secs(5 * 60);

/// Headers that are the same on every answer, made once.
#[derive(Clone)]
pub struct Envelope(Arc<Settings>);

struct Settings {
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The policy before and after the nonce.
    policy: (String, String),
    metrics: Arc<Metrics>,
}

impl Envelope {
    pub fn new(settings: &Serve, metrics: Arc<Metrics>) -> Self {
        let mut headers = vec![
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
            (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
            (
                HeaderName::from_static("permissions-policy"),
                HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            ),
        ];
        if settings.is_https() {
            headers.push((
                header::STRICT_TRANSPORT_SECURITY,
                HeaderValue::from_static("max-age=31536000; includeSubDomains"),
            ));
        }
        // Reloading during development talks to a port of its own.
        let reload = if std::env::var_os("LEPTOS_WATCH").is_some() { " ws:" } else { "" };
        let images = settings.image_hosts.0.iter().fold(String::new(), |mut all, host| {
            let _ = write!(all, " {host}");
            all
        });
        let policy = (
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'nonce-".to_owned(),
            format!(
                "'; style-src 'self'; img-src 'self' data:{images}; font-src 'self'; connect-src 'self'{reload}; \
                 manifest-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
            ),
        );
        Self(Arc::new(Settings { headers, policy, metrics }))
    }

    fn seal(&self, headers: &mut HeaderMap, nonce: &str, id: &str) {
        for (name, value) in &self.0.headers {
            headers.insert(name, value.clone());
        }
        let (before, after) = &self.0.policy;
        let mut policy = String::with_capacity(before.len() + nonce.len() + after.len());
        policy.push_str(before);
        policy.push_str(nonce);
        policy.push_str(after);
        // A document that isn't one of the shop's pages brings its own, stricter one.
        if let Ok(value) = HeaderValue::from_maybe_shared(bytes::Bytes::from(policy)) {
            headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(value);
        }
        if let Ok(value) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, value);
        }
        // Pages differ from visitor to visitor; what may be kept says so itself.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    }
}

fn limit_of(path: &str) -> Duration {
    if app::admin::LONG.contains(&path) {
        return LONG;
    }
    UPLOADS.iter().find(|(upload, _)| *upload == path).map_or(TIME_LIMIT, |(_, limit)| *limit)
}

pub async fn wrap(State(envelope): State<Envelope>, mut request: Request, next: Next) -> Response<Body> {
    let started = Instant::now();
    let random: [u8; 28] = rand::random();
    let id = hex::encode(&random[..12]);
    let nonce = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&random[12..]);
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = %id, %method, path = %Visible(request.uri().path()));
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(Nonce::from_value(nonce.as_str()));
    let class = Class::of(request.uri().path());
    let wants = error_page::Wants::of(request.headers(), request.uri().path());
    let limit = limit_of(request.uri().path());

    let answer = async {
        if method == Method::TRACE || method == Method::CONNECT {
            return error_page::answer(StatusCode::METHOD_NOT_ALLOWED, &id, wants);
        }
        match tokio::time::timeout(limit, AssertUnwindSafe(next.run(request)).catch_unwind()).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => {
                tracing::error!("a handler panicked");
                error_page::answer(StatusCode::INTERNAL_SERVER_ERROR, &id, wants)
            }
            Err(_) => {
                tracing::error!("a handler took too long");
                error_page::answer(StatusCode::SERVICE_UNAVAILABLE, &id, wants)
            }
        }
    }
    .instrument(span.clone())
    .await;

    let mut answer = error_page::dress(answer, &id, wants);
    envelope.seal(answer.headers_mut(), &nonce, &id);
    let status = answer.status().as_u16();
    let took = started.elapsed();
    envelope.0.metrics.request(class, status, took);
    let ms = took.as_secs_f64() * 1000.0;
    span.in_scope(|| match status {
        500.. => tracing::warn!(status, ms, "failed"),
        400.. => tracing::info!(status, ms, "refused"),
        _ => tracing::debug!(status, ms, "answered"),
    });
    answer
}

/// A path as a log may carry it: no token, no control characters that could forge a line, and no more than fits one.
struct Visible<'a>(&'a str);

/// Behind these a path goes on with a token.
const BEFORE_TOKENS: [&str; 2] = ["/wishlists/", "/api/wishlist/unsubscribe/"];

impl std::fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(before) = BEFORE_TOKENS.iter().find(|before| self.0.starts_with(**before)) {
            return write!(f, "{before}…");
        }
        for c in self.0.chars().take(200) {
            if c.is_control() { f.write_char('\u{fffd}')? } else { f.write_char(c)? }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_no_token_and_no_line_of_a_visitor_s() {
        let shown = |path: &str| Visible(path).to_string();
        assert_eq!(shown("/wishlists/abc"), "/wishlists/…");
        assert_eq!(shown("/api/wishlist/unsubscribe/abc"), "/api/wishlist/unsubscribe/…");
        assert_eq!(shown("/wishlist\nfailed"), "/wishlist\u{fffd}failed");
        assert_eq!(shown(&"a".repeat(300)).len(), 200);
    }
}
