//! What is done in the trail.

use crate::cart::api::Acted;
use crate::error::AppError;
use leptos::prelude::*;

/// Takes back what an entry tells of, where that can be done.
#[server(prefix = "/api/admin/trail", endpoint = "revert")]
pub async fn revert(#[server(default)] entry: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let done = office.trail.revert(entry).await?;
    crate::admin::api::acted(done, "", page).await
}
