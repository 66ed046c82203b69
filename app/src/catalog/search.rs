use super::listing::Browse;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct SearchPage;

#[lazy_route]
impl LazyRoute for SearchPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <Browse searching=true/> }.into_any()
    }
}
