use crate::admin::guard::may_leave;
use crate::catalog::api::Suggestions;
use crate::ui::{Offer, close_dialog, data_at};
use crate::wire::fetch_suggestions;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::js_sys;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Where the palette's button finds it.
const ID: &str = "palette";

/// Leads to any page, product, category or person by a few letters, after the APG's combobox with list autocomplete.
#[component]
pub fn Palette(dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let navigate = use_navigate();
    let found =
        Offer::new(0, |words| Box::pin(async move { fetch_suggestions("/api/admin/find?words=", &words).await }));
    let input = NodeRef::<html::Input>::new();
    let list = NodeRef::<html::Ul>::new();
    found.mark_in(list);
    let go = StoredValue::new(move |href: &str| {
        // First, since the page that comes puts the focus where it begins.
        close_dialog(dialog);
        if !may_leave() {
            return;
        }
        navigate(href, NavigateOptions::default());
    });
    let typed = move || input.get_untracked().map(|input| input.value()).unwrap_or_default();
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        key @ ("ArrowDown" | "ArrowUp") => {
            event.prevent_default();
            found.step(key == "ArrowDown");
        }
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            let words = typed();
            match found.chosen_href() {
                Some(href) => go.with_value(|go| go(&href)),
                // What is being looked for has not come yet, or isn't there: a page of its own says so.
                None if !words.trim().is_empty() => {
                    let words = String::from(js_sys::encode_uri_component(words.trim()));
                    go.with_value(|go| go(&["/admin/find?q=", &words].concat()));
                }
                None => {}
            }
        }
        _ => {}
    };
    let on_click = move |event: ev::MouseEvent| {
        if let Some(href) = data_at(&event).and_then(|at| found.href_at(at)) {
            go.with_value(|go| go(&href));
        }
    };
    let on_close = move |_| {
        found.clear();
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
    };
    let count = move || found.lines().with(|lines: &Suggestions| lines.hrefs.len());
    view! {
        <dialog id=ID class="palette" aria-label="Search the back office" node_ref=dialog on:close=on_close>
            <input
                class="field"
                type="text"
                role="combobox"
                aria-label="Page, product, category or user"
                aria-autocomplete="list"
                aria-controls="palette-list"
                aria-expanded=move || if count() == 0 { "false" } else { "true" }
                aria-activedescendant=move || found.marked().map(|at| ["palette-", &at.to_string()].concat())
                placeholder="Page, product, category or user"
                autocomplete="off"
                spellcheck="false"
                maxlength="200"
                autofocus=true
                node_ref=input
                on:focus=move |_| found.ask(typed())
                on:input=move |_| found.ask(typed())
                on:keydown=on_key
            />
            <ul
                id="palette-list"
                role="listbox"
                aria-label="Found"
                hidden=move || count() == 0
                node_ref=list
                inner_html=move || found.lines().read().html.clone()
                on:mousedown=|event| event.prevent_default()
                on:click=on_click
            ></ul>
            <p class="quiet small" role="status">
                {move || match (count(), found.is_answered()) {
                    (0, true) => "Nothing is called that".to_owned(),
                    (0, false) => String::new(),
                    (1, _) => "1 found".to_owned(),
                    (count, _) => [&count.to_string(), " found"].concat(),
                }}
            </p>
            <button type="button" class="link" on:click=move |_| close_dialog(dialog)>"Close"</button>
        </dialog>
    }
    .into_any()
}
