use super::ErrorPage;
use crate::error::AppError;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct NotFoundPage;

#[lazy_route]
impl LazyRoute for NotFoundPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <ErrorPage error=AppError::NotFound/> }.into_any()
    }
}
