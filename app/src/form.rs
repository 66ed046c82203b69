//! How forms speak with the shop.
//!
//! Every form posts to a server function whose answer is a [`Next`] or an [`AppError`]. With
//! JavaScript, `ui::Form` posts it and acts on the answer in place. Without, the host answers the post with a redirect:
//! to where `Next` leads, or back to the form, which then shows what was typed and what was wrong with it.

use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a form that was accepted leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// A path of the shop.
    pub path: String,
    /// Said on the page that follows, once.
    pub notice: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<Undo>,
}

/// A form in which a notice offers to take back what it tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// Of the server function.
    pub action: String,
    pub id: String,
}

impl Next {
    pub fn to(path: impl Into<String>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    pub fn saying(path: impl Into<String>, notice: impl Into<String>) -> Self {
        Self { path: path.into(), notice: Some(notice.into()), undo: None }
    }
}

/// What a page is told about the form that was posted just before it: carried by a short-lived cookie, shown once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub notice: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<Undo>,
    /// The posted form's `action`, so that a page with several knows which it was.
    pub action: String,
    /// What was typed, by field; never a password or a code.
    pub values: BTreeMap<String, String>,
    /// What to do about it, by field; the empty name is the form's own.
    pub errors: BTreeMap<String, String>,
    /// Fields whose values were longer than what carries them here: they show what is saved.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub lost: BTreeSet<String>,
}

/// The form's own error has the empty name.
pub fn errors_of(error: &AppError) -> BTreeMap<String, String> {
    match error {
        AppError::Invalid { fields } if !fields.is_empty() => {
            fields.iter().map(|error| (error.field.clone(), error.message.clone())).collect()
        }
        // Of the page it would be said in other words.
        AppError::NotFound => {
            BTreeMap::from([(String::new(), "This isn’t there any more. Load the page again".to_owned())])
        }
        AppError::Conflict { .. } => {
            let words = "Someone else changed this in the meantime. Compare it with what is there now, and save again";
            BTreeMap::from([(String::new(), words.to_owned())])
        }
        other => BTreeMap::from([(String::new(), other.to_string())]),
    }
}

/// What this page is told.
pub fn use_flash() -> RwSignal<Flash> {
    expect_context()
}
