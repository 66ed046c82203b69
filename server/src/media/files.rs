//! Files that are there before what names them: they vanish unless that comes.

use super::Medium;
use super::place::{Place, Shelf};
use uuid::Uuid;

/// All that is kept under an id whose row is not yet committed.
#[derive(Debug)]
pub struct Files {
    place: Place,
    shelf: Shelf,
    id: Uuid,
    kept: bool,
}

impl Files {
    pub fn new(place: Place, shelf: Shelf, id: Uuid) -> Self {
        Self { place, shelf, id, kept: false }
    }

    pub fn keep(mut self) {
        self.kept = true;
    }

    pub async fn remove(mut self) {
        match self.place.remove(self.shelf, self.id).await {
            Ok(()) => self.kept = true,
            // Tried again as this is dropped.
            Err(error) => tracing::warn!(%error, "can't remove an unused picture"),
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        if !self.kept {
            self.place.remove_later(self.shelf, self.id);
        }
    }
}

/// The files of a medium whose row is not yet committed.
#[derive(Debug)]
pub struct NewFiles {
    pub(super) medium: Medium,
    pub(super) files: Files,
}

impl NewFiles {
    pub fn medium(&self) -> &Medium {
        &self.medium
    }

    pub fn keep(self) {
        self.files.keep();
    }

    pub async fn remove(self) {
        self.files.remove().await;
    }
}
