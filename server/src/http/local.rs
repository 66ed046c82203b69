//! Addresses of this shop: no other site can be the target of a redirect.

use axum::extract::Request;
use axum::http::Uri;
use axum::http::header::{HOST, HeaderValue, REFERER};
use axum::middleware::Next;
use axum::response::Response;

/// A path of this shop, or the front page: no other site can be the target of a redirect.
pub fn local_path(path: &str) -> &str {
    let bytes = path.as_bytes();
    let local = bytes.first() == Some(&b'/')
        && !matches!(bytes.get(1), Some(b'/' | b'\\'))
        && bytes.len() <= 2048
        && bytes.iter().all(|byte| byte.is_ascii_graphic() && *byte != b'\\');
    if local { path } else { "/" }
}

/// A form that is posted without JavaScript is answered with a redirect to its referrer, which the client names: so that
/// only a path of ours is left of it, whatever it named.
pub async fn with_local_referrer(mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/api/") {
        let headers = request.headers();
        let referrer = headers.get(REFERER).and_then(|referrer| referrer.to_str().ok()?.parse::<Uri>().ok());
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let path = match &referrer {
            Some(uri) if uri.authority().map(|authority| authority.as_str()) == host => {
                uri.path_and_query().map_or("/", |path| local_path(path.as_str()))
            }
            _ => "/",
        };
        if let Ok(path) = HeaderValue::from_str(path) {
            request.headers_mut().insert(REFERER, path);
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_in_the_shop() {
        assert_eq!(local_path("/products?q=a%20b&page=2"), "/products?q=a%20b&page=2");
        for path in
            ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x", "/a\\b", "/ä"]
        {
            assert_eq!(local_path(path), "/", "{path}");
        }
    }
}
