use super::act::kept;
use crate::ui::{El, el};
use crate::wishlist::api::Sort;

const ORDERS: [Sort; 4] = [Sort::Added, Sort::Name, Sort::Price, Sort::Fall];

/// As in the address.
pub fn key(sort: Sort) -> &'static str {
    match sort {
        Sort::Added => "added",
        Sort::Name => "name",
        Sort::Price => "price",
        Sort::Fall => "fall",
    }
}

fn label(sort: Sort) -> &'static str {
    match sort {
        Sort::Added => "Latest first",
        Sort::Name => "Name",
        Sort::Price => "Price",
        Sort::Fall => "Biggest price drop",
    }
}

/// Answered in place as the filters of a listing are, hence their class.
pub fn sorting(list: &str, sort: Sort) -> El {
    let orders = ORDERS
        .into_iter()
        .map(|order| {
            let selected = (order == sort).then_some("");
            el("option").attr("value", key(order)).maybe_attr("selected", selected).text(label(order))
        })
        .collect();
    let select = el("select")
        .attr("name", "sort")
        // The default is not worth a word in the address.
        .attr("data-default", key(Sort::default()))
        .children(orders);
    let field = el("div")
        .class("sort")
        .child(el("label").child(el("span").class("quiet").text("Sort")).child(select))
        .child(el("button").class("link without-script").attr("id", "sort-button").text("Sort"));
    el("form").class("filters").attr("method", "get").attr("action", "/wishlist").child(kept("list", list)).child(field)
}
