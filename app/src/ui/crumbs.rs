use super::markup::{El, el, link};
use crate::catalog::api::Crumb;

/// The way here, without the page itself, which its heading names.
pub fn crumbs(crumbs: &[Crumb]) -> Option<El> {
    let steps = crumbs.iter().map(|crumb| el("li").child(link(&crumb.href, &crumb.name))).collect();
    (!crumbs.is_empty())
        .then(|| el("nav").class("crumbs").attr("aria-label", "Breadcrumb").child(el("ol").children(steps)))
}
