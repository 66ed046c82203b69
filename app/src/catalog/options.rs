use super::api::ProductOption;
use super::card::dot;
use super::product::Shown;
use super::selection::Availability;
use crate::ui::{el, hidden, live};
use leptos::prelude::*;

/// The choices as radio groups. Without JavaScript they are a form whose answer is the same page with the choice.
#[component]
pub fn Options(shown: Shown, options: Vec<ProductOption>) -> impl IntoView {
    (!options.is_empty()).then(|| {
        view! {
            <form class="options" method="get" action=shown.path()>
                {options
                    .into_iter()
                    .enumerate()
                    .map(|(at, option)| view! { <OptionField shown at option/> })
                    .collect_view()}
                <button class="button plain without-script">"Show this one"</button>
            </form>
        }
        .into_any()
    })
}

#[component]
fn OptionField(shown: Shown, at: usize, option: ProductOption) -> impl IntoView {
    let ProductOption { name, values } = option;
    let field = ["option.", &name.to_lowercase()].concat();
    let is_colour = matches!(name.to_lowercase().as_str(), "colour" | "color" | "glaze");
    view! {
        <fieldset>
            <legend><b>{name}</b> " " {move || shown.value(at)}</legend>
            <div class="opts">
                {values
                    .into_iter()
                    .map(|value| view! { <OptionValue shown at name=field.clone() value is_colour/> })
                    .collect_view()}
            </div>
        </fieldset>
    }
    .into_any()
}

/// What can't be had with the rest can still be chosen: the rest then gives way, or the page says that it is out.
#[component]
fn OptionValue(shown: Shown, at: usize, name: String, value: String, is_colour: bool) -> impl IntoView {
    let value = StoredValue::new(value);
    let chosen = move || value.with_value(|value| shown.value(at) == *value);
    let state = Memo::new(move |_| value.with_value(|value| shown.availability(at, value)));
    let note = move || match state.get() {
        Availability::In => "",
        Availability::Out => ", out of stock",
        Availability::Missing => ", changes the other choices",
    };
    let text = value.get_value();
    view! {
        <label>
            <input
                type="radio"
                name=name
                value=text.clone()
                checked=untrack(chosen)
                prop:checked=chosen
                on:change=move |_| value.with_value(|value| shown.choose(at, value))
            />
            <span class="swatch" data-missing=move || (state.get() != Availability::In).then_some("")>
                {is_colour.then(|| dot(&text).view())}
                {live(move || el("span").text(&text).html() + &hidden(note()).html())}
            </span>
        </label>
    }
    .into_any()
}
