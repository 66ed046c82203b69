//! Pictures of a product, as the staff work on them: a section of the product's page.

pub mod api;
#[cfg(feature = "ssr")]
pub mod host;
mod order;
mod uploads;
#[cfg(feature = "ssr")]
pub mod view;

pub use order::take_order;
pub use uploads::take_files;

/// Where pictures are posted, by forms and by scripts.
pub const UPLOAD: &str = "/api/admin/pictures/upload";
/// Bytes of a picture file, at most: the server says so too, but only once it has them.
const MOST_BYTES: f64 = 5.0 * 1024.0 * 1024.0;
