//! What the palette asks for.

use crate::catalog::api::Suggestions;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// What fits the words best, among the pages of the back office and what they are about; for none, where one can go.
#[server(prefix = "/api/admin", endpoint = "find", input = GetUrl)]
pub async fn load_found(#[server(default)] words: String) -> Result<Suggestions, AppError> {
    let office = crate::admin::host::office()?;
    Ok(super::view::options(&super::view::find(&office, &words).await?))
}
