use super::markup::{el, link};
use crate::catalog::api::Crumb;
use leptos::prelude::*;

/// The way here, without the page itself, which its heading names.
pub fn crumbs(crumbs: &[Crumb]) -> Option<AnyView> {
    let steps = crumbs.iter().map(|crumb| el("li").child(link(&crumb.href, &crumb.name))).collect();
    (!crumbs.is_empty())
        .then(|| el("nav").class("crumbs").attr("aria-label", "Breadcrumb").child(el("ol").children(steps)).view())
}
