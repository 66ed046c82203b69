use crate::ui::ClosedPlace;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct CartPage;

#[lazy_route]
impl LazyRoute for CartPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <ClosedPlace title="Your cart" sentence="Ordering online isn’t open yet, so there is nothing to keep here."/> }
            .into_any()
    }
}
