//! What the pages of products need from the host.

use super::api::{Typed, TypedVariant};
use crate::admin::view::table::Sorting;
use crate::cart::api::Done;
use crate::catalog::api::Picture;
use crate::domain::Money;
use crate::error::AppError;
use async_trait::async_trait;

/// The table's path.
pub const PATH: &str = "/admin/products";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Draft,
    Active,
    Archived,
}

impl Status {
    pub const ALL: [Self; 3] = [Self::Draft, Self::Active, Self::Archived];

    /// In the database, in URLs and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Active => "Active",
            Self::Archived => "Archived",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == text)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stock {
    Low,
    Out,
}

/// Which rows of the table are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Part of a title or SKU, or the beginning of a tag's words; empty for all.
    pub words: String,
    pub status: Option<Status>,
    /// An id, or [`NO_CATEGORY`]; empty for all.
    pub category: String,
    pub stock: Option<Stock>,
    pub on_sale: bool,
    pub no_picture: bool,
    pub sorting: Sorting,
    pub page: u32,
    pub size: u32,
}

/// In place of a category's id.
pub const NO_CATEGORY: &str = "none";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    pub version: i64,
    pub title: String,
    pub picture: Option<Picture>,
    /// Of the first variant.
    pub sku: String,
    pub status: Status,
    /// An id; empty for none.
    pub category: String,
    /// The cheapest and the dearest variant's; `None` without variants.
    pub price: Option<(Money, Money)>,
    pub on_hand: i32,
    /// Of a plain product: what a price or a stock in its row means.
    pub variant: Option<String>,
    pub variants: u32,
    /// When, in words.
    pub updated: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub rows: Vec<Row>,
    /// Rows of all pages; exact up to the number that is counted to.
    pub total: u32,
    pub capped: bool,
    /// Whether there is a page after this one.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryName {
    pub id: String,
    /// As a path of names.
    pub path: String,
}

/// A product as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// As a form would send it.
    pub typed: Typed,
    pub variants: Vec<StoredVariant>,
    pub status: Status,
    /// When, in words.
    pub updated: String,
    /// Who saved it last, where that is known.
    pub updated_by: Option<String>,
    /// Carts and wishlists that have it.
    pub carts: u32,
    pub wishlists: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredVariant {
    pub id: String,
    /// Its option values; empty for a plain product's.
    pub name: String,
    pub on_hand: i32,
}

/// What came of saving a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub id: String,
    pub done: Done,
}

/// A price or a stock as typed into a row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub variant: String,
    /// The product's version that the row showed.
    pub version: String,
    /// What stood there.
    pub seen: String,
    pub typed: String,
}

#[async_trait]
pub trait Products: Send + Sync {
    async fn table(&self, query: &Query) -> Result<Table, AppError>;
    /// All of them, each below the one that it is in.
    async fn categories(&self) -> Result<Vec<CategoryName>, AppError>;
    async fn product(&self, id: &str) -> Result<Stored, AppError>;
    /// What was typed when this product was refused last; the empty id is a new one's.
    async fn refused(&self, id: &str) -> Result<Option<Typed>, AppError>;
    /// # Errors
    /// `Conflict` when somebody has saved another version meanwhile. What was typed is kept for [`Products::refused`].
    async fn save(&self, typed: Typed) -> Result<Saved, AppError>;
    /// Deletes it, or archives it where somebody has it in a cart or on a wishlist. Answers whether it is gone.
    async fn remove(&self, product: String, version: String) -> Result<(Done, bool), AppError>;
    /// From the archive to the drafts.
    async fn restore(&self, product: String) -> Result<Done, AppError>;
    async fn set_price(&self, cell: Cell) -> Result<Done, AppError>;
    /// `+3` and `-3` change what there is, `3` says what there is.
    async fn set_stock(&self, cell: Cell) -> Result<Done, AppError>;
}

impl TypedVariant {
    /// The name of one of its fields, as forms send it and errors name it.
    pub fn field(at: usize, name: &str) -> String {
        format!("variants[{at}][{name}]")
    }
}
