//! Who leaves a page with something typed and not saved is asked first. Whether there is, the form's own fields say, which
//! know what they held when the page came: nothing is kept beside them, and typing that was taken back is no change.

use crate::ui::{GUARDED_FORMS, SENT, all, closest, is_plain, is_unsaved};
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys;
use leptos::web_sys::js_sys::{Function, Reflect};
use web_sys::{Element, Event, MouseEvent};

/// The function of the window that the document asks about the way back.
const GOING_BACK: &str = "goingBack";
const WORDS: &str = "You have unsaved changes. Leave this page without them?";

/// Watches for as long as the back office stands.
pub fn watch() {
    Effect::new(|_| {
        // Before anybody else: whoever stays has not clicked, as far as the rest of the page knows.
        let handles = [
            capture("click", clicked),
            capture("submit", submitted),
            capture("input", typed),
            capture("change", typed),
            capture("beforeunload", unloads),
        ];
        let handles = StoredValue::new_local(handles);
        // Its listener is in the document (`shell.rs`), before the router's.
        let _ = Reflect::set(&window(), &GOING_BACK.into(), &function(gone_back));
        on_cleanup(move || {
            let _ = Reflect::set(&window(), &GOING_BACK.into(), &JsValue::UNDEFINED);
            let _ = handles.try_with_value(|handles| handles.iter().for_each(Handle::remove));
        });
    });
}

/// Whether nothing would be lost, or whoever loses it says that it may be.
pub fn may_leave() -> bool {
    if unsaved().is_empty() {
        return true;
    }
    let leaves = window().confirm_with_message(WORDS).unwrap_or(true);
    if leaves {
        let_go();
    }
    leaves
}

struct Handle {
    name: &'static str,
    function: Function,
}

impl Handle {
    fn remove(&self) {
        let _ = window().remove_event_listener_with_callback_and_bool(self.name, &self.function, true);
    }
}

fn function(answer: fn(Event)) -> Function {
    Closure::<dyn FnMut(Event)>::new(answer).into_js_value().unchecked_into()
}

fn capture(name: &'static str, answer: fn(Event)) -> Handle {
    let function = function(answer);
    let _ = window().add_event_listener_with_callback_and_bool(name, &function, true);
    Handle { name, function }
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn guarded() -> Vec<Element> {
    document().document_element().map(|root| all(&root, GUARDED_FORMS)).unwrap_or_default()
}

fn unsaved() -> Vec<Element> {
    guarded().into_iter().filter(is_unsaved).collect()
}

/// From here on nobody is asked about what is typed now.
fn let_go() {
    for form in guarded() {
        let _ = form.set_attribute(SENT, "");
    }
}

fn typed(event: Event) {
    if let Some(form) = target(&event).and_then(|field| closest(&field, GUARDED_FORMS)) {
        let _ = form.remove_attribute(SENT);
    }
}

fn clicked(event: Event) {
    let Some(link) = target(&event).and_then(|target| closest(&target, "a[href]")) else { return };
    if link.has_attribute("data-drops") {
        return let_go();
    }
    let is_plain = event.dyn_ref::<MouseEvent>().is_some_and(is_plain);
    // A link that loads another document is answered for when that is about to happen.
    if !is_plain || link.get_attribute("rel").as_deref() == Some("external") || opens_elsewhere(&link) {
        return;
    }
    if !may_leave() {
        event.prevent_default();
        event.stop_immediate_propagation();
    }
}

/// Once it is done, nobody can stay with what they typed.
fn submitted(event: Event) {
    if target(&event).is_some_and(|form| form.has_attribute("data-leaves")) && !may_leave() {
        event.prevent_default();
        event.stop_immediate_propagation();
    }
}

/// Whether nobody leaves the page by this link: it opens a dialog, goes to another place of the page, or opens another
/// window.
fn opens_elsewhere(link: &Element) -> bool {
    let is_within = link.get_attribute("href").is_some_and(|href| href.starts_with('#'));
    is_within || ["data-opens", "target", "download"].into_iter().any(|name| link.has_attribute(name))
}

/// The address has changed already, but nothing that shows it: who stays gets the old one back.
fn gone_back(event: Event) {
    let Some(form) = unsaved().into_iter().next() else { return };
    let field = form.query_selector("input[name=page]").ok().flatten();
    let Some(page) = field.and_then(|field| field.get_attribute("value")) else { return };
    let path = page.split('?').next().unwrap_or_default();
    if location().pathname().is_ok_and(|now| now == path) || may_leave() {
        return;
    }
    event.stop_immediate_propagation();
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&page));
    }
}

fn unloads(event: Event) {
    if !unsaved().is_empty() {
        event.prevent_default();
        // Browsers asked only for this before they asked for that.
        let _ = Reflect::set(&event, &"returnValue".into(), &true.into());
    }
}
