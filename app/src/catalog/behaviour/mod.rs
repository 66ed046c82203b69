//! What answers to a shopper in the catalogue's pages.

pub mod filters;
pub mod gallery;
pub mod variants;
