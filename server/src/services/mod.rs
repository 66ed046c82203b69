//! The app's traits, implemented with SQL.

pub mod accounts;
pub mod catalog;
