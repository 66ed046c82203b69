//! The app's traits, implemented with SQL.

pub mod catalog;
