//! What stands around a page that the server makes. For two visitors it differs in a name here and a number there, while
//! rendering it costs several times what the page itself does; so it is kept, in bounded memory, in pieces between the
//! places where they differ. What is in the page is made for every request.

use super::holes::Holes;
use super::theme_of;
use crate::services::accounts::Caller;
use crate::services::catalog::Index;
use app::catalog::api::Rendered;
use app::form::Flash;
use app::host::Prepared;
use app::pages::with_nonce;
use app::shop::Shop;
use app::ui::escaped;
use app::{PageData, data_block};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Response, StatusCode};
use axum::middleware::Next;
use http_body_util::BodyExt;
use leptos::nonce::Nonce;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hole {
    Nonce,
    /// The visitor's name, as HTML.
    Name,
    /// What the page tells the browser about shop and visitor.
    Data,
    Page,
}

struct Shell {
    headers: HeaderMap,
    body: Holes<Hole>,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<String, Arc<Shell>> for ByBytes {
    fn weight(&self, key: &String, shell: &Arc<Shell>) -> u64 {
        (key.len() + shell.body.len() + 512) as u64
    }
}

#[derive(Clone)]
pub struct Shells {
    kept: Option<Arc<Cache<String, Arc<Shell>, ByBytes>>>,
    index: Arc<Index>,
    shop: Arc<Shop>,
    /// Stands in a hole while a shell is rendered. Nobody can have typed it.
    mark: Arc<str>,
}

impl Shells {
    /// `bytes`: the bound; 0 keeps none.
    pub fn new(bytes: u64, index: Arc<Index>, shop: Arc<Shop>) -> Self {
        // A shell is some 12 kB; the estimate only sizes the table.
        let items = (bytes / 12_288).max(16) as usize;
        let kept = (bytes > 0).then(|| Arc::new(Cache::with_weighter(items, bytes, ByBytes)));
        Self { kept, index, shop, mark: hex::encode(rand::random::<[u8; 16]>()).into() }
    }

    /// The page in the shell that this request wants, if that is kept.
    pub fn kept(&self, page: &Rendered, count: u32, request: &Request) -> Option<Response<Body>> {
        let wanted = self.wanted(page, count, request)?;
        let shell = wanted.kept.get(&wanted.key)?;
        Some(wanted.fill(&shell, page))
    }

    /// Renders the page for this visitor, and keeps its shell if others may want the same.
    pub async fn render(&self, page: Rendered, count: u32, request: Request, next: Next) -> Response<Body> {
        if let Some(wanted) = self.wanted(&page, count, &request)
            && let Some(marked) = self.marked(&page, &request)
            && let Some(shell) = self.cut(&wanted, next.clone().run(marked).await).await
        {
            let answer = wanted.fill(&shell, &page);
            wanted.kept.insert(wanted.key, Arc::new(shell));
            return answer;
        }
        next.run(with_page(request, page)).await
    }

    /// Which shell a request wants; `None` where it must be rendered for this visitor alone, and for strangers, whose
    /// pages are kept as a whole.
    fn wanted(&self, page: &Rendered, count: u32, request: &Request) -> Option<Wanted<'_>> {
        let Rendered { title, canonical, answer, .. } = page;
        let plain = answer.status.is_none() && answer.redirect.is_none();
        let told = request.extensions().get::<Flash>().is_some_and(|flash| *flash != Flash::default());
        if request.method() != Method::GET || !plain || told {
            return None;
        }
        let kept = self.kept.as_deref()?;
        let generation = self.index.generation()?.to_string();
        let nonce = request.extensions().get::<Nonce>()?.to_string();
        let theme = theme_of(request.headers());
        let caller = request.extensions().get::<Caller>()?;
        if caller.session.is_none() && caller.guest.is_none() {
            return None;
        }
        let visitor = caller.visitor();
        let role = visitor.me.as_ref().map_or("", |me| me.role.key());
        let at = request.uri().path_and_query()?.as_str();
        let (pieces, canonical) = (count.to_string(), canonical.as_deref().unwrap_or_default());
        let head = [title, canonical, &answer.description, &answer.image, answer.kind];
        let key = [&[&generation, theme.key(), role, &pieces, at], &head[..]].concat().join("\0");
        let data = PageData { shop: (*self.shop).clone(), theme, visitor, flash: Flash::default(), count };
        Some(Wanted { kept, key, nonce, data })
    }

    /// The request for a shell by itself, with marks in the places of what differs.
    fn marked(&self, page: &Rendered, request: &Request) -> Option<Request> {
        let mut caller = request.extensions().get::<Caller>()?.clone();
        if let Some(session) = &mut caller.session {
            session.username = self.mark(Hole::Name);
            session.display_name = self.mark(Hole::Name);
        }
        let mut marked = Request::new(Body::empty());
        *marked.uri_mut() = request.uri().clone();
        *marked.headers_mut() = request.headers().clone();
        *marked.extensions_mut() = request.extensions().clone();
        marked.extensions_mut().insert(caller);
        Some(with_page(marked, Rendered { html: self.mark(Hole::Page), ..page.clone() }))
    }

    /// Cuts the shell from its answer; `None` when that is no ordinary page, or not all of its holes are found again.
    async fn cut(&self, wanted: &Wanted<'_>, response: Response<Body>) -> Option<Shell> {
        if response.status() != StatusCode::OK {
            return None;
        }
        let (parts, body) = response.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        let mut data = wanted.data.clone();
        let name = self.mark(Hole::Name);
        if let Some(me) = &mut data.visitor.me {
            (me.username, me.name) = (name.clone(), name.clone());
        }
        let (data, page) = (data_block(&data), self.mark(Hole::Page));
        let marks = [(&wanted.nonce, Hole::Nonce), (&data, Hole::Data), (&page, Hole::Page), (&name, Hole::Name)];
        let body = Holes::cut(&body, &marks.map(|(mark, hole)| (mark.as_str(), hole)));
        let whole = body.count(Hole::Data) == 1 && body.count(Hole::Page) == 1;
        whole.then_some(Shell { headers: parts.headers, body })
    }

    fn mark(&self, hole: Hole) -> String {
        [if hole == Hole::Name { "name" } else { "page" }, &*self.mark].concat()
    }
}

fn with_page(mut request: Request, page: Rendered) -> Request {
    request.extensions_mut().insert(Prepared(Arc::new(Ok(page))));
    request
}

struct Wanted<'a> {
    kept: &'a Cache<String, Arc<Shell>, ByBytes>,
    key: String,
    nonce: String,
    data: PageData,
}

impl Wanted<'_> {
    fn fill(&self, shell: &Shell, page: &Rendered) -> Response<Body> {
        let html = with_nonce(&page.html, &self.nonce);
        let name = self.data.visitor.me.as_ref().map(|me| escaped(&me.name)).unwrap_or_default();
        let data = data_block(&self.data);
        let body = shell.body.filled(|hole| match hole {
            Hole::Nonce => &self.nonce,
            Hole::Name => &name,
            Hole::Data => &data,
            Hole::Page => &html,
        });
        let mut response = Response::new(Body::from(body));
        *response.headers_mut() = shell.headers.clone();
        response
    }
}
