//! What the whole back office sends over the wire.

#[cfg(feature = "ssr")]
use crate::cart::api::{Acted, Done};
use crate::catalog::api::Rendered;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::form::Next;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// The page at an address of the back office. `search`: its query string.
#[server(prefix = "/api/admin", endpoint = "page", input = GetUrl)]
pub async fn load_office_page(path: String, search: String) -> Result<Rendered, AppError> {
    let office = super::host::office()?;
    super::view::make(&office, &path, &search, &crate::form::Flash::default()).await
}

/// How an act of the back office is answered that stays on its page: for a script, with the page made anew. `page`:
/// where its form stands.
///
/// # Errors
/// Whatever the services answer when the page is made anew.
#[cfg(feature = "ssr")]
pub async fn acted(done: Done, page: String) -> Result<Acted, AppError> {
    let html = match scripted(&page) {
        Some((path, search)) => {
            let office = super::host::office()?;
            super::view::make(&office, path, search, &crate::form::Flash::default()).await?.html
        }
        None => String::new(),
    };
    let next = Next { path: page, notice: done.notice, undo: None };
    Ok(Acted { next, html, ..Acted::default() })
}

/// Path and query string of the page that a script waits for; `None` for a browser by itself.
#[cfg(feature = "ssr")]
pub fn scripted(page: &str) -> Option<(&str, &str)> {
    use leptos::server_fn::http_export::request::Parts;
    let waits = use_context::<Parts>().is_some_and(|parts| parts.headers.contains_key("x-shopfront-act"));
    let (path, search) = page.split_once('?').unwrap_or((page, ""));
    (waits && super::is_office(path)).then_some((path, search))
}
