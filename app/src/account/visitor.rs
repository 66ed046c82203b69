use super::api::Visitor;
use crate::ui::{El, el};
use leptos::prelude::*;

/// Who is looking.
pub fn use_visitor() -> RwSignal<Visitor> {
    expect_context()
}

/// Where a visitor logs in, and comes back to `page` from.
pub fn login_href(page: &str) -> String {
    let mut search = form_urlencoded::Serializer::new(String::new());
    search.append_pair("next", page);
    ["/login?", &search.finish()].concat()
}

/// Always the browser's own post: the page that follows is a new one, and nothing of the old visitor is left in memory.
pub fn log_out_form(button: &str) -> El {
    el("form")
        .attr("method", "post")
        .attr("action", "/api/account/log_out")
        .child(el("button").class(button).text("Log out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_one_parameter() {
        assert_eq!(login_href("/search?q=a&sort=name"), "/login?next=%2Fsearch%3Fq%3Da%26sort%3Dname");
    }
}
