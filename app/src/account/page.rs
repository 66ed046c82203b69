use crate::ui::ClosedPlace;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// Also the log-in and sign-up addresses, until accounts open.
pub struct AccountPage;

#[lazy_route]
impl LazyRoute for AccountPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <ClosedPlace title="Your account" sentence="Accounts aren’t open yet. Everything in the shop can be seen without one."/> }
            .into_any()
    }
}
