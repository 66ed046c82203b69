use super::{Shopping, Told};
use crate::form::Undo;
use crate::ui::{El, Glyph, el, here, icon, link, live};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

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
    let part = move |urgent: bool| {
        live(move || {
            let told = told.read();
            let shown = !told.words.is_empty() && told.urgent == urgent;
            if shown { words(&told).html() } else { String::new() }
        })
    };
    let on_click = move |event: leptos::ev::MouseEvent| {
        if crate::ui::hits(&event, "[data-closes]") {
            told.set(Told::default());
        }
    };
    view! {
        <div
            on:submit=move |event| {
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
