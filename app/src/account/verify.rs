use super::api::{Flow, Purpose};
use super::page::{Content, Wanted, frame, nothing_here, page};
use super::resend::Resend;
use crate::ui::{Brought, Field, FieldKind, Form, FormState, Submit, el, link};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

pub struct VerifyPage;

#[lazy_route]
impl LazyRoute for VerifyPage {
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
        Content::Flow(Some(flow)) if flow.purpose != Purpose::Reset => verify(flow, again),
        Content::Flow(flow) => nothing(flow.is_some()),
        _ => ().into_any(),
    })
}

/// For whose address the shop's staff has entered: the link in the mail stands for the code. A button, since mail
/// scanners open every link.
fn by_link(token: String) -> AnyView {
    let form = FormState::new("/api/account/verify");
    frame(
        "Confirm your new address",
        view! {
            <Form form>
                <Brought form name="code" value=token/>
                <Submit form label="Confirm the new address"/>
            </Form>
        }
        .into_any(),
    )
}

fn nothing(resetting: bool) -> AnyView {
    if resetting {
        let way = [("/reset-password", "Enter the code and a new password")];
        return nothing_here("A code for your password", "The code we sent you allows a new password.", &way);
    }
    nothing_here(
        "No code to enter",
        "Nothing is waiting for a code in this browser. A code works for 10 minutes, and only in the browser that asked \
         for it.",
        &[("/signup", "Create an account"), ("/login", "Log in"), ("/forgot-password", "Reset your password")],
    )
}

fn verify(flow: Flow, again: Callback<()>) -> AnyView {
    let form = FormState::new("/api/account/verify");
    let (back, label) = match flow.purpose {
        Purpose::SignUp => ("/signup", "Confirm and go on"),
        _ => ("/account", "Confirm the new address"),
    };
    let sent = el("p")
        .class("lead")
        .text("We sent six digits to ")
        .child(el("strong").text(&flow.email))
        .text(". They work for 10 minutes, in this browser.");
    let change = el("p").class("way").text("Wrong address? ").child(link(back, "Change it")).text(".");
    frame(
        "Enter the code from your mail",
        view! {
            {sent.view()}
            <Form form>
                <Field form name="code" label="Code" kind=FieldKind::Code/>
                <Submit form label/>
            </Form>
            {change.view()}
            <Resend flow again/>
        }
        .into_any(),
    )
}
