//! What is typed into a product's form is kept by the server for as long as it isn't saved.

use crate::error::AppError;
use crate::ui::{SENT, all, closest, form_search};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys;
use std::time::Duration;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement, SubmitEvent};

const FORM: &str = "form[data-drafts]";
const ENDPOINT: &str = "/api/admin/products/draft";
const PREVIEW: &str = "/api/admin/products/preview";
const DISCARD: &str = "/api/admin/products/discard_draft";
/// Without a key pressed.
const PAUSE: Duration = Duration::from_secs(2);
const KEPT: &str = "Draft kept";

/// What is typed is counted, so that what hasn't been sent is told from what has.
#[derive(Clone, Copy)]
struct Drafting {
    typed: StoredValue<u32>,
    sent: StoredValue<u32>,
    busy: StoredValue<bool>,
}

pub fn keep_drafts() {
    let drafting = Drafting { typed: StoredValue::new(0), sent: StoredValue::new(0), busy: StoredValue::new(false) };
    Effect::new(move |_| {
        let typed = move |event: Event| drafting.note(&event);
        let listeners = [
            window_event_listener_untyped("input", typed),
            window_event_listener_untyped("change", typed),
            window_event_listener_untyped("submit", move |event| drafting.submitted(&event)),
            window_event_listener_untyped("visibilitychange", move |_| drafting.left()),
        ];
        on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    });
}

impl Drafting {
    fn note(self, event: &Event) {
        let Some(form) = target(event).and_then(|target| closest(&target, FORM)) else { return };
        // What is kept already isn't thrown away by typing past the question.
        if form.has_attribute("data-undecided") {
            say("What you type isn’t kept until you have chosen above", true);
            return;
        }
        self.typed.update_value(|typed| *typed = typed.wrapping_add(1));
        self.wait();
    }

    fn wait(self) {
        let typed = self.typed.get_value();
        let send = move || {
            if self.typed.try_get_value() == Some(typed) && self.busy.try_get_value() == Some(false) {
                self.send();
            }
        };
        let _ = set_timeout(send, PAUSE);
    }

    fn send(self) {
        let Some(form) = form() else { return };
        let typed = self.typed.get_value();
        if self.sent.get_value() == typed {
            return;
        }
        self.sent.set_value(typed);
        self.busy.set_value(true);
        if let Some(tab) = field(&form, "tab").filter(|tab| tab.value().is_empty()) {
            tab.set_value(&wire::new_name());
        }
        let body = form_search(&form);
        spawn_local(async move {
            let answer = wire::act(ENDPOINT, &body).await;
            if self.busy.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(acted) => {
                    // From here on this tab's is the draft.
                    if let Some(continues) = field(&form, "continues") {
                        continues.set_value("");
                    }
                    if let Some(words) = acted.next.notice {
                        say(&words, words.contains(". "));
                    }
                }
                Err(AppError::SignIn) => say("Draft not kept. Log in again in another tab", true),
                Err(error) => say(&["Draft not kept. ", &error.to_string()].concat(), true),
            }
            if self.typed.get_value() != self.sent.get_value() {
                self.wait();
            }
        });
    }

    /// The server keeps what is refused, and what a button of the grid makes of the form.
    fn submitted(self, event: &Event) {
        let Some(form) = target(event) else { return };
        if form.get_attribute("action").as_deref() == Some(DISCARD) {
            return self.give_up();
        }
        if !form.has_attribute("data-drafts") {
            return;
        }
        let button = event.dyn_ref::<SubmitEvent>().and_then(|event| event.submitter());
        let has = |name: &str| button.as_ref().is_some_and(|button| button.has_attribute(name));
        let shapes = button.as_ref().and_then(|button| button.get_attribute("name")).as_deref() == Some("press");
        if has("formaction") && !shapes {
            if button.is_some_and(|button| button.get_attribute("formaction").as_deref() == Some(PREVIEW)) {
                come_back_to_draft();
            }
            return;
        }
        self.sent.set_value(self.typed.get_value());
        if shapes {
            take_as_sent(&form);
        }
    }

    /// What is discarded isn't sent a moment later, and nobody is asked whether to leave it.
    fn give_up(self) {
        self.sent.set_value(self.typed.get_value());
        if let Some(form) = form() {
            let _ = form.set_attribute(SENT, "");
        }
    }

    /// Nobody comes back to a tab that is closed.
    fn left(self) {
        if document().visibility_state() == web_sys::VisibilityState::Hidden {
            self.send();
        }
    }
}

/// The way back from a preview leads to what was typed, as its own link does.
fn come_back_to_draft() {
    let path = location().pathname().unwrap_or_default();
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or(JsValue::NULL);
        let _ = history.replace_state_with_url(&state, "", Some(&[&path, "?draft=1"].concat()));
    }
}

/// The page that comes back is compared with what was sent: what is typed until then stays. It isn't saved for all that.
fn take_as_sent(form: &Element) {
    let _ = form.set_attribute("data-unsaved", "");
    for input in all(form, "input").into_iter().filter_map(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        if !matches!(input.type_().as_str(), "checkbox" | "hidden") {
            let _ = input.set_attribute("value", &input.value());
        }
    }
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn form() -> Option<HtmlFormElement> {
    document().query_selector(FORM).ok().flatten()?.dyn_into().ok()
}

fn field(form: &HtmlFormElement, name: &str) -> Option<HtmlInputElement> {
    let selector = ["input[name=", name, "]"].concat();
    all(form, &selector).into_iter().next()?.dyn_into().ok()
}

/// For the eye each time, for the ear only what is news.
fn say(words: &str, is_news: bool) {
    let put = |id: &str, words: &str| {
        let place = document().get_element_by_id(id);
        if let Some(place) = place.filter(|place| place.text_content().as_deref() != Some(words)) {
            place.set_text_content(Some(words));
        }
    };
    put("draft-kept", words);
    put("draft-said", if is_news { words } else { KEPT });
}
