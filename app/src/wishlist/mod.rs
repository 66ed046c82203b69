//! The wishlist.

mod page;

pub use page::WishlistPage;
