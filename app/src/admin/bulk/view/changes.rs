//! What an edit would change, or did, and what it leaves as it is.

use super::super::host::{Change, Edit, State, Tally};
use super::counted;
use crate::admin::products::host::PATH as PRODUCTS;
use crate::admin::trail::view::versus_line;
use crate::admin::view::Asked;
use crate::admin::view::table::{cell, heading_cell, pager, table};
use crate::ui::{El, el, grouped, link};

/// How many change, and how many don't, and why.
pub fn summary(edit: &Edit) -> El {
    let verb = match edit.state {
        State::Open | State::Ready => "would change",
        State::Applied => "changed",
        State::Undone => "changed, and all of it was taken back",
    };
    let rows = match edit.is_of_variants {
        true => [" (", &counted(edit.rows, "variant", "variants"), ")"].concat(),
        false => String::new(),
    };
    let changing = match edit.rows {
        0 => ["Nothing would change: ", nothing_changes(edit)].concat(),
        _ => [&counted(edit.products, "product", "products"), &rows, " ", verb, "."].concat(),
    };
    el("div")
        .child(el("p").class("outcome").text(&changing))
        .maybe(tallies("stay as they are:", "stays as it is:", &edit.stays))
        .maybe(tallies("can’t be changed:", "can’t be changed:", &edit.refused))
}

/// Why an edit comes to nothing; the tallies below it have the reasons one by one.
fn nothing_changes(edit: &Edit) -> &'static str {
    match (edit.stays.is_empty(), edit.refused.is_empty()) {
        (false, true) => "all of it is like that already.",
        (true, false) => "none of it can be changed.",
        (false, false) => "what isn’t like that already can’t be changed.",
        (true, true) => "nothing is left of what was chosen.",
    }
}

fn tallies(many: &str, one: &str, tallies: &[Tally]) -> Option<El> {
    let item = |tally: &Tally| {
        let verb = if tally.count == 1 { one } else { many };
        let more = tally.count.saturating_sub(u32::try_from(tally.names.len()).unwrap_or(u32::MAX));
        let names = tally.names.join("; ");
        let names = match (names.is_empty(), more) {
            (true, _) => String::new(),
            (false, 0) => [" (", &names, ")"].concat(),
            (false, more) => [" (", &names, " and ", &grouped(more), " more)"].concat(),
        };
        el("li").text(&[&grouped(tally.count), " ", verb, " ", &tally.reason, &names].concat())
    };
    (!tallies.is_empty()).then(|| el("ul").class("reasons").children(tallies.iter().map(item).collect()))
}

pub fn table_of(edit: &Edit, asked: Asked) -> Vec<El> {
    if edit.is_swept {
        return vec![
            el("p")
                .class("quiet")
                .text("What it changed was kept for a while and is gone by now. This is what the history keeps."),
        ];
    }
    if edit.changes.is_empty() {
        let none = (asked.page_number() > 1).then(|| el("p").class("nothing").text("There is no such page."));
        return none.into_iter().collect();
    }
    let caption = match edit.state {
        State::Open | State::Ready => "What would change",
        State::Applied => "What changed",
        State::Undone => "What had changed",
    };
    let head = vec![heading_cell("", "Product"), heading_cell("", "Changes")];
    let rows = edit.changes.iter().map(row).collect();
    let section = el("section")
        .child(el("h2").text(caption))
        .child(el("div").class("trail").child(table(caption, head, rows)))
        .child(pager(asked, edit.more));
    vec![section]
}

fn row(change: &Change) -> El {
    let name = match &change.product {
        Some(id) => link(&[PRODUCTS, "/", id].concat(), &change.title).class("name"),
        None => el("span").text(&change.title),
    };
    let part = (!change.part.is_empty()).then(|| el("span").class("quiet small").text(" ").text(&change.part));
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let lines = change.fields.iter().map(|one| versus_line(&one.label, &some(&one.old), &some(&one.new))).collect();
    el("tr")
        .child(cell("Product", "wraps").child(el("div").child(name).maybe(part)))
        .child(cell("Changes", "wraps").child(el("div").children(lines)))
}
