use super::strength::{Strength, strength};
use super::use_visitor;
use crate::shop::use_shop;
use crate::ui::{Field, FieldKind, FormState, form_search};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;

/// A field for a new password, which says while it is typed how hard it is to guess.
#[component]
pub fn NewPassword(form: FormState, label: &'static str) -> impl IntoView {
    let shop = use_shop().name;
    let visitor = use_visitor();
    let found = RwSignal::new(None::<Strength>);
    let judge = move |event: ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let password = input.value();
        // Who is signing up has just typed who they are.
        let typed = input.form().map(|form| form_search(&form)).unwrap_or_default();
        let mut about = vec![shop.clone()];
        about.extend(visitor.with_untracked(|visitor| visitor.me.as_ref().map(|me| me.username.clone())));
        for (name, value) in form_urlencoded::parse(typed.as_bytes()) {
            match name.as_ref() {
                "username" => about.push(value.into_owned()),
                "email" => about.extend(value.split('@').next().map(str::to_owned)),
                _ => {}
            }
        }
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        let now = (!password.is_empty()).then(|| strength(&password, &about));
        if found.get_untracked() != now {
            found.set(now);
        }
    };
    // What the host refuses is not strong, whatever is counted here: that is told again of what is typed next.
    Effect::new(move || {
        if form.is_wrong("password") {
            found.set(None);
        }
    });
    view! {
        <div class="new-password" on:input=judge>
            <Field form name="password" label kind=FieldKind::NewPassword
                hint="At least 12 characters. A few unrelated words are easy to remember and hard to guess."/>
            <p class="strength with-script" role="status" data-level=move || found.get().map(Strength::level)>
                {move || found.get().map(Strength::words)}
            </p>
        </div>
    }
    .into_any()
}
