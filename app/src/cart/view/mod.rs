//! The cart as HTML, made on the server.

mod mini;
mod page;

pub use mini::mini;
pub use page::page;
