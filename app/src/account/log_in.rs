use super::page::{already, frame, hidden_field, next_page, onward};
use crate::ui::{Field, FieldKind, Form, FormState, Submit, el, link};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

const TITLE: &str = "Log in";

pub struct LogInPage;

#[lazy_route]
impl LazyRoute for LogInPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        already(TITLE).unwrap_or_else(log_in)
    }
}

fn log_in() -> AnyView {
    let next = next_page();
    let form = FormState::new("/api/account/log_in");
    let stay = !form.value("stay", "").is_empty();
    let stay = el("input")
        .attr("type", "checkbox")
        .attr("name", "stay")
        .attr("value", "yes")
        .maybe_attr("checked", stay.then_some(""));
    let stay = el("label").class("check").child(stay).child(el("span").text("Stay signed in on this device"));
    let forgot = el("p").class("way").child(link("/forgot-password", "Forgot your password?"));
    let sign_up =
        el("p").class("way").text("New here? ").child(onward("/signup", &next, "Create an account")).text(".");
    frame(
        TITLE,
        view! {
            <Form form>
                {hidden_field("next", &next).view()}
                <Field form name="login" label="E-mail address or username" kind=FieldKind::Username/>
                <Field form name="password" label="Password" kind=FieldKind::CurrentPassword/>
                {stay.view()}
                <Submit form label="Log in"/>
            </Form>
            {forgot.view()}
            {sign_up.view()}
        }
        .into_any(),
    )
}
