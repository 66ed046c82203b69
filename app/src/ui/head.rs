use crate::shop::use_shop;
use leptos::prelude::*;
use leptos_meta::{Link, Title};

/// Title, canonical address, and what crawlers and link previews read.
///
/// The browser keeps title and canonical address current, for they are what it shows and shares; the rest is read
/// from the server's HTML only and stays out of the download. The canonical link comes first because tags in the head
/// are hydrated in order.
#[component]
pub fn Head(
    #[prop(into)] title: String,
    #[prop(optional, into)] description: String,
    /// Path and query of the one address that this page should be known by; `None` keeps it out of search engines.
    canonical: Option<String>,
    /// Path or URL; empty for none.
    #[prop(optional, into)]
    image: String,
    #[prop(default = "website")] kind: &'static str,
) -> impl IntoView {
    let shop = use_shop();
    let mut full_title = title.clone();
    if title != shop.name {
        full_title.push_str(" · ");
        full_title.push_str(&shop.name);
    }
    let url = canonical.as_ref().map(|path| [shop.base_url.as_str(), path].concat());
    let canonical = url.clone().map(|url| view! { <Link rel="canonical" href=url/> });
    let crawlers = for_crawlers(&title, &description, url.as_deref(), image, kind);
    view! {
        <Title text=title_text(full_title)/>
        {canonical}
        {crawlers}
    }
    .into_any()
}

/// leptos_meta 0.9.0-rc1 writes the title into the server's HTML as it is; the browser sets it as text.
fn title_text(title: String) -> String {
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;") } else { title }
}

/// A list, because a list leaves the same mark in the page whatever is in it, and the browser's is empty.
#[cfg(feature = "ssr")]
fn for_crawlers(
    title: &str,
    description: &str,
    url: Option<&str>,
    image: String,
    kind: &'static str,
) -> Vec<impl IntoView + use<>> {
    use leptos_meta::Meta;

    let shop = use_shop();
    if url.is_none() {
        super::answer::forbid_indexing();
    }
    let description = if description.is_empty() { shop.tagline } else { description.to_owned() };
    let image = if image.starts_with('/') { shop.base_url + &image } else { image };
    let mut tags = vec![view! { <Meta name="description" content=description.clone()/> }];
    if url.is_none() {
        tags.push(view! { <Meta name="robots" content="noindex"/> });
    }
    for (property, content) in [
        ("og:title", title.to_owned()),
        ("og:description", description),
        ("og:type", kind.to_owned()),
        ("og:site_name", shop.name),
        ("og:url", url.unwrap_or_default().to_owned()),
        ("og:image", image),
    ] {
        if !content.is_empty() {
            tags.push(view! { <Meta property=property content=content/> });
        }
    }
    tags
}

#[cfg(not(feature = "ssr"))]
fn for_crawlers(_: &str, _: &str, _: Option<&str>, _: String, _: &'static str) -> Vec<()> {
    Vec::new()
}
