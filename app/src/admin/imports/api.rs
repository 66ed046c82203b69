//! What is done about imports. `import` is one's id, `page` where the form stands, `password` that of whoever acts.

use crate::cart::api::Acted;
#[cfg(feature = "ssr")]
use crate::cart::api::Done;
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
async fn settled(done: Done, page: String) -> Result<Acted, AppError> {
    // Whatever the page was made with, the password has been given by now.
    let mut office = crate::admin::host::office()?;
    office.me.fresh = true;
    provide_context(office);
    crate::admin::api::acted(done, "", page).await
}

/// Compares the file with the shop as it is now.
#[server(prefix = "/api/admin/imports", endpoint = "check")]
pub async fn check_import(
    #[server(default)] import: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let done = office.imports.check(import).await?;
    crate::admin::api::acted(done, "", page).await
}

/// `seen`: names the dry run that the form stands below.
#[server(prefix = "/api/admin/imports", endpoint = "apply")]
pub async fn apply_import(
    #[server(default)] import: String,
    #[server(default)] seen: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    settled(office.imports.apply(import, seen, password).await?, page).await
}

#[server(prefix = "/api/admin/imports", endpoint = "undo")]
pub async fn undo_import(
    #[server(default)] import: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    settled(office.imports.undo(import, password).await?, page).await
}
