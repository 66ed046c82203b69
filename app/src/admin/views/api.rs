//! What is done to views. `page`: where the form stands.

use crate::cart::api::Acted;
use crate::error::AppError;
use leptos::prelude::*;

/// Keeps the filter of the table that the form stands above under a name. `search`: the table's query string.
#[server(prefix = "/api/admin/views", endpoint = "save")]
pub async fn save_view(
    #[server(default)] name: String,
    #[server(default)] search: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let table = page.split('?').next().unwrap_or_default().to_owned();
    let done = office.views.save(table, name, search).await?;
    crate::admin::api::acted(done, "", page).await
}

#[server(prefix = "/api/admin/views", endpoint = "delete")]
pub async fn delete_view(#[server(default)] view: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let done = office.views.delete(view).await?;
    crate::admin::api::acted(done, "", page).await
}
