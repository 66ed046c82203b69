//! What the trail's pages need from the host.

use crate::cart::api::Done;
use crate::error::{AppError, FieldError};
use crate::parameters::parameters;
use async_trait::async_trait;

/// The audit log, as far as one member of the staff may read it: an admin all of it, others what is about their work.
#[async_trait]
pub trait Trail: Send + Sync {
    /// Newest first.
    async fn entries(&self, filter: &Filter) -> Result<Entries, AppError>;
    /// The newest few of all that may be read.
    async fn recent(&self) -> Result<Vec<Entry>, AppError>;
    /// # Errors
    /// `Invalid` for an act that can't be taken back, and for one that has been changed since; for `password` where going
    /// back is dangerous, unless it was given lately or is right. Answers also whether it was about the account of whoever
    /// acts, who is logged out then.
    async fn revert(&self, entry: String, password: String) -> Result<(Done, bool), AppError>;
}

/// Which entries are wanted, as the address has it; empty for any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of a name.
    pub who: String,
    pub act: String,
    /// What kind of thing it was done to.
    pub kind: String,
    /// A thing by its kind and id, such as `product:018f…`: its whole history.
    pub of: String,
    /// The number of an entry: its parts.
    pub part_of: String,
    /// Days, such as `2026-11-25`, both included.
    pub from: String,
    pub to: String,
    /// Part of whatever an entry says, such as a name, a value, a reason or a request; or its number.
    pub q: String,
    /// Older than the entry of this number.
    pub before: String,
}

impl Filter {
    /// `search`: a query string.
    pub fn parse(search: &str) -> Self {
        let mut filter = Self::default();
        for (name, value) in parameters(search) {
            let place = match &*name {
                "who" => &mut filter.who,
                "act" => &mut filter.act,
                "kind" => &mut filter.kind,
                "of" => &mut filter.of,
                "part_of" => &mut filter.part_of,
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
    /// Why it can't be taken back, in words; empty where it can.
    pub no_revert: String,
    /// Whether taking it back is dangerous.
    pub takes_password: bool,
    /// What it is a part of, where many things were changed at once.
    pub part_of: Option<Whole>,
    /// Whether what was done to each thing has an entry of its own.
    pub has_parts: bool,
}

/// An entry of which others are parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    pub id: String,
    pub act: String,
    pub subject_id: String,
    pub subject: String,
}

/// A field before and after; `None` where it wasn't there, or had nothing in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}
