use super::dom::all;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The places where the categories stand.
#[derive(Clone, Copy)]
pub enum Places {
    /// The header's row, which marks where the page is.
    Bar,
    /// Top categories as words, the second level beneath.
    Tree,
}

/// The categories, as the server writes them. They outlive every page, so the browser never makes them anew.
#[component]
pub fn CategoryLinks(places: Places) -> impl IntoView {
    let path = use_location().pathname;
    if let Places::Bar = places {
        Effect::new(move |_| mark(&path.read()));
    }
    #[cfg(feature = "ssr")]
    let html = super::navigation_server::html(places, &path.read_untracked());
    #[cfg(not(feature = "ssr"))]
    let html = "";
    view! { <div class="static" inner_html=html></div> }.into_any()
}

/// Marks the header's word for the category that the page is in, or under.
fn mark(path: &str) {
    let Some(root) = document().document_element() else { return };
    let top = all(&root, "#categories .tree > li")
        .into_iter()
        .find(|top| all(top, "a").iter().any(|link| link.get_attribute("href").is_some_and(|href| href == path)));
    let here = top.and_then(|top| all(&top, "a").first()?.get_attribute("href"));
    for link in all(&root, ".bar-nav a[href^='/categories/']") {
        let _ = match &here {
            Some(here) if link.get_attribute("href").as_ref() == Some(here) => {
                link.set_attribute("aria-current", "true")
            }
            _ => link.remove_attribute("aria-current"),
        };
    }
}

/// The way on from a page that is none, as HTML. The browser takes the words from those that stand in the footer.
pub fn ways() -> String {
    #[cfg(feature = "ssr")]
    return super::navigation_server::ways();
    #[cfg(not(feature = "ssr"))]
    {
        let Some(root) = document().document_element() else { return String::new() };
        let mut links = all(&root, "#categories .tree > li > a");
        // "All products" ends the tree and begins the ways.
        let last = 1.min(links.len());
        links.rotate_right(last);
        let words: String = links.iter().map(|link| ["<li>", &link.outer_html(), "</li>"].concat()).collect();
        ["<ul class=\"ways\">", &words, "</ul>"].concat()
    }
}
