//! The cart.

mod page;

pub use page::CartPage;
