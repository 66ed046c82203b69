//! Who makes a request. A visitor without a cookie costs nothing; one with a session costs one query.

use super::answer::Answer;
use super::client::{self, Peer};
use super::{Host, cookies};
use crate::config::Access;
use crate::services::accounts::{Caller, FLOW_COOKIE, FLOW_LIFE, SESSION_COOKIE, new_token, sessions};
use crate::services::shelf::GUEST_COOKIE;
use app::admin::is_office;
use app::error::AppError;
use app::host::RequestId;
use app::pages::is_personal;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Extensions, HeaderMap, Method, Response, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect};
use sqlx::PgConnection;
use std::net::{IpAddr, Ipv4Addr};

pub const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

/// Pages with a form that a code may follow; their browser gets the cookie that such codes are bound to, so that a form
/// sent twice is one form.
const STARTS_A_FLOW: [&str; 4] = ["/signup", "/login", "/forgot-password", "/account"];
/// Pages that carry a code, a token or a password.
const CONFIDENTIAL: [&str; 6] = ["/verify", "/reset-password", "/unlock", "/signup", "/login", "/forgot-password"];

/// Asked again and again by a page that is left open.
const WATCHES: &str = "/api/admin/live";
/// What is about one visitor, also for one who has nothing yet.
const PERSONAL: [&str; 3] = ["/api/account/", "/api/cart/", "/api/wishlist/"];

/// What a request says without its body, which only one may hold at a time.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    extensions: &'a Extensions,
}

impl<'a> Head<'a> {
    pub fn of(request: &'a Request) -> Self {
        let (method, uri) = (request.method(), request.uri());
        Self { method, uri, headers: request.headers(), extensions: request.extensions() }
    }

    fn reads(self) -> bool {
        matches!(*self.method, Method::GET | Method::HEAD)
    }
}

/// Who makes a request, found with `connection` where there is a session to find.
///
/// # Errors
/// What a request is answered with when nobody can tell.
pub async fn recognise(host: &Host, request: Head<'_>, connection: &mut PgConnection) -> Result<Caller, StatusCode> {
    let https = host.secure_cookies;
    let Some(token) = cookies::read(request.headers, SESSION_COOKIE, https) else { return Ok(stranger(host, request)) };
    let found = match request.uri.path() {
        WATCHES => sessions::peek(connection, token).await,
        _ => sessions::find(connection, token).await,
    };
    let caller = stranger(host, request);
    match found {
        Ok(Some(found)) => return Ok(Caller { session: Some(found), ..caller }),
        // A form posted twice may bring the cookie that its first time has just replaced, and must not take the new one
        // away.
        Ok(None) if request.reads() => caller.answer.cookie(SESSION_COOKIE, cookies::clear(SESSION_COOKIE, https)),
        Ok(None) => {}
        Err(error) => return Err(unreadable(&error)),
    }
    Ok(caller)
}

/// As [`recognise`], for who brings no session.
fn stranger(host: &Host, request: Head) -> Caller {
    let (headers, https) = (request.headers, host.secure_cookies);
    let peer = request.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    Caller {
        client: client::address(peer, headers, &host.trusted_proxies),
        user_agent: user_agent(headers),
        flow: cookies::read(headers, FLOW_COOKIE, https).map(str::to_owned),
        guest: cookies::read(headers, GUEST_COOKIE, https).map(str::to_owned),
        answer: Answer::default(),
        request: request.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        session: None,
    }
}

/// Not to know who they are is not to know that they are nobody.
fn unreadable(error: &sqlx::Error) -> StatusCode {
    tracing::error!(%error, "a session could not be read");
    StatusCode::SERVICE_UNAVAILABLE
}

