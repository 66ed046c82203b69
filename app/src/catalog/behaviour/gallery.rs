use crate::ui::{all, closest, data_at, el, is_plain};
use leptos::ev;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlDialogElement};

/// Opens a picture large, or brings it into the strip. Returns whether the click was the gallery's.
pub fn click(event: &ev::MouseEvent, target: &Element) -> bool {
    let Some(gallery) = closest(target, ".gallery").filter(|_| is_plain(event)) else { return false };
    if let Some(step) = closest(target, "[data-step]").and_then(|button| button.get_attribute("data-step")) {
        enlarge_next(&gallery, step == "1");
    } else if let Some(at) = data_at(event) {
        event.prevent_default();
        if closest(target, ".thumbs").is_some() {
            show(&gallery, at);
        } else {
            enlarge(&gallery, at);
        }
    }
    true
}

/// Arrow keys leaf through the enlarged pictures.
pub fn key(event: &ev::KeyboardEvent) {
    let dialog = event.target().and_then(|target| closest(target.dyn_ref()?, ".enlarged"));
    let forward = match event.key().as_str() {
        "ArrowRight" => true,
        "ArrowLeft" => false,
        _ => return,
    };
    if let Some(gallery) = dialog.and_then(|dialog| closest(&dialog, ".gallery")) {
        enlarge_next(&gallery, forward);
    }
}

/// Brings a picture into view, counted as the strip has them.
pub fn show(gallery: &Element, at: usize) {
    if let Ok(Some(strip)) = gallery.query_selector(".strip") {
        let at = i32::try_from(at).unwrap_or_default();
        strip.set_scroll_left(strip.client_width().saturating_mul(at));
    }
}

fn enlarge_next(gallery: &Element, forward: bool) {
    let count = all(gallery, ".strip a").len();
    let now = gallery
        .query_selector(".enlarged-picture")
        .ok()
        .flatten()
        .and_then(|place| place.get_attribute("data-shown")?.parse::<usize>().ok());
    if let Some(now) = now
        && count > 0
    {
        enlarge(gallery, (now + if forward { 1 } else { count - 1 }) % count);
    }
}

fn enlarge(gallery: &Element, at: usize) {
    let links = all(gallery, ".strip a");
    let Some(link) = links.get(at) else { return };
    let Ok(Some(small)) = link.query_selector("img") else { return };
    let Ok(Some(place)) = gallery.query_selector(".enlarged-picture") else { return };
    let of = |element: &Element, name: &str| element.get_attribute(name).unwrap_or_default();
    let picture = el("img")
        .attr("src", &of(link, "href"))
        .attr("alt", &of(&small, "alt"))
        .attr("width", &of(&small, "width"))
        .attr("height", &of(&small, "height"));
    place.set_inner_html(&picture.html());
    let _ = place.set_attribute("data-shown", &at.to_string());
    if let Some(dialog) = closest(&place, "dialog").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok())
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}
