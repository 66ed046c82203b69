//! What a list shows of a thing, to whoever looks at it.

use crate::domain::StockState;
use crate::ui::{El, Photo, el, link, photo_or_outline};
use crate::wishlist::api::Item;

/// `None` for what can't be looked at any more.
fn href(item: &Item) -> Option<String> {
    let slug = item.slug.as_ref()?;
    let mut search = form_urlencoded::Serializer::new(String::new());
    search.append_pair("variant", &item.key);
    Some(["/products/", slug, "?", &search.finish()].concat())
}

pub fn is_buyable(item: &Item) -> bool {
    !item.gone && !item.stock.is_out()
}

/// The picture leads where the name does, and is not said a second time.
pub fn plate(item: &Item, sizes: &'static str) -> El {
    let photo = photo_or_outline(item.picture.as_ref(), Photo { sizes, eager: false, alt: "" });
    match href(item) {
        Some(href) => {
            el("a").class("plate").attr("href", &href).attr("tabindex", "-1").attr("aria-hidden", "true").child(photo)
        }
        None => el("div").class("plate").child(photo),
    }
}

pub fn name(item: &Item) -> El {
    let heading = el("h3");
    match href(item) {
        Some(href) => heading.child(link(&href, &item.title)),
        None => heading.text(&item.title),
    }
}

pub fn options(item: &Item) -> Option<El> {
    (!item.options.is_empty()).then(|| el("p").class("small quiet").text(&item.options.join(", ")))
}

/// Whether it can be had, in words.
pub fn stock(item: &Item) -> El {
    let (level, words) = match item.stock {
        _ if item.gone => ("gone", "Not sold any more".to_owned()),
        StockState::In => ("in", item.stock.words()),
        StockState::Low(_) => ("low", item.stock.words()),
        StockState::Out => ("out", item.stock.words()),
    };
    el("p").class("stock small").attr("data-stock", level).text(&words)
}
