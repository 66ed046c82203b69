//! Browsing: home, listings, search, products.

pub mod api;
pub mod behaviour;
pub mod query;
mod selection;
#[cfg(feature = "ssr")]
pub mod view;
