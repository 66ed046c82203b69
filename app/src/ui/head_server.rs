//! What the server writes into a page's head.

use super::answer::forbid_indexing;
use super::head::{PageHead, full_title};
use crate::shop::use_shop;
use leptos::prelude::*;
use leptos_meta::{Link, Meta, Title};

/// A tag of the head goes there when it is rendered, wherever that is; what it leaves in its own place is nothing.
pub fn write_head(head: PageHead) {
    let PageHead { title, description, canonical, image, kind } = head;
    let shop = use_shop();
    let url = canonical.map(|path| [shop.base_url.as_str(), &path].concat());
    // leptos_meta 0.9.0-rc1 writes the title into the HTML as it is.
    let escaped = full_title(title).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = view! { <Title text=escaped/> };
    let description = if description.is_empty() { shop.tagline } else { description.to_owned() };
    let image = if image.starts_with('/') { shop.base_url + &image } else { image };
    let mut tags = vec![view! { <Meta name="description" content=description.clone()/> }.into_any()];
    tags.push(match &url {
        Some(url) => view! { <Link rel="canonical" href=url.clone()/> }.into_any(),
        None => {
            forbid_indexing();
            view! { <Meta name="robots" content="noindex"/> }.into_any()
        }
    });
    for (property, content) in [
        ("og:title", title.to_owned()),
        ("og:description", description),
        ("og:type", if kind.is_empty() { "website" } else { kind }.to_owned()),
        ("og:site_name", shop.name),
        ("og:url", url.unwrap_or_default()),
        ("og:image", image),
    ] {
        if !content.is_empty() {
            tags.push(view! { <Meta property=property content=content/> }.into_any());
        }
    }
    drop(tags.to_html());
}
