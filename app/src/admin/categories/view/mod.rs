//! The categories as HTML.

mod create;
mod details;
mod form;
mod tree;

pub use create::page as create_page;
pub use details::page as details_page;
pub use tree::page as tree_page;

pub const PATH: &str = "/admin/categories";
