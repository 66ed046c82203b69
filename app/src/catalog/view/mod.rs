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

pub use product::preview;
pub use suggestions::suggestions;

pub use card::heart;

use super::api::Rendered;
use crate::error::AppError;
use crate::host::Catalog;
use crate::pages::Asked;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The page at an address of the catalogue.
///
/// # Errors
/// `NotFound` for any other address, and whatever the catalogue answers.
pub async fn page(catalog: &dyn Catalog, asked: Asked<'_>) -> Result<Rendered, AppError> {
    let Asked { path, search, .. } = asked;
    match path {
        "/" => Ok(home::page(&catalog.home().await?, asked)),
        "/products" | "/search" => Ok(listing::page(catalog.listing(None, search).await?, asked)),
        _ => {
            if let Some(slug) = path.strip_prefix("/categories/") {
                category(catalog, asked, &decoded(slug)).await
            } else if let Some(slug) = path.strip_prefix("/products/") {
                named(catalog, &decoded(slug), asked).await
            } else {
                Err(AppError::NotFound)
            }
        }
    }
}

/// What slugs have beside letters and digits stays readable in a path.
const IN_PATH: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// A product by its slug, or by one that it had: then its address now is where a browser goes on to.
async fn named(catalog: &dyn Catalog, slug: &str, asked: Asked<'_>) -> Result<Rendered, AppError> {
    match catalog.product(slug).await {
        Err(AppError::NotFound) => {
            let now = catalog.renamed(slug).await?.ok_or(AppError::NotFound)?;
            let mut page = product::page(&catalog.product(&now).await?, asked);
            let question = if asked.search.is_empty() { "" } else { "?" };
            let now = utf8_percent_encode(&now, &IN_PATH).to_string();
            page.answer.redirect = Some(["/products/", &now, question, asked.search].concat());
            Ok(page)
        }
        product => Ok(product::page(&product?, asked)),
    }
}

/// The listing of a category. One that goes by another name now is shown at that name's address.
async fn category(catalog: &dyn Catalog, asked: Asked<'_>, slug: &str) -> Result<Rendered, AppError> {
    let missing = match catalog.listing(Some(slug), asked.search).await {
        Ok(listing) => return Ok(listing::page(listing, asked)),
        Err(AppError::NotFound) => AppError::NotFound,
        Err(error) => return Err(error),
    };
    let now = catalog.category_now(slug).await?.ok_or(missing)?;
    let path = ["/categories/", &now].concat();
    let moved = Asked { path: &path, ..asked };
    let mut page = listing::page(catalog.listing(Some(&now), asked.search).await?, moved);
    page.answer.redirect = Some(moved.here());
    Ok(page)
}

fn decoded(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}
