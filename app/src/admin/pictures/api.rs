//! What is done to a product's pictures, as forms send it.

#[cfg(feature = "ssr")]
use super::host::{Described, Pictures};
#[cfg(feature = "ssr")]
use crate::admin::api::acted;
use crate::cart::api::Acted;
use crate::error::AppError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// Takes a removal back.
#[cfg(feature = "ssr")]
pub const UNDO: &str = "/api/admin/pictures/restore";

#[cfg(feature = "ssr")]
fn pictures() -> Result<Arc<dyn Pictures>, AppError> {
    Ok(crate::admin::host::office()?.pictures)
}

/// Sets what a picture shows and which variants it belongs to. `seen`: what the form was made from.
#[server(prefix = "/api/admin/pictures", endpoint = "describe")]
pub async fn describe_picture(
    #[server(default)] picture: String,
    #[server(default)] seen: String,
    #[server(default)] alt: String,
    #[server(default)] decorative: String,
    #[server(default)] variants: Vec<String>,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(pictures()?.describe(Described { picture, seen, alt, decorative, variants }).await?, UNDO, page).await
}

/// Moves a picture among its product's.
#[server(prefix = "/api/admin/pictures", endpoint = "place")]
pub async fn place_picture(
    #[server(default)] picture: String,
    #[server(default)] to: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(pictures()?.place(picture, to).await?, UNDO, page).await
}

#[server(prefix = "/api/admin/pictures", endpoint = "remove")]
pub async fn remove_picture(
    #[server(default)] picture: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(pictures()?.remove(picture).await?, UNDO, page).await
}

/// Takes a removal back.
#[server(prefix = "/api/admin/pictures", endpoint = "restore")]
pub async fn restore_picture(
    #[server(default)] undo: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(pictures()?.restore(undo).await?, UNDO, page).await
}
