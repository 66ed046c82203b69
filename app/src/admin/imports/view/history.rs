use super::super::host::{History, MOST_MIB, MOST_ROWS, PATH, Summary};
use super::{UPLOAD, state};
use crate::admin::view::form::Act;
use crate::admin::view::table::{cell, heading_cell, pager, table};
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::ui::{El, el, grouped, link};

pub fn page(history: &History, asked: Asked) -> Rendered {
    let template = link("/admin/imports/template.csv", "Download a template").class("button plain");
    let right = el("div").class("right").child(template.attr("rel", "external").attr("download", ""));
    let past = el("section").child(el("h2").text("History")).children(past(history, asked));
    Desk { title: "Imports", area: PATH, right: Some(right), body: vec![upload(asked), past] }.page(asked)
}

/// Sent by the browser itself: what follows is another page.
fn upload(asked: Asked) -> El {
    let act = Act::only(asked, UPLOAD);
    let limits = [
        "A CSV file as Shopify and this shop export it, of up to ",
        &MOST_MIB.to_string(),
        " MiB and ",
        &grouped(MOST_ROWS),
        " rows.",
    ]
    .concat();
    let input = el("input").attr("type", "file").attr("accept", ".csv,text/csv");
    el("form")
        .class("form")
        .attr("method", "post")
        .attr("action", UPLOAD)
        .attr("enctype", "multipart/form-data")
        .attr("novalidate", "")
        .child(act.error_place("").attr("role", "alert"))
        .child(act.field("import-file", "file", "File of products", &limits, input))
        .child(el("p").class("hint").text(
            "First you see what it would do; nothing changes until you apply it. Pictures stay at the addresses that \
             the file names: they are not fetched. A picture without an address must be one that the shop has, as in \
             its own export; files of pictures are imported on the command line.",
        ))
        .child(el("button").class("button").text("Check the file"))
}

fn past(history: &History, asked: Asked) -> Vec<El> {
    if history.imports.is_empty() {
        let words = match asked.page_number() {
            1 => el("p").text("Nothing has been imported yet."),
            _ => el("p").text("There is no such page. ").child(link(PATH, "See the first")),
        };
        return vec![words];
    }
    let head = vec![
        heading_cell("", "File"),
        heading_cell("", "When"),
        heading_cell("", "Who"),
        heading_cell("", "State"),
        heading_cell("num", "New"),
        heading_cell("num", "Changed"),
        heading_cell("num", "Unchanged"),
        heading_cell("num", "Refused"),
    ];
    vec![table("Imports, newest first", head, history.imports.iter().map(row).collect()), pager(asked, history.more)]
}

fn row(import: &Summary) -> El {
    let counts = import.counts;
    let number = |label, number: u32| cell(label, "num").text(&grouped(number));
    el("tr")
        .attr("data-key", &import.id)
        .child(el("td").class("wraps").child(link(&[PATH, "/", &import.id].concat(), &import.file).class("name")))
        .child(cell("When", "quiet").child(el("time").attr("datetime", &import.stamp).text(&import.at)))
        .child(cell("Who", "").text(&import.by))
        .child(cell("State", "").child(state(import.state)))
        .child(number("New", counts.new))
        .child(number("Changed", counts.changed))
        .child(number("Unchanged", counts.unchanged))
        .child(number("Refused", counts.refused))
}
