//! The back office by keyboard: single keys that lead about, and through the rows of a table.

mod rows;
mod shortcuts;

pub use shortcuts::Shortcuts;

use crate::ui::{closest, here, open_dialog};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;
use rows::Step;
use web_sys::{Element, HtmlElement, KeyboardEvent, Storage};

/// Milliseconds between the two keys of a way to a place.
const TOGETHER: f64 = 1500.0;

/// After `g`: where each key leads, for those who have the place.
const PLACES: [(&str, &str); 6] = [
    ("o", "/admin"),
    ("p", "/admin/products"),
    ("c", "/admin/categories"),
    ("i", "/admin/imports"),
    ("u", "/admin/users"),
    ("t", "/admin/audit"),
];

#[derive(Clone, Copy)]
pub struct Keys {
    palette: NodeRef<html::Dialog>,
    help: NodeRef<html::Dialog>,
    /// Whether single keys act: whoever speaks to the computer, or touches keys unawares, turns them off.
    on: RwSignal<bool>,
    /// When `g` was pressed.
    going: StoredValue<f64>,
}

/// Where the browser keeps whether they are off.
const KEPT: &str = "shortcuts";
const OFF: &str = "off";

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

impl Keys {
    /// Answers to keys for as long as the back office stands.
    pub fn listen(palette: NodeRef<html::Dialog>, help: NodeRef<html::Dialog>) -> Self {
        let keys = Self { palette, help, on: RwSignal::new(true), going: StoredValue::new(f64::NEG_INFINITY) };
        Effect::new(move |_| {
            let kept = storage().and_then(|storage| storage.get_item(KEPT).ok().flatten());
            keys.on.set(kept.as_deref() != Some(OFF));
            let handle = window_event_listener(ev::keydown, move |event| {
                if keys.pressed(&event) {
                    event.prevent_default();
                }
            });
            on_cleanup(move || handle.remove());
        });
        keys
    }

    pub fn is_on(self) -> bool {
        self.on.get()
    }

    pub fn switch(self, on: bool) {
        self.on.set(on);
        if let Some(storage) = storage() {
            // A browser that keeps nothing forgets it with the page.
            let _ = if on { storage.remove_item(KEPT) } else { storage.set_item(KEPT, OFF) };
        }
    }

    /// Returns whether the key meant something.
    fn pressed(self, event: &KeyboardEvent) -> bool {
        let key = event.key();
        let with_control = event.ctrl_key() || event.meta_key();
        if with_control && !event.alt_key() && !event.shift_key() && key.eq_ignore_ascii_case("k") {
            open_dialog(self.palette);
            return true;
        }
        let is_single = !with_control && !event.alt_key() && !event.is_composing() && !event.default_prevented();
        if !is_single || !self.on.get_untracked() || found("dialog[open]").is_some() {
            return false;
        }
        let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        if target.as_ref().is_some_and(writes) {
            let searches = target.is_some_and(|field| field.matches(".tools input[type=search]").unwrap_or_default());
            return searches && key == "ArrowDown" && rows::step(Step::First);
        }
        let going = event.time_stamp() - self.going.get_value() < TOGETHER;
        self.going.set_value(f64::NEG_INFINITY);
        if going {
            return self.go(&key);
        }
        match key.as_str() {
            "g" => {
                self.going.set_value(event.time_stamp());
                true
            }
            "/" => focus("main input[type=search]"),
            "?" => {
                open_dialog(self.help);
                true
            }
            "n" => press(".desk-head .right a[href$='/new']"),
            "e" => rows::open(),
            "x" => rows::pick(),
            "j" => rows::step(Step::Down),
            "k" => rows::step(Step::Up),
            "ArrowDown" if rows::leads(target.as_ref()) => rows::step(Step::Down),
            "ArrowUp" if rows::leads(target.as_ref()) => rows::step(Step::Up),
            _ => false,
        }
    }

    fn go(self, key: &str) -> bool {
        let Some((_, href)) = PLACES.iter().find(|(letter, _)| *letter == key) else { return false };
        here() == *href || press(&[".side li a[href='", href, "']"].concat())
    }
}

fn found(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn focus(selector: &str) -> bool {
    found(selector).is_some_and(|element| element.focus().is_ok())
}

/// As if somebody had clicked on it.
fn press(selector: &str) -> bool {
    let element = found(selector);
    if let Some(element) = &element {
        element.click();
    }
    element.is_some()
}

/// Whether keys are letters there.
fn writes(target: &Element) -> bool {
    let fields = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
    target.matches(fields).unwrap_or_default() || closest(target, "[contenteditable]").is_some()
}
