use super::pager::pager;
use super::query::query;
use super::row::rows_of;
use crate::admin::bulk::host::PATH as BULK;
use crate::admin::bulk::view::{bar, pick_all};
use crate::admin::products::host::{CategoryName, NO_CATEGORY, PATH, Place, Query, Status, Table};
use crate::admin::view::columns::{Column, Columns};
use crate::admin::view::table::{filter, heading_cell, sort_heading, table, tools};
use crate::admin::view::{Asked, Desk};
use crate::admin::views::view::views;
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el, hidden, link};
use std::collections::HashMap;

/// Views that everybody has.
const BUILT_IN: [(&str, &str); 4] =
    [("Low stock", "stock=low"), ("Drafts", "status=draft"), ("On sale", "sale=yes"), ("No picture", "picture=none")];

/// Beside the product's title.
const COLUMNS: [Column; 12] = [
    Column { key: "picture", label: "Picture", usual: true },
    Column { key: "sku", label: "SKU", usual: false },
    Column { key: "status", label: "Status", usual: true },
    Column { key: "category", label: "Category", usual: true },
    Column { key: "vendor", label: "Vendor", usual: false },
    Column { key: "tags", label: "Tags", usual: false },
    Column { key: "variants", label: "Variants", usual: false },
    Column { key: "price", label: "Price", usual: true },
    Column { key: "compare_at", label: "Price before", usual: false },
    Column { key: "stock", label: "Stock", usual: true },
    Column { key: "created", label: "Created", usual: false },
    Column { key: "updated", label: "Updated", usual: true },
];

pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let products = &asked.office.products;
    let query = query(asked);
    let found = products.table(&query).await?;
    let categories = products.categories().await?;
    let saved = asked.office.views.list(PATH).await?;
    let count = found.count.words("product", "products");
    let columns = Columns::parse(&COLUMNS, asked.search);
    let tools =
        tools(asked, "Title, SKU or tag", filters(asked, &categories), &count).child(columns.chooser(asked, "Product"));
    let rest = match found.rows.is_empty() {
        true => vec![nothing(asked, &query)],
        false => rows(asked, &query, &columns, &found, &categories),
    };
    let body = [views(asked, &BUILT_IN, &saved), tools].into_iter().chain(rest).collect();
    let export = asked.with(&[("sort", ""), ("size", ""), ("col", "")]).replacen(asked.path, "/admin/products.csv", 1);
    let export = link(&export, "Export").class("button plain").attr("rel", "external").attr("download", "");
    let bulk = link(BULK, "Bulk edits").class("button plain");
    let new = link(&[PATH, "/new"].concat(), "New product").class("button");
    let right = el("div").class("right").child(export).child(bulk).child(new);
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
        filter(asked, "picture", "Pictures", "With or without picture", &[("none", "No picture")]),
    ]
}

fn rows(asked: Asked, query: &Query, columns: &Columns, found: &Table, categories: &[CategoryName]) -> Vec<El> {
    let sort = |by, class, label| sort_heading(asked, query.sorting, by, class, label);
    let plain = |label| heading_cell("", label);
    let picture = heading_cell("", "").child(hidden("Picture"));
    let head = [
        ("", pick_all()),
        ("picture", picture),
        ("", sort("title", "", "Product")),
        ("sku", sort("sku", "", "SKU")),
        ("status", sort("status", "", "Status")),
        ("category", sort("category", "", "Category")),
        ("vendor", plain("Vendor")),
        ("tags", plain("Tags")),
        ("variants", heading_cell("num", "Variants")),
        ("price", sort("price", "num", "Price")),
        ("compare_at", heading_cell("num", "Price before")),
        ("stock", sort("stock", "num", "Stock")),
        ("created", sort("created", "", "Created")),
        ("updated", sort("updated", "", "Updated")),
    ];
    let head = head
        .into_iter()
        .filter(|(key, _)| key.is_empty() || columns.has(key))
        .map(|(_, cell)| cell)
        .collect::<Vec<El>>();
    let paths: HashMap<&str, &str> = categories.iter().map(|one| (one.id.as_str(), one.path.as_str())).collect();
    let path = |id: &str| paths.get(id).copied().unwrap_or_default();
    let rows =
        found.rows.iter().flat_map(|one| rows_of(asked, one, path(&one.category), columns, head.len())).collect();
    vec![table("Products", head, rows), pager(asked, &query.place, found), bar(asked, found)]
}

/// Either the shop has no product yet, or none is as asked.
fn nothing(asked: Asked, query: &Query) -> El {
    let block = el("div").class("nothing");
    if !matches!(query.place, Place::Number(1) | Place::Last) {
        return block.child(el("p").text("There is no such page. ").child(link(&asked.with(&[]), "See the first")));
    }
    let filtered = asked.with(&[("sort", ""), ("size", ""), ("col", "")]) != asked.path;
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
