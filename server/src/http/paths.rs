//! Addresses that are settled before the router. It takes `/cart/` and `/x/../cart` for `/cart`, while everything around it
//! takes an address for what it says; so a page has one address, and the others lead to it or nowhere.

use super::local::local_path;
use super::visitor::NO_STORE;
use app::ui::address;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, Response, StatusCode, header};
use axum::response::IntoResponse;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// The addresses that pages have, as axum writes routes.
pub struct Pages(Vec<String>);

impl Pages {
    /// Without the route that takes whatever no other does.
    pub fn of<'a>(routes: impl Iterator<Item = &'a str>) -> Self {
        Self(routes.filter(|route| !route.starts_with("/{*")).map(str::to_owned).collect())
    }

    fn have(&self, path: &str) -> bool {
        self.0.iter().any(|route| fits(route, path))
    }
}

fn fits(route: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    for piece in route.split('/') {
        if piece.starts_with("{*") {
            return true;
        }
        let Some(segment) = segments.next() else { return false };
        let is_met = if piece.starts_with('{') { !segment.is_empty() } else { piece == segment };
        if !is_met {
            return false;
        }
    }
    segments.next().is_none()
}

/// The answer to an address that no page has; `None` leaves it to the router.
pub fn answer(pages: &Pages, request: &Request) -> Option<Response<Body>> {
    let path = request.uri().path();
    // A backslash is a slash to those who resolve addresses as browsers do.
    if !path.starts_with('/') || path.contains('\\') || path.split('/').any(is_dots) {
        return Some(StatusCode::NOT_FOUND.into_response());
    }
    if !path.ends_with('/') || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let plain = match path.trim_end_matches('/') {
        "" => "/",
        plain => plain,
    };
    if plain == path || !pages.have(plain) {
        return None;
    }
    let to = address(plain, request.uri().query().unwrap_or_default());
    // What follows may be a token, and whether there is a page may change.
    let leads = || (StatusCode::PERMANENT_REDIRECT, [(header::CACHE_CONTROL, NO_STORE)], [(header::LOCATION, &*to)]);
    (local_path(&to) == to).then(|| leads().into_response())
}

/// Whether a segment stands for a folder, itself or the one above.
fn is_dots(segment: &str) -> bool {
    matches!(&*Cow::from(percent_decode_str(segment)), b"." | b"..")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn answered(method: Method, to: &str) -> Option<(u16, String)> {
        let routes = ["/", "/cart", "/products/{product}", "/admin/{*place}", "/{*path}"];
        let request = Request::builder().method(method).uri(to).body(Body::empty()).unwrap();
        let answer = answer(&Pages::of(routes.into_iter()), &request)?;
        let location = answer.headers().get(header::LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
        Some((answer.status().as_u16(), location))
    }

    #[test]
    fn a_page_has_one_address() {
        for (path, plain) in [
            ("/cart/", "/cart"),
            ("/cart//?a=b%20c&d", "/cart?a=b%20c&d"),
            ("//", "/"),
            ("/products/mug/", "/products/mug"),
            ("/admin/", "/admin"),
            ("/admin/users/", "/admin/users"),
        ] {
            assert_eq!(answered(Method::GET, path), Some((308, plain.to_owned())), "{path}");
            assert_eq!(answered(Method::HEAD, path), Some((308, plain.to_owned())), "{path}");
            assert_eq!(answered(Method::POST, path), None, "{path}");
        }
        for path in [
            "/",
            "/cart",
            "/x/",
            "/products//",
            "/products/a/b/",
            "//evil.example/",
            "//cart/",
            "/api/cart/",
            "/.well-known/",
            "/...",
        ] {
            assert_eq!(answered(Method::GET, path), None, "{path}");
        }
    }

    #[test]
    fn dots_lead_nowhere() {
        for path in ["/.", "/..", "/./", "/%2e%2E/", "/.%2e", "/cart/.", "/x/../", "/x/../admin/users", "/\\cart", "*"]
        {
            for method in [Method::GET, Method::POST, Method::OPTIONS] {
                assert_eq!(answered(method, path), Some((404, String::new())), "{path}");
            }
        }
    }
}
