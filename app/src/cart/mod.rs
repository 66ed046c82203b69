//! The cart.

pub mod api;
#[cfg(feature = "ssr")]
pub mod view;
