use super::listing::{Kind, browse};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct SearchPage;

#[lazy_route]
impl LazyRoute for SearchPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        browse(Kind::Search)
    }
}
