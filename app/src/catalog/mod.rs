//! Browsing: home, listings, search, products.

pub mod api;
mod behaviour;
mod page;
pub mod query;
mod selection;
#[cfg(feature = "ssr")]
mod view;

pub use page::{CataloguePage, is_catalogue};
#[cfg(feature = "ssr")]
pub use view::page as render;
