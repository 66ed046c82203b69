//! What the pages of products need from the host.

use super::api::{Typed, TypedOption, TypedVariant};
use crate::admin::view::table::{Count, Sorting};
use crate::cart::api::Done;
use crate::catalog::api::{Picture, Product};
use crate::domain::Money;
use crate::error::{AppError, FieldError};
use async_trait::async_trait;

/// The table's path.
pub const PATH: &str = "/admin/products";
/// In the address of a form that shows what its description comes to.
pub const PREVIEWED: &str = "preview";
/// The id of where it does.
pub const PREVIEW: &str = "body-preview";

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
    pub place: Place,
    pub size: u32,
    /// The product whose variants are shown below its row, by its id; empty for none.
    pub open: String,
}

/// Where a page of the table begins, or ends. A number would make the database read all rows before it, so what is far
/// from the beginning is reached from the row beside it, as [`Table`] names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Number(u32),
    After(String),
    Before(String),
    Last,
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
    /// Whether that is little.
    pub stock: Option<Stock>,
    /// The only one: what a price or a stock in its row means.
    pub variant: Option<String>,
    pub variants: u32,
    /// Those of the product that is open.
    pub opened: Option<Vec<RowVariant>>,
    pub vendor: String,
    pub tags: Vec<String>,
    /// What the cheapest variant cost before, where it is on sale.
    pub compare_at: Option<Money>,
    /// `24 November 2026`.
    pub created: String,
    /// When, in words.
    pub updated: String,
}

/// A variant below its product's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowVariant {
    pub id: String,
    /// Its option values.
    pub name: String,
    pub sku: String,
    pub price: Money,
    pub on_hand: i32,
    /// Whether that is little.
    pub stock: Option<Stock>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub rows: Vec<Row>,
    /// Rows of all pages.
    pub count: Count,
    /// The pages beside this one, where there are any.
    pub before: Option<Place>,
    pub after: Option<Place>,
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
    /// Carts and wishlists that have it.
    pub carts: u32,
    pub wishlists: u32,
}

/// What somebody has typed into a product's form and not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub typed: Typed,
    /// When it was kept, in words.
    pub at: String,
    /// The tab that sent it.
    pub tab: String,
}

/// What somebody has typed and not saved, as a shopper would see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownDraft {
    pub draft: Draft,
    /// As far as what is typed comes to one: a variant whose price is no amount isn't there.
    pub product: Product,
    /// What keeps it from being saved.
    pub wrong: Vec<FieldError>,
}

/// The tab of a browser that sends a draft, by the name that it has given itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tab {
    pub name: String,
    /// Another whose draft it has been given to go on with.
    pub continues: String,
}

/// A button of the form that changes options and variants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Press {
    pub button: String,
    /// A value of each option.
    pub pick: Vec<String>,
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
    /// The product's version that the row showed. To add to the stock, or take from it, needs no look at what is there:
    /// there it tells a form that is sent twice from two.
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
    /// What a description as typed comes to, as HTML.
    ///
    /// # Errors
    /// `Invalid` for one that is too long.
    async fn describe(&self, body: &str) -> Result<String, AppError>;
    /// The product of this id as a shopper would see it, whatever its status.
    async fn shown(&self, id: &str) -> Result<Product, AppError>;
    /// What this member of the staff has typed and not saved; the empty id is a new product's.
    async fn draft(&self, id: &str) -> Result<Option<Draft>, AppError>;
    /// What this member of the staff has typed, as a shopper would see it; `None` where there is nothing. The empty id is
    /// a new product's.
    async fn shown_draft(&self, id: &str) -> Result<Option<ShownDraft>, AppError>;
    /// Keeps what is in the form, so that it can be looked at. Answers whether it differs from what is saved: if it
    /// doesn't, what was kept before stays.
    async fn keep_to_show(&self, typed: Typed, tab: String) -> Result<bool, AppError>;
    /// Says when, and whether another tab had kept something else.
    async fn keep_draft(&self, typed: Typed, tab: Tab) -> Result<Done, AppError>;
    async fn discard_draft(&self, product: String) -> Result<Done, AppError>;
    /// Changes options and variants as a button says; what comes of it is the draft.
    ///
    /// # Errors
    /// `Invalid`, and what was typed is the draft.
    async fn shape(&self, typed: Typed, tab: String, press: Press) -> Result<(), AppError>;
    /// # Errors
    /// `Conflict` when somebody has saved another version meanwhile. What was typed is kept for [`Products::draft`].
    async fn save(&self, typed: Typed, tab: String) -> Result<Saved, AppError>;
    /// Deletes it, or archives it where somebody has it in a cart or on a wishlist. Answers whether it is gone.
    /// To delete takes the password of whoever does, unless they gave it lately.
    async fn remove(
        &self,
        product: String,
        version: String,
        reason: String,
        password: String,
    ) -> Result<(Done, bool), AppError>;
    /// From the archive to the drafts.
    async fn restore(&self, product: String) -> Result<Done, AppError>;
    async fn set_price(&self, cell: Cell) -> Result<Done, AppError>;
    /// `+3` and `-3` change what there is, `3` says what there is.
    async fn set_stock(&self, cell: Cell) -> Result<Done, AppError>;
}

impl TypedOption {
    /// The name of one of its fields, as forms send it and errors name it.
    pub fn field(at: usize, name: &str) -> String {
        format!("options[{at}][{name}]")
    }

    /// What a value that a variant names is called now; `None` for one that isn't there any more.
    pub fn now(&self, named: &str) -> Option<&str> {
        let at = |values: &[String]| values.iter().position(|value| value.trim() == named);
        let at = at(&self.was).filter(|_| !named.is_empty()).or_else(|| at(&self.values))?;
        self.values.get(at).map(|value| value.trim())
    }

    pub fn value_field(at: usize, value: usize) -> String {
        format!("options[{at}][values][{value}]")
    }
}

impl TypedVariant {
    /// The name of one of its fields, as forms send it and errors name it.
    pub fn field(at: usize, name: &str) -> String {
        format!("variants[{at}][{name}]")
    }

    pub fn is_gone(&self) -> bool {
        !self.gone.is_empty()
    }
}
