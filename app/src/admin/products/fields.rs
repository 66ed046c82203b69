//! What keys do in fields of products, beyond what a browser does by itself.

use crate::ui::{all, closest};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

/// A field of the table, which is saved when it is left.
const CELL: &str = ".cell-edit";
/// What options and their values are called.
const OPTION: &str = ".option input";
/// What makes variants of them.
const UPDATE: &str = "button[name=press][value=update]";

pub fn mind_keys() {
    Effect::new(|_| {
        let handle = window_event_listener(ev::keydown, |event| {
            if pressed(&event) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// Returns whether the key meant something.
fn pressed(event: &KeyboardEvent) -> bool {
    if event.is_composing() || event.default_prevented() {
        return false;
    }
    let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return false;
    };
    let is = |selector| field.matches(selector).unwrap_or_default();
    match event.key().as_str() {
        "Escape" if is(CELL) => {
            field.set_value(&field.default_value());
            field.select();
            true
        }
        // The browser would take the form's first button, which saves what isn't whole yet.
        "Enter" if is(OPTION) => {
            let update = closest(&field, "form").and_then(|form| all(&form, UPDATE).into_iter().next());
            update.and_then(|button| button.dyn_into::<HtmlElement>().ok()).map(|button| button.click()).is_some()
        }
        _ => false,
    }
}
