//! The back office as HTML, made on the server.

pub mod columns;
mod desk;
pub mod form;
pub mod table;

pub use desk::{Desk, has_place, places};

use super::host::Office;
use super::{bulk, categories, find, imports, overview, products, trail, users};
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::form::Flash;
use crate::parameters::parameters;
use crate::ui::{El, address, el};

/// The server function that makes pages.
pub const PAGE: &str = "/api/admin/page";

/// The page that is asked for, and by whom.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub path: &'a str,
    /// The query string, without its question mark.
    pub search: &'a str,
    pub office: &'a Office,
    /// What became of the form that led here, for a browser without JavaScript.
    pub flash: &'a Flash,
}

impl Asked<'_> {
    /// Path and query, for forms to come back to.
    pub fn here(&self) -> String {
        address(self.path, self.search)
    }

    /// The first value of a name in the query string; empty for none.
    pub fn parameter(&self, name: &str) -> String {
        let found = parameters(self.search).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    }

    /// The field that brings a form back to its page.
    pub fn page_field(&self) -> El {
        el("input").attr("type", "hidden").attr("name", "page").attr("value", &self.here())
    }

    /// What was wrong with a field of the form with this action; empty for nothing.
    pub fn wrong(&self, action: &str, field: &str) -> &str {
        self.flash.errors.get(field).filter(|_| self.flash.action == action).map_or("", String::as_str)
    }

    /// What was typed into a field of the form with this action, or else `otherwise`.
    pub fn typed<'a>(&'a self, action: &str, field: &str, otherwise: &'a str) -> &'a str {
        match self.flash.action == action && !self.flash.lost.contains(field) {
            true => self.flash.values.get(field).map_or("", String::as_str),
            false => otherwise,
        }
    }
}

/// The page at an address.
///
/// # Errors
/// `NotFound` for an address that there isn't, and whatever the services answer.
pub async fn make(office: &Office, path: &str, search: &str, flash: &Flash) -> Result<Rendered, AppError> {
    let search = search.trim_start_matches('?');
    let asked = Asked { path, search, office, flash };
    match path.trim_end_matches('/') {
        "/admin" => overview::view::page(asked).await,
        find::view::PATH => find::view::page(asked).await,
        trail::view::PATH => trail::view::page(asked).await,
        path if bulk::view::is_ours(path) => bulk::view::page(asked).await,
        path if path == products::host::PATH || path.starts_with("/admin/products/") => {
            products::view::page(asked).await
        }
        path if imports::view::is_ours(path) => imports::view::page(asked).await,
        path if users::view::is_ours(path) => users::view::page(asked).await,
        categories::view::PATH => categories::view::tree_page(asked).await,
        "/admin/categories/new" => categories::view::create_page(asked).await,
        path => match path.strip_prefix("/admin/categories/") {
            Some(id) => categories::view::details_page(asked, id).await,
            None => Err(AppError::NotFound),
        },
    }
}
