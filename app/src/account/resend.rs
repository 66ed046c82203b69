use super::api::Flow;
use crate::error::in_words;
use crate::ui::{CountDown, Form, FormState, Submit};
use leptos::prelude::*;

/// Asks for the code once more, when it is time for that. The host counts too: without JavaScript, and against it.
#[component]
pub fn Resend(flow: Flow, again: Callback<()>) -> impl IntoView {
    let wait = flow.resend_in;
    let form = FormState::new("/api/account/resend").id("resend").staying(again);
    let count = CountDown::idle();
    Effect::new(move |_| count.start(wait));
    let held = move || count.left().is_some_and(|left| left > 0);
    let when = move || match count.left().unwrap_or(wait) {
        0 => None,
        left => Some(["You can ask for another code in ", &in_words(left), "."].concat()),
    };
    let now = move || (wait > 0 && count.left() == Some(0)).then_some("You can ask for another code now.");
    view! {
        <section class="aside">
            <h2>"No mail yet?"</h2>
            <p>"It can take a minute. Look into the folder for spam as well."</p>
            <p class="num">{when}</p>
            <p class="visually-hidden" role="status">{now}</p>
            <Form form>
                <Submit form label="Send the code again" class="button plain" held=Signal::derive(held)/>
            </Form>
        </section>
    }
    .into_any()
}
