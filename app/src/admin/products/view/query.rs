use crate::admin::products::host::{Place, Query, Status, Stock};
use crate::admin::view::Asked;
use crate::admin::view::table::{LAST, Sorting};

/// Columns that the table can be sorted by.
const SORTED: [&str; 8] = ["title", "sku", "status", "category", "price", "stock", "created", "updated"];

/// What the page's address asks for. What can't be read asks for nothing.
pub fn query(asked: Asked) -> Query {
    Query {
        words: asked.parameter("q").trim().chars().take(200).collect(),
        status: Status::parse(&asked.parameter("status")),
        category: asked.parameter("category"),
        stock: match asked.parameter("stock").as_str() {
            "low" => Some(Stock::Low),
            "out" => Some(Stock::Out),
            _ => None,
        },
        on_sale: asked.parameter("sale") == "yes",
        no_picture: asked.parameter("picture") == "none",
        sorting: asked.sorting(&SORTED, Sorting { by: "updated", falls: true }),
        place: place(asked),
        size: asked.page_size(),
        open: asked.parameter("open"),
    }
}

fn place(asked: Asked) -> Place {
    let (after, before) = (asked.parameter("after"), asked.parameter("before"));
    match () {
        () if !after.is_empty() => Place::After(after),
        () if !before.is_empty() => Place::Before(before),
        () if asked.parameter("page") == LAST => Place::Last,
        () => Place::Number(asked.page_number()),
    }
}
