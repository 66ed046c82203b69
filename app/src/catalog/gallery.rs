use super::api::Picture;
use super::product::Shown;
use crate::ui::{El, Glyph, Photo, close_dialog, data_at, el, hidden, icon, live, open_dialog, photo_or_outline};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

const SIZES: &str = "(min-width: 90rem) 46rem, (min-width: 56.25rem) 54vw, 100vw";

/// Pictures side by side, snapping one at a time. Each is a link to its large file and each thumbnail to its picture,
/// so nothing here needs JavaScript; with it the large one opens in place and a chosen variant shows its own picture.
#[component]
pub fn Gallery(shown: Shown, pictures: Vec<Picture>, title: String) -> impl IntoView {
    let strip = NodeRef::<html::Ul>::new();
    let large = RwSignal::new(None::<usize>);
    let count = pictures.len();
    // The chosen variant's picture comes first, since without JavaScript nothing scrolls to it.
    let first = shown.picture_untracked().filter(|first| *first < count).unwrap_or_default();
    let pictures: Vec<Picture> = (0..count).map(|at| named(&pictures[(at + first) % count], &title, at)).collect();
    if count == 0 {
        let photo = Photo { sizes: SIZES, eager: true, alt: "" };
        let outline = el("div").class("plate").child(photo_or_outline(None, photo));
        return el("div").class("gallery").child(outline).view();
    }
    Effect::new(move |before: Option<Option<usize>>| {
        let now = shown.picture();
        if let Some(picture) = now
            && before.is_some_and(|before| before != now)
        {
            show_in_strip(strip, (picture + count - first) % count);
        }
        now
    });
    let on_strip = move |event: ev::MouseEvent| {
        if let Some(at) = plain_click(&event) {
            large.set(Some(at));
        }
    };
    let on_thumb = move |event: ev::MouseEvent| {
        if let Some(at) = plain_click(&event) {
            show_in_strip(strip, at);
        }
    };
    let strip_html: String =
        pictures.iter().enumerate().map(|(at, picture)| strip_picture(at, picture).html()).collect();
    let thumbs = el("ul")
        .class("thumbs")
        .attr("aria-label", "Choose a picture")
        .children(pictures.iter().enumerate().map(|(at, picture)| thumb(at, picture)).collect());
    view! {
        <div class="gallery">
            <ul
                class="strip"
                node_ref=strip
                tabindex="0"
                aria-label="Pictures"
                inner_html=strip_html
                on:click=on_strip
            ></ul>
            <div class="static" on:click=on_thumb>{(count > 1).then(|| thumbs.view())}</div>
            <Enlarged pictures large/>
        </div>
    }
    .into_any()
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
        .child(el("span").class("enlarge").child(icon(Glyph::Enlarge)).child(hidden(", enlarge")));
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

fn show_in_strip(strip: NodeRef<html::Ul>, at: usize) {
    if let Some(strip) = strip.get_untracked() {
        let at = i32::try_from(at).unwrap_or_default();
        strip.set_scroll_left(strip.client_width().saturating_mul(at));
    }
}

/// The picture that was clicked, unless the click asks the browser for something else, such as a new tab.
fn plain_click(event: &ev::MouseEvent) -> Option<usize> {
    let plain = event.button() == 0 && !event.meta_key() && !event.ctrl_key() && !event.shift_key() && !event.alt_key();
    let at = data_at(event).filter(|_| plain)?;
    event.prevent_default();
    Some(at)
}

/// The large picture, over the page. Only the one asked for is loaded.
#[component]
fn Enlarged(pictures: Vec<Picture>, large: RwSignal<Option<usize>>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let count = pictures.len();
    Effect::new(move |_| {
        if large.get().is_some() {
            open_dialog(dialog);
        } else {
            close_dialog(dialog);
        }
    });
    let step = move |by: usize| large.update(|large| *large = large.map(|at| (at + by) % count));
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowRight" => step(1),
        "ArrowLeft" => step(count - 1),
        _ => {}
    };
    // The acts are words in a list of numbers: close, one on, one back.
    let on_act = move |event: ev::MouseEvent| match data_at(&event) {
        Some(0) => large.set(None),
        Some(by) => step(by),
        None => {}
    };
    let picture = move || large.get().and_then(|at| pictures.get(at)).map(enlarged).map(El::html).unwrap_or_default();
    let button = |by: usize, words: &str| {
        el("button").class("button plain").attr("type", "button").attr("data-at", &by.to_string()).text(words)
    };
    let acts = el("div")
        .class("enlarged-acts")
        .maybe((count > 1).then(|| button(count - 1, "Previous")))
        .maybe((count > 1).then(|| button(1, "Next")))
        .child(button(0, "Close"));
    view! {
        <dialog
            class="enlarged"
            aria-label="Enlarged picture"
            node_ref=dialog
            on:close=move |_| large.set(None)
            on:keydown=on_key
            on:click=on_act
        >
            {live(picture)}
            {acts.view()}
        </dialog>
    }
    .into_any()
}

fn enlarged(picture: &Picture) -> El {
    let img = el("img")
        .attr("src", &picture.largest())
        .attr("alt", &picture.alt)
        .attr("width", &picture.width.to_string())
        .attr("height", &picture.height.to_string());
    el("div").class("enlarged-picture").attr("data-at", "0").child(img)
}
