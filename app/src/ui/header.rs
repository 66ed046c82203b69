use super::menu::Menu;
use super::navigation::{CategoryLinks, Places};
use super::scroll::ScrollMemory;
use super::search_box::SearchBox;
use super::theme_switch::ThemeSwitch;
use super::{Glyph, Icon};
use crate::account::use_visitor;
use crate::cart::CartPlace;
use crate::shop::use_shop;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Pixels from the top within which the header never leaves.
const STAYS_WITHIN: f64 = 160.0;

#[component]
pub fn Header() -> impl IntoView {
    let name = use_shop().name;
    let away = leaves_while_scrolling_down();
    let searching = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let location = use_location();
    Effect::new(move |_| {
        location.pathname.track();
        location.search.track();
        searching.set(false);
    });
    let open_search = move |event: ev::MouseEvent| {
        event.prevent_default();
        searching.set(true);
        // The field can take the focus only once it is shown.
        let _ = request_animation_frame(move || {
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
                input.select();
            }
        });
    };
    let close_search = move |()| searching.set(false);
    let words = Memo::new(move |_| match location.pathname.read().as_str() {
        "/search" => location.query.read().get("q").unwrap_or_default(),
        _ => String::new(),
    });
    view! {
        <header
            class="top"
            data-away=move || (away.get() && !searching.get()).then_some("")
            data-searching=move || searching.get().then_some("")
        >
            <div class="wrap">
                <Menu/>
                <a class="logo" href="/">{name}</a>
                <nav class="bar-nav" aria-label="Categories"><CategoryLinks places=Places::Bar/></nav>
                <div class="top-search">
                    <SearchBox label="Search" value=words input=input on_close=Callback::new(close_search)/>
                    <button class="place close-search" aria-label="Close search" on:click=move |_| searching.set(false)>
                        <Icon glyph=Glyph::Close/>
                    </button>
                </div>
                <div class="places">
                    <a class="place find" href="/search" aria-label="Search" on:click=open_search>
                        <Icon glyph=Glyph::Search/>
                    </a>
                    <ThemeSwitch/>
                    <AccountPlace/>
                    <a class="place wide-only" href="/wishlist" aria-label="Wishlist"><Icon glyph=Glyph::Heart/></a>
                    <CartPlace/>
                </div>
            </div>
        </header>
    }
    .into_any()
}

/// Tells the ear who is signed in, and the eye that somebody is.
#[component]
fn AccountPlace() -> impl IntoView {
    let visitor = use_visitor();
    let name = move || match &visitor.read().me {
        Some(me) => ["Account, signed in as ", &me.name].concat(),
        None => "Account".to_owned(),
    };
    let signed_in = move || visitor.read().me.is_some().then_some("");
    view! {
        <a class="place wide-only" href="/account" aria-label=name data-signed-in=signed_in>
            <Icon glyph=Glyph::Account/>
        </a>
    }
    .into_any()
}

/// Whether the page is being scrolled down, away from its top. Focus in the header brings it back by style.
fn leaves_while_scrolling_down() -> ReadSignal<bool> {
    let (away, set_away) = signal(false);
    let memory: ScrollMemory = expect_context();
    Effect::new(move |_| {
        let last = StoredValue::new(0.0);
        let handle = window_event_listener(ev::scroll, move |_| {
            let y = window().scroll_y().unwrap_or_default();
            let before = last.get_value();
            last.set_value(y);
            memory.note(y);
            let leaves = y > before && y > STAYS_WITHIN;
            if y != before && away.get_untracked() != leaves {
                set_away.set(leaves);
            }
        });
        on_cleanup(move || handle.remove());
    });
    away
}
