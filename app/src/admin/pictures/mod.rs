//! Pictures of a product, as the staff work on them: a section of the product's page.

pub mod api;
#[cfg(feature = "ssr")]
pub mod host;
mod order;
mod uploads;
#[cfg(feature = "ssr")]
pub mod view;

pub use order::take_order;
pub use uploads::{listen, take_files};

/// Where pictures are posted, by forms and by scripts.
pub const UPLOAD: &str = "/api/admin/pictures/upload";
/// The id of the form that posts there. A browser by itself sends by it whatever is done to pictures, with what is typed about
/// all of them, so that no act loses what another picture's form has; a script has each act's own form send that.
const UPLOAD_FORM: &str = "picture-upload";
/// Bytes of a picture file, at most: the server says so too, but only once it has them.
const MOST_BYTES: f64 = 5.0 * 1024.0 * 1024.0;

/// In what a page is told of a form that a browser sent by itself: the picture that was removed.
#[cfg(feature = "ssr")]
pub const REMOVED: &str = "removed";

/// The name that a field of one picture has in what a page is told of all of them.
#[cfg(feature = "ssr")]
pub fn field_of(name: &str, picture: &str) -> String {
    [name, ".", picture].concat()
}
