//! Products as HTML, made on the server.

mod conflict;
mod draft;
mod edit;
mod options;
mod pager;
mod preview;
mod prose;
mod query;
mod row;
mod table;
mod variants;

pub use preview::preview;
pub use query::query;

use super::host::PATH;
use crate::admin::view::Asked;
use crate::catalog::api::Rendered;
use crate::error::AppError;

/// The page at an address below [`PATH`].
///
/// # Errors
/// `NotFound` for a product that there isn't, and whatever the services answer.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let place = asked.path.strip_prefix(PATH).unwrap_or_default().trim_matches('/');
    match place {
        "" => table::page(asked).await,
        "new" => edit::new(asked).await,
        id => edit::page(asked, id).await,
    }
}
