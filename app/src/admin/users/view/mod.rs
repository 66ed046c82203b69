//! The pages of accounts.

mod act;
mod edit;
mod help;
mod list;
mod new;
mod record;
mod user;

pub use act::{WHY_AGAIN, WHY_IN_THE_TRAIL, password, reason};

use super::query::PATH;
use crate::admin::view::Asked;
use crate::catalog::api::Rendered;
use crate::error::AppError;

/// Whether `path` is one of these.
pub fn is_ours(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// # Errors
/// `Forbidden` for roles that don't reach here; `NotFound`.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let users = &asked.office.users;
    match asked.path.trim_end_matches('/').strip_prefix(PATH).unwrap_or_default() {
        "" => {
            let query = super::query::Query::parse(asked.search);
            let saved = asked.office.views.list(PATH).await?;
            Ok(list::page(&query, &users.list(&query).await?, &saved, asked))
        }
        "/new" => new::page(asked),
        one => match one.strip_prefix('/') {
            Some(id) if !id.contains('/') => Ok(user::page(&users.user(id).await?, asked)),
            _ => Err(AppError::NotFound),
        },
    }
}
