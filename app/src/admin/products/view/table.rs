use super::query::query;
use super::row::row;
use crate::admin::products::host::{CategoryName, NO_CATEGORY, PATH, Query, Status, Table};
use crate::admin::view::table::{filter, heading_cell, how_many, pager, sort_heading, table, tools};
use crate::admin::view::{Asked, Desk};
use crate::admin::views::view::views;
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el, hidden, link};
use std::collections::HashMap;

/// Views that everybody has.
const BUILT_IN: [(&str, &str); 4] =
    [("Low stock", "stock=low"), ("Drafts", "status=draft"), ("On sale", "sale=yes"), ("No picture", "picture=none")];

pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let products = &asked.office.products;
    let query = query(asked);
    let found = products.table(&query).await?;
    let categories = products.categories().await?;
    let saved = asked.office.views.list(PATH).await?;
    let count = how_many(found.total, found.capped, "product", "products");
    let tools = tools(asked, "Title, SKU or tag", filters(asked, &categories), &count);
    let rest =
        if found.rows.is_empty() { vec![nothing(asked, &query)] } else { rows(asked, &query, &found, &categories) };
    let body = [views(asked, &BUILT_IN, &saved), tools].into_iter().chain(rest).collect();
    let export = asked.with(&[("sort", ""), ("size", "")]).replacen(asked.path, "/admin/products.csv", 1);
    let export = link(&export, "Export").class("button plain").attr("rel", "external").attr("download", "");
    let new = link(&[PATH, "/new"].concat(), "New product").class("button");
    let right = el("div").class("right").child(export).child(new);
    Ok(Desk { title: "Products", area: PATH, right: Some(right), body }.page(asked))
}

fn filters(asked: Asked, categories: &[CategoryName]) -> Vec<El> {
    let statuses = Status::ALL.map(|status| (status.key(), status.label()));
    let none = [(NO_CATEGORY, "No category")];
    let categories: Vec<(&str, &str)> =
        none.into_iter().chain(categories.iter().map(|one| (one.id.as_str(), one.path.as_str()))).collect();
    vec![
        filter(asked, "status", "Status", "Any status", &statuses),
        filter(asked, "category", "Category", "Any category", &categories),
        filter(asked, "stock", "Stock", "Any stock", &[("low", "Low"), ("out", "Out of stock")]),
        filter(asked, "sale", "Price", "Any price", &[("yes", "On sale")]),
        filter(asked, "picture", "Pictures", "With or without", &[("none", "No picture")]),
    ]
}

fn rows(asked: Asked, query: &Query, found: &Table, categories: &[CategoryName]) -> Vec<El> {
    let sort = |by, class, label| sort_heading(asked, query.sorting, by, class, label);
    let head = vec![
        heading_cell("", "").child(hidden("Picture")),
        sort("title", "", "Product"),
        heading_cell("", "SKU"),
        heading_cell("", "Status"),
        heading_cell("", "Category"),
        sort("price", "num", "Price"),
        sort("stock", "num", "Stock"),
        sort("updated", "", "Updated"),
    ];
    let paths: HashMap<&str, &str> = categories.iter().map(|one| (one.id.as_str(), one.path.as_str())).collect();
    let path = |id: &str| paths.get(id).copied().unwrap_or_default();
    let rows = found.rows.iter().map(|one| row(asked, one, path(&one.category))).collect();
    let last = !found.more && found.capped;
    let narrow = last.then(|| {
        el("p").class("quiet").text("There are more than can be paged through: search, filter or sort to see the rest.")
    });
    [table("Products", head, rows), pager(asked, found.more)].into_iter().chain(narrow).collect()
}

/// Either the shop has no product yet, or none is as asked.
fn nothing(asked: Asked, query: &Query) -> El {
    let block = el("div").class("nothing");
    if query.page > 1 {
        return block.child(el("p").text("There is no such page. ").child(link(&asked.with(&[]), "See the first")));
    }
    let filtered = asked.with(&[("sort", ""), ("size", "")]) != asked.path;
    match filtered {
        true => block
            .child(el("p").text("No product is like that. Try fewer filters, or ").child(link(asked.path, "see all"))),
        false => block.child(
            el("p")
                .text("There are no products yet. ")
                .child(link(&[PATH, "/new"].concat(), "Create the first"))
                .text(", or ")
                .child(link("/admin/imports", "import a file"))
                .text("."),
        ),
    }
}
