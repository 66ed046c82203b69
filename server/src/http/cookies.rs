//! Cookies of the host's own: out of reach of scripts and of other sites, and under HTTPS out of reach of neighbours on
//! the same domain (`__Host-`).

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};
use std::fmt::Write;
use std::time::Duration;

fn prefix(https: bool) -> &'static str {
    if https { "__Host-" } else { "" }
}

/// A `Set-Cookie` value. Without `max_age` the cookie goes with the browser's session. A `value` that no header can
/// carry gives an empty one, which browsers pass over.
pub fn set(name: &str, value: &str, max_age: Option<Duration>, https: bool) -> HeaderValue {
    let mut cookie = format!("{}{name}={value}; Path=/; HttpOnly; SameSite=Lax", prefix(https));
    if let Some(max_age) = max_age {
        let _ = write!(cookie, "; Max-Age={}", max_age.as_secs());
    }
    if https {
        cookie.push_str("; Secure");
    }
    HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""))
}

pub fn clear(name: &str, https: bool) -> HeaderValue {
    set(name, "", Some(Duration::ZERO), https)
}

/// The cookie's value, if the request brings one that isn't empty.
pub fn read<'a>(headers: &'a HeaderMap, name: &str, https: bool) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key.strip_prefix(prefix(https)) == Some(name) && !value.is_empty()).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_locked() {
        assert_eq!(
            set("session", "abc", Some(Duration::from_secs(60)), true),
            "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
        );
        assert_eq!(set("session", "abc", None, false), "session=abc; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(set("session", "a\r\nb", None, false), "");
        assert!(clear("session", true).to_str().is_ok_and(|cookie| cookie.contains("Max-Age=0")));
    }

    #[test]
    fn under_https_only_the_locked_cookie_is_read() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("theme=dark; session=planted; __Host-session=ours"));
        assert_eq!(read(&headers, "session", true), Some("ours"));
        assert_eq!(read(&headers, "session", false), Some("planted"));
        assert_eq!(read(&headers, "flow", true), None);
    }
}
