use super::dom::{all, data_at};
use super::{Glyph, Icon};
use crate::catalog::api::Suggestions;
use crate::wire::fetch_suggestions;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::js_sys;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// Short enough to feel immediate, long enough to let a word be typed.
const PAUSE: Duration = Duration::from_millis(140);

/// What the list under the field shows, and which line of it is marked.
#[derive(Clone, Copy)]
struct Offer {
    lines: RwSignal<Suggestions>,
    /// Escape puts the list away without forgetting it; the down arrow brings it back.
    open: RwSignal<bool>,
    marked: RwSignal<Option<usize>>,
    /// Counts what was typed, so that a late answer to an earlier word is dropped.
    asked: StoredValue<u32>,
}

impl Offer {
    fn new() -> Self {
        Self {
            lines: RwSignal::new(Suggestions::default()),
            open: RwSignal::new(false),
            marked: RwSignal::new(None),
            asked: StoredValue::new(0),
        }
    }

    fn shown(self) -> bool {
        self.open.get() && !self.lines.read().hrefs.is_empty()
    }

    fn put_away(self) {
        self.marked.set(None);
        self.open.set(false);
    }

    fn clear(self) {
        self.asked.update_value(|asked| *asked += 1);
        self.put_away();
        self.lines.set(Suggestions::default());
    }

    fn ask(self, typed: String) {
        self.asked.update_value(|asked| *asked += 1);
        self.marked.set(None);
        let mine = self.asked.get_value();
        if typed.trim().chars().count() < 2 {
            self.lines.set(Suggestions::default());
            return;
        }
        let _ = set_timeout(
            move || {
                let current = move || self.asked.try_get_value() == Some(mine);
                if !current() {
                    return;
                }
                spawn_local(async move {
                    let lines = fetch_suggestions(&typed).await.unwrap_or_default();
                    if current() {
                        self.lines.set(lines);
                        self.open.set(true);
                    }
                });
            },
            PAUSE,
        );
    }

    /// Arrow keys go round through the field itself.
    fn step(self, down: bool) {
        self.open.set(true);
        let count = self.lines.read_untracked().hrefs.len();
        let next = match (self.marked.get_untracked(), down) {
            (None, true) => Some(0),
            (None, false) => count.checked_sub(1),
            (Some(at), true) => Some(at + 1).filter(|next| *next < count),
            (Some(at), false) => at.checked_sub(1),
        };
        self.marked.set(next.filter(|_| count > 0));
    }

    fn marked_href(self) -> Option<String> {
        let at = self.marked.get_untracked()?;
        self.lines.read_untracked().hrefs.get(at).cloned()
    }
}

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
    let suggestions = Offer::new();
    let marked_id = move || suggestions.marked.get().map(line_id);
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
        key @ ("ArrowDown" | "ArrowUp") if suggestions.lines.with_untracked(|lines| !lines.hrefs.is_empty()) => {
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
    Effect::new(move |_| {
        suggestions.lines.track();
        let marked = suggestions.marked.get();
        let Some(list) = list.get() else { return };
        for (at, line) in all(&list, "[role=option]").iter().enumerate() {
            let _ = line.set_attribute("aria-selected", if marked == Some(at) { "true" } else { "false" });
        }
    });
    let on_click = move |event: ev::MouseEvent| {
        if let Some(at) = data_at(&event)
            && let Some(href) = suggestions.lines.with_untracked(|lines| lines.hrefs.get(at).cloned())
        {
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
                inner_html=move || suggestions.lines.read().html.clone()
                // The field would lose the focus, and with it the list, before the click.
                on:mousedown=|event| event.prevent_default()
                on:click=on_click
            ></ul>
            <span class="visually-hidden" role="status">
                {move || match if suggestions.open.get() { suggestions.lines.read().hrefs.len() } else { 0 } {
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
