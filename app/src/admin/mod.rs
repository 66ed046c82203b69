//! The back office. Its pages are HTML of the server's, as the shop's are; what they need in the browser beyond that is
//! one chunk, which shoppers never download.

pub mod api;
pub mod bulk;
pub mod categories;
pub mod find;
mod frame;
mod guard;
#[cfg(feature = "ssr")]
pub mod host;
pub mod imports;
mod keys;
mod live;
#[cfg(feature = "ssr")]
pub mod overview;
pub mod pictures;
pub mod products;
mod prose;
pub mod trail;
pub mod users;
#[cfg(feature = "ssr")]
pub mod view;
pub mod views;

pub use frame::{OfficePage, is_office};

/// Where the acts post to that may take longer than a page does, for as many products as there are in what they change.
pub const LONG: [&str; 15] = [
    "/api/admin/bulk/begin",
    "/api/admin/bulk/status",
    "/api/admin/bulk/category",
    "/api/admin/bulk/tags",
    "/api/admin/bulk/price",
    "/api/admin/bulk/stock",
    "/api/admin/bulk/apply",
    "/api/admin/bulk/undo",
    "/api/admin/categories/create",
    "/api/admin/categories/save",
    "/api/admin/categories/put_under",
    "/api/admin/categories/shift",
    "/api/admin/categories/merge",
    "/api/admin/categories/delete",
    "/api/admin/trail/revert",
];
