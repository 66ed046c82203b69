//! What the tables' views need from the host.

use crate::cart::api::Done;
use crate::error::AppError;
use async_trait::async_trait;

/// The views that one member of the staff keeps. `page`: the table's path.
#[async_trait]
pub trait Views: Send + Sync {
    async fn list(&self, page: &str) -> Result<Vec<SavedView>, AppError>;
    /// `search`: the table's query string. One of this name gets another filter.
    async fn save(&self, page: String, name: String, search: String) -> Result<Done, AppError>;
    async fn delete(&self, view: String) -> Result<Done, AppError>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub id: String,
    pub name: String,
    /// The table's query string.
    pub search: String,
}
