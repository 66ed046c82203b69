use super::new_password::NewPassword;
use super::page::{already, frame, hidden_field, next_page, onward};
use crate::ui::{Field, FieldKind, Form, FormState, Submit, el};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

const TITLE: &str = "Create your account";

pub struct SignUpPage;

#[lazy_route]
impl LazyRoute for SignUpPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        already(TITLE).unwrap_or_else(sign_up)
    }
}

fn sign_up() -> AnyView {
    let next = next_page();
    let form = FormState::new("/api/account/sign_up");
    let log_in = el("p").class("way").text("You have an account? ").child(onward("/login", &next, "Log in")).text(".");
    frame(
        TITLE,
        view! {
            <Form form>
                {hidden_field("next", &next).view()}
                <Field form name="username" label="Username" kind=FieldKind::Username
                    hint="3 to 30 letters, digits, dots, hyphens or underscores."/>
                <Field form name="email" label="E-mail address" kind=FieldKind::Email
                    hint="We send a code there to see that it is yours."/>
                <NewPassword form label="Password"/>
                <Submit form label="Create account"/>
            </Form>
            {log_in.view()}
        }
        .into_any(),
    )
}
