use super::acts::Acts;
use crate::account::login_href;
use crate::cart::behaviour::Shopping;
use crate::catalog::api::Rendered;
use crate::catalog::behaviour::gallery::key;
use crate::error::AppError;
use crate::ui::{Arrival, Where, el, error_html, morph, say_shown, scroll_to, set_head, with_transition};
use crate::wire::fetch_page;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_url;

/// Whether the server makes the page at `path`. While such pages are being left, the next page's address shows in the
/// frame already, and must not be read as its own.
pub fn is_made(path: &str) -> bool {
    matches!(path, "/" | "/products" | "/search")
        || is_product(path)
        || path.starts_with("/categories/")
        || is_personal(path)
}

/// A product as a page of the shop, though its address is of the back office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Previewed<'a> {
    /// An id, or `new`.
    pub product: &'a str,
    /// As somebody has typed it and not saved; else as it is saved.
    pub is_draft: bool,
}

/// What is previewed at `path`.
pub fn preview_of(path: &str) -> Option<Previewed<'_>> {
    let rest = path.strip_prefix("/admin/products/")?;
    let (is_draft, product) = match rest.strip_suffix("/preview/draft") {
        Some(product) => (true, product),
        None => (false, rest.strip_suffix("/preview")?),
    };
    (!product.is_empty() && !product.contains('/')).then_some(Previewed { product, is_draft })
}

/// Whether such a page is about one visitor, or for those who have its link: nothing on the way keeps it.
pub fn is_personal(path: &str) -> bool {
    matches!(path, "/cart" | "/wishlist" | "/unsubscribe")
        || path.starts_with("/wishlists/")
        || preview_of(path).is_some()
}

fn is_product(path: &str) -> bool {
    path.starts_with("/products/")
}

fn has_all_states(path: &str) -> bool {
    is_product(path) || preview_of(path).is_some()
}

/// Path and query string.
type Address = (String, String);

/// What outlives a change of the address.
#[derive(Clone, Copy)]
struct Frame {
    kind: Kind,
    wanted: Memo<Address>,
    root: NodeRef<html::Div>,
    /// What is shown now.
    shown: StoredValue<Address>,
    arrival: Arrival,
    shopping: Shopping,
}

/// Which pages a frame shows, and who makes them.
#[derive(Clone, Copy)]
pub struct Kind {
    pub is_ours: fn(&str) -> bool,
    /// A page that has all its states already: another query string asks for nothing.
    pub is_whole: fn(&str) -> bool,
    /// The server function that makes them.
    pub endpoint: &'static str,
    /// Whether they bring their own `main`.
    pub has_main: bool,
}

impl Kind {
    /// Title and HTML of what stands in the place of such a page.
    pub fn error(&self, error: &AppError) -> (&'static str, String) {
        if !self.has_main {
            return error_html(error, Where::Shop);
        }
        let (title, html) = error_html(error, Where::Office);
        (title, el("main").attr("id", "main").attr("tabindex", "-1").sanitised(&html).html())
    }
}

const SHOP: Kind = Kind { is_ours: is_made, is_whole: has_all_states, endpoint: "/api/catalog/page", has_main: false };

/// The pages of the shop.
#[component]
pub fn MadePage() -> impl IntoView {
    // The outlet is empty, but the router counts a navigation as done only once the route's own view stands.
    view! {
        {frame(SHOP)}
        <Outlet/>
    }
    .into_any()
}

/// Pages as HTML of the server's, in a frame that answers for it.
///
/// The first page is in the document already. The host renders it before the views, since nothing but the page itself
/// depends on it; so no resource travels with it, and the browser needs no code to wait for one.
pub fn frame(kind: Kind) -> AnyView {
    let url = use_url();
    let address = Memo::new(move |before: Option<&Address>| {
        let url = url.read();
        match before {
            Some(before) if !(kind.is_ours)(url.path()) => before.clone(),
            _ => (url.path().to_owned(), url.search().to_owned()),
        }
    });
    let wanted = Memo::new(move |before: Option<&Address>| {
        let address = address.read();
        match before {
            Some(before) if before.0 == address.0 && (kind.is_whole)(&address.0) => before.clone(),
            _ => address.clone(),
        }
    });
    let root = NodeRef::new();
    let frame = Frame {
        kind,
        wanted,
        root,
        shown: StoredValue::new(wanted.get_untracked()),
        arrival: Arrival::here(),
        shopping: expect_context(),
    };
    Effect::new(move |stood: Option<bool>| {
        let wanted = wanted.get();
        let Some(root) = root.get() else { return false };
        // The page that the browser arrived at is there; a frame that it made itself is empty.
        if stood == Some(true) || root.first_child().is_none() {
            spawn_local(frame.go(wanted));
        }
        true
    });
    let acts = Acts::new(root, address, kind.is_ours);
    #[cfg(feature = "ssr")]
    let html = super::make::prepared(&kind);
    #[cfg(not(feature = "ssr"))]
    let html = "";
    view! {
        <div
            class="static"
            data-made=""
            node_ref=root
            inner_html=html
            on:click=move |event| acts.click(&event)
            on:change=move |event| acts.change(&event)
            on:submit=move |event| acts.submit(&event)
            on:keydown=move |event| key(&event)
        ></div>
    }
    .into_any()
}

impl Frame {
    /// Shows another page once it is there. Until then what is shown stays, and says that it waits.
    async fn go(self, address: Address) {
        let waits = |waits: bool| {
            if let Some(root) = self.root.get_untracked() {
                let _ =
                    if waits { root.set_attribute("aria-busy", "true") } else { root.remove_attribute("aria-busy") };
            }
        };
        waits(true);
        let page = fetch_page(self.kind.endpoint, &address.0, &address.1).await;
        // Whoever has gone on in the meantime is not called back.
        if self.wanted.try_get_untracked().as_ref() != Some(&address) {
            return;
        }
        waits(false);
        match page {
            Ok(Rendered { title, canonical, html, count, .. }) => {
                self.shopping.counted(count);
                set_head(&title, canonical.as_deref());
                self.put(html);
            }
            // A new document: whoever was logged in here is no longer.
            Err(AppError::SignIn) => {
                let _ = location().assign(&login_href(&[address.0, address.1].join("?")));
            }
            Err(error) => {
                let (title, html) = self.kind.error(&error);
                set_head(title, None);
                self.put(html);
            }
        }
    }

    /// Another state of the same page is worked into what stands there, which keeps focus, scroll positions and open
    /// dialogs; another page takes its place.
    fn put(self, html: String) {
        let Some(root) = self.root.get_untracked() else { return };
        let now = self.wanted.get_untracked();
        let before = self.shown.get_value();
        self.shown.set_value(now.clone());
        if before.0 != now.0 || root.first_child().is_none() {
            with_transition(move || {
                root.set_inner_html(&html);
                self.arrival.at_top(&now.0);
                say_shown();
            });
            return;
        }
        morph(&root, &html);
        // The next page of the same listing begins where the last one began.
        if page_of(&before.1) != page_of(&now.1)
            && let Ok(Some(results)) = root.query_selector(".results")
        {
            scroll_to(&results);
        }
    }
}

/// The page number in a query string, as it stands there.
fn page_of(search: &str) -> Option<&str> {
    search.split('&').find_map(|pair| pair.strip_prefix("page="))
}
