use super::Keys;
use crate::ui::{El, close_dialog, el};
use leptos::html;
use leptos::prelude::*;

/// Single keys, and what each does. Between keys that follow each other stands a space.
const SHORTCUTS: [(&str, &str); 9] = [
    ("/", "To the search above the table"),
    ("j ↓", "To the next row; also from the search"),
    ("k ↑", "To the row before"),
    ("e Enter", "Open the row"),
    ("x", "Select the row; with Shift, a click on its box selects all up to it"),
    ("n", "Begin something new: a product, a category, a user"),
    ("g o", "Go to the overview"),
    ("g p", "Go to products. In the same way c: categories, i: imports, u: users, t: trail"),
    ("?", "Show these shortcuts"),
];

/// What keys do, and the switch that turns the single ones off.
#[component]
pub fn Shortcuts(dialog: NodeRef<html::Dialog>, keys: Keys) -> impl IntoView {
    view! {
        <dialog id="shortcuts" class="palette" aria-labelledby="shortcuts-heading" node_ref=dialog>
            <h2 id="shortcuts-heading">"Keyboard shortcuts"</h2>
            <div class="static" inner_html=list()></div>
            <label>
                <input
                    type="checkbox"
                    prop:checked=move || keys.is_on()
                    on:change=move |event| keys.switch(event_target_checked(&event))
                />
                " Shortcuts of one key"
            </label>
            <p class="quiet small">"Never while you type. The search by Ctrl K or ⌘ K always works."</p>
            <button type="button" class="button plain" on:click=move |_| close_dialog(dialog)>"Close"</button>
        </dialog>
    }
    .into_any()
}

fn list() -> String {
    let pair = |(keys, what): &(&str, &str)| {
        let keys = keys.split(' ').map(|key| el("kbd").text(key)).collect();
        [el("dt").children(keys), el("dd").text(what)]
    };
    let pairs: Vec<El> = [("Ctrl K", "Search everything")].iter().chain(&SHORTCUTS).flat_map(pair).collect();
    el("dl").class("pairs").children(pairs).html()
}
