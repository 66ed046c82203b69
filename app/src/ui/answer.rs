//! What a page says about its own answer. The browser has no use for any of it.

#[cfg(feature = "ssr")]
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use server_fn::http_export::{HeaderName, HeaderValue, StatusCode};

#[cfg(feature = "ssr")]
fn set_header(name: &'static str, value: &str) {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(value) = HeaderValue::from_str(value)
    {
        response.insert_header(HeaderName::from_static(name), value);
    }
}

pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(status)
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// Sends the visitor on, to a path of the shop.
pub fn see_other(path: &str) {
    set_status(303);
    #[cfg(feature = "ssr")]
    set_header("location", path);
    #[cfg(not(feature = "ssr"))]
    let _ = path;
}

/// For what is one visitor's only: neither the browser nor anything before it keeps the page.
pub fn never_store() {
    #[cfg(feature = "ssr")]
    set_header("cache-control", "no-store");
}

/// Tells the host that the script which gets this answer loads the page that it leads to.
#[cfg(feature = "ssr")]
pub fn leads_on() {
    set_header("x-shopfront-leads-on", "1");
}

#[cfg(feature = "ssr")]
pub fn forbid_indexing() {
    set_header("x-robots-tag", "noindex");
}
