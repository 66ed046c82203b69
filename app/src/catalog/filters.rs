use super::api::{Facet, FacetValue, Facets};
use super::card::dot;
use super::place::Place;
use super::query::ListingQuery;
use crate::error::FieldError;
use crate::ui::{el, form_search, grouped, live};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlFormElement;

/// The id of the form in the column, which the sort order joins.
pub const COLUMN_FORM: &str = "filter-form";
/// A facet with more values shows the rest on demand.
const SHOWN: usize = 10;

/// The filters as one GET form. With JavaScript every change is applied at once; the boxes follow the address, so the
/// back button takes a filter off again.
#[component]
pub fn Filters(
    place: Place,
    facets: Facets,
    errors: Vec<FieldError>,
    /// In the phone's sheet rather than in the column; both are in the page.
    in_sheet: bool,
) -> impl IntoView {
    let go = place.go_to();
    let submit_to = go.clone();
    let on_change = move |event: ev::Event| {
        if let Some(form) = closest_form(&event) {
            go(&form_search(&form));
        }
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(form) = closest_form(&event) {
            submit_to(&form_search(&form));
        }
    };
    let prefix = if in_sheet { "sheet" } else { "column" };
    let Facets { categories, options, price, in_stock, on_sale } = facets;
    view! {
        <form
            class="filters"
            id=(!in_sheet).then_some(COLUMN_FORM)
            aria-label="Filters"
            method="get"
            action=move || place.path.get()
            on:change=on_change
            on:submit=on_submit
        >
            {live(move || carried(place, in_sheet))}
            {categories.map(|facet| view! { <FacetField place facet/> })}
            {options.into_iter().map(|facet| view! { <FacetField place facet/> }).collect_view()}
            <PriceField place errors prefix bounds=price.map(|(low, high)| (place.plain(low), place.plain(high)))/>
            <fieldset>
                <legend>"Availability"</legend>
                <Check name="in_stock" value="true".to_owned() label="In stock".to_owned() count=in_stock
                    checked=move || place.parsed.read().query.in_stock/>
                <Check name="on_sale" value="true".to_owned() label="On sale".to_owned() count=on_sale
                    checked=move || place.parsed.read().query.on_sale/>
            </fieldset>
            <button class="button plain wide until-hydrated">"Show results"</button>
        </form>
    }
    .into_any()
}

fn closest_form(event: &ev::Event) -> Option<HtmlFormElement> {
    event.current_target()?.dyn_into().ok()
}

/// Words and order stay while filters change; the page starts again. The column's form has the order's own field.
fn carried(place: Place, in_sheet: bool) -> String {
    let query = place.query();
    let field =
        |name: &str, value: &str| el("input").attr("type", "hidden").attr("name", name).attr("value", value).html();
    let mut out = String::new();
    if !query.q.is_empty() {
        out.push_str(&field("q", &query.q));
    }
    if let Some(sort) = query.sort.filter(|_| in_sheet) {
        out.push_str(&field("sort", sort.key()));
    }
    out
}

#[component]
fn FacetField(place: Place, facet: Facet) -> impl IntoView {
    let Facet { field, label, mut values } = facet;
    let rest = if values.len() > SHOWN + 2 { values.split_off(SHOWN) } else { Vec::new() };
    let open = rest.iter().any(|value| value.selected);
    let more = rest.len().to_string();
    let name = StoredValue::new(field);
    view! {
        <fieldset>
            <legend>{label}</legend>
            {checks(place, name, values)}
            {(!rest.is_empty())
                .then(|| {
                    view! {
                        <details class="more" open=open>
                            <summary>{more} " more"</summary>
                            {checks(place, name, rest)}
                        </details>
                    }
                })}
        </fieldset>
    }
    .into_any()
}

fn checks(place: Place, name: StoredValue<String>, values: Vec<FacetValue>) -> impl IntoView {
    values
        .into_iter()
        .map(|FacetValue { value, label, count, .. }| {
            let wanted = value.to_lowercase();
            let checked = move || name.with_value(|name| has(&place.parsed.read().query, name, &wanted));
            let name = name.get_value();
            view! { <Check name value label count checked/> }
        })
        .collect_view()
}

fn has(query: &ListingQuery, field: &str, value: &str) -> bool {
    match field.strip_prefix("option.") {
        Some(name) => query.options.get(name).is_some_and(|values| values.contains(value)),
        None => query.categories.contains(value),
    }
}

#[component]
fn Check(
    #[prop(into)] name: String,
    value: String,
    label: String,
    count: u32,
    #[prop(into)] checked: Signal<bool>,
) -> impl IntoView {
    let sample = (name == "option.colour").then(|| dot(&value));
    let words = el("span").text(&label);
    let count = el("span").class("n").attr("aria-hidden", "true").text(&grouped(count));
    let text = el("span").class("check-text").maybe(sample).child(words).child(count).view();
    view! {
        <label class="check">
            <input
                type="checkbox"
                name=name
                value=value
                checked=checked.get_untracked()
                prop:checked=move || checked.get()
            />
            {text}
        </label>
    }
    .into_any()
}

#[component]
fn PriceField(
    place: Place,
    errors: Vec<FieldError>,
    prefix: &'static str,
    bounds: Option<(String, String)>,
) -> impl IntoView {
    let (low, high) = bounds.unwrap_or_default();
    view! {
        <fieldset>
            <legend>"Price, " {place.symbol()}</legend>
            <div class="range">
                <PriceInput prefix errors=errors.clone() name="min" label="From" placeholder=low
                    typed=move || place.parsed.read().typed_min.clone()/>
                <PriceInput prefix errors name="max" label="To" placeholder=high
                    typed=move || place.parsed.read().typed_max.clone()/>
            </div>
        </fieldset>
    }
}

#[component]
fn PriceInput(
    prefix: &'static str,
    errors: Vec<FieldError>,
    name: &'static str,
    label: &'static str,
    placeholder: String,
    #[prop(into)] typed: Signal<String>,
) -> impl IntoView {
    let error = errors.into_iter().find(|error| error.field == name).map(|error| error.message);
    let id = [prefix, "-", name].concat();
    let error_id = error.is_some().then(|| id.clone() + "-error");
    view! {
        <div>
            <label for=id.clone()>{label}</label>
            <input
                class="field num"
                id=id
                name=name
                inputmode="decimal"
                autocomplete="off"
                maxlength="24"
                placeholder=placeholder
                value=typed.get_untracked()
                prop:value=move || typed.get()
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=error_id.clone()
            />
            {error.map(|message| view! { <p class="error" id=error_id>{message}</p> })}
        </div>
    }
    .into_any()
}
