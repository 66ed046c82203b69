use crate::admin::products::host::{Query, Status, Stock};
use crate::admin::view::Asked;
use crate::admin::view::table::Sorting;

/// Columns that the table can be sorted by.
const SORTED: [&str; 4] = ["title", "price", "stock", "updated"];

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
        page: asked.page_number(),
        size: asked.page_size(),
    }
}
