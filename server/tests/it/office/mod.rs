//! The back office, from outside.

mod categories;
mod overview;
mod pictures;
mod products;
mod staff;
mod trail;
mod users;
