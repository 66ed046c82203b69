//! What answers to a shopper who acts on the cart or a wishlist: forms marked `data-act`, wherever they stand.
//!
//! The page shows at once what an act is going to change. What the server answers takes its place; where it refuses or
//! can't be reached, the page is as it was, and says why.

mod act;
mod again;
mod quantity;
mod toast;

pub use toast::{Toast, undo_form};

use super::api::Acted;
use crate::account::login_href;
use crate::error::AppError;
use crate::form::Undo;
use crate::shop::InCart;
use crate::ui::{all, closest, here, morph};
use crate::wire;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;
use web_sys::{Element, Event, HtmlFormElement};

/// `data-act` of a form around one field that is saved when it is left.
pub const FIELD: &str = "field";
/// The frame of pages that the server makes.
const FRAME: &str = "[data-made]";

/// What is said about an act, for as long as the page stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    words: String,
    undo: Option<Undo>,
    /// Tells of what is in the cart now, and how to get there.
    added: bool,
    /// Said to the ear at once.
    urgent: bool,
}

/// The visitor's cart and wishlists as this page knows them.
#[derive(Clone, Copy)]
pub struct Shopping {
    in_cart: RwSignal<u32>,
    /// As the server said last, for going back to.
    confirmed: StoredValue<u32>,
    told: RwSignal<Told>,
    /// When the page was last looked at, in milliseconds of the browser's own clock.
    looked: StoredValue<f64>,
}

impl Shopping {
    pub fn provide() -> Self {
        let InCart(in_cart) = expect_context();
        let shopping = Self {
            in_cart,
            confirmed: StoredValue::new(in_cart.get_untracked()),
            told: RwSignal::new(Told::default()),
            looked: StoredValue::new(f64::NEG_INFINITY),
        };
        provide_context(shopping);
        shopping.catch_up_when_seen();
        shopping
    }

    pub fn in_cart(self) -> RwSignal<u32> {
        self.in_cart
    }

    /// What the server has counted.
    pub fn counted(self, count: u32) {
        self.confirmed.set_value(count);
        self.in_cart.set(count);
    }

    /// Returns whether the form is one of ours.
    pub fn submit(self, event: &ev::SubmitEvent) -> bool {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.filter(|form| form.has_attribute("data-act")) else { return false };
        event.prevent_default();
        match form.get_attribute("data-act").as_deref() {
            Some("quantity") => self.quantity_typed(form, 0),
            _ => self.act(form, event.submitter().and_then(|button| button.dyn_into().ok())),
        }
        true
    }

    /// Returns whether the click was on a stepper.
    pub fn click(self, target: &Element) -> bool {
        match closest(target, "[data-step]") {
            Some(step) => {
                self.step(&step);
                true
            }
            None => false,
        }
    }

    /// Returns whether the field is one of ours, which acts by being changed.
    pub fn change(self, target: &Element) -> bool {
        let form = closest(target, "form[data-act]").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form else { return false };
        match form.get_attribute("data-act").as_deref() {
            Some("quantity") => self.quantity_typed(form, 0),
            Some("change") => self.act(form, None),
            // By its button, which is only pressed once when the click on it is what the field was left for.
            Some(FIELD) => self.act(form.clone(), all(&form, "button").into_iter().next()),
            _ => {}
        }
        true
    }

    /// Shows what an act came to.
    fn accepted(self, page: &str, acted: Acted) {
        if acted.goes {
            let _ = location().assign(&acted.next.path);
            return;
        }
        self.counted(acted.count);
        if let Some(words) = acted.next.notice {
            let added = acted.next.path == "/cart" && page != "/cart";
            self.told.set(Told { words, undo: acted.next.undo, added, urgent: false });
        }
        self.put(page, &acted.html);
    }

    /// Another state of the page, if it is still the one that is shown, and nobody is in the middle of changing it.
    pub fn put(self, page: &str, html: &str) {
        let frame = document().query_selector(FRAME).ok().flatten();
        if let Some(frame) = frame.filter(|frame| !html.is_empty() && here() == page && !quantity::is_waiting(frame)) {
            morph(&frame, html);
        }
    }

    /// Says why an act failed: beside its fields where they have a place for it.
    fn refused(self, form: Option<&Element>, error: AppError) {
        if error == AppError::SignIn {
            let _ = location().assign(&login_href(&here()));
            return;
        }
        self.in_cart.set(self.confirmed.get_value());
        let errors = crate::form::errors_of(&error);
        let mut rest = Vec::new();
        for (field, message) in errors {
            if !form.is_some_and(|form| say_beside(form, &field, &message)) {
                rest.push(message);
            }
        }
        if let Some(form) = form {
            focus_first_wrong(form);
        }
        if !rest.is_empty() {
            self.told.set(Told { words: rest.join(". "), urgent: true, ..Told::default() });
        }
    }

    /// A page that has been out of sight may be behind another tab, or another device.
    fn catch_up_when_seen(self) {
        Effect::new(move |_| {
            let seen = move |_: Event| {
                if document().visibility_state() != web_sys::VisibilityState::Visible {
                    return;
                }
                let now = Event::new("look").map(|event| event.time_stamp()).unwrap_or_default();
                if now - self.looked.get_value() > 1000.0 {
                    self.looked.set_value(now);
                    self.catch_up();
                }
            };
            let handles =
                ["visibilitychange", "focus", "pageshow"].map(|name| window_event_listener_untyped(name, seen));
            on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
        });
    }

    fn catch_up(self) {
        spawn_local(async move {
            let page = here();
            let (path, search) = page.split_once('?').unwrap_or((&page, ""));
            // Not to know better is no reason to say anything.
            if matches!(path, "/cart" | "/wishlist") {
                if let Ok(made) = wire::fetch_page("/api/catalog/page", path, search).await {
                    self.counted(made.count);
                    self.put(&page, &made.html);
                }
            } else if let Ok(mini) = wire::fetch_mini_cart().await {
                self.counted(mini.count);
            }
        });
    }
}

/// Puts a message into its place in the form, and marks the field. Returns whether there is such a place.
fn say_beside(form: &Element, field: &str, message: &str) -> bool {
    let place =
        all(form, "[data-error]").into_iter().find(|place| place.get_attribute("data-error").as_deref() == Some(field));
    let Some(place) = place else { return false };
    place.set_text_content(Some(message));
    // Such as a password that is asked for only now.
    if let Some(hidden) = closest(&place, "[hidden]") {
        let _ = hidden.remove_attribute("hidden");
    }
    let input = all(form, "[name]").into_iter().find(|input| input.get_attribute("name").as_deref() == Some(field));
    if let Some(input) = input {
        let _ = input.set_attribute("aria-invalid", "true");
    }
    true
}

/// Where whoever was refused goes on: at the first of the fields that [`say_beside`] has marked.
fn focus_first_wrong(form: &Element) {
    let wrong = all(form, "[aria-invalid]").into_iter().find_map(|input| input.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(wrong) = wrong {
        let _ = wrong.focus();
    }
}

/// Takes back what [`say_beside`] has said.
fn unsay(form: &Element) {
    for place in all(form, "[data-error]") {
        place.set_text_content(None);
    }
    for input in all(form, "[aria-invalid]") {
        let _ = input.remove_attribute("aria-invalid");
    }
}
