//! What is done to products, as forms send it.

#[cfg(feature = "ssr")]
use super::host::{Cell, PATH, PREVIEW, PREVIEWED, Press, Products, Saved, Status, Tab};
#[cfg(feature = "ssr")]
use crate::admin::api::{acted as acted_on, is_scripted};
#[cfg(feature = "ssr")]
use crate::admin::pictures::view::PICTURES;
use crate::cart::api::Acted;
#[cfg(feature = "ssr")]
use crate::cart::api::Done;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::form::Next;
#[cfg(feature = "ssr")]
use crate::pages::going;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// A product as typed: what its form sends, whichever of its buttons is pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Its id; empty for a new one.
    pub product: String,
    /// The version that the form was filled from.
    pub version: String,
    pub title: String,
    pub slug: String,
    pub body: String,
    pub category: String,
    pub vendor: String,
    /// Separated by commas.
    pub tags: String,
    pub status: String,
    /// Empty for a plain product.
    pub options: Vec<TypedOption>,
    pub variants: Vec<TypedVariant>,
}

/// An option with its values, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedOption {
    pub name: String,
    /// What each value was called when the form was made: variants name their values by it, so that one which is called
    /// otherwise now keeps its variants.
    pub was: Vec<String>,
    pub values: Vec<String>,
    /// Values to add, separated by commas.
    pub more: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedVariant {
    /// Empty for a new one.
    pub id: String,
    /// Its value of each option, as [`TypedOption::was`] has it.
    pub of: Vec<String>,
    /// Anything but nothing: to be removed.
    pub gone: String,
    pub sku: String,
    pub price: String,
    pub compare_at: String,
    /// Pieces to add, or with a minus to take. A number of all pieces would undo what was sold meanwhile.
    pub add: String,
}

#[cfg(feature = "ssr")]
fn products() -> Result<Arc<dyn Products>, AppError> {
    Ok(crate::admin::host::office()?.products)
}

#[cfg(feature = "ssr")]
async fn acted(done: Done, page: String) -> Result<Acted, AppError> {
    acted_on(done, "", page).await
}

/// For an act after which its page is another one: it is loaded as a whole, so that nothing typed before stays in it.
#[cfg(feature = "ssr")]
fn going_to(path: String, done: Done) -> Acted {
    going(Acted { next: Next { path, notice: done.notice, undo: None }, ..Acted::default() })
}

/// Creates a product, or changes the one with this id. `then`: `pictures` for a new one that is a draft until it has some.
#[server(prefix = "/api/admin/products", endpoint = "save")]
pub async fn save_product(
    #[server(flatten)] typed: Typed,
    #[server(default)] tab: String,
    #[server(default)] then: String,
) -> Result<Acted, AppError> {
    let with_pictures = typed.product.is_empty() && then == PICTURES;
    let status = if with_pictures { Status::Draft.key().to_owned() } else { typed.status };
    let Saved { id, done } = products()?.save(Typed { status, ..typed }, tab).await?;
    let place = if with_pictures { ["#", PICTURES].concat() } else { String::new() };
    Ok(going_to([PATH, "/", &id, &place].concat(), done))
}

/// Changes the options and variants of the form, as one of its buttons says, and shows the form anew. Nothing is saved
/// but the draft, which takes what was typed to that page. `press`: the button; `pick`: a value of each option, for the
/// button that adds one variant.
#[server(prefix = "/api/admin/products", endpoint = "grid")]
pub async fn shape_product(
    #[server(flatten)] typed: Typed,
    #[server(default)] tab: String,
    #[server(default)] press: String,
    #[server(default)] pick: Vec<String>,
) -> Result<Acted, AppError> {
    let page = with_draft(&typed.product);
    products()?.shape(typed, tab, Press { button: press, pick }).await?;
    acted(Done::default(), page).await
}

/// Keeps what is in the form. `continues`: the tab whose draft this form goes on with, as the page said.
#[server(prefix = "/api/admin/products", endpoint = "draft")]
pub async fn keep_product_draft(
    #[server(flatten)] typed: Typed,
    #[server(default)] tab: String,
    #[server(default)] continues: String,
) -> Result<Acted, AppError> {
    let path = with_draft(&typed.product);
    let done = products()?.keep_draft(typed, Tab { name: tab, continues }).await?;
    Ok(Acted { next: Next { path, notice: done.notice, undo: None }, ..Acted::default() })
}

