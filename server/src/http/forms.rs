//! Forms that a browser posts by itself, and what the page that follows is told about them.
//!
//! A server function answers a form with JSON. A browser without JavaScript can't read that, so it is told where to go:
//! to where the answer leads, or back to the form, with what was typed and what was wrong with it in a short-lived
//! cookie. Nothing of it is in an address, where it would stay in histories and logs.

use super::cookies;
use super::error_page::Wants;
use super::local::local_path;
use app::error::AppError;
use app::form::{Flash, Next as Leads, Undo, errors_of};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use axum::middleware::Next;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::time::Duration;

pub const FLASH: &str = "flash";
/// Long enough for the page that follows, also over a bad line.
const FLASH_LIVES: Duration = Duration::from_secs(60);
/// Bytes of JSON: in base64 and with its attributes it stays under the 4096 bytes that browsers keep of a cookie.
const FLASH_LIMIT: usize = 2_800;
/// Bytes of a form. The longest has a few lines of text.
const FORM_LIMIT: usize = 64 * 1024;
/// Bytes of the form of a product with hundreds of variants.
const PRODUCT_LIMIT: usize = 1024 * 1024;
const PRODUCTS: &str = "/api/admin/products/";
/// Bytes of a server function's answer to a form. The longest says of each field of a product what is wrong with it.
const ANSWER_LIMIT: usize = 256 * 1024;
/// What is wrong with as many fields as anybody mends at once, which a cookie has room for.
const MOST_ERRORS: usize = 12;
/// Sent by `ui::Form` when it will load the page that follows, which then is to say the notice.
const SCRIPTED: HeaderName = HeaderName::from_static("x-shopfront-form");
/// An answer whose script will load that page.
const LEADS_ON: HeaderName = HeaderName::from_static("x-shopfront-leads-on");
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Said beside a field whose value a cookie has no room for.
const LOST: &str = "What you typed here was too long to bring back, so this is what is saved. Go back in your browser to copy \
                    yours";

/// Whether cookies are for HTTPS only.
#[derive(Clone, Copy)]
pub struct Https(pub bool);

