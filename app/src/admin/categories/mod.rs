//! The tree of categories, and what is done to it.

pub mod api;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
pub mod view;