#[server(prefix = "/api/admin/products", endpoint = "discard_draft")]
pub async fn discard_product_draft(#[server(default)] product: String) -> Result<Acted, AppError> {
    let page = page_of(&product);
    Ok(going_to(page, products()?.discard_draft(product).await?))
}

/// Where a product is edited; the empty id is a new one's.
#[cfg(feature = "ssr")]
pub fn page_of(product: &str) -> String {
    [PATH, "/", if product.is_empty() { "new" } else { product }].concat()
}

/// The same page with what is kept of it filled in.
#[cfg(feature = "ssr")]
pub fn with_draft(product: &str) -> String {
    [&page_of(product), "?draft=1"].concat()
}

/// Shows what a description comes to: to a script, by itself; else on the form's page, which keeps all that was typed.
#[server(prefix = "/api/admin/products", endpoint = "describe")]
pub async fn describe_product(#[server(flatten)] typed: Typed) -> Result<Acted, AppError> {
    let products = products()?;
    if is_scripted() {
        return Ok(Acted { html: products.describe(&typed.body).await?, ..Acted::default() });
    }
    let path = [&page_of(&typed.product), "?", PREVIEWED, "=description#", PREVIEW].concat();
    products.keep_draft(typed, Tab::default()).await?;
    Ok(Acted { next: Next { path, ..Next::default() }, ..Acted::default() })
}

/// Shows the product as a shopper would see it with what is in its form, which is kept as the draft.
#[server(prefix = "/api/admin/products", endpoint = "preview")]
pub async fn preview_product(
    #[server(flatten)] typed: Typed,
    #[server(default)] tab: String,
) -> Result<Acted, AppError> {
    let (of_draft, of_saved) = (draft_preview_of(&typed.product), preview_of(&typed.product));
    let differs = products()?.keep_to_show(typed, tab).await?;
    Ok(going_to(if differs { of_draft } else { of_saved }, Done::default()))
}

/// Where a product is shown as shoppers would see it.
#[cfg(feature = "ssr")]
pub fn preview_of(product: &str) -> String {
    [&page_of(product), "/preview"].concat()
}

/// The same with what is kept of it.
#[cfg(feature = "ssr")]
pub fn draft_preview_of(product: &str) -> String {
    [&page_of(product), "/preview/draft"].concat()
}

/// Deletes a product, or archives it where somebody has set it aside.
#[server(prefix = "/api/admin/products", endpoint = "remove")]
pub async fn remove_product(
    #[server(default)] product: String,
    #[server(default)] version: String,
    #[server(default)] reason: String,
    #[server(default)] password: String,
) -> Result<Acted, AppError> {
    let page = [PATH, "/", &product].concat();
    let (done, gone) = products()?.remove(product, version, reason, password).await?;
    Ok(going_to(if gone { PATH.to_owned() } else { page }, done))
}

#[server(prefix = "/api/admin/products", endpoint = "restore")]
pub async fn restore_product(#[server(default)] product: String) -> Result<Acted, AppError> {
    let page = [PATH, "/", &product].concat();
    Ok(going_to(page, products()?.restore(product).await?))
}

/// Sets the price of a variant in its product's row.
#[server(prefix = "/api/admin/products", endpoint = "set_price")]
pub async fn set_product_price(
    #[server(default)] variant: String,
    #[server(default)] version: String,
    #[server(default)] seen: String,
    #[server(default)] price: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(products()?.set_price(Cell { variant, version, seen, typed: price }).await?, page).await
}

/// Changes the stock of a variant in its product's row.
#[server(prefix = "/api/admin/products", endpoint = "set_stock")]
pub async fn set_product_stock(
    #[server(default)] variant: String,
    #[server(default)] version: String,
    #[server(default)] seen: String,
    #[server(default)] stock: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(products()?.set_stock(Cell { variant, version, seen, typed: stock }).await?, page).await
}
