//! Imports as HTML, made on the server.

mod acts;
mod details;
mod history;
mod rows;

use super::host::{Import, Kind, PATH, Part, State};
use crate::admin::view::Asked;
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el};

/// Where the form of a new file posts to: a route of the host's, since a file is no form's text.
pub const UPLOAD: &str = "/api/admin/imports/upload";

/// Whether `path` is one of these.
pub fn is_ours(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// # Errors
/// `NotFound` for an import that there isn't, and whatever the services answer.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let imports = &asked.office.imports;
    let (page, size) = (asked.page_number(), asked.page_size());
    match asked.path.strip_prefix(PATH).unwrap_or_default().trim_matches('/') {
        "" => Ok(history::page(&imports.history(page, size).await?, asked)),
        id => {
            let import: Import = imports.import(id, part(&asked.parameter("show")), page, size).await?;
            Ok(details::page(&import, asked))
        }
    }
}

/// In the address.
const REFUSED: &str = "refused";

fn part(key: &str) -> Option<Part> {
    if key == REFUSED { Some(Part::Refused) } else { Kind::parse(key).map(Part::Of) }
}

fn state(state: State) -> El {
    let mark = match state {
        State::Applied => "good",
        State::Refused | State::Interrupted => "bad",
        State::Checking | State::Ready | State::Applying | State::Undoing => "open",
        State::Undone => "",
    };
    el("span").class("state").attr("data-state", mark).text(state.label())
}
