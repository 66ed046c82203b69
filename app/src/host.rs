//! What the app needs from the host that runs it. The host puts implementations, already bound to this request's
//! visitor, into Leptos' context.

use crate::catalog::api::{Home, Listing, NavCategory, Product, Suggestion};
use crate::error::AppError;
use async_trait::async_trait;
use leptos::prelude::use_context;
use std::sync::Arc;

/// What leads from a page with a fault to its lines in the log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Reading the catalogue: active products only.
#[async_trait]
pub trait Catalog: Send + Sync {
    async fn home(&self) -> Result<Home, AppError>;
    async fn navigation(&self) -> Result<Vec<NavCategory>, AppError>;
    /// # Errors
    /// `NotFound` for an unknown category and for a page past the last.
    async fn listing(&self, category: Option<&str>, search: &str) -> Result<Listing, AppError>;
    /// # Errors
    /// `NotFound` unless the product is active.
    async fn product(&self, slug: &str) -> Result<Product, AppError>;
    /// At most a handful; empty for fewer than two letters.
    async fn suggest(&self, typed: &str) -> Result<Vec<Suggestion>, AppError>;
}

/// # Errors
/// `Unavailable` outside a request of the host, which is a fault of the host's wiring.
pub fn catalog() -> Result<Arc<dyn Catalog>, AppError> {
    use_context().ok_or(AppError::Unavailable { request_id: None })
}
