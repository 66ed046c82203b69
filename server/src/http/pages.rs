//! A bounded cache of rendered pages. A signed-out page is the same for everybody but for its nonce, which is put in
//! anew for each answer; whoever brings a session is never served from here.

use super::holes::Holes;
use super::theme_of;
use crate::services::catalog::Index;
use app::admin::is_office;
use app::pages::is_personal;
use app::shop::Theme;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use axum::middleware::Next;
use http_body_util::BodyExt;
use leptos::nonce::Nonce;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// A page larger than this is not worth a place.
const LARGEST: usize = 1024 * 1024;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    theme: &'static str,
    host: String,
    path_and_query: String,
}

struct Page {
    /// Of the catalogue when rendering began: a change since then makes the page a thing of the past.
    generation: u64,
    /// With a hole wherever it has its nonce.
    body: Holes<()>,
    headers: HeaderMap,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Page>> for ByBytes {
    fn weight(&self, key: &Key, page: &Arc<Page>) -> u64 {
        (key.path_and_query.len() + key.host.len() + page.body.len() + 512) as u64
    }
}

#[derive(Clone)]
pub struct PageCache {
    pages: Option<Arc<Cache<Key, Arc<Page>, ByBytes>>>,
    index: Arc<Index>,
}

impl PageCache {
    /// `bytes`: the bound; 0 for no cache.
    pub fn new(bytes: u64, index: Arc<Index>) -> Self {
        // An item is some 40 kB; the estimate only sizes the table.
        let items = (bytes / 40_960).max(16) as usize;
        let pages = (bytes > 0).then(|| Arc::new(Cache::with_weighter(items, bytes, ByBytes)));
        Self { pages, index }
    }
}

impl PageCache {
    /// The page that this request asks for, if it is kept and still true.
    pub fn kept(&self, request: &Request) -> Option<Response<Body>> {
        let (pages, key, generation) = place(self, request)?;
        let nonce = request.extensions().get::<Nonce>()?;
        let page = pages.get(&key).filter(|page| page.generation == generation)?;
        Some(page.answer(nonce))
    }
}

/// Keeps the page that answers a request, for those that ask for the same.
pub async fn keep(State(cache): State<PageCache>, request: Request, next: Next) -> Response<Body> {
    let Some((pages, key, generation)) = place(&cache, &request) else { return next.run(request).await };
    let Some(nonce) = request.extensions().get::<Nonce>().cloned() else { return next.run(request).await };
    let response = next.run(request).await;
    if !may_keep(&response) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(collected) = body.collect().await else {
        let mut failed = Response::new(Body::empty());
        *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return failed;
    };
    let body = collected.to_bytes();
    if body.len() <= LARGEST {
        let page = Page { generation, body: Holes::cut(&body, &[(&nonce, ())]), headers: parts.headers.clone() };
        pages.insert(key, Arc::new(page));
    }
    Response::from_parts(parts, Body::from(body))
}

impl Page {
    fn answer(&self, nonce: &str) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.filled(|()| nonce)));
        *response.headers_mut() = self.headers.clone();
        response
    }
}

/// The place of this request's page in the cache, if it may have one.
#[allow(clippy::type_complexity)]
fn place<'a>(cache: &'a PageCache, request: &Request) -> Option<(&'a Cache<Key, Arc<Page>, ByBytes>, Key, u64)> {
    let pages = cache.pages.as_deref()?;
    if request.method() != Method::GET {
        return None;
    }
    let headers = request.headers();
    // Whatever else a visitor brings may one day say who they are.
    let stranger = headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .all(|pair| pair.trim_ascii_start().starts_with(b"theme="));
    let path = request.uri().path();
    // A form posted without JavaScript is answered with a redirect, from the same address.
    let accepts_html =
        || headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes().windows(9).any(|w| w == b"text/html"));
    if !stranger || is_personal(path) || is_office(path) || path.starts_with("/api/") && accepts_html() {
        return None;
    }
    let generation = cache.index.generation()?;
    let theme: Theme = theme_of(headers);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let key = Key {
        theme: theme.key(),
        host: host.to_owned(),
        path_and_query: request.uri().path_and_query().map_or_else(|| path.to_owned(), |all| all.as_str().to_owned()),
    };
    Some((pages, key, generation))
}

fn may_keep(response: &Response<Body>) -> bool {
    let no_store = HeaderValue::from_static("no-store");
    response.status() == StatusCode::OK
        && !response.headers().contains_key(header::SET_COOKIE)
        && response.headers().get(header::CACHE_CONTROL) != Some(&no_store)
}
