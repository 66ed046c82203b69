//! Accounts, from outside (rows 1–33, 36–40, 45, B4, B8 and B18 of the security bar). Each browser keeps its cookies;
//! what is mailed is read from the outbox with the test's own key.

mod access;
mod browser;
mod codes;
mod command_line;
mod endpoints;
mod logging_in;
mod logs;
mod profile;
mod recovery;
mod sessions;
mod signing_up;

pub use browser::{ANN, Browser, Person, count, later, letters, newest_code, next, refused, seen};
pub use endpoints::{of_staff, pages_of_staff};
