//! Who did what, when and why: to read, to search, to take along, and here and there to take back.

pub mod api;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
pub mod view;
