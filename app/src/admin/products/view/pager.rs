use crate::admin::products::host::{Place, Table};
use crate::admin::view::Asked;
use crate::admin::view::table::{LAST, sizes};
use crate::ui::{El, el, grouped, link};

/// The ways to other pages: by their numbers near the beginning, from row to row beyond.
pub fn pager(asked: Asked, here: &Place, found: &Table) -> El {
    let way = |place: &Place, label: &str| link(&to(asked, place), label);
    let before = found.before.as_ref();
    // Where the page before is the first, one link leads there.
    let first = before.filter(|before| **before != Place::Number(1)).map(|_| way(&Place::Number(1), "First"));
    let number = match here {
        Place::Number(number) => Some(el("span").class("quiet").text("Page ").text(&grouped(*number))),
        Place::Last => Some(el("span").class("quiet").text("Last page")),
        Place::After(_) | Place::Before(_) => None,
    };
    el("nav")
        .class("pager")
        .attr("aria-label", "Pages")
        .maybe(first)
        .maybe(before.map(|place| way(place, "Previous").attr("rel", "prev")))
        .maybe(number)
        .maybe(found.after.as_ref().map(|place| way(place, "Next").attr("rel", "next")))
        .maybe(found.after.as_ref().map(|_| way(&Place::Last, "Last")))
        .child(sizes(asked))
}

fn to(asked: Asked, place: &Place) -> String {
    match place {
        Place::Number(1) => asked.with(&[]),
        Place::Number(number) => asked.with(&[("page", &number.to_string())]),
        Place::After(row) => asked.with(&[("after", row)]),
        Place::Before(row) => asked.with(&[("before", row)]),
        Place::Last => asked.with(&[("page", LAST)]),
    }
}
