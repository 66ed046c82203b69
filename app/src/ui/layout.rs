use super::dom::reload_when_restored;
use super::footer::Footer;
use super::header::Header;
use super::heading::LastPath;
use super::notice::Notice;
use super::scroll::ScrollMemory;
use crate::account::use_visitor;
use crate::cart::behaviour::{Shopping, Toast};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

/// What pages remember of each other, and what browsers are told once a page is alive.
pub fn provide_page_memory() {
    let pathname = use_location().pathname;
    provide_context(LastPath(StoredValue::new(pathname.get_untracked())));
    ScrollMemory::provide();
    if use_visitor().with_untracked(|visitor| visitor.me.is_some()) {
        reload_when_restored();
    }
    // Tells styles and tests that the page now answers by itself.
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}

/// What stands around every page of the shop.
#[component]
pub fn Layout() -> impl IntoView {
    provide_page_memory();
    Shopping::provide();
    view! {
        // `rel=external`: the browser moves the focus along, the router would only scroll.
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        <Header/>
        <main id="main" tabindex="-1">
            <Notice/>
            <Outlet/>
        </main>
        <Footer/>
        <Toast/>
    }
    .into_any()
}
