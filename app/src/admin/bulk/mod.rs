//! Many products changed at once: chosen in their table, looked at before, and taken back as one.

pub mod api;
#[cfg(feature = "ssr")]
pub mod host;
mod picked;
mod select;
#[cfg(feature = "ssr")]
pub mod view;

pub use select::take_selection;

/// Where the acts post to that work on all of the chosen products, which may take longer than a page does.
pub const LONG: [&str; 8] = [
    "/api/admin/bulk/begin",
    "/api/admin/bulk/status",
    "/api/admin/bulk/category",
    "/api/admin/bulk/tags",
    "/api/admin/bulk/price",
    "/api/admin/bulk/stock",
    "/api/admin/bulk/apply",
    "/api/admin/bulk/undo",
];
