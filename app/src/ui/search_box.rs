use super::dom::data_at;
use super::{Glyph, Icon, Offer};
use crate::wire::fetch_suggestions;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::js_sys;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// A search field with suggestions, after the APG's combobox with list autocomplete. Without JavaScript it is a plain
/// form.
#[component]
pub fn SearchBox(
    label: &'static str,
    /// What the field holds; a change of it replaces what was typed.
    #[prop(into)]
    value: Signal<String>,
    #[prop(optional)] input: NodeRef<html::Input>,
    #[prop(optional, into)] on_close: Option<Callback<()>>,
) -> impl IntoView {
    let navigate = use_navigate();
    let suggestions =
        Offer::new(2, |typed| Box::pin(async move { fetch_suggestions("/api/catalog/suggest?q=", &typed).await }));
    let marked_id = move || suggestions.marked().map(line_id);
    let go = StoredValue::new(move |href: &str| {
        suggestions.clear();
        navigate(href, NavigateOptions::default());
    });
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let q = input.get_untracked().map(|input| input.value().trim().to_owned()).unwrap_or_default();
        let words = String::from(js_sys::encode_uri_component(&q));
        go.with_value(|go| go(&if q.is_empty() { "/search".to_owned() } else { ["/search?q=", &words].concat() }));
    };
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        key @ ("ArrowDown" | "ArrowUp") if suggestions.href_at(0).is_some() => {
            event.prevent_default();
            suggestions.step(key == "ArrowDown");
        }
        "Enter" => {
            if let Some(href) = suggestions.marked_href() {
                event.prevent_default();
                go.with_value(|go| go(&href));
            }
        }
        "Escape" => {
            if untrack(move || suggestions.shown()) {
                event.prevent_default();
                suggestions.put_away();
            } else if let Some(close) = on_close {
                close.run(());
            }
        }
        _ => {}
    };
    let list = NodeRef::<html::Ul>::new();
    suggestions.mark_in(list);
    let on_click = move |event: ev::MouseEvent| {
        if let Some(href) = data_at(&event).and_then(|at| suggestions.href_at(at)) {
            go.with_value(|go| go(&href));
        }
    };
    view! {
        <form class="search" role="search" action="/search" method="get" on:submit=on_submit>
            <label class="visually-hidden" for="search">{label}</label>
            <input
                class="field"
                id="search"
                type="search"
                name="q"
                value=value.get_untracked()
                prop:value=value
                placeholder=label
                autocomplete="off"
                maxlength="200"
                enterkeyhint="search"
                role="combobox"
                aria-autocomplete="list"
                aria-expanded=move || if suggestions.shown() { "true" } else { "false" }
                aria-controls="search-list"
                aria-activedescendant=marked_id
                node_ref=input
                on:input=move |event| suggestions.ask(event_target_value(&event))
                on:keydown=on_key
                on:blur=move |_| suggestions.put_away()
            />
            <button class="place" aria-label="Search"><Icon glyph=Glyph::Search/></button>
            <ul
                class="suggestions"
                id="search-list"
                role="listbox"
                aria-label="Suggestions"
                hidden=move || !suggestions.shown()
                node_ref=list
                inner_html=move || suggestions.lines().read().html.clone()
                // The field would lose the focus, and with it the list, before the click.
                on:mousedown=|event| event.prevent_default()
                on:click=on_click
            ></ul>
            <span class="visually-hidden" role="status">
                {move || match if suggestions.is_open() { suggestions.lines().read().hrefs.len() } else { 0 } {
                    0 => String::new(),
                    1 => "1 suggestion".to_owned(),
                    n => n.to_string() + " suggestions",
                }}
            </span>
        </form>
    }
    .into_any()
}

/// As the server names the lines.
fn line_id(at: usize) -> String {
    ["search-", &at.to_string()].concat()
}
