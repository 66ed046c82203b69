//! The shop as its visitors see it: domain types, pages, server functions, and what they need from their host.
#![recursion_limit = "512"]

pub mod account;
pub mod admin;
pub mod cart;
pub mod catalog;
pub mod domain;
pub mod error;
pub mod form;
#[cfg(feature = "ssr")]
pub mod host;
mod page_json;
pub mod pages;
mod parameters;
mod root;
#[cfg(feature = "ssr")]
mod shell;
pub mod shop;
pub mod ui;
mod wire;
pub mod wishlist;

pub use root::App;
#[cfg(feature = "ssr")]
pub use shell::{data_block, routes, shell};
#[cfg(feature = "ssr")]
pub use wire::PageData;
