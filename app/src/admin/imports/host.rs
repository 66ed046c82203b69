//! What the pages of imports need from the host.

use crate::cart::api::Done;
use crate::error::AppError;
use async_trait::async_trait;

/// The history's path.
pub const PATH: &str = "/admin/imports";

/// Bytes and rows that a file may have.
pub const MOST_MIB: u32 = 10;
pub const MOST_ROWS: u32 = 50_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Read and compared with the shop, which a dry run is.
    Checking,
    Ready,
    Refused,
    /// The process that was at work on it is gone, or failed. Nothing was changed.
    Interrupted,
    Applying,
    Applied,
    Undoing,
    Undone,
}

impl State {
    pub const ALL: [Self; 8] = [
        Self::Checking,
        Self::Ready,
        Self::Refused,
        Self::Interrupted,
        Self::Applying,
        Self::Applied,
        Self::Undoing,
        Self::Undone,
    ];

    /// In the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Ready => "ready",
            Self::Refused => "refused",
            Self::Interrupted => "interrupted",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Checking => "Being checked",
            Self::Ready => "Checked, not applied",
            Self::Refused => "Refused",
            Self::Interrupted => "Interrupted",
            Self::Applying => "Being applied",
            Self::Applied => "Applied",
            Self::Undoing => "Being undone",
            Self::Undone => "Undone",
        }
    }

    pub fn is_at_work(self) -> bool {
        matches!(self, Self::Checking | Self::Applying | Self::Undoing)
    }
}

/// What becomes of a product of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    New,
    Changed,
    Unchanged,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::New, Self::Changed, Self::Unchanged];

    /// In the database and in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// In products, but for the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub rows: u32,
    pub new: u32,
    pub changed: u32,
    pub unchanged: u32,
    pub refused: u32,
    pub categories: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub id: String,
    pub file: String,
    pub by: String,
    /// When, for people and for machines.
    pub at: String,
    pub stamp: String,
    pub state: State,
    pub counts: Counts,
}

/// A page of the history, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub imports: Vec<Summary>,
    pub more: bool,
}

/// Which part of what a file would do is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Of(Kind),
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub summary: Summary,
    /// What there is to say about how it came to its state; empty for nothing.
    pub note: String,
    /// Names the dry run that the page shows; empty before the first.
    pub seen: String,
    /// Of what is at work: in words, and per cent where they are known.
    pub phase: String,
    pub percent: Option<u32>,
    /// When, and by whom.
    pub applied: Option<(String, String)>,
    pub undone: Option<(String, String)>,
    /// Whether file and rows have been thrown away.
    pub is_swept: bool,
    pub part: Part,
    pub products: Vec<Product>,
    pub problems: Vec<Problem>,
    /// Problems in all.
    pub problem_count: u32,
    /// Problems that were counted, and not kept.
    pub more_problems: u32,
    /// Whether there is a page after this one.
    pub more: bool,
    /// Products that keep it from being undone, the first few.
    pub hindrances: Vec<Hindrance>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub line: u32,
    pub handle: String,
    pub title: String,
    /// Its id, for one that is in the shop.
    pub id: Option<String>,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The column, after the variant or picture where it is one's.
    pub label: String,
    /// Empty for nothing.
    pub old: String,
    pub new: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub line: u32,
    /// Empty when the row as a whole is meant.
    pub column: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hindrance {
    /// Its id, for one that is in the shop.
    pub id: Option<String>,
    pub title: String,
    pub reason: String,
}

/// Imports as one member of the staff may make them. What takes long goes on after the answer; the import's state tells
/// how far it is, to every process. Acts with a `password` are dangerous: see [`crate::admin::users::host::Users`].
#[async_trait]
pub trait Imports: Send + Sync {
    async fn history(&self, page: u32, size: u32) -> Result<History, AppError>;
    /// `part`: `None` for the one that matters most.
    async fn import(&self, id: &str, part: Option<Part>, page: u32, size: u32) -> Result<Import, AppError>;
    /// Another dry run.
    async fn check(&self, import: String) -> Result<Done, AppError>;
    /// Does what the dry run of this name has shown, once, however often it is asked for.
    async fn apply(&self, import: String, seen: String, reason: String, password: String) -> Result<Done, AppError>;
    async fn undo(&self, import: String, password: String) -> Result<Done, AppError>;
}
