use super::api::{Home, Listing, Product, load_home, load_listing, load_product};
use crate::error::AppError;
use crate::page_json::PageJson;
use crate::ui::{ErrorPage, traced};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which page of the catalogue is wanted.
#[derive(Clone, PartialEq)]
pub enum Wanted {
    Home,
    /// `category`: the slug of a category's page. `search`: the query string.
    Listing {
        category: Option<String>,
        search: String,
    },
    Product {
        slug: String,
    },
}

/// What a page is made of. One type for every page, since a resource and its transition are generated anew for each
/// type that they hold, and shoppers download each.
#[derive(Clone, Serialize, Deserialize)]
pub enum Content {
    Home(Box<Home>),
    Listing(Box<Listing>),
    Product(Box<Product>),
}

async fn load(wanted: Wanted) -> Result<Content, AppError> {
    match wanted {
        Wanted::Home => load_home().await.map(|home| Content::Home(Box::new(home))),
        Wanted::Listing { category, search } => {
            load_listing(category, search).await.map(|listing| Content::Listing(Box::new(listing)))
        }
        Wanted::Product { slug } => load_product(slug).await.map(|product| Content::Product(Box::new(product))),
    }
    .map_err(traced)
}

/// Shows what is wanted once it is there. While something else is on its way, what is shown stays, and `pending` says
/// so. (The transition's own word for that stays at "pending" after hydration.)
pub fn page(
    wanted: impl Fn() -> Wanted + Send + Sync + 'static,
    pending: RwSignal<bool>,
    view: impl Fn(Content) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    boxed_page(Box::new(wanted), pending, StoredValue::new(Box::new(view)))
}

type View = Box<dyn Fn(Content) -> AnyView + Send + Sync>;

fn boxed_page(
    wanted: Box<dyn Fn() -> Wanted + Send + Sync>,
    pending: RwSignal<bool>,
    view: StoredValue<View>,
) -> AnyView {
    let fetch = move |wanted| async move {
        pending.set(true);
        let content = load(wanted).await;
        pending.set(false);
        content
    };
    let content = Resource::<_, PageJson>::new_with_options(wanted, fetch, false);
    view! {
        <Transition strict=true>
            {move || Suspend::new(async move {
                match content.await {
                    Ok(content) => view.with_value(|view| view(content)),
                    Err(error) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}
