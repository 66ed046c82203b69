use crate::shop::use_shop;
use leptos::prelude::*;

/// Title, canonical address, and what crawlers and link previews read.
#[derive(Default)]
pub struct PageHead<'a> {
    pub title: &'a str,
    pub description: &'a str,
    /// Path and query of the one address that this page should be known by; `None` keeps it out of search engines.
    pub canonical: Option<String>,
    /// Path or URL; empty for none.
    pub image: String,
    /// Open Graph's type; empty for a website.
    pub kind: &'static str,
}

/// The head of a page that search engines have no business with.
#[component]
pub fn Head(#[prop(into)] title: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::write_head(PageHead { title: &title, ..PageHead::default() });
    #[cfg(not(feature = "ssr"))]
    set_head(&title, None);
}

/// A page's title with the shop's name behind it.
pub fn full_title(title: &str) -> String {
    let shop = use_shop();
    if title == shop.name { shop.name } else { [title, " · ", &shop.name].concat() }
}

/// Keeps current what the browser shows and shares of a page; the rest of the head is read from the server's HTML only.
pub fn set_head(title: &str, canonical: Option<&str>) {
    document().set_title(&full_title(title));
    let there = document().query_selector("link[rel=canonical]").ok().flatten();
    let url = canonical.map(|path| use_shop().base_url + path);
    match (url, there) {
        (Some(url), Some(link)) => drop(link.set_attribute("href", &url)),
        (Some(url), None) => {
            if let (Ok(link), Some(head)) = (document().create_element("link"), document().head()) {
                let _ = link.set_attribute("rel", "canonical");
                let _ = link.set_attribute("href", &url);
                let _ = head.append_child(&link);
            }
        }
        (None, Some(link)) => link.remove(),
        (None, None) => {}
    }
}
