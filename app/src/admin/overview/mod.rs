//! How the shop is doing, at one glance.

pub mod host;
pub mod view;
