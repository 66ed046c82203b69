//! Browsing: home, listings, search, products.

mod active_filters;
pub mod api;
mod card;
mod filters;
mod gallery;
mod home;
mod listing;
mod options;
mod page;
mod pagination;
mod place;
mod product;
pub mod query;
mod search;
mod selection;
mod sorting;
#[cfg(feature = "ssr")]
mod structured_data;

pub use home::HomePage;
pub use listing::{CategoryPage, ListingPage};
pub use product::ProductPage;
pub use search::SearchPage;
