use super::api::{Flow, Purpose};
use super::new_password::NewPassword;
use super::page::{Content, Wanted, frame, nothing_here, page, whose};
use super::resend::Resend;
use crate::ui::{Brought, Field, FieldKind, Form, FormState, Submit, el, link};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

pub struct ResetPasswordPage;

#[lazy_route]
impl LazyRoute for ResetPasswordPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        let token = use_query_map().with_untracked(|query| query.get("token")).unwrap_or_default();
        if token.is_empty() { by_code() } else { by_link(token) }
    }
}

fn by_code() -> AnyView {
    page(Wanted::Flow, |content, again| match content {
        Content::Flow(Some(flow)) if flow.purpose == Purpose::Reset => reset(flow, again),
        Content::Flow(_) => nothing_here(
            "No code to enter",
            "No new password is waiting in this browser. A code works for 10 minutes, and only in the browser that asked \
             for it.",
            &[("/forgot-password", "Ask for a code"), ("/login", "Log in")],
        ),
        _ => ().into_any(),
    })
}

/// For whose account was made for them: the link that they were given stands for the code.
fn by_link(token: String) -> AnyView {
    let form = FormState::new("/api/account/reset_password");
    frame(
        "Choose a password",
        view! {
            <Form form>
                <Brought form name="code" value=token/>
                <NewPassword form label="New password"/>
                <Submit form label="Set the password"/>
            </Form>
        }
        .into_any(),
    )
}

fn reset(flow: Flow, again: Callback<()>) -> AnyView {
    let form = FormState::new("/api/account/reset_password");
    let sent = el("p")
        .class("lead")
        .text("If ")
        .child(el("strong").text(&flow.email))
        .text(" has an account, we sent six digits there. They work for 10 minutes, in this browser.");
    let owner = whose(&flow.email);
    let change = el("p").class("way").text("Wrong address? ").child(link("/forgot-password", "Change it")).text(".");
    frame(
        "Choose a new password",
        view! {
            {sent.view()}
            <Form form>
                {owner.view()}
                <Field form name="code" label="Code" kind=FieldKind::Code/>
                <NewPassword form label="New password"/>
                <p>"Every device is logged out. Afterwards you log in with the new password."</p>
                <Submit form label="Set the new password"/>
            </Form>
            {change.view()}
            <Resend flow again/>
        }
        .into_any(),
    )
}
