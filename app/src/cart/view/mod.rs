//! The cart as HTML, made on the server.

mod act;
mod line;
mod mini;
mod notes;
mod page;
mod saved;
mod summary;
#[cfg(test)]
mod tests;
mod thing;

pub use mini::mini;
pub use page::page;

use crate::ui::grouped;

/// `1 item`, `3 items`: pieces, as the header's badge counts them.
fn items(pieces: u32) -> String {
    [grouped(pieces).as_str(), if pieces == 1 { " item" } else { " items" }].concat()
}
