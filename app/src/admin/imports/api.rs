//! What is done about imports. `import` is one's id, `page` where the form stands, `password` that of whoever acts.

#[cfg(feature = "ssr")]
use crate::admin::api::{acted, acted_with_password};
use crate::cart::api::Acted;
use crate::error::AppError;
use leptos::prelude::*;

/// Compares the file with the shop as it is now.
#[server(prefix = "/api/admin/imports", endpoint = "check")]
pub async fn check_import(
    #[server(default)] import: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let done = office.imports.check(import).await?;
    acted(done, "", page).await
}

/// `seen`: names the dry run that the form stands below.
#[server(prefix = "/api/admin/imports", endpoint = "apply")]
pub async fn apply_import(
    #[server(default)] import: String,
    #[server(default)] seen: String,
    #[server(default)] reason: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    acted_with_password(office.imports.apply(import, seen, reason, password).await?, page).await
}

#[server(prefix = "/api/admin/imports", endpoint = "undo")]
pub async fn undo_import(
    #[server(default)] import: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    acted_with_password(office.imports.undo(import, password).await?, page).await
}
