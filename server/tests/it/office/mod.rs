//! The back office, from outside.

mod users;
