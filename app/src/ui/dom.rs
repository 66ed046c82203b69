//! The browser's own, for handlers and effects.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;
use web_sys::js_sys::{Function, Object, Reflect};

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

/// The number on the nearest element around a click that has one, for lists whose lines are text.
pub fn data_at(event: &web_sys::MouseEvent) -> Option<usize> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-at]").ok()??.get_attribute("data-at")?.parse().ok()
}
