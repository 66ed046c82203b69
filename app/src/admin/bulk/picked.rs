//! What is ticked in a table, on whichever of its pages: for as long as the filter stays, and in this tab alone. The
//! browser keeps it from one document to the next; where it doesn't, the page itself does until it is left.

use leptos::prelude::window;
use leptos::web_sys::Storage;
use std::collections::BTreeSet;

const STORE: &str = "picked-products";

#[derive(Default)]
pub struct Picked {
    /// As the table's form has it.
    filter: String,
    ids: BTreeSet<String>,
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

impl Picked {
    pub fn load() -> Self {
        let stored = storage().and_then(|storage| storage.get_item(STORE).ok().flatten()).unwrap_or_default();
        let mut lines = stored.lines();
        let filter = lines.next().unwrap_or_default().to_owned();
        Self { filter, ids: lines.map(str::to_owned).collect() }
    }

    /// What is ticked under this filter.
    pub fn of(&self, filter: &str) -> Option<&BTreeSet<String>> {
        (self.filter == filter && !self.ids.is_empty()).then_some(&self.ids)
    }

    /// Takes over what a page shows of it. What was ticked under another filter is let go once something is under this
    /// one.
    pub fn take(&mut self, filter: &str, rows: impl Iterator<Item = (String, bool)>) {
        let (ticked, not): (Vec<_>, Vec<_>) = rows.partition(|(_, is_ticked)| *is_ticked);
        if self.filter != filter {
            if ticked.is_empty() {
                return;
            }
            *self = Self { filter: filter.to_owned(), ids: BTreeSet::new() };
        }
        self.ids.extend(ticked.into_iter().map(|(id, _)| id));
        for (id, _) in not {
            self.ids.remove(&id);
        }
        self.store();
    }

    pub fn clear(&mut self) {
        *self = Self::default();
        self.store();
    }

    fn store(&self) {
        let Some(storage) = storage() else { return };
        let lines: Vec<&str> = [self.filter.as_str()].into_iter().chain(self.ids.iter().map(String::as_str)).collect();
        // A browser that keeps nothing leaves it to the page.
        let _ = match self.ids.is_empty() {
            true => storage.remove_item(STORE),
            false => storage.set_item(STORE, &lines.join("\n")),
        };
    }
}
