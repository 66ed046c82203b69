//! Wishlists as HTML, made on the server.

mod page;
mod shared;
mod unsubscribe;

pub use page::page;
pub use shared::shared;
pub use unsubscribe::unsubscribe;
