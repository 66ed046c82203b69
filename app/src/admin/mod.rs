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
