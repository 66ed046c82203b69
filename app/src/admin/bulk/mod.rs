//! Many products changed at once: chosen in their table, looked at before, and taken back as one.

pub mod api;
#[cfg(feature = "ssr")]
pub mod host;
mod picked;
mod select;
#[cfg(feature = "ssr")]
pub mod view;

pub use select::take_selection;
