//! The catalogue's pages as HTML, made on the server.
//!
//! A page of the catalogue is hundreds of elements, of which a few answer to a shopper. Were they views, every shopper
//! would download the code that builds each kind of them, and the types that the data for it has on the wire. So the
//! server makes the HTML, for a first visit as for every next page, and `behaviour` answers for what can be done there.

mod active_filters;
mod asked_for;
mod card;
mod filters;
mod gallery;
mod home;
mod listing;
mod options;
mod pagination;
mod place;
mod product;
mod sorting;
mod structured_data;
mod suggestions;

pub use suggestions::suggestions;

use super::api::Rendered;
use crate::error::AppError;
use crate::host::{Catalog, Prepared};
use crate::shop::Shop;
use crate::ui::{PageHead, error_html, set_status, traced, write_head};
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;

/// The page that the host has prepared for this request, its head and status included.
pub fn prepared() -> String {
    let page = match use_context::<Prepared>() {
        Some(Prepared(page)) => (*page).clone(),
        None => Err(AppError::Unavailable { request_id: None }),
    };
    match page {
        Ok(Rendered { title, canonical, html, answer }) => {
            if let Some(status) = answer.status {
                set_status(status);
            }
            if let Some(to) = answer.redirect {
                leptos_axum::redirect(&to, false);
            }
            write_head(PageHead {
                title: &title,
                description: &answer.description,
                canonical,
                image: answer.image,
                kind: answer.kind,
            });
            with_nonce(&html)
        }
        Err(error) => {
            let error = traced(error);
            set_status(error.status());
            let (title, html) = error_html(&error);
            write_head(PageHead { title, ..PageHead::default() });
            html
        }
    }
}

/// The blocks of data in a page are no scripts that run, but that every script has a nonce is a better rule without
/// exceptions.
fn with_nonce(html: &str) -> String {
    match use_nonce() {
        Some(nonce) => html.replace("<script ", &["<script nonce=\"", &nonce, "\" "].concat()),
        None => html.to_owned(),
    }
}

/// The page at an address of the catalogue.
///
/// # Errors
/// `NotFound` for any other address, and whatever the catalogue answers.
pub async fn page(catalog: &dyn Catalog, shop: &Shop, path: &str, search: &str) -> Result<Rendered, AppError> {
    match path {
        "/" => Ok(home::page(&catalog.home().await?, shop)),
        "/products" | "/search" => Ok(listing::page(path, search, catalog.listing(None, search).await?, shop)),
        _ => {
            if let Some(slug) = path.strip_prefix("/categories/") {
                Ok(listing::page(path, search, catalog.listing(Some(&decoded(slug)), search).await?, shop))
            } else if let Some(slug) = path.strip_prefix("/products/") {
                Ok(product::page(&catalog.product(&decoded(slug)).await?, search, shop))
            } else {
                Err(AppError::NotFound)
            }
        }
    }
}

fn decoded(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}
