//! Wishlists as HTML, made on the server.

mod act;
mod head;
mod item;
mod lists;
mod page;
mod shared;
mod sorting;
#[cfg(test)]
mod tests;
mod thing;
mod unsubscribe;

pub use page::page;
pub use shared::shared;
pub use unsubscribe::unsubscribe;

use crate::ui::grouped;

/// `1 thing`, `52 things`.
fn things(number: usize) -> String {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    [grouped(number).as_str(), if number == 1 { " thing" } else { " things" }].concat()
}
