use super::filters::COLUMN_FORM;
use super::place::Place;
use crate::catalog::query::Sort;
use crate::ui::{El, el};

/// The order. It stands above the grid and belongs to the filters' form, so that without JavaScript either button
/// sends both.
pub fn sorting(place: &Place) -> El {
    let query = place.query();
    let searching = !query.q.is_empty();
    let default = if searching { Sort::Relevance } else { Sort::Newest };
    let orders = Sort::ALL
        .into_iter()
        .filter(|sort| searching || *sort != Sort::Relevance)
        .map(|sort| {
            let selected = (query.sort() == sort).then_some("");
            el("option").attr("value", sort.key()).maybe_attr("selected", selected).text(sort.label())
        })
        .collect();
    let select = el("select")
        .attr("name", "sort")
        .attr("form", COLUMN_FORM)
        // The default is not worth a word in the address.
        .attr("data-default", default.key())
        .children(orders);
    el("div")
        .class("sort")
        .child(el("label").child(el("span").class("quiet").text("Sort")).child(select))
        .child(el("button").class("link without-script").attr("form", COLUMN_FORM).text("Sort"))
}