pub async fn identify(State(host): State<Host>, mut request: Request, next: Next) -> Response<Body> {
    let https = host.secure_cookies;
    let from_before = request.extensions_mut().remove::<Caller>();
    let head = Head::of(&request);
    let known = match from_before {
        Some(caller) => Ok(caller),
        None if cookies::read(head.headers, SESSION_COOKIE, https).is_none() => Ok(stranger(&host, head)),
        None => match host.at_hand.take().await {
            Ok(mut connection) => {
                let known = recognise(&host, head, &mut connection).await;
                if known.is_ok() {
                    connection.keep();
                }
                known
            }
            Err(error) => Err(unreadable(&error)),
        },
    };
    let caller = match known {
        Ok(caller) => caller,
        Err(status) => return status.into_response(),
    };
    let answer = caller.answer.clone();
    let path = head.uri.path();
    let signed_in = caller.session.is_some();
    let known = signed_in || caller.guest.is_some();
    let confidential =
        known || is_personal(path) || PERSONAL.iter().any(|of| path.starts_with(of)) || CONFIDENTIAL.contains(&path);
    if head.reads() && caller.flow.is_none() && STARTS_A_FLOW.contains(&path) {
        answer.cookie(FLOW_COOKIE, cookies::set(FLOW_COOKIE, &new_token(), Some(FLOW_LIFE), https));
    }
    let members_only = host.access == Access::Members;
    let mut response = match turned_away(members_only, signed_in, request.uri()) {
        Some(response) => response,
        None => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
    };
    answer.apply(&mut response);
    let headers = response.headers_mut();
    if confidential {
        headers.insert(header::CACHE_CONTROL, NO_STORE);
    }
    if members_only {
        headers.insert(ROBOTS_TAG, HeaderValue::from_static("noindex"));
    }
    response
}

/// The answer to a visitor who must log in first.
fn turned_away(members_only: bool, signed_in: bool, uri: &Uri) -> Option<Response<Body>> {
    let path = uri.path();
    let of_an_account = path == "/account" || path.starts_with("/account/") || is_office(path);
    // Named are the few pages that are open, so that a new one is closed.
    let open = || {
        path.starts_with("/api/account/")
            || matches!(path, "/unsubscribe" | "/api/wishlist/unsubscribe")
            || CONFIDENTIAL.contains(&path)
    };
    if signed_in || !of_an_account && (!members_only || open()) {
        return None;
    }
    if path.starts_with("/api/") {
        let body = serde_json::to_string(&AppError::SignIn).unwrap_or_default();
        return Some((StatusCode::UNAUTHORIZED, [(header::CONTENT_TYPE, "application/json")], body).into_response());
    }
    Some(Redirect::to(&log_in_path(uri)).into_response())
}

/// The log-in page that leads back to `uri`.
fn log_in_path(uri: &Uri) -> String {
    /// A path stays readable; what could end the parameter doesn't.
    const IN_QUERY: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    let back = uri.path_and_query().map_or("/", |back| back.as_str());
    format!("/login?next={}", percent_encoding::utf8_percent_encode(back, IN_QUERY))
}

/// As the browser calls itself, without what could forge a line of a log, and no longer than its column.
fn user_agent(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(400).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_survives_the_log_in() {
        let uri = Uri::from_static("/account/security?a=b&c=d");
        assert_eq!(log_in_path(&uri), "/login?next=/account/security%3Fa%3Db%26c%3Dd");
    }

    #[test]
    fn a_shop_for_members_is_closed_but_for_its_door() {
        let answer = |members, path: &'static str| {
            turned_away(members, false, &Uri::from_static(path)).map(|response| response.status().as_u16())
        };
        assert_eq!(answer(false, "/products"), None);
        assert_eq!(answer(false, "/account/security"), Some(303));
        assert_eq!(answer(false, "/accounting"), None);
        assert_eq!(answer(true, "/products"), Some(303));
        assert_eq!(answer(true, "/"), Some(303));
        assert_eq!(answer(true, "/nowhere"), Some(303));
        assert_eq!(answer(true, "/api/catalog/home"), Some(401));
        assert_eq!(answer(true, "/api/account/log_in"), None);
        assert_eq!(answer(true, "/unsubscribe"), None);
        assert_eq!(answer(true, "/login"), None);
        assert!(turned_away(true, true, &Uri::from_static("/products")).is_none());
    }
}
