//! Imports of products: files that come, what they would do, what they did.

pub mod api;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
pub mod view;
