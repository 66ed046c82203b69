//! What the whole back office sends over the wire.

#[cfg(feature = "ssr")]
use crate::cart::api::{Acted, Done, offer};
use crate::catalog::api::Rendered;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::form::{Flash, Next};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
#[cfg(feature = "ssr")]
use leptos::server_fn::http_export::request::Parts;

/// The page at an address of the back office. `search`: its query string.
#[server(prefix = "/api/admin", endpoint = "page", input = GetUrl)]
pub async fn load_office_page(
    #[server(default)] path: String,
    #[server(default)] search: String,
) -> Result<Rendered, AppError> {
    let office = super::host::office()?;
    super::view::make(&office, &path, &search, &Flash::default()).await
}

/// The overview as it is now, for a page that is left open. Asking for it is nobody's doing: it keeps no session alive.
#[server(prefix = "/api/admin", endpoint = "live", input = GetUrl)]
pub async fn load_live_page(
    #[server(default)] path: String,
    #[server(default)] search: String,
) -> Result<Rendered, AppError> {
    let office = super::host::office()?;
    if path != super::live::PAGE {
        return Err(AppError::NotFound);
    }
    super::view::make(&office, &path, &search, &Flash::default()).await
}

/// Whether a form was sent by the page's script, which reads the answer itself.
#[cfg(feature = "ssr")]
pub fn is_scripted() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.headers.contains_key("x-shopfront-act"))
}

/// [`acted`], after an act for which the password was given: whatever the page was made with, it isn't asked for again.
///
/// # Errors
/// As [`acted`].
#[cfg(feature = "ssr")]
pub async fn acted_with_password(done: Done, page: String) -> Result<Acted, AppError> {
    let mut office = super::host::office()?;
    office.me.fresh = true;
    provide_context(office);
    acted(done, "", page).await
}

/// How an act in the back office is answered: a script gets the page that its form stands on anew.
///
/// # Errors
/// Whatever the services answer when the page is made.
#[cfg(feature = "ssr")]
pub async fn acted(done: Done, undo: &str, page: String) -> Result<Acted, AppError> {
    let html = match is_scripted() {
        true => {
            let office = super::host::office()?;
            let (path, search) = page.split_once('?').unwrap_or((&page, ""));
            super::view::make(&office, path, search, &Flash::default()).await?.html
        }
        false => String::new(),
    };
    let next = Next { path: page, notice: done.notice, undo: offer(done.undo, undo) };
    Ok(Acted { next, html, ..Acted::default() })
}
