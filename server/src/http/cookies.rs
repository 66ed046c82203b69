//! The cookies that are the host's own business: no script reads them, no other site's request carries them.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};
use std::time::Duration;

/// Under HTTPS the prefix makes browsers refuse the cookie from anybody but this host itself.
fn full_name(name: &str, https: bool) -> String {
    if https { format!("__Host-{name}") } else { name.to_owned() }
}

/// A `Set-Cookie` value. Without `max_age` the cookie ends with the browser.
///
/// `value` is of the characters that a cookie may hold; anything else makes an empty header.
pub fn set(name: &str, value: &str, max_age: Option<Duration>, https: bool) -> HeaderValue {
    let secure = if https { "; Secure" } else { "" };
    let max_age = max_age.map(|age| format!("; Max-Age={}", age.as_secs())).unwrap_or_default();
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{max_age}{secure}", full_name(name, https));
    HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""))
}

pub fn clear(name: &str, https: bool) -> HeaderValue {
    set(name, "", Some(Duration::ZERO), https)
}

pub fn read<'a>(headers: &'a HeaderMap, name: &str, https: bool) -> Option<&'a str> {
    let name = full_name(name, https);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}
