//! The back office. Its pages are HTML of the server's, as the shop's are; what they need in the browser beyond that is
//! one chunk, which shoppers never download.

pub mod api;
pub mod categories;
mod frame;
#[cfg(feature = "ssr")]
pub mod host;
pub mod imports;
mod live;
#[cfg(feature = "ssr")]
pub mod overview;
pub mod products;
pub mod trail;
pub mod users;
#[cfg(feature = "ssr")]
pub mod view;

pub use frame::{OfficePage, is_office};
