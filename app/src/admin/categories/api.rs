//! What is done to categories. `category` is an id, `page` where the form stands.

#[cfg(feature = "ssr")]
use super::host::{Seen, Wanted};
use crate::cart::api::Acted;
#[cfg(feature = "ssr")]
use crate::cart::api::Done;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::form::Next;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const TREE: &str = "/admin/categories";

/// An act that leads to another page.
#[cfg(feature = "ssr")]
fn going(done: Done, path: String) -> Acted {
    let next = Next { path, notice: done.notice, undo: None };
    crate::pages::going(Acted { next, ..Acted::default() })
}

#[server(prefix = "/api/admin/categories", endpoint = "create")]
pub async fn create_category(
    #[server(default)] name: String,
    #[server(default)] slug: String,
    #[server(default)] description: String,
    #[server(default)] parent: String,
    #[server(default)] position: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let wanted = Wanted { name, slug, description, parent, position };
    let (done, id) = office.categories.create(wanted).await?;
    Ok(going(done, [TREE, "/", &id].concat()))
}

/// `version`: of the category that the form showed.
#[server(prefix = "/api/admin/categories", endpoint = "save")]
pub async fn save_category(
    #[server(default)] category: String,
    #[server(default)] version: String,
    #[server(default)] name: String,
    #[server(default)] slug: String,
    #[server(default)] description: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let wanted = Wanted { name, slug, description, ..Wanted::default() };
    let done = office.categories.save(category, version, wanted).await?;
    crate::admin::api::acted(done, "", page).await
}

/// `parent`: another category's id; empty for the top. `from`: the one that the form showed it under.
#[server(prefix = "/api/admin/categories", endpoint = "put_under")]
pub async fn put_category_under(
    #[server(default)] category: String,
    #[server(default)] from: String,
    #[server(default)] parent: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let done = office.categories.put_under(category, from, parent).await?;
    crate::admin::api::acted(done, "", page).await
}

/// `way`: `up` or `down`; `from`: the place among its siblings, from 1, that the form showed.
#[server(prefix = "/api/admin/categories", endpoint = "shift")]
pub async fn shift_category(
    #[server(default)] category: String,
    #[server(default)] from: String,
    #[server(default)] way: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let done = office.categories.shift(category, from, way).await?;
    crate::admin::api::acted(done, "", page).await
}

/// `into`: another category's id; `version` and `seen`: the category and the number of its products as the form showed them.
#[server(prefix = "/api/admin/categories", endpoint = "merge")]
pub async fn merge_category(
    #[server(default)] category: String,
    #[server(default)] version: String,
    #[server(default)] seen: String,
    #[server(default)] into: String,
    #[server(default)] password: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let done = office.categories.merge(category, Seen { version, products: seen }, into.clone(), password).await?;
    Ok(going(done, [TREE, "/", &into].concat()))
}

/// `products`: the id of the category that its products go to, or `none`; `version` and `seen` as in merging.
#[server(prefix = "/api/admin/categories", endpoint = "delete")]
pub async fn delete_category(
    #[server(default)] category: String,
    #[server(default)] version: String,
    #[server(default)] seen: String,
    #[server(default)] products: String,
    #[server(default)] password: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let done = office.categories.delete(category, Seen { version, products: seen }, products, password).await?;
    Ok(going(done, TREE.to_owned()))
}