/// Answers a browser's own post to a server function with a redirect.
pub async fn answer_posts(State(Https(https)): State<Https>, request: Request, next: Next) -> Response<Body> {
    let path = request.uri().path();
    if request.method() != Method::POST || !path.starts_with("/api/") {
        return next.run(request).await;
    }
    if request.headers().contains_key(SCRIPTED) {
        return with_notice(next.run(request).await, https).await;
    }
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if Wants::of(request.headers(), path) != Wants::Page || !is_form {
        let mut answer = next.run(request).await;
        return match answer.headers_mut().remove(LEADS_ON) {
            Some(_) => with_notice(answer, https).await,
            None => answer,
        };
    }

    let action = path.to_owned();
    let (mut parts, body) = request.into_parts();
    let limit = if action.starts_with(PRODUCTS) { PRODUCT_LIMIT } else { FORM_LIMIT };
    let Ok(body) = to_bytes(body, limit).await else { return bare(StatusCode::PAYLOAD_TOO_LARGE) };
    let typed: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let page = page_of(&typed, &parts.headers);
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let answer = next.run(Request::from_parts(parts, Body::from(body))).await;

    // A file to keep is what the browser wants as it is.
    if answer.headers().contains_key(header::CONTENT_DISPOSITION) {
        return answer;
    }
    let (parts, body) = answer.into_parts();
    let mut redirect = if parts.status.is_success() {
        match decoded::<Leads>(body).await {
            Some(Leads { path, notice, undo }) => {
                let flash = notice.map(|notice| Flash { notice: Some(notice), undo, ..Flash::default() });
                see_other(local_path(&path), flash, https)
            }
            None => {
                tracing::error!(action, "a form’s answer leads nowhere");
                bare(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    } else {
        match decoded::<AppError>(body).await {
            Some(AppError::SignIn) => see_other(&app::account::login_href(&page), None, https),
            Some(error @ (AppError::Invalid { .. } | AppError::Conflict { .. } | AppError::TooMany { .. })) => {
                let flash = Flash { action, values: told_back(typed), errors: errors_of(&error), ..Flash::default() };
                see_other(&page, Some(flash), https)
            }
            _ => bare(parts.status),
        }
    };
    // What the act changed about the visitor goes along.
    for (name, value) in &parts.headers {
        if matches!(*name, header::SET_COOKIE | header::RETRY_AFTER) || *name == CLEAR_SITE_DATA {
            redirect.headers_mut().append(name, value.clone());
        }
    }
    redirect
}

/// Hands the page what its flash cookie says, and takes the cookie away with the page that has shown it.
pub async fn read_flash(State(Https(https)): State<Https>, mut request: Request, next: Next) -> Response<Body> {
    let is_page = request.method() == Method::GET
        && !request.uri().path().starts_with("/api/")
        && Wants::of(request.headers(), request.uri().path()) == Wants::Page;
    let Some(cookie) = cookies::read(request.headers(), FLASH, https).filter(|_| is_page) else {
        return next.run(request).await;
    };
    if let Some(flash) = unpack(cookie) {
        request.extensions_mut().insert(flash);
    }
    let mut response = next.run(request).await;
    // A page that sends its visitor on has shown nothing.
    if !response.status().is_redirection() {
        let headers = response.headers_mut();
        headers.append(header::SET_COOKIE, cookies::clear(FLASH, https));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The notice of an accepted form for the page that the browser's script will load next.
async fn with_notice(response: Response<Body>, https: bool) -> Response<Body> {
    if !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, ANSWER_LIMIT).await else { return bare(StatusCode::INTERNAL_SERVER_ERROR) };
    if let Ok(Leads { notice: Some(notice), undo, .. }) = serde_json::from_slice(&body) {
        let flash = Flash { notice: Some(notice), undo, ..Flash::default() };
        parts.headers.append(header::SET_COOKIE, cookies::set(FLASH, &pack(flash), Some(FLASH_LIVES), https));
    }
    Response::from_parts(parts, Body::from(body))
}

async fn decoded<T: DeserializeOwned>(body: Body) -> Option<T> {
    let body = to_bytes(body, ANSWER_LIMIT).await.ok()?;
    serde_json::from_slice(&body).ok()
}

/// Where the form stands: as it says itself, or else as the browser does.
fn page_of(typed: &[(String, String)], headers: &HeaderMap) -> String {
    let said = typed.iter().find(|(name, _)| name == "page").map(|(_, value)| value.as_str());
    let referrer = headers.get(header::REFERER).and_then(|referrer| referrer.to_str().ok());
    let own = |path: &&str| local_path(path) == *path;
    said.filter(own).or(referrer.filter(own)).unwrap_or("/").to_owned()
}

/// What a form shows again: everything but secrets, and lists, which are longer than a cookie.
fn told_back(typed: Vec<(String, String)>) -> BTreeMap<String, String> {
    let secret = |name: &str| name.contains("password") || matches!(name, "code" | "token" | "page");
    let fits = |name: &str| !secret(name) && !name.contains('[');
    typed.into_iter().filter(|(name, value)| fits(name) && !value.is_empty()).collect()
}

pub(super) fn see_other(path: &str, flash: Option<Flash>, https: bool) -> Response<Body> {
    let mut response = bare(StatusCode::SEE_OTHER);
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/")));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(flash) = flash {
        headers.append(header::SET_COOKIE, cookies::set(FLASH, &pack(flash), Some(FLASH_LIVES), https));
    }
    response
}

/// Without a body: the envelope gives faults their page.
pub(super) fn bare(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// As a cookie's value. What does not fit is left out, the longest first: a form without one of its values is still
/// better than one without its errors. It is said beside the field, which shows what is saved.
fn pack(mut flash: Flash) -> String {
    while flash.errors.len() > MOST_ERRORS {
        flash.errors.pop_last();
    }
    loop {
        let json = serde_json::to_vec(&flash).unwrap_or_default();
        if json.len() <= FLASH_LIMIT {
            return URL_SAFE_NO_PAD.encode(json);
        }
        let longest = flash.values.iter().max_by_key(|(_, value)| value.len()).map(|(name, _)| name.clone());
        match longest {
            Some(name) => {
                flash.values.remove(&name);
                // A product’s form shows its draft.
                if !flash.action.is_empty() && !flash.action.starts_with(PRODUCTS) {
                    flash.errors.entry(name.clone()).or_insert_with(|| LOST.to_owned());
                    flash.lost.insert(name);
                }
            }
            None => return String::new(),
        }
    }
}

/// `None` for what this shop can't have written. The cookie is its bearer's to change, so what it says is shown to its
/// bearer as text and decides nothing.
fn unpack(cookie: &str) -> Option<Flash> {
    if cookie.len() > FLASH_LIMIT * 4 / 3 + 2 {
        return None;
    }
    let mut flash: Flash = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cookie).ok()?).ok()?;
    // Where a form leads is more than text: to a server function of this shop, or there is no form.
    let is_ours = |undo: &Undo| undo.action.starts_with("/api/") && local_path(&undo.action) == undo.action;
    flash.undo = flash.undo.filter(is_ours);
    Some(flash)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::{get, post};
    use std::sync::{Arc, Mutex};
    use tower::ServiceExt;

    const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

    /// A router whose one server function gives `status` and `body` as its answer.
    fn shop(status: u16, body: &'static str) -> Router {
        shop_answering(move || {
            let headers = [(header::SET_COOKIE, "session=x"), (header::CONTENT_TYPE, "application/json")];
            (StatusCode::from_u16(status).unwrap(), headers, body)
        })
    }

    fn shop_answering<T: axum::response::IntoResponse>(
        answer: impl Fn() -> T + Clone + Send + Sync + 'static,
    ) -> Router {
        Router::new()
            .route("/api/account/log_in", post(move || async move { answer() }))
            .layer(from_fn_with_state(Https(false), answer_posts))
    }

    async fn send(router: Router, accept: &str, body: &str) -> Response<Body> {
        let request = Request::post("/api/account/log_in")
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, "/login")
            .body(Body::from(body.to_owned()))
            .unwrap();
        router.oneshot(request).await.unwrap()
    }

    fn location(response: &Response<Body>) -> &str {
        response.headers()[header::LOCATION].to_str().unwrap()
    }

    fn flash(response: &Response<Body>) -> Option<Flash> {
        response
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .find_map(|cookie| unpack(cookie.to_str().ok()?.strip_prefix("flash=")?.split(';').next()?))
    }

    #[tokio::test]
    async fn an_accepted_form_leads_on_and_brings_its_notice() {
        let router = shop(200, r#"{"path":"/account","notice":"Welcome back"}"#);
        let answer = send(router, BROWSER, "login=ada&password=secret").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(location(&answer), "/account");
        assert_eq!(flash(&answer).unwrap().notice.as_deref(), Some("Welcome back"));
        let cookies: Vec<_> = answer.headers().get_all(header::SET_COOKIE).iter().collect();
        assert!(cookies.iter().any(|cookie| *cookie == "session=x"), "the visitor's new session goes along");
        let flash = cookies.iter().find(|cookie| cookie.as_bytes().starts_with(b"flash=")).unwrap().to_str().unwrap();
        assert!(flash.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"), "{flash}");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    }

    #[tokio::test]
    async fn a_refused_form_comes_back_with_what_was_typed_but_no_secret() {
        let refusal =
            r#"{"Invalid":{"fields":[{"field":"login","message":"Enter a name"},{"field":"","message":"No"}]}}"#;
        let typed = "login=%3Cb%3Eada&password=hunter2hunter2&current_password=x&code=123456&token=t&stay=yes\
                     &page=%2Flogin%3Fnext%3D%252Faccount";
        let answer = send(shop(400, refusal), BROWSER, typed).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(location(&answer), "/login?next=%2Faccount");
        let flash = flash(&answer).unwrap();
        assert_eq!(flash.action, "/api/account/log_in");
        assert_eq!(flash.errors["login"], "Enter a name");
        assert_eq!(flash.errors[""], "No");
        let values: Vec<_> = flash.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(values, [("login", "<b>ada"), ("stay", "yes")]);
    }

    #[tokio::test]
    async fn redirects_stay_in_the_shop() {
        let router = || shop(200, r#"{"path":"//evil.example/x","notice":null}"#);
        assert_eq!(location(&send(router(), BROWSER, "").await), "/");
        let refusal = r#"{"TooMany":{"retry_after":90}}"#;
        for page in ["//evil.example", "https://evil.example", "/%5Cevil.example", "/a%0d%0aSet-Cookie:%20x=y"] {
            let answer = send(shop(429, refusal), BROWSER, &format!("page={page}")).await;
            assert_eq!(location(&answer), "/login", "{page}");
        }
    }

    #[tokio::test]
    async fn who_must_log_in_first_comes_back_afterwards() {
        let answer = send(shop(401, r#""SignIn""#), BROWSER, "page=/account/security").await;
        assert_eq!(location(&answer), "/login?next=%2Faccount%2Fsecurity");
        assert_eq!(flash(&answer), None);
    }

    #[tokio::test]
    async fn a_fault_stays_a_fault() {
        let answer = send(shop(503, r#"{"Unavailable":{"request_id":null}}"#), BROWSER, "login=ada").await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers().get(header::CONTENT_TYPE), None, "the envelope writes the page");
        let answer = send(shop(200, "not an answer"), BROWSER, "").await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let answer = send(shop(200, "{}"), BROWSER, &"x".repeat(FORM_LIMIT + 1)).await;
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[tokio::test]
    async fn a_file_to_keep_is_left_as_it_is() {
        let router = shop_answering(|| ([(header::CONTENT_DISPOSITION, "attachment; filename=\"data.json\"")], "{}"));
        let answer = send(router, BROWSER, "password=x").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(to_bytes(answer.into_body(), 10).await.unwrap(), "{}");
    }

    #[tokio::test]
    async fn scripts_get_the_answer_itself_and_the_notice_for_the_next_page_if_they_ask() {
        let body = r#"{"path":"/","notice":"You are logged out"}"#;
        let answer = send(shop(200, body), "application/json", "").await;
        assert_eq!((answer.status(), flash(&answer)), (StatusCode::OK, None));
        let request = Request::post("/api/account/log_in")
            .header(header::ACCEPT, "application/json")
            .header(SCRIPTED, "1")
            .body(Body::empty())
            .unwrap();
        let answer = shop(200, body).oneshot(request).await.unwrap();
        assert_eq!(flash(&answer).unwrap().notice.as_deref(), Some("You are logged out"));
        assert_eq!(to_bytes(answer.into_body(), 100).await.unwrap(), body);
    }

    #[test]
    fn a_cookie_never_grows_past_what_browsers_keep() {
        let long = |length: usize| "ä".repeat(length);
        let values = [("a", long(100)), ("b", long(2000)), ("c", long(900))];
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let errors = BTreeMap::from([("a".to_owned(), "Shorter".to_owned())]);
        let packed = pack(Flash { action: "/api/x".to_owned(), values, errors, ..Flash::default() });
        assert!(cookies::set(FLASH, &packed, Some(FLASH_LIVES), true).len() < 4096);
        let flash = unpack(&packed).unwrap();
        assert_eq!(flash.errors["a"], "Shorter");
        assert_eq!(flash.values.keys().collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(flash.lost.iter().collect::<Vec<_>>(), ["b"]);
        assert_eq!(flash.errors["b"], LOST);
        let endless = Flash { notice: Some(long(5000)), ..Flash::default() };
        assert_eq!(pack(endless), "");
        for garbage in ["", "%%%", "bnVsbA", "e30", &"A".repeat(100_000)] {
            assert_eq!(unpack(garbage), None, "{garbage:.20}");
        }
    }

    #[tokio::test]
    async fn the_page_that_shows_a_flash_takes_it_away_and_is_kept_by_nobody() {
        let seen: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
        let noted = Arc::clone(&seen);
        let page = move |request: Request| async move {
            noted.lock().unwrap().push(request.extensions().get::<Flash>().and_then(|flash| flash.notice.clone()));
        };
        let router = Router::new()
            .route("/page", get(page.clone()))
            .route("/api/catalog/home", get(page))
            .route("/on", get(|| async { (StatusCode::SEE_OTHER, [(header::LOCATION, "/page")]) }))
            .layer(from_fn_with_state(Https(true), read_flash));
        let packed = pack(Flash { notice: Some("Hello".to_owned()), ..Flash::default() });
        let ask = async |path: &str, cookie: &str| {
            let request = Request::get(path).header(header::COOKIE, cookie).header(header::ACCEPT, BROWSER);
            router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
        };
        let ours = format!("theme=dark; __Host-flash={packed}");
        let shown = ask("/page", &ours).await;
        let cleared = shown.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cleared.starts_with("__Host-flash=; ") && cleared.contains("Max-Age=0"), "{cleared}");
        assert_eq!(shown.headers()[header::CACHE_CONTROL], "no-store");
        for (path, cookie) in
            [("/on", ours.as_str()), ("/api/catalog/home", &ours), ("/page", &format!("flash={packed}"))]
        {
            assert_eq!(ask(path, cookie).await.headers().get(header::SET_COOKIE), None, "{path} {cookie:.12}");
        }
        ask("/page", "__Host-flash=garbage").await;
        let seen = seen.lock().unwrap().clone();
        assert_eq!(seen, [Some("Hello".to_owned()), None, None, None]);
    }
}
