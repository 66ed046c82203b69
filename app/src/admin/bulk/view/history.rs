use super::super::host::{History, PATH, State, Summary};
use super::state;
use crate::admin::products::host::PATH as PRODUCTS;
use crate::admin::view::table::{cell, heading_cell, pager, table};
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::ui::{El, el, grouped, hidden, link};

pub fn page(history: &History, asked: Asked) -> Rendered {
    let right = el("div").class("right").child(link(PRODUCTS, "All products").class("button plain"));
    Desk { title: "Bulk edits", area: PRODUCTS, right: Some(right), body: past(history, asked) }.page(asked)
}

fn past(history: &History, asked: Asked) -> Vec<El> {
    if history.edits.is_empty() {
        let words = match asked.page_number() {
            1 => el("p")
                .text("Nothing has been changed in bulk yet. Select products in ")
                .child(link(PRODUCTS, "their table"))
                .text(" to begin."),
            _ => el("p").text("There is no such page. ").child(link(PATH, "See the first")),
        };
        return vec![el("div").class("nothing").child(words)];
    }
    let head = vec![
        heading_cell("", "What"),
        heading_cell("", "When"),
        heading_cell("", "Who"),
        heading_cell("num", "Products"),
        heading_cell("", "State"),
        heading_cell("", "Undo"),
    ];
    vec![table("Bulk edits, newest first", head, history.edits.iter().map(row).collect()), pager(asked, history.more)]
}

fn row(edit: &Summary) -> El {
    let href = [PATH, "/", &edit.id].concat();
    let undo = match edit.state {
        State::Applied if edit.can_undo => link(&href, "Undo…").child(hidden(&[" ", &edit.what].concat())),
        State::Applied if edit.is_swept => el("span").class("quiet").text("Too long ago"),
        State::Applied => el("span").class("quiet").text("Products have changed since"),
        _ => el("span").class("quiet").text("Undone"),
    };
    el("tr")
        .attr("data-key", &edit.id)
        .child(cell("What", "wraps").child(link(&href, &edit.what).class("name")))
        .child(cell("When", "quiet").child(el("time").attr("datetime", &edit.stamp).text(&edit.at)))
        .child(cell("Who", "").text(&edit.by))
        .child(cell("Products", "num").text(&grouped(edit.products)))
        .child(cell("State", "").child(state(edit.state)))
        .child(cell("Undo", "").child(undo))
}
