use crate::catalog::api::Picture;
use crate::ui::{El, Glyph, Photo, el, hidden, icon, photo_or_outline};

const SIZES: &str = "(min-width: 90rem) 46rem, (min-width: 56.25rem) 54vw, 100vw";

/// Pictures side by side, snapping one at a time. Each is a link to its large file and each thumbnail to its picture,
/// so nothing here needs JavaScript; with it the large one opens in place and a chosen variant shows its own picture.
pub fn gallery(pictures: &[Picture], title: &str, first: Option<u16>) -> El {
    let count = pictures.len();
    if count == 0 {
        let photo = Photo { sizes: SIZES, eager: true, alt: "" };
        let outline = el("div").class("plate").child(photo_or_outline(None, photo));
        return el("div").class("gallery").child(outline);
    }
    // The chosen variant's picture comes first, since without JavaScript nothing scrolls to it.
    let first = first.map(usize::from).filter(|first| *first < count).unwrap_or_default();
    let pictures: Vec<Picture> = (0..count).map(|at| named(&pictures[(at + first) % count], title, at)).collect();
    let strip = el("ul")
        .class("strip")
        .attr("tabindex", "0")
        .attr("aria-label", "Pictures")
        .children(pictures.iter().enumerate().map(|(at, picture)| strip_picture(at, picture)).collect());
    let thumbs = (count > 1).then(|| {
        el("ul")
            .class("thumbs")
            .attr("aria-label", "Choose a picture")
            .children(pictures.iter().enumerate().map(|(at, picture)| thumb(at, picture)).collect())
    });
    el("div").class("gallery").attr("data-first", &first.to_string()).child(strip).maybe(thumbs).child(enlarged(count))
}

/// A picture without words of its own is at least told apart from the others.
fn named(picture: &Picture, title: &str, at: usize) -> Picture {
    let mut picture = picture.clone();
    if picture.alt.is_empty() {
        picture.alt = [title, ", picture ", &(at + 1).to_string()].concat();
    }
    picture
}

fn picture_id(at: usize) -> String {
    ["picture-", &(at + 1).to_string()].concat()
}

fn strip_picture(at: usize, picture: &Picture) -> El {
    // `rel=external` keeps the router from taking the file for a page.
    let link = el("a")
        .attr("href", &picture.largest())
        .attr("rel", "external")
        .attr("data-at", &at.to_string())
        .child(picture.photo(Photo { sizes: SIZES, eager: at == 0, alt: &picture.alt }))
        .child(el("span").class("enlarge").child(icon(Glyph::Enlarge)).child(hidden(" (enlarge)")));
    el("li").class("plate").attr("id", &picture_id(at)).child(link)
}

fn thumb(at: usize, picture: &Picture) -> El {
    let alt = ["Show ", &picture.alt].concat();
    let link = el("a")
        .attr("href", &["#", &picture_id(at)].concat())
        .attr("data-at", &at.to_string())
        .child(picture.photo(Photo { sizes: "5rem", eager: false, alt: &alt }));
    el("li").class("plate").child(link)
}

/// The large picture's place, over the page. Only the one asked for is loaded.
fn enlarged(count: usize) -> El {
    let button = |words: &str| el("button").class("button plain").attr("type", "button").text(words);
    let step = |by: &str, words: &str| (count > 1).then(|| button(words).attr("data-step", by));
    let acts = el("div")
        .class("enlarged-acts")
        .maybe(step("-1", "Previous"))
        .maybe(step("1", "Next"))
        .child(button("Close").attr("data-closes", ""));
    el("dialog")
        .class("enlarged")
        .attr("aria-label", "Enlarged picture")
        .child(el("div").class("enlarged-picture").attr("data-closes", ""))
        .child(acts)
}
