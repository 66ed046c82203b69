use super::PATH;
use super::form::kept;
use crate::admin::categories::host::Category;
use crate::admin::view::table::{cell, heading_cell, how_many, table};
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el, grouped, hidden, link};

const SHIFT: &str = "/api/admin/categories/shift";

/// # Errors
/// Whatever the categories answer.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let tree = asked.office.categories.tree().await?;
    let new = link("/admin/categories/new", "New category").class("button");
    let right = Some(el("div").class("right").child(new));
    let body = if tree.is_empty() { vec![nothing()] } else { list(asked, &tree) };
    Ok(Desk { title: "Categories", area: PATH, right, body }.page(asked))
}

fn list(asked: Asked, tree: &[Category]) -> Vec<El> {
    let number = u32::try_from(tree.len()).unwrap_or(u32::MAX);
    let count = el("span").attr("role", "status").text(&how_many(number, "category", "categories"));
    // One form for all rows; each button says which way and, by its own value, which category.
    let wrong = asked.wrong(SHIFT, "");
    let wrong = el("p").class("error").attr("data-error", "").attr("role", "alert").text(wrong);
    let head = vec![
        heading_cell("", "Category"),
        heading_cell("num", "Products"),
        heading_cell("num", "With all below"),
        heading_cell("", "Address"),
        heading_cell("", "Order"),
    ];
    let rows = tree.iter().map(|category| row(asked, category)).collect();
    vec![el("div").class("tools").child(count).child(wrong), table("Categories, as the shop orders them", head, rows)]
}

fn row(asked: Asked, category: &Category) -> El {
    let depth = category.depth.min(8).to_string();
    let name = link(&[PATH, "/", &category.id].concat(), &category.name).class("name");
    let order = el("div")
        .class("order")
        .child(shift(asked, category, "up", "↑", "Move up", category.is_first))
        .child(shift(asked, category, "down", "↓", "Move down", category.is_last));
    el("tr")
        .attr("data-key", &category.id)
        .child(cell("Category", "wraps tree").attr("data-depth", &depth).child(name))
        .child(cell("Products", "num").text(&grouped(category.products)))
        .child(cell("With all below", "num").text(&grouped(category.all_products)))
        .child(
            cell("Address", "wraps")
                .child(link(&["/categories/", &category.slug].concat(), &category.slug).attr("rel", "external")),
        )
        .child(cell("Order", "").child(order))
}

fn shift(asked: Asked, category: &Category, way: &str, sign: &str, label: &str, is_end: bool) -> El {
    let id = [way, "-", &category.id].concat();
    let button = el("button")
        .class("link")
        .attr("id", &id)
        // Not disabled: whoever has just pressed it to the end would lose the focus.
        .maybe_attr("aria-disabled", is_end.then_some("true"))
        .child(el("span").attr("aria-hidden", "true").text(sign))
        .child(hidden(&[label, ": ", &category.path].concat()));
    el("form")
        .attr("method", "post")
        .attr("action", SHIFT)
        .attr("data-act", "")
        .child(asked.page_field())
        .child(kept("category", &category.id))
        .child(kept("from", &category.place.to_string()))
        .child(kept("way", way))
        .child(button)
}

fn nothing() -> El {
    el("p").text("There are no categories yet. Make the first one, or import products that have some.")
}
