//! Pictures are dragged to their places, where there is a pointer that drags. The buttons beside them do the same.

use super::uploads::{listen, target};
use crate::cart::behaviour::Shopping;
use crate::ui::{all, closest, here};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;
use web_sys::{DragEvent, Element, Event};

/// Those that aren't ready stand behind all others, and are nowhere among them.
const ITEM: &str = ".picture-list > li:not([data-coming])";
/// On the picture that is dragged.
const HELD: &str = "data-held";
/// On the one beside which it would be dropped.
const BESIDE: [&str; 2] = ["data-before", "data-after"];

pub fn take_order(shopping: Shopping) {
    Effect::new(move |_| {
        let listeners = [
            listen("dragstart", shopping, |_, event| grasp(event)),
            listen("dragover", shopping, |_, event| over(event)),
            listen("drop", shopping, dropped),
            listen("dragend", shopping, |_, _| release()),
        ];
        on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    });
}

/// The picture that is dragged now.
pub fn held() -> Option<Element> {
    document().query_selector(&[ITEM, "[", HELD, "]"].concat()).ok().flatten()
}

fn grasp(event: &Event) {
    let item = target(event).filter(|target| closest(target, ".plate").is_some());
    if let Some(item) = item.and_then(|target| closest(&target, ITEM)) {
        let _ = item.set_attribute(HELD, "");
    }
}

fn over(event: &Event) {
    let Some((_, beside, after)) = place_of(event) else { return };
    event.prevent_default();
    unmark();
    let _ = beside.set_attribute(BESIDE[usize::from(after)], "");
}

fn dropped(shopping: &Shopping, event: &Event) {
    let Some((item, beside, after)) = place_of(event) else { return };
    event.prevent_default();
    release();
    let others: Vec<Element> = item
        .parent_element()
        .map(|list| all(&list, ":scope > li").into_iter().filter(|one| *one != item).collect())
        .unwrap_or_default();
    let Some(at) = others.iter().position(|one| *one == beside) else { return };
    let number = at + 1 + usize::from(after);
    let (page, shopping) = (here(), *shopping);
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("picture", &item.get_attribute("data-key").unwrap_or_default())
        .append_pair("to", &number.to_string())
        .append_pair("page", &page)
        .finish();
    spawn_local(async move {
        let words = match wire::act("/api/admin/pictures/place", &body).await {
            Ok(acted) => {
                shopping.put(&page, &acted.html);
                acted.next.notice.unwrap_or_default()
            }
            Err(error) => error.to_string(),
        };
        if let Some(status) = document().get_element_by_id("uploads-status") {
            status.set_text_content(Some(&words));
        }
    });
}

/// The picture that is dragged, the one that it is held over, and whether over its lower half.
fn place_of(event: &Event) -> Option<(Element, Element, bool)> {
    let held = held()?;
    let beside = closest(&target(event)?, ITEM).filter(|beside| *beside != held)?;
    let pointer = f64::from(event.dyn_ref::<DragEvent>()?.client_y());
    let place = beside.get_bounding_client_rect();
    Some((held, beside, pointer > place.top() + place.height() / 2.0))
}

fn unmark() {
    let Some(root) = document().document_element() else { return };
    for name in BESIDE {
        for marked in all(&root, &[ITEM, "[", name, "]"].concat()) {
            let _ = marked.remove_attribute(name);
        }
    }
}

fn release() {
    unmark();
    if let Some(held) = held() {
        let _ = held.remove_attribute(HELD);
    }
}
