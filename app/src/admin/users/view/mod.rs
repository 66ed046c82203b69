//! The pages of accounts.

mod act;
mod edit;
mod help;
mod list;
mod new;
mod record;
mod user;

use super::host::Wanted;
use super::query::PATH;
use crate::admin::host::Office;
use crate::admin::view::{Asked, make};
use crate::cart::api::Acted;
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::form::{Flash, Next, errors_of};
use leptos::prelude::use_context;
use leptos::server_fn::http_export::request::Parts;

/// Whether `path` is one of these.
pub fn is_ours(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// # Errors
/// `Forbidden` for roles that don't reach here; `NotFound`.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let users = &asked.office.users;
    match asked.path.trim_end_matches('/').strip_prefix(PATH).unwrap_or_default() {
        "" => {
            let query = super::query::Query::parse(asked.search);
            Ok(list::page(&query, &users.list(&query).await?, asked))
        }
        "/new" => new::page(asked),
        one => match one.strip_prefix('/') {
            Some(id) if !id.contains('/') => Ok(user::page(&users.user(id).await?, asked)),
            _ => Err(AppError::NotFound),
        },
    }
}

/// The answer to a save that came too late. A script gets the page with both sides on it; a browser by itself makes that
/// of what it is told back.
///
/// # Errors
/// The conflict, for a browser by itself; whatever the services answer when the page is made anew.
pub async fn conflict(
    office: &Office,
    error: AppError,
    version: &str,
    wanted: Wanted,
    page: String,
) -> Result<Acted, AppError> {
    if !use_context::<Parts>().is_some_and(|parts| parts.headers.contains_key("x-shopfront-act")) {
        return Err(error);
    }
    let (path, search) = page.split_once('?').unwrap_or((&page, ""));
    let values = [
        ("version", version.to_owned()),
        ("username", wanted.username),
        ("display_name", wanted.display_name),
        ("email", wanted.email),
    ];
    let flash = Flash {
        action: edit::ACTION.to_owned(),
        values: values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        errors: errors_of(&error),
        ..Flash::default()
    };
    let html = make(office, path, search, &flash).await?.html;
    Ok(Acted { next: Next::to(page), html, ..Acted::default() })
}
