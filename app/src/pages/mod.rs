//! The pages that shoppers arrive at and go between: HTML of the server's, in a frame that answers for it.

mod acts;
mod frame;
#[cfg(feature = "ssr")]
mod make;

pub use frame::{Kind, MadePage, Previewed, frame, is_made, is_personal, preview_of};
#[cfg(feature = "ssr")]
pub use make::{ADDS, Asked, HEARTS, Hosts, acted, going, make, prepared, with_nonce};
