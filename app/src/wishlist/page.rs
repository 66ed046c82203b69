use crate::ui::ClosedPlace;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct WishlistPage;

#[lazy_route]
impl LazyRoute for WishlistPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <ClosedPlace title="Your wishlist" sentence="Wishlists aren’t open yet. Until then, a product’s address keeps its colour and size."/> }
            .into_any()
    }
}
