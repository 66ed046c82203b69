//! The way to anything: a palette over every page, and a page of its own for a browser without JavaScript.

pub mod api;
#[cfg(feature = "ssr")]
pub mod host;
mod palette;
#[cfg(feature = "ssr")]
pub mod view;

pub use palette::Palette;
