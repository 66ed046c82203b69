//! What pictures need from the host.

use crate::cart::api::Done;
use crate::catalog::api::Picture;
use crate::error::AppError;
use async_trait::async_trait;

/// A picture of a product, as the staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductPicture {
    pub id: String,
    /// `None` for one at a host that pages may not show pictures from.
    pub picture: Option<Picture>,
    /// What it shows, for whoever can't see it.
    pub alt: String,
    /// It says nothing beyond the words around it, and so has no text on purpose.
    pub decorative: bool,
    /// Ids of the variants that show it first.
    pub variants: Vec<String>,
}

impl ProductPicture {
    pub fn lacks_text(&self) -> bool {
        self.alt.is_empty() && !self.decorative
    }
}

/// A picture's text and variants, as a form sends them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    pub picture: String,
    pub alt: String,
    /// Empty unless ticked.
    pub decorative: String,
    pub variants: Vec<String>,
}

#[async_trait]
pub trait Pictures: Send + Sync {
    /// Of a product, in their order.
    async fn of(&self, product: &str) -> Result<Vec<ProductPicture>, AppError>;
    /// # Errors
    /// `Invalid` for a picture that gets neither a text nor the word that it needs none.
    async fn describe(&self, described: Described) -> Result<Done, AppError>;
    /// `to`: `up`, `down`, or a number from 1.
    async fn place(&self, picture: String, to: String) -> Result<Done, AppError>;
    async fn remove(&self, picture: String) -> Result<Done, AppError>;
    /// Takes a removal back. `undo`: what [`Pictures::remove`] has answered.
    async fn restore(&self, undo: String) -> Result<Done, AppError>;
}
