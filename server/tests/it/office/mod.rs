//! The back office, from outside.

mod categories;
mod find;
mod imports;
mod overview;
mod pictures;
mod products;
pub mod staff;
mod trail;
mod users;
mod views;
