use super::markup::{El, el, link};
use crate::catalog::api::{NavCategory, load_navigation};
use crate::error::AppError;
use crate::page_json::PageJson;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The category tree, asked for once and shown by header, menu and footer.
#[derive(Clone, Copy)]
pub struct Navigation(OnceResource<Result<Vec<NavCategory>, AppError>, PageJson>);

pub fn provide_navigation() {
    provide_context(Navigation(OnceResource::new_with_options(load_navigation(), false)));
}

/// The categories as `render` writes them, given the current path. A page is still worth having without its menu, so
/// a failure is an empty one.
#[component]
pub fn CategoryLinks(render: fn(&[NavCategory], &str) -> El) -> impl IntoView {
    let Navigation(navigation) = expect_context();
    let path = use_location().pathname;
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let categories = navigation.await.unwrap_or_default();
                super::markup::live(move || render(&categories, &path.read()).html())
            })}
        </Suspense>
    }
    .into_any()
}

fn href(category: &NavCategory) -> String {
    ["/categories/", &category.slug].concat()
}

/// Top categories as words, the second level beneath.
pub fn tree(categories: &[NavCategory], _path: &str) -> El {
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

/// Top categories side by side, the one that the page is in marked.
pub fn bar(categories: &[NavCategory], path: &str) -> El {
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
pub fn ways(categories: &[NavCategory], _path: &str) -> El {
    let mut words = vec![el("li").child(link("/products", "All products"))];
    words.extend(categories.iter().map(|top| el("li").child(link(&href(top), &top.name))));
    el("ul").class("ways").children(words)
}
