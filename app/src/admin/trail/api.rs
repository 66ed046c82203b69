//! What is done in the trail.

use crate::cart::api::Acted;
use crate::error::AppError;
use leptos::prelude::*;

/// Takes back what an entry tells of, where that can be done.
#[server(prefix = "/api/admin/trail", endpoint = "revert")]
pub async fn revert(
    #[server(default)] entry: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    match office.trail.revert(entry, password).await? {
        (done, true) => Ok(crate::admin::users::api::leading(done, "/".to_owned())),
        (done, false) => crate::admin::api::acted(done, "", page).await,
    }
}
