use super::{Shopping, Told};
use crate::form::Undo;
use crate::ui::{El, Glyph, el, focus_quietly, here, icon, link, live};
use leptos::prelude::*;
use leptos::web_sys::Element;
use leptos_router::hooks::use_location;
use std::cell::RefCell;

/// What came of the last act, with the offer to take it back. Stays until the next act, the next page, or its button.
#[component]
pub fn Toast() -> impl IntoView {
    let shopping: Shopping = expect_context();
    let told = shopping.told;
    let path = use_location().pathname;
    Effect::new(move |before: Option<()>| {
        path.track();
        if before.is_some() {
            told.set(Told::default());
        }
    });
    let whence = Whence::new(told);
    let part = move |urgent: bool| {
        live(move || {
            let told = told.read();
            let shown = !told.words.is_empty() && told.urgent == urgent;
            if shown { words(&told).html() } else { String::new() }
        })
    };
    let on_click = move |event: leptos::ev::MouseEvent| {
        if crate::ui::hits(&event, "[data-closes]") {
            whence.acted();
            told.set(Told::default());
        }
    };
    view! {
        <div
            on:submit=move |event| {
                whence.acted();
                shopping.submit(&event);
            }
            on:click=on_click
        >
            // There before they have something to say, or nobody would hear it.
            <div role="status">{part(false)}</div>
            <div role="alert">{part(true)}</div>
        </div>
    }
    .into_any()
}

thread_local! {
    /// Where the focus was when something was said. Not in the view's own storage: that is made on the server as well, and
    /// dropped there by another thread, which an element may not be.
    static FROM: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// An act on what was said takes its button away: the focus goes back to where it was, or to the page's top where that is
/// gone too.
#[derive(Clone, Copy)]
struct Whence {
    acted: StoredValue<bool>,
}

impl Whence {
    fn new(told: RwSignal<Told>) -> Self {
        let whence = Self { acted: StoredValue::new(false) };
        Effect::new(move |_| {
            told.track();
            if whence.acted.get_value() {
                whence.acted.set_value(false);
                // What was said is taken away by then.
                let _ = request_animation_frame(back);
            } else {
                FROM.set(focused());
            }
        });
        whence
    }

    fn acted(self) {
        self.acted.set_value(true);
    }
}

fn back() {
    if focused().is_some() {
        return;
    }
    let from = FROM.take().filter(|one| one.is_connected());
    if let Some(place) = from.or_else(|| document().query_selector("main h1").ok().flatten()) {
        focus_quietly(&place);
    }
}

fn focused() -> Option<Element> {
    document().active_element().filter(|active| active.tag_name() != "BODY")
}

fn words(told: &Told) -> El {
    let close = el("button").class("place").attr("type", "button").attr("aria-label", "Close").attr("data-closes", "");
    el("div")
        .class("toast")
        .maybe_attr("data-urgent", told.urgent.then_some(""))
        .child(el("p").text(&told.words))
        .maybe(told.added.then(|| link("/cart", "View cart")))
        .maybe(told.undo.as_ref().map(|undo| undo_form(undo, &here())))
        .child(close.child(icon(Glyph::Close)))
}

/// `page`: where it stands.
pub fn undo_form(undo: &Undo, page: &str) -> El {
    let hidden =
        |name: &'static str, value: &str| el("input").attr("type", "hidden").attr("name", name).attr("value", value);
    el("form")
        .attr("method", "post")
        .attr("action", &undo.action)
        .attr("data-act", "")
        .child(hidden("page", page))
        .child(hidden("undo", &undo.id))
        .child(el("button").class("button plain").text("Undo"))
}
