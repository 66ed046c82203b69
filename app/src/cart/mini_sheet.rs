use super::behaviour::Shopping;
use crate::ui::{Glyph, Icon, close_dialog, is_plain, open_dialog};
use crate::wire;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

/// The header's bag: opens the cart beside the page. Without JavaScript, and on the cart's own page, it is a link.
#[component]
pub fn CartPlace() -> impl IntoView {
    let shopping: Shopping = expect_context();
    let count = shopping.in_cart();
    let dialog = NodeRef::<html::Dialog>::new();
    let content = RwSignal::new(String::new());
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        close_dialog(dialog);
    });
    let open = move |event: ev::MouseEvent| {
        // An empty cart has nothing to show beside a page.
        let here = path.with_untracked(|path| path == "/cart");
        if !is_plain(&event) || here || count.get_untracked() == 0 {
            return;
        }
        event.prevent_default();
        spawn_local(async move {
            match wire::fetch_mini_cart().await {
                Ok(mini) => {
                    shopping.counted(mini.count);
                    content.set(mini.html);
                    open_dialog(dialog);
                }
                // The cart's own page says what is wrong.
                Err(_) => {
                    let _ = location().assign("/cart");
                }
            }
        });
    };
    let label = move || match count.get() {
        0 => "Cart".to_owned(),
        1 => "Cart, 1 item".to_owned(),
        count => ["Cart, ", &count.to_string(), " items"].concat(),
    };
    let badge = move || match count.get() {
        0 => String::new(),
        count @ 1..=99 => count.to_string(),
        _ => "99+".to_owned(),
    };
    view! {
        <a class="place" href="/cart" aria-label=label on:click=open>
            <Icon glyph=Glyph::Bag/>
            <span class="badge num" aria-hidden="true">{badge}</span>
        </a>
        <dialog class="sheet right" aria-label="Your cart" node_ref=dialog>
            <div class="sheet-top">
                <p class="sheet-title">"Your cart"</p>
                <button class="place" aria-label="Close cart" on:click=move |_| close_dialog(dialog)>
                    <Icon glyph=Glyph::Close/>
                </button>
            </div>
            <div class="static" inner_html=content></div>
        </dialog>
    }
    .into_any()
}
