//! Products as the staff work on them: the table, the form, what becomes of both.

pub mod api;
mod drafting;
mod fields;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
pub mod view;

pub use drafting::keep_drafts;
pub use fields::mind_keys;
