//! The overview as HTML.

mod chart;
mod goods;
mod people;

use crate::admin::trail::host::Entry;
use crate::admin::trail::view::{PATH as TRAIL, act_words, subject, when};
use crate::admin::view::table::{cell, heading_cell, table};
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el, link};

/// # Errors
/// Whatever the services answer.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let summary = asked.office.overview.overview().await?;
    let recent = asked.office.trail.recent().await?;
    let mut body = Vec::new();
    if let Some(goods) = &summary.goods {
        body.extend(goods::sections(asked, goods));
    }
    if let Some(people) = &summary.people {
        body.extend(people::sections(people));
    }
    body.push(acts(&recent));
    Ok(Desk { title: "Overview", area: "/admin", right: None, body }.page(asked))
}

fn section(heading: &str) -> El {
    el("section").child(el("h2").text(heading))
}

/// A figure with its name and, where there is more to see, the way there.
fn figure(name: &str, value: &str, href: Option<&str>) -> El {
    let value = match href {
        Some(href) => link(href, value),
        None => el("span").text(value),
    };
    el("div").child(el("dt").text(name)).child(el("dd").child(value))
}

fn acts(recent: &[Entry]) -> El {
    if recent.is_empty() {
        return section("Recent acts").child(el("p").text("Nothing has been done yet."));
    }
    let head = ["When", "Who", "What", "To what"].into_iter().map(|label| heading_cell("", label)).collect();
    let row = |entry: &Entry| {
        el("tr")
            .attr("data-key", &entry.id)
            .child(cell("When", "").child(when(entry)))
            .child(cell("Who", "").text(&entry.actor))
            .child(cell("What", "").text(&act_words(&entry.act)))
            .child(cell("To what", "wraps").child(subject(entry)))
    };
    let rows = recent.iter().map(row).collect();
    section("Recent acts")
        .child(table("Recent acts, newest first", head, rows))
        .child(el("p").class("small").child(link(TRAIL, "See the whole trail")))
}
