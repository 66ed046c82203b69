use super::markup::{el, link};
use super::navigation::{CategoryLinks, Places};
use super::theme_switch::ThemeChoice;
use super::{Glyph, Icon, close_dialog, open_dialog};
use crate::account::{log_out_form, use_visitor};
use crate::shop::use_shop;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The phone's way to the categories. Without JavaScript the button is a link to the same list in the footer.
#[component]
pub fn Menu() -> impl IntoView {
    let name = use_shop().name;
    let dialog = NodeRef::<html::Dialog>::new();
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        close_dialog(dialog);
    });
    let open = move |event: ev::MouseEvent| {
        event.prevent_default();
        open_dialog(dialog);
    };
    let leave = use_visitor().with_untracked(|visitor| visitor.me.is_some()).then(|| log_out_form("link"));
    let yours = el("ul")
        .class("tree yours")
        .child(el("li").child(link("/account", "Account")))
        .child(el("li").child(link("/wishlist", "Wishlist")))
        .maybe(leave.map(|form| el("li").child(form)));
    view! {
        <a class="place menu" href="#categories" aria-label="Menu" on:click=open>
            <Icon glyph=Glyph::Menu/>
        </a>
        <dialog class="sheet left" aria-label="Menu" node_ref=dialog>
            <div class="sheet-top">
                <p class="logo">{name}</p>
                <button class="place" aria-label="Close menu" on:click=move |_| close_dialog(dialog)>
                    <Icon glyph=Glyph::Close/>
                </button>
            </div>
            <nav class="sheet-body" aria-label="Menu">
                <CategoryLinks places=Places::Tree/>
                {yours.view()}
                <ThemeChoice/>
            </nav>
        </dialog>
    }
    .into_any()
}
