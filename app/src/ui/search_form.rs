use super::{Glyph, Icon};
use leptos::prelude::*;

/// A plain search field in the page, for where searching is the next step. The one in the header has suggestions.
#[component]
pub fn SearchForm(#[prop(optional, into)] value: String) -> impl IntoView {
    view! {
        <form class="search" role="search" aria-label="In this page" action="/search" method="get">
            <input class="field" type="search" name="q" value=value aria-label="Search the shop" maxlength="200"/>
            <button class="place" aria-label="Search"><Icon glyph=Glyph::Search/></button>
        </form>
    }
}
