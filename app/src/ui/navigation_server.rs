use super::markup::{El, el, link};
use super::navigation::Places;
use crate::catalog::api::NavCategory;
use crate::host::Navigation;
use leptos::prelude::*;
use std::sync::Arc;

pub fn html(places: Places, path: &str) -> String {
    let categories = categories();
    match places {
        Places::Bar => bar(&categories, path),
        Places::Tree => tree(&categories),
    }
    .html()
}

/// A page is still worth having without its menu.
fn categories() -> Arc<Vec<NavCategory>> {
    let Navigation(categories) = use_context().unwrap_or_default();
    categories
}

fn href(category: &NavCategory) -> String {
    ["/categories/", &category.slug].concat()
}

fn tree(categories: &[NavCategory]) -> El {
    let mut lines: Vec<El> = categories
        .iter()
        .map(|top| {
            let children = top.children.iter().map(|child| el("li").child(link(&href(child), &child.name))).collect();
            el("li")
                .child(link(&href(top), &top.name))
                .maybe((!top.children.is_empty()).then(|| el("ul").children(children)))
        })
        .collect();
    lines.push(el("li").child(link("/products", "All products")));
    el("ul").class("tree").children(lines)
}

/// The header has room for this many words on its narrowest wide screen; the rest are under "All".
const TOP_CATEGORIES: usize = 6;

fn bar(categories: &[NavCategory], path: &str) -> El {
    let here = path.strip_prefix("/categories/").unwrap_or_default();
    let mut words: Vec<El> = categories
        .iter()
        .take(TOP_CATEGORIES)
        .map(|top| {
            let current = top.slug == here || top.children.iter().any(|child| child.slug == here);
            el("li").child(link(&href(top), &top.name).maybe_attr("aria-current", current.then_some("true")))
        })
        .collect();
    words.push(el("li").child(link("/products", "All")));
    el("ul").children(words)
}

/// The way on from a page that is none.
pub fn ways() -> String {
    let categories = categories();
    let mut words = vec![el("li").child(link("/products", "All products"))];
    words.extend(categories.iter().map(|top| el("li").child(link(&href(top), &top.name))));
    el("ul").class("ways").children(words).html()
}
