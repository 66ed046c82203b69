//! What the whole back office sends over the wire.

use crate::catalog::api::Rendered;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// The page at an address of the back office. `search`: its query string.
#[server(prefix = "/api/admin", endpoint = "page", input = GetUrl)]
pub async fn load_office_page(path: String, search: String) -> Result<Rendered, AppError> {
    let office = super::host::office()?;
    super::view::make(&office, &path, &search, &crate::form::Flash::default()).await
}
