//! Views of tables that people keep: a filter and its order under a name.

pub mod api;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
pub mod view;
