//! How products are chosen in their table: boxes that belong to a form below it.

use super::super::host::Kind;
use crate::admin::products::host::{Row, Table};
use crate::admin::view::Asked;
use crate::admin::view::form::{Act, kept};
use crate::admin::view::table::{Count, cell, heading_cell};
use crate::ui::{El, el, grouped, hidden};

const BEGIN: &str = "/api/admin/bulk/begin";
/// The form that the boxes belong to, wherever they stand.
const FORM: &str = "bulk";

/// The column's heading: a box for all rows of the page. A browser by itself sends it as it is.
pub fn pick_all() -> El {
    heading_cell("pick", "").child(pick_box("page_all", "all", "Select all on this page"))
}

pub fn pick(row: &Row) -> El {
    cell("Select", "pick").child(pick_box("products[]", &row.id, &["Select ", &row.title].concat()))
}

fn pick_box(name: &str, value: &str, label: &str) -> El {
    let input = el("input")
        .attr("type", "checkbox")
        .attr("form", FORM)
        .attr("name", name)
        .attr("value", value)
        .attr("autocomplete", "off");
    el("label").child(hidden(label)).child(input)
}

/// What can be done with what is chosen. Its style shows it once something is.
pub fn bar(asked: Asked, found: &Table) -> El {
    let act = Act::only(asked, BEGIN);
    let ids: Vec<&str> = found.rows.iter().map(|row| row.id.as_str()).collect();
    let search = asked.with(&[("sort", ""), ("size", ""), ("col", "")]);
    let filter = search.split_once('?').map_or("", |(_, search)| search);
    let on_page = ["All ", &ids.len().to_string(), " on this page"].concat();
    let matching = match found.count {
        Count::Exact(number) => ["All ", &grouped(number), " that match"].concat(),
        count => ["All that match, ", &count.number()].concat(),
    };
    let option = |value: &str, label: &str| el("option").attr("value", value).text(label);
    let which = el("select")
        .class("field")
        .attr("name", "which")
        .attr("aria-label", "What the edit is of")
        .attr("autocomplete", "off")
        .child(option("", "The selected"))
        .child(option("page", &on_page))
        .child(option("filter", &matching));
    let acts = Kind::ALL
        .map(|kind| {
            el("button")
                .class("link")
                .attr("name", "act")
                .attr("value", kind.key())
                .text(kind.label())
                .child(el("span").attr("aria-hidden", "true").text("…"))
        })
        .into_iter()
        .collect();
    let chosen = el("p")
        .class("chosen")
        .attr("role", "status")
        .child(
            el("span").class("some").child(el("span").class("count")).text(" selected").child(el("span").class("here")),
        )
        .child(el("span").class("page").text("All on this page selected"));
    act.form()
        .class("bulk")
        .attr("id", FORM)
        .attr("aria-label", "Change what is selected")
        .child(kept("on_page", &ids.join(",")))
        .child(kept("filter", filter))
        // A script says there what is ticked on other pages. Without one they have nothing that is.
        .child(kept("elsewhere", ""))
        .child(chosen)
        .child(which)
        .child(el("div").class("acts").attr("role", "group").attr("aria-label", "What to change").children(acts))
        .child(el("button").class("link").attr("type", "reset").text("Clear"))
}
