//! What a line shows of its product, in the cart, beside it and in brief.

use crate::cart::api::Line;
use crate::domain::Currency;
use crate::ui::{El, Photo, el, link, photo_or_outline, price_tag};

/// `None` for what can't be looked at any more.
fn href(line: &Line) -> Option<String> {
    let slug = line.slug.as_ref()?;
    let mut search = form_urlencoded::Serializer::new(String::new());
    search.append_pair("variant", &line.key);
    Some(["/products/", slug, "?", &search.finish()].concat())
}

/// The picture leads where the title does, and is not said a second time.
pub fn plate(line: &Line, sizes: &'static str) -> El {
    let photo = photo_or_outline(line.picture.as_ref(), Photo { sizes, eager: false, alt: "" });
    match href(line) {
        Some(href) => {
            el("a").class("plate").attr("href", &href).attr("tabindex", "-1").attr("aria-hidden", "true").child(photo)
        }
        None => el("div").class("plate").child(photo),
    }
}

pub fn title(line: &Line) -> El {
    let heading = el("h3");
    match href(line) {
        Some(href) => heading.child(link(&href, &line.title)),
        None => heading.text(&line.title),
    }
}

pub fn options(line: &Line) -> Option<El> {
    (!line.options.is_empty()).then(|| el("p").class("quiet small").text(&line.options.join(", ")))
}

/// Of one piece; the price before is the one that savings are counted from.
pub fn unit_price(line: &Line, currency: &Currency) -> El {
    let tag = price_tag(currency, line.price, line.compare_at.max(line.was), false);
    if line.quantity > 1 { tag.text(" each") } else { tag }
}
