//! The trail as HTML.

mod filters;
mod row;
mod words;

pub use row::{change_line, row, subject, versus_line, when};
pub use words::act_words;
use words::kind_words;

use super::host::{Entries, Filter};
use crate::admin::view::table::{heading_cell, table};
use crate::admin::view::{Asked, Desk};
use crate::admin::views::view::views;
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el, link};

pub const PATH: &str = "/admin/audit";

/// # Errors
/// Whatever the trail answers.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let filter = Filter::parse(asked.search);
    let entries = asked.office.trail.entries(&filter).await?;
    let saved = asked.office.views.list(PATH).await?;
    let kinds: Vec<(String, String)> =
        entries.kinds.iter().map(|kind| (kind_words(kind), ["kind=", kind].concat())).collect();
    let kinds: Vec<(&str, &str)> = kinds.iter().map(|(name, search)| (name.as_str(), search.as_str())).collect();
    let mut body = vec![views(asked, &kinds, &saved)];
    body.extend(about(&filter, &entries));
    body.push(filters::filters(asked, &filter, &entries));
    body.extend(list(asked, &filter, &entries));
    let export = asked.with(&[("before", "")]).replacen(PATH, "/admin/audit.csv", 1);
    let export = el("a").class("button plain").attr("href", &export).attr("rel", "external").text("Export");
    let right = el("div").class("right").child(export);
    Ok(Desk { title: "Trail", area: PATH, right: Some(right), body }.page(asked))
}

/// The way to the history of one thing, from its page. `kind`: as the trail has it.
pub fn history(kind: &str, id: &str) -> El {
    link(&[PATH, "?of=", kind, ":", id].concat(), "History")
}

/// What one thing's history, or one act's parts, are of.
fn about(filter: &Filter, entries: &Entries) -> Option<El> {
    let first = entries.entries.first();
    let (words, name) = if !filter.part_of.is_empty() {
        let whole = first.and_then(|entry| entry.part_of.as_ref());
        let words = ["What entry ", &filter.part_of, " did to each"].concat();
        (words, whole.map(|whole| whole.subject.as_str()))
    } else if !filter.of.is_empty() {
        ("All that was done to it".to_owned(), first.map(|entry| entry.subject.as_str()))
    } else {
        return None;
    };
    let name = name.filter(|name| !name.is_empty()).map(|name| [": ", name].concat()).unwrap_or_default();
    Some(el("p").text(&words).text(&name).text(". ").child(link(PATH, "Show the whole trail")))
}

fn list(asked: Asked, filter: &Filter, entries: &Entries) -> Vec<El> {
    if !entries.errors.is_empty() {
        return Vec::new();
    }
    if entries.entries.is_empty() {
        return vec![nothing(asked, filter)];
    }
    let head = ["When", "Who", "What", "To what", "Changes"]
        .into_iter()
        .map(|label| heading_cell("", label))
        .chain([el("th").attr("scope", "col").child(crate::ui::hidden("Take back"))])
        .collect();
    let rows = entries.entries.iter().map(|entry| row(asked, entry)).collect();
    let table = table("What was done, newest first", head, rows);
    let mut list = vec![el("div").class("trail").child(table)];
    list.extend(pager(asked, filter, entries));
    list
}

fn pager(asked: Asked, filter: &Filter, entries: &Entries) -> Option<El> {
    let last = entries.entries.last().filter(|_| entries.more);
    let older = last.map(|last| link(&asked.with(&[("before", &last.id)]), "Older").attr("rel", "next"));
    let newest = (!filter.before.is_empty()).then(|| link(&asked.with(&[("before", "")]), "Newest"));
    let any = newest.is_some() || older.is_some();
    any.then(|| el("nav").class("pager").attr("aria-label", "Pages").maybe(newest).maybe(older))
}

fn nothing(asked: Asked, filter: &Filter) -> El {
    if *filter == Filter::default() {
        return el("p").text("Nothing has been done yet. Every act of the staff will be written down here.");
    }
    el("p").text("No entry has all of these. Take a filter off, or ").child(link(asked.path, "show all")).text(".")
}
