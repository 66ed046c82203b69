//! The back office, from outside.

mod categories;
mod overview;
mod staff;
mod trail;
mod users;
