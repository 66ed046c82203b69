//! What the trail's pages need from the host.

use crate::cart::api::Done;
use crate::error::{AppError, FieldError};
use async_trait::async_trait;

/// The audit log, as far as one member of the staff may read it: an admin all of it, others what is about their work.
#[async_trait]
pub trait Trail: Send + Sync {
    /// Newest first.
    async fn entries(&self, filter: &Filter) -> Result<Entries, AppError>;
    /// The newest few of all that may be read.
    async fn recent(&self) -> Result<Vec<Entry>, AppError>;
    /// # Errors
    /// `Invalid` for an act that can't be taken back, and for one that has been changed since.
    async fn revert(&self, entry: String) -> Result<Done, AppError>;
}

/// Which entries are wanted, as the address has it; empty for any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of a name.
    pub who: String,
    pub act: String,
    /// What kind of thing it was done to.
    pub kind: String,
    /// Days, such as `2026-11-25`, both included.
    pub from: String,
    pub to: String,
    /// Part of the name of who did it, or of what it was done to.
    pub q: String,
    /// Older than the entry of this number.
    pub before: String,
}

impl Filter {
    /// `search`: a query string.
    pub fn parse(search: &str) -> Self {
        let mut filter = Self::default();
        for (name, value) in form_urlencoded::parse(search.as_bytes()) {
            let place = match &*name {
                "who" => &mut filter.who,
                "act" => &mut filter.act,
                "kind" => &mut filter.kind,
                "from" => &mut filter.from,
                "to" => &mut filter.to,
                "q" => &mut filter.q,
                "before" => &mut filter.before,
                _ => continue,
            };
            value.trim().clone_into(place);
        }
        filter
    }
}

/// A page of the trail, and what it can be filtered by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    pub entries: Vec<Entry>,
    /// Whether there are older ones.
    pub more: bool,
    /// Acts that occur.
    pub acts: Vec<String>,
    /// Kinds of things that occur.
    pub kinds: Vec<String>,
    /// What is wrong with the filter; then there are no entries.
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    /// For people, and for machines.
    pub at: String,
    pub stamp: String,
    pub actor: String,
    /// Such as `product.update`.
    pub act: String,
    pub kind: String,
    pub subject_id: String,
    /// As it was called then.
    pub subject: String,
    /// Whether it is still there to be looked at.
    pub is_there: bool,
    pub changes: Vec<Change>,
    pub reason: String,
    pub request: String,
    pub can_revert: bool,
}

/// A field before and after; `None` where it wasn't there, or had nothing in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}
