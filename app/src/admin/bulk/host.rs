//! What the pages of bulk edits need from the host.

use crate::admin::products::host::Query;
use crate::cart::api::Done;
use crate::error::AppError;
use async_trait::async_trait;

/// The history's path, and what each edit's begins with.
pub const PATH: &str = "/admin/products/bulk";

/// Products of one edit, at most.
pub const MOST: u32 = 50_000;
/// Beyond so many rows the password is asked for.
pub const DANGEROUS: u32 = 100;

/// What can be done to many products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Status,
    Category,
    Tags,
    Price,
    Stock,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Status, Self::Category, Self::Tags, Self::Price, Self::Stock];

    /// In addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Category => "category",
            Self::Tags => "tags",
            Self::Price => "price",
            Self::Stock => "stock",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Status => "Status",
            Self::Category => "Category",
            Self::Tags => "Tags",
            Self::Price => "Price",
            Self::Stock => "Stock",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Which products.
#[derive(Clone, Debug)]
pub enum Chosen {
    Ids(Vec<String>),
    /// All that the table of this query has, on all its pages.
    All(Query),
}

/// What is to be done, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Status {
        status: String,
    },
    /// An id; empty for none.
    Category {
        category: String,
    },
    /// Each separated by commas.
    Tags {
        add: String,
        remove: String,
    },
    Price {
        change: String,
        by: String,
        rounding: String,
        /// Not empty: the price of now becomes the price before.
        sale: String,
    },
    Stock {
        change: String,
        pieces: String,
    },
}

/// In [`Typed::Price`]: value and words.
pub const PRICE_CHANGES: [(&str, &str); 5] = [
    ("lower_percent", "Lower by percent"),
    ("raise_percent", "Raise by percent"),
    ("lower_amount", "Lower by amount"),
    ("raise_amount", "Raise by amount"),
    ("end_sale", "End the sale: back to the price before"),
];
/// In [`Typed::Stock`]: value and words.
pub const STOCK_CHANGES: [(&str, &str); 3] =
    [("add", "Add pieces"), ("take", "Take pieces away"), ("set", "Set to exactly")];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Chosen, and nothing said yet of what to do.
    Open,
    /// Previewed.
    Ready,
    Applied,
    Undone,
}

impl State {
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Open, Self::Ready, Self::Applied, Self::Undone].into_iter().find(|state| state.key() == key)
    }

    /// In the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ready => "ready",
            Self::Applied => "applied",
            Self::Undone => "undone",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Nothing changed yet",
            Self::Ready => "Preview, nothing changed yet",
            Self::Applied => "Applied",
            Self::Undone => "Undone",
        }
    }
}

/// One edit in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub id: String,
    pub state: State,
    /// What was done, in words.
    pub what: String,
    /// Who applied it, and when, also for machines.
    pub by: String,
    pub at: String,
    pub stamp: String,
    pub products: u32,
    /// Whether it could be taken back now.
    pub can_undo: bool,
    /// Whether what it changed is thrown away by now.
    pub is_swept: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub edits: Vec<Summary>,
    pub more: bool,
}

/// How many stay as they are, or can't be changed, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// A clause for people, such as `the status is Draft already`.
    pub reason: String,
    pub count: u32,
    /// Some of them.
    pub names: Vec<String>,
}

/// A field that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub label: String,
    /// Empty for nothing.
    pub old: String,
    pub new: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `None` for a product that isn't there any more.
    pub product: Option<String>,
    pub title: String,
    /// The variant's options; empty where there is nothing to tell apart.
    pub part: String,
    pub fields: Vec<Field>,
}

/// What keeps an edit from being taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hindrance {
    pub product: Option<String>,
    pub title: String,
    /// A clause for people.
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub id: String,
    pub state: State,
    pub chosen: u32,
    /// Whether all that matched a filter were chosen.
    pub by_filter: bool,
    /// When and by whom they were chosen.
    pub begun: (String, String),
    pub applied: Option<(String, String)>,
    pub undone: Option<(String, String)>,
    pub what: String,
    pub note: String,
    /// Names the preview that is shown.
    pub seen: String,
    pub products: u32,
    pub rows: u32,
    /// What the rows are: variants, or products themselves.
    pub is_of_variants: bool,
    pub stays: Vec<Tally>,
    pub refused: Vec<Tally>,
    /// Of the page that is asked for.
    pub changes: Vec<Change>,
    pub more: bool,
    /// Some of what keeps it from being taken back, and how many there are of all.
    pub hindrances: Vec<Hindrance>,
    pub hindered: u32,
    pub is_swept: bool,
}

/// Bulk edits, for those who may change the catalogue. Arguments arrive as forms send them; an edit that there isn't is
/// `NotFound`.
#[async_trait]
pub trait Bulk: Send + Sync {
    /// Keeps what was chosen; answers with the edit's id.
    async fn begin(&self, chosen: Chosen) -> Result<String, AppError>;
    async fn edit(&self, id: &str, page: u32, size: u32) -> Result<Edit, AppError>;
    async fn history(&self, page: u32, size: u32) -> Result<History, AppError>;
    /// Finds out what would change. Nothing does.
    async fn preview(&self, edit: String, typed: Typed) -> Result<(), AppError>;
    /// `seen`: names the preview that whoever applies has looked at. Where another would be made by now, nothing changes
    /// and that one is shown.
    async fn apply(&self, edit: String, seen: String, reason: String, password: String) -> Result<Done, AppError>;
    /// Makes all of it what it was, or nothing.
    async fn undo(&self, edit: String, password: String) -> Result<Done, AppError>;
}
