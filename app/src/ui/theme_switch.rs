use super::dom::set_cookie;
use super::{Glyph, Icon};
use crate::shop::{Theme, use_theme};
use leptos::ev;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Goes round the three themes. Without JavaScript it is a form that comes back to the same page.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = use_theme();
    let location = use_location();
    let here = move || {
        let search = location.search.read();
        let path = location.pathname.read();
        if search.is_empty() { path.clone() } else { [path.as_str(), "?", &search].concat() }
    };
    let name = move || {
        let theme = theme.get();
        ["Theme: ", theme.label(), ". Change to ", theme.next().label()].concat()
    };
    let switch = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let next = theme.get_untracked().next();
        theme.set(next);
        show(next);
    };
    view! {
        <form class="theme" method="post" action="/theme" on:submit=switch>
            <input type="hidden" name="back" value=here/>
            <button class="place" name="theme" value=move || theme.get().next().key() aria-label=name title=name>
                <Icon glyph=Glyph::Theme/>
            </button>
        </form>
    }
}

fn show(theme: Theme) {
    if let Some(root) = document().document_element() {
        let _ = match theme.forced() {
            Some(forced) => root.set_attribute("data-theme", forced),
            None => root.remove_attribute("data-theme"),
        };
    }
    set_cookie(&[Theme::COOKIE, "=", theme.key(), "; Path=/; Max-Age=31536000; SameSite=Lax"].concat());
}
