//! What finding things takes from the host.

use crate::error::AppError;
use async_trait::async_trait;

/// Products, categories and accounts, as far as one member of the staff may look at them.
#[async_trait]
pub trait Finder: Send + Sync {
    /// The few that fit best.
    async fn find(&self, words: &str) -> Result<Vec<Hit>, AppError>;
}

/// Something that there is a page of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// `Product`
    pub kind: &'static str,
    pub title: String,
    /// What tells it from others; empty for nothing.
    pub detail: String,
    pub href: String,
}
