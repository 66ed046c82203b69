//! Bulk edits as HTML, made on the server.

mod bar;
mod changes;
mod choose;
mod details;
mod history;

pub use bar::{bar, pick, pick_all};

use super::host::{PATH, State};
use crate::admin::view::Asked;
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el};

/// Whether `path` is one of these.
pub fn is_ours(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// # Errors
/// `NotFound` for an edit that there isn't, and whatever the services answer.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let bulk = &asked.office.bulk;
    let (page, size) = (asked.page_number(), asked.page_size());
    match asked.path.strip_prefix(PATH).unwrap_or_default().trim_matches('/') {
        "" => Ok(history::page(&bulk.history(page, size).await?, asked)),
        id => {
            let edit = bulk.edit(id, page, size).await?;
            let chooses = edit.state == State::Open || !asked.parameter("act").is_empty();
            match edit.state {
                State::Open | State::Ready if chooses => choose::page(&edit, asked).await,
                _ => Ok(details::page(&edit, asked)),
            }
        }
    }
}

fn state(state: State) -> El {
    let mark = match state {
        State::Applied => "good",
        State::Open | State::Ready => "open",
        State::Undone => "",
    };
    el("span").class("state").attr("data-state", mark).text(state.label())
}

/// `1 product`, `12 products`.
fn counted(count: u32, one: &str, many: &str) -> String {
    [crate::ui::grouped(count).as_str(), " ", if count == 1 { one } else { many }].concat()
}
