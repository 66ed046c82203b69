use super::filters::COLUMN_FORM;
use super::place::Place;
use super::query::{ListingQuery, Sort};
use crate::domain::PageNumber;
use leptos::ev;
use leptos::prelude::*;

/// The order. It stands above the grid and belongs to the filters' form, so that without JavaScript either button
/// sends both.
#[component]
pub fn Sorting(place: Place) -> impl IntoView {
    let go = place.go_to();
    let change = move |event: ev::Event| {
        let wanted = event_target_value(&event);
        let sort = Sort::ALL.into_iter().find(|sort| sort.key() == wanted);
        let query = ListingQuery { sort, page: PageNumber::FIRST, ..place.parsed.get_untracked().query };
        go(&place.search_of(&query));
    };
    let current = move || place.parsed.read().query.sort();
    let searching = !place.parsed.read_untracked().query.q.is_empty();
    view! {
        <div class="sort">
            <label>
                <span class="quiet">"Sort"</span>
                <select name="sort" form=COLUMN_FORM prop:value=move || current().key() on:change=change>
                    {Sort::ALL
                        .into_iter()
                        .filter(|sort| searching || *sort != Sort::Relevance)
                        .map(|sort| {
                            view! {
                                <option value=sort.key() selected=move || current() == sort>{sort.label()}</option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <button class="link without-script" form=COLUMN_FORM>"Sort"</button>
        </div>
    }
}
