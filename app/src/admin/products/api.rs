//! What is done to products, as forms send it.
// A form has as many fields as it has.
#![allow(clippy::too_many_arguments)]

#[cfg(feature = "ssr")]
use super::host::{Cell, PATH, Products, Saved};
#[cfg(feature = "ssr")]
use crate::admin::api::acted as acted_on;
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

/// A product as typed.
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
    pub variants: Vec<TypedVariant>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedVariant {
    /// Empty for a new one.
    pub id: String,
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

/// Creates a product, or changes the one with this id.
#[server(prefix = "/api/admin/products", endpoint = "save")]
pub async fn save_product(
    #[server(default)] product: String,
    #[server(default)] version: String,
    #[server(default)] title: String,
    #[server(default)] slug: String,
    #[server(default)] body: String,
    #[server(default)] category: String,
    #[server(default)] vendor: String,
    #[server(default)] tags: String,
    #[server(default)] status: String,
    #[server(default)] variants: Vec<TypedVariant>,
) -> Result<Acted, AppError> {
    let typed = Typed { product, version, title, slug, body, category, vendor, tags, status, variants };
    let Saved { id, done } = products()?.save(typed).await?;
    Ok(going_to([PATH, "/", &id].concat(), done))
}

/// Deletes a product, or archives it where somebody has set it aside.
#[server(prefix = "/api/admin/products", endpoint = "remove")]
pub async fn remove_product(
    #[server(default)] product: String,
    #[server(default)] version: String,
) -> Result<Acted, AppError> {
    let page = [PATH, "/", &product].concat();
    let (done, gone) = products()?.remove(product, version).await?;
    Ok(going_to(if gone { PATH.to_owned() } else { page }, done))
}

#[server(prefix = "/api/admin/products", endpoint = "restore")]
pub async fn restore_product(#[server(default)] product: String) -> Result<Acted, AppError> {
    let page = [PATH, "/", &product].concat();
    Ok(going_to(page, products()?.restore(product).await?))
}

/// Sets the price of a plain product in its row.
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

/// Changes the stock of a plain product in its row.
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
