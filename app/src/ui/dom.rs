//! The browser's own, for handlers and effects.

use crate::error::AppError;
use crate::form::Next;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys;
use web_sys::js_sys::{Array, Function, Object, Reflect};
use web_sys::{RequestInit, Response};

pub fn open_dialog(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        // Fails only on a dialog that is open already.
        let _ = dialog.show_modal();
    }
}

pub fn close_dialog(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        dialog.close();
    }
}

/// The query string that submitting the form would send.
pub fn form_search(form: &web_sys::HtmlFormElement) -> String {
    web_sys::FormData::new_with_form(form)
        .and_then(|data| web_sys::UrlSearchParams::new_with_str_sequence_sequence(data.unchecked_ref()))
        .ok()
        .and_then(|params| params.to_string().as_string())
        .unwrap_or_default()
}

/// What submitting the form would send.
pub fn form_pairs(form: &web_sys::HtmlFormElement) -> Vec<(String, String)> {
    let Ok(data) = web_sys::FormData::new_with_form(form) else { return Vec::new() };
    let text = |pair: &Array, at| pair.get(at).as_string();
    Array::from(&data)
        .iter()
        .map(|pair| Array::from(&pair))
        .filter_map(|pair| Some((text(&pair, 0)?, text(&pair, 1)?)))
        .collect()
}

/// Whether the document is only waiting for the one that replaces it (`shell.rs`).
pub fn is_left() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-left"))
}

/// Not a click that asks the browser for something else, such as a new tab.
pub fn is_plain(event: &web_sys::MouseEvent) -> bool {
    event.button() == 0 && !event.meta_key() && !event.ctrl_key() && !event.shift_key() && !event.alt_key()
}

/// The nearest element around this one, itself included, that the selector means.
pub fn closest(element: &web_sys::Element, selector: &str) -> Option<web_sys::Element> {
    element.closest(selector).ok().flatten()
}

/// Whether the focus is where somebody may be writing.
pub fn typing() -> bool {
    document()
        .active_element()
        .is_some_and(|active| active.matches("input:not([type=file]), textarea, select").unwrap_or_default())
}

/// All elements within this one that the selector means, in order.
pub fn all(root: &web_sys::Element, selector: &str) -> Vec<web_sys::Element> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// Moves focus and leaves the scroll position to whoever set it.
pub fn focus_quietly(element: &web_sys::Element) {
    let options = Object::new();
    let _ = Reflect::set(&options, &"preventScroll".into(), &true.into());
    if let Ok(focus) = Reflect::get(element, &"focus".into()).and_then(|f| f.dyn_into::<Function>()) {
        let _ = focus.call1(element, &options);
    }
}

pub fn scroll_to(element: &web_sys::Element) {
    element.scroll_into_view();
    focus_quietly(element);
}

pub fn set_cookie(cookie: &str) {
    let _ = Reflect::set(&document(), &"cookie".into(), &cookie.into());
}

/// Changes the page by `change`: in a view transition where the browser has them and motion is wanted.
pub fn with_transition(change: impl FnOnce() + 'static) {
    let start = Reflect::get(&document(), &"startViewTransition".into()).and_then(|start| start.dyn_into::<Function>());
    let still =
        window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_none_or(|query| query.matches());
    match start {
        Ok(start) if !still => {
            let change = Closure::once_into_js(change);
            if let Ok(transition) = start.call1(&document(), &change) {
                // A transition that the browser skips is no news.
                for promise in ["ready", "finished"] {
                    if let Ok(promise) = Reflect::get(&transition, &promise.into()) {
                        let ignored = Closure::once_into_js(|_: JsValue| ());
                        if let Ok(catch) =
                            Reflect::get(&promise, &"catch".into()).and_then(|f| f.dyn_into::<Function>())
                        {
                            let _ = catch.call1(&promise, &ignored);
                        }
                    }
                }
            }
        }
        _ => change(),
    }
}

/// Whether a click was on, or in, what the selector means.
pub fn hits(event: &web_sys::MouseEvent, selector: &str) -> bool {
    event.target().and_then(|target| target.dyn_into().ok()).is_some_and(|target| closest(&target, selector).is_some())
}

/// The number on the nearest element around a click that has one, for lists whose lines are text.
pub fn data_at(event: &web_sys::MouseEvent) -> Option<usize> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-at]").ok()??.get_attribute("data-at")?.parse().ok()
}

/// Posts a form to a server function. `leads_on`: whether the page that the answer leads to is going to be loaded, and
/// with it what it has to say.
///
/// By hand rather than by the server function's own client, of which every function would be one more.
pub async fn post(action: &str, body: &str, leads_on: bool) -> Result<Next, AppError> {
    let headers = Object::new();
    let set = |name: &str, value: &str| {
        let _ = Reflect::set(&headers, &name.into(), &value.into());
    };
    set("accept", "application/json");
    set("content-type", "application/x-www-form-urlencoded");
    if leads_on {
        set("x-shopfront-form", "1");
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    let response = window().fetch_with_str_and_init(action, &init).await.map_err(|_| AppError::Offline)?;
    let response: Response = response.unchecked_into();
    let text = response.text().map_err(|_| AppError::Offline)?.await.map_err(|_| AppError::Offline)?;
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        serde_json::from_slice(text.as_bytes()).map_err(|_| AppError::Unavailable { request_id: None })
    } else {
        Err(serde_json::from_slice(text.as_bytes()).unwrap_or(AppError::Unavailable { request_id: None }))
    }
}

/// A page that the browser brings back from its memory is asked for again: what it shows may be its visitor's no
/// longer.
pub fn reload_when_restored() {
    Effect::new(|_| {
        let handle = window_event_listener_untyped("pageshow", |event| {
            if Reflect::get(&event, &"persisted".into()).is_ok_and(|persisted| persisted.is_truthy()) {
                let _ = location().reload();
            }
        });
        on_cleanup(move || handle.remove());
    });
}
