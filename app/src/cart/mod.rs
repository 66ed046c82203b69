//! The cart.

pub mod api;
pub mod behaviour;
mod mini_sheet;
#[cfg(feature = "ssr")]
pub mod view;

pub use mini_sheet::CartPlace;
