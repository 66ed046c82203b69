//! What answers to somebody who writes a description: its preview, which the server makes, and the buttons that put
//! marks around words.

use crate::error::AppError;
use crate::form::errors_of;
use crate::ui::{closest, el};
use crate::wire;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys;
use leptos::web_sys::js_sys::{Function, JsString, Reflect};
use std::time::Duration;
use web_sys::{Element, HtmlTextAreaElement};

/// Long enough for the next letter, short enough to follow.
const PAUSE: Duration = Duration::from_millis(300);
const FIELD: &str = "textarea[data-prose]";

#[derive(Clone, Copy)]
struct Preview {
    /// Counts, so that a late answer doesn't replace a newer one, and only the last letter asks.
    asked: StoredValue<u32>,
}

/// Answers for as long as the back office stands.
pub fn help_writing() {
    let preview = Preview { asked: StoredValue::new(0) };
    Effect::new(move |_| {
        let clicks = window_event_listener(ev::click, move |event| {
            let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
            if let Some(opener) = closest(&target, "[data-previews]") {
                event.prevent_default();
                preview.switch(&opener);
            } else if let Some(button) = closest(&target, "[data-mark]")
                && let Some(field) = field_beside(&button)
            {
                mark(&field, &button.get_attribute("data-mark").unwrap_or_default());
            }
        });
        let letters = window_event_listener(ev::input, move |event| {
            let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(opener) = field.filter(is_prose).and_then(|field| opener_beside(&field)) {
                preview.follow(opener);
            }
        });
        let keys = window_event_listener(ev::keydown, |event| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            let Some(field) = field.filter(|field| is_prose(field)) else { return };
            if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key() {
                let kind = match event.key().to_ascii_lowercase().as_str() {
                    "b" => "bold",
                    "i" => "italic",
                    _ => return,
                };
                event.prevent_default();
                mark(&field, kind);
            }
        });
        on_cleanup(move || {
            clicks.remove();
            letters.remove();
            keys.remove();
        });
    });
}

fn is_prose(field: &Element) -> bool {
    field.matches(FIELD).unwrap_or_default()
}

fn beside(element: &Element, selector: &str) -> Option<Element> {
    closest(element, ".prose-field")?.query_selector(selector).ok().flatten()
}

fn field_beside(element: &Element) -> Option<HtmlTextAreaElement> {
    beside(element, FIELD)?.dyn_into().ok()
}

fn opener_beside(field: &Element) -> Option<Element> {
    beside(field, "[data-previews]")
}

fn is_open(opener: &Element) -> bool {
    opener.get_attribute("aria-expanded").as_deref() == Some("true")
}

impl Preview {
    /// Opens the preview, or shuts it.
    fn switch(self, opener: &Element) {
        let Some(region) = region_of(opener) else { return };
        let opens = !is_open(opener);
        let _ = opener.set_attribute("aria-expanded", if opens { "true" } else { "false" });
        let _ = if opens { region.remove_attribute("hidden") } else { region.set_attribute("hidden", "") };
        if opens {
            self.ask(opener.clone());
        }
    }

    /// Shows what was typed meanwhile, once nobody types.
    fn follow(self, opener: Element) {
        if !is_open(&opener) {
            return;
        }
        let mine = self.next();
        let _ = set_timeout(
            move || {
                if self.asked.try_get_value() == Some(mine) && is_open(&opener) {
                    self.ask(opener);
                }
            },
            PAUSE,
        );
    }

    fn next(self) -> u32 {
        self.asked.update_value(|asked| *asked = asked.wrapping_add(1));
        self.asked.get_value()
    }

    fn ask(self, opener: Element) {
        let mine = self.next();
        let (Some(field), Some(action)) = (field_beside(&opener), opener.get_attribute("formaction")) else { return };
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("body", &field.value()).finish();
        spawn_local(async move {
            let answer = wire::act(&action, &body).await;
            if self.asked.try_get_value() != Some(mine) {
                return;
            }
            let html = match answer {
                Ok(acted) if acted.html.is_empty() => el("p").class("quiet").text("Nothing is written yet.").html(),
                Ok(acted) => acted.html,
                Err(error) => el("p").class("error").text(&words(&error)).html(),
            };
            if let Some(prose) = region_of(&opener).and_then(|region| region.query_selector(".prose").ok().flatten()) {
                prose.set_inner_html(&html);
            }
        });
    }
}

fn region_of(opener: &Element) -> Option<Element> {
    document().get_element_by_id(&opener.get_attribute("aria-controls")?)
}

fn words(error: &AppError) -> String {
    errors_of(error).into_values().collect::<Vec<_>>().join(". ")
}

/// Puts marks around what is selected, as somebody would by hand: so that it is one step to take back.
fn mark(field: &HtmlTextAreaElement, kind: &str) {
    let place = |place: Result<Option<u32>, JsValue>| place.ok().flatten().unwrap_or_default();
    let (start, end) = (place(field.selection_start()), place(field.selection_end()));
    let selected = String::from(JsString::from(field.value()).substring(start, end));
    let (before, after) = match kind {
        "bold" => ("**", "**"),
        "italic" => ("*", "*"),
        "link" => ("[", "](https://)"),
        _ => ("", ""),
    };
    let written = match kind {
        "list" => selected.split('\n').map(|line| ["- ", line].concat()).collect::<Vec<_>>().join("\n"),
        _ => [before, &selected, after].concat(),
    };
    let _ = field.focus();
    write(&written);
    // With nothing marked, one goes on writing between the marks.
    if selected.is_empty() && !before.is_empty() {
        let between = start + u32::try_from(before.len()).unwrap_or_default();
        let _ = field.set_selection_range(between, between);
    }
}

/// Writes in place of the selection. No newer way leaves the field's own undo whole.
fn write(text: &str) {
    let write = Reflect::get(&document(), &"execCommand".into()).and_then(|write| write.dyn_into::<Function>());
    if let Ok(write) = write {
        let _ = write.call3(&document(), &"insertText".into(), &false.into(), &text.into());
    }
}
