use super::markup::{El, el};
use super::{Glyph, icon};

/// A plain search field in the page, for where searching is the next step. The one in the header has suggestions.
pub fn search_form(value: &str) -> El {
    let field = el("input")
        .class("field")
        .attr("type", "search")
        .attr("name", "q")
        .attr("value", value)
        .attr("aria-label", "Search the shop")
        .attr("maxlength", "200");
    el("form")
        .class("search")
        .attr("role", "search")
        .attr("aria-label", "In this page")
        .attr("action", "/search")
        .attr("method", "get")
        .child(field)
        .child(el("button").class("place").attr("aria-label", "Search").child(icon(Glyph::Search)))
}
