use super::dom::set_cookie;
use super::here::use_here;
use super::{Glyph, Icon};
use crate::shop::{Theme, use_theme};
use leptos::ev;
use leptos::prelude::*;

/// A form that comes back to the same page; with JavaScript its buttons act in place.
#[component]
fn ThemeForm(class: &'static str, children: Children) -> impl IntoView {
    let here = use_here();
    view! {
        <form class=class method="post" action="/theme">
            <input type="hidden" name="back" value=here/>
            {children()}
        </form>
    }
}

/// Goes round the three themes.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = use_theme();
    let name = move || {
        let theme = theme.get();
        ["Theme: ", theme.label(), ". Change to ", theme.next().label()].concat()
    };
    let switch = move |event: ev::MouseEvent| {
        event.prevent_default();
        choose(theme, theme.get_untracked().next());
    };
    view! {
        <ThemeForm class="theme">
            <button
                class="place"
                name="theme"
                value=move || theme.get().next().key()
                aria-label=name
                title=name
                on:click=switch
            >
                <Icon glyph=Glyph::Theme/>
            </button>
        </ThemeForm>
    }
}

/// All three themes side by side.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let theme = use_theme();
    view! {
        <ThemeForm class="theme-choice">
            <span aria-hidden="true">"Theme"</span>
            {[Theme::System, Theme::Light, Theme::Dark]
                .into_iter()
                .map(|one| {
                    let pick = move |event: ev::MouseEvent| {
                        event.prevent_default();
                        choose(theme, one);
                    };
                    let pressed = move || if theme.get() == one { "true" } else { "false" };
                    view! {
                        <button name="theme" value=one.key() aria-pressed=pressed on:click=pick>
                            {one.label()}
                            <span class="visually-hidden">" theme"</span>
                        </button>
                    }
                })
                .collect_view()}
        </ThemeForm>
    }
    .into_any()
}

fn choose(current: RwSignal<Theme>, theme: Theme) {
    current.set(theme);
    if let Some(root) = document().document_element() {
        let _ = match theme.forced() {
            Some(forced) => root.set_attribute("data-theme", forced),
            None => root.remove_attribute("data-theme"),
        };
    }
    set_cookie(&[Theme::COOKIE, "=", theme.key(), "; Path=/; Max-Age=31536000; SameSite=Lax"].concat());
}
