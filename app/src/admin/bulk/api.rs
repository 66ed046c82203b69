//! What is done to many products at once. `edit` is the id of one bulk edit, `page` where the form stands.
// A form has as many fields as it has.
#![allow(clippy::too_many_arguments)]

#[cfg(feature = "ssr")]
use super::host::{Chosen, Kind, PATH, Typed};
#[cfg(feature = "ssr")]
use crate::admin::api::{acted, acted_with_password};
#[cfg(feature = "ssr")]
use crate::admin::products;
#[cfg(feature = "ssr")]
use crate::admin::view::Asked;
use crate::cart::api::Acted;
#[cfg(feature = "ssr")]
use crate::cart::api::Done;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::form::{Flash, Next};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
fn going_to(path: String) -> Acted {
    crate::pages::going(Acted { next: Next::to(path), ..Acted::default() })
}

/// `which`: the checked `products` with those that are ticked `elsewhere`, on other pages, all `on_page`, or all that
/// `filter`, a query string of the table, finds. Ids are separated by commas. `page_all`: the box above the column, which
/// a browser by itself sends and does no more with. `act`: what is going to be done.
#[server(prefix = "/api/admin/bulk", endpoint = "begin")]
pub async fn begin_bulk_edit(
    #[server(default)] products: Vec<String>,
    #[server(default)] elsewhere: String,
    #[server(default)] on_page: String,
    #[server(default)] page_all: String,
    #[server(default)] which: String,
    #[server(default)] filter: String,
    #[server(default)] act: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let chosen = if which == "filter" {
        let path = products::host::PATH;
        let asked = Asked { path, search: &filter, office: &office, flash: &Flash::default() };
        Chosen::All(products::view::query(asked))
    } else {
        let ids = |list: &str| list.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let on_page = if page_all.is_empty() && which != "page" { Vec::new() } else { ids(&on_page) };
        let ticked = if which == "page" { Vec::new() } else { [products, ids(&elsewhere)].concat() };
        Chosen::Ids([on_page, ticked].concat())
    };
    let id = office.bulk.begin(chosen).await?;
    let act = Kind::parse(&act).unwrap_or(Kind::Status);
    Ok(going_to([PATH, "/", &id, "?act=", act.key()].concat()))
}

#[cfg(feature = "ssr")]
async fn preview(edit: String, typed: Typed) -> Result<Acted, AppError> {
    let path = [PATH, "/", &edit].concat();
    crate::admin::host::office()?.bulk.preview(edit, typed).await?;
    Ok(going_to(path))
}

#[server(prefix = "/api/admin/bulk", endpoint = "status")]
pub async fn preview_bulk_status(
    #[server(default)] edit: String,
    #[server(default)] status: String,
) -> Result<Acted, AppError> {
    preview(edit, Typed::Status { status }).await
}

#[server(prefix = "/api/admin/bulk", endpoint = "category")]
pub async fn preview_bulk_category(
    #[server(default)] edit: String,
    #[server(default)] category: String,
) -> Result<Acted, AppError> {
    preview(edit, Typed::Category { category }).await
}

#[server(prefix = "/api/admin/bulk", endpoint = "tags")]
pub async fn preview_bulk_tags(
    #[server(default)] edit: String,
    #[server(default)] add: String,
    #[server(default)] remove: String,
) -> Result<Acted, AppError> {
    preview(edit, Typed::Tags { add, remove }).await
}

#[server(prefix = "/api/admin/bulk", endpoint = "price")]
pub async fn preview_bulk_price(
    #[server(default)] edit: String,
    #[server(default)] change: String,
    #[server(default)] by: String,
    #[server(default)] rounding: String,
    #[server(default)] sale: String,
) -> Result<Acted, AppError> {
    preview(edit, Typed::Price { change, by, rounding, sale }).await
}

#[server(prefix = "/api/admin/bulk", endpoint = "stock")]
pub async fn preview_bulk_stock(
    #[server(default)] edit: String,
    #[server(default)] change: String,
    #[server(default)] pieces: String,
) -> Result<Acted, AppError> {
    preview(edit, Typed::Stock { change, pieces }).await
}

/// A small edit takes no password.
#[cfg(feature = "ssr")]
async fn settled(done: Done, given: bool, page: String) -> Result<Acted, AppError> {
    if given { acted_with_password(done, page).await } else { acted(done, "", page).await }
}

/// `seen`: names the preview that the form stands below.
#[server(prefix = "/api/admin/bulk", endpoint = "apply")]
pub async fn apply_bulk_edit(
    #[server(default)] edit: String,
    #[server(default)] seen: String,
    #[server(default)] reason: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let given = !password.is_empty();
    let done = crate::admin::host::office()?.bulk.apply(edit, seen, reason, password).await?;
    settled(done, given, page).await
}

#[server(prefix = "/api/admin/bulk", endpoint = "undo")]
pub async fn undo_bulk_edit(
    #[server(default)] edit: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let given = !password.is_empty();
    let done = crate::admin::host::office()?.bulk.undo(edit, password).await?;
    settled(done, given, page).await
}
