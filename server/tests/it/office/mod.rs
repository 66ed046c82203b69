//! The back office, from outside.

mod categories;
mod imports;
mod overview;
mod products;
mod staff;
mod trail;
mod users;
