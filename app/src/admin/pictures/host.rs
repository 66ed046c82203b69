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
    /// Names its text and variants as they are, for [`Described::seen`].
    pub seen: String,
}

impl ProductPicture {
    pub fn lacks_text(&self) -> bool {
        self.alt.is_empty() && !self.decorative
    }
}

/// A picture that is being prepared, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// Without anything to look at, and shown first for no variant. Its id stays its own.
    pub picture: ProductPicture,
    /// What its sender called it; empty for nothing.
    pub file: String,
    /// Why it will not become one.
    pub failed: Option<String>,
}

/// A picture's text and variants, as a form sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    pub picture: String,
    /// [`ProductPicture::seen`] of when the form was made.
    pub seen: String,
    pub alt: String,
    /// Empty unless ticked.
    pub decorative: String,
    pub variants: Vec<String>,
}

#[async_trait]
pub trait Pictures: Send + Sync {
    /// Of a product, in their order.
    async fn of(&self, product: &str) -> Result<Vec<ProductPicture>, AppError>;
    /// What is on its way to be one of these, in the order in which it came.
    async fn coming(&self, product: &str) -> Result<Vec<Coming>, AppError>;
    /// # Errors
    /// `Invalid` for a picture that gets neither a text nor the word that it needs none, and for one that somebody else
    /// has described meanwhile, with what it says now.
    async fn describe(&self, described: Described) -> Result<Done, AppError>;
    /// `to`: `up`, `down`, or a number from 1.
    async fn place(&self, picture: String, to: String) -> Result<Done, AppError>;
    /// One that is not ready yet can't be brought back.
    async fn remove(&self, picture: String) -> Result<Done, AppError>;
    /// Takes a removal back. `undo`: what [`Pictures::remove`] has answered.
    async fn restore(&self, undo: String) -> Result<Done, AppError>;
}
