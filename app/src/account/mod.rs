//! Signing up, logging in, and one's own account.

pub mod api;
mod page;

pub use page::AccountPage;
