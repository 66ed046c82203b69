//! The shop as its visitors see it: domain types, pages, server functions, and what they need from their host.
#![recursion_limit = "512"]

pub mod catalog;
pub mod domain;
pub mod error;
#[cfg(feature = "ssr")]
pub mod host;
pub mod shop;
