//! Browsing: home, listings, search, products.

pub mod api;
pub mod query;
