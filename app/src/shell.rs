//! The HTML document around the app.

use crate::App;
use crate::domain::Currency;
use crate::host::CartCount;
use crate::page_json::in_script;
use crate::shop::{Shop, Theme};
use crate::wire::{PAGE_DATA, PageData};
use leptos::html;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};
use std::sync::Arc;

/// Its type is erased here, so that the host is not compiled with every page's own.
pub fn shell(options: LeptosOptions) -> AnyView {
    let theme = use_context::<Theme>().unwrap_or_default();
    let color_scheme = match theme {
        Theme::System => "light dark",
        forced => forced.key(),
    };
    let data = data_block(&page_data());
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.forced()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=color_scheme/>
                {theme_colour(theme)}
                <Font file="instrument-sans"/>
                <Font file="instrument-serif"/>
                <link rel="icon" href="/icon.svg" type="image/svg+xml"/>
                <script nonce=use_nonce() inner_html=LISTENS_FIRST></script>
                <HashedStylesheet id="leptos" options=options.clone()/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
                <script type="application/json" id=PAGE_DATA nonce=use_nonce() inner_html=data></script>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
    .into_any()
}

/// What the page says to the browser, and its views to each other, about shop and visitor.
pub fn page_data() -> PageData {
    let shop = match use_context::<Arc<Shop>>() {
        Some(shop) => (*shop).clone(),
        // The list of routes is made without a host.
        None => Shop {
            name: String::new(),
            tagline: String::new(),
            currency: Currency { code: String::new(), symbol: String::new(), exponent: 0 },
            base_url: String::new(),
        },
    };
    PageData {
        shop,
        theme: use_context().unwrap_or_default(),
        visitor: use_context().unwrap_or_default(),
        flash: use_context().unwrap_or_default(),
        count: use_context::<CartCount>().unwrap_or_default().0,
    }
}

/// [`PageData`] as it stands in the document.
pub fn data_block(data: &PageData) -> String {
    in_script(&serde_json::to_string(data).unwrap_or_default())
}

/// The app alone, for the list of its routes.
pub fn routes() -> AnyView {
    view! { <App/> }.into_any()
}

/// The browser's own bars take the page's ground.
fn theme_colour(theme: Theme) -> impl IntoView {
    let light = (theme != Theme::Dark).then_some((PAPER_LIGHT, "light"));
    let dark = (theme != Theme::Light).then_some((PAPER_DARK, "dark"));
    [light, dark]
        .into_iter()
        .flatten()
        .map(|(colour, scheme)| {
            let media = (theme == Theme::System).then(|| format!("(prefers-color-scheme: {scheme})"));
            html::meta().name("theme-color").content(colour).attr("media", media)
        })
        .collect_view()
}

/// The way back, before the router takes it: browsers call a window's listeners in the order in which they came, capture or
/// not, so one that is to come before the router's must be there before the app is. Whoever has something to say of it
/// (`admin/guard.rs`) says so by this name. Before there is a router, which is possible on a page that was reloaded, the
/// browser would change the address alone: then the page at that address is loaded, and this one is not brought to life
/// any more ([`crate::ui::is_left`]).
const LISTENS_FIRST: &str = "{const page=document.documentElement.dataset,at=()=>location.pathname+location.search,here=at();\
addEventListener('popstate',e=>{if('hydrated'in page||at()===here)window.goingBack?.(e);else{page.left='';location.reload()}})}";

/// `--paper` of the two themes, in the notation that a browser's own bars understand.
const PAPER_LIGHT: &str = "#fbfaf7";
const PAPER_DARK: &str = "#161310";

/// Fonts are asked for before the stylesheet that names them has arrived.
#[component]
fn Font(file: &'static str) -> impl IntoView {
    let href = format!("/fonts/{file}.woff2");
    view! { <link rel="preload" href=href r#as="font" r#type="font/woff2" crossorigin="anonymous"/> }
}
