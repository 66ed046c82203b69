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
    let crawlers = for_crawlers(&title, &description, url.as_deref(), image, kind);
    view! {
        <Title text=full_title/>
        {url.map(|url| view! { <Link rel="canonical" href=url/> })}
        {crawlers}
    }
}

#[cfg(feature = "ssr")]
fn for_crawlers(
    title: &str,
    description: &str,
    url: Option<&str>,
    image: String,
    kind: &'static str,
) -> impl IntoView + use<> {
    use leptos_meta::Meta;

    let shop = use_shop();
    if url.is_none() {
        super::error_page::forbid_indexing();
    }
    let image = if image.starts_with('/') { shop.base_url.clone() + &image } else { image };
    let description = if description.is_empty() { shop.tagline } else { description.to_owned() };
    view! {
        {url.is_none().then(|| view! { <Meta name="robots" content="noindex"/> })}
        <Meta name="description" content=description.clone()/>
        <Meta property="og:title" content=title.to_owned()/>
        <Meta property="og:description" content=description/>
        <Meta property="og:type" content=kind/>
        <Meta property="og:site_name" content=shop.name/>
        {url.map(|url| view! { <Meta property="og:url" content=url.to_owned()/> })}
        {(!image.is_empty()).then(|| view! { <Meta property="og:image" content=image/> })}
    }
}

#[cfg(not(feature = "ssr"))]
fn for_crawlers(_: &str, _: &str, _: Option<&str>, _: String, _: &'static str) {}
