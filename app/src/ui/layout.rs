use super::footer::Footer;
use super::header::Header;
use super::heading::LastPath;
use crate::catalog::api::{NavCategory, load_navigation};
use crate::error::AppError;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

/// The category tree, asked for once and shown by header, menu and footer.
#[derive(Clone, Copy)]
pub struct Navigation(OnceResource<Result<Vec<NavCategory>, AppError>>);

impl Navigation {
    /// A page is still worth having without its menu, so a failure is an empty one.
    pub async fn categories(self) -> Vec<NavCategory> {
        self.0.await.unwrap_or_default()
    }
}

/// What stands around every page.
#[component]
pub fn Layout() -> impl IntoView {
    let pathname = use_location().pathname;
    provide_context(Navigation(OnceResource::new(load_navigation())));
    provide_context(LastPath(StoredValue::new(pathname.get_untracked())));
    // Tells styles and tests that the page now answers by itself.
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
    view! {
        // `rel=external`: the browser moves the focus along, the router would only scroll.
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        <Header/>
        <main id="main" tabindex="-1">
            <Outlet/>
        </main>
        <Footer/>
    }
    .into_any()
}
