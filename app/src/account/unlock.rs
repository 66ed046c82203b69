use super::page::{frame, hidden_field, nothing_here};
use crate::ui::{Form, FormState, Submit, el};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

const TITLE: &str = "Allow codes again";

pub struct UnlockPage;

#[lazy_route]
impl LazyRoute for UnlockPage {
    fn data() -> Self {
        Self
    }

    /// A button, since mail scanners open every link.
    fn view(_this: Self) -> AnyView {
        let token = use_query_map().with_untracked(|query| query.get("token")).unwrap_or_default();
        if token.is_empty() { incomplete() } else { unlock(&token) }
    }
}

fn incomplete() -> AnyView {
    nothing_here(
        TITLE,
        "A part of the link is missing. Open it from the mail again, or copy the whole of it.",
        &[("/login", "Log in")],
    )
}

fn unlock(token: &str) -> AnyView {
    let form = FormState::new("/api/account/unlock");
    let why = el("p").class("lead").text(
        "Somebody entered many wrong codes for your account, so we stopped sending codes for it. If you want to \
             reset your password or change your address, allow them again.",
    );
    let token = hidden_field("token", token);
    frame(
        TITLE,
        view! {
            {why.view()}
            <Form form>
                {token.view()}
                <Submit form label="Allow codes again"/>
            </Form>
        }
        .into_any(),
    )
}
