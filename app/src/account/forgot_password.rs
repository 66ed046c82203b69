use super::page::frame;
use crate::ui::{Field, FieldKind, Form, FormState, Submit, el, link};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct ForgotPasswordPage;

#[lazy_route]
impl LazyRoute for ForgotPasswordPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        let form = FormState::new("/api/account/forgot_password");
        let back = el("p").class("way").text("It came back to you? ").child(link("/login", "Log in")).text(".");
        frame(
            "Reset your password",
            view! {
                <Form form>
                    <Field form name="email" label="E-mail address" kind=FieldKind::Email
                        hint="The one of your account. We send a code there."/>
                    <Submit form label="Send me a code"/>
                </Form>
                {back.view()}
            }
            .into_any(),
        )
    }
}
