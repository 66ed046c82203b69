use super::count_down::{CountDown, clock};
use super::dom::{form_search, post};
use super::here::use_here;
use super::markup::{el, hidden, live};
use super::notice::say;
use crate::account::login_href;
use crate::error::AppError;
use crate::form::{Flash, Next, errors_of, use_flash};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, HtmlFormElement};
use std::collections::BTreeMap;

/// A form between being typed and being answered.
#[derive(Clone, Copy)]
pub struct FormState {
    action: &'static str,
    /// Leads the ids of the fields on a page with several forms.
    id: &'static str,
    /// What was typed before the page was loaded.
    typed: StoredValue<BTreeMap<String, String>>,
    errors: RwSignal<BTreeMap<String, String>>,
    pending: RwSignal<bool>,
    wait: CountDown,
    flash: RwSignal<Flash>,
    /// What an accepted form does where it stays on its page.
    done: Option<Callback<()>>,
    /// Left to the browser even with JavaScript.
    plain: bool,
}

impl FormState {
    /// Unless said otherwise, an accepted form loads the page that its answer leads to, as the browser itself would:
    /// whoever has just become somebody else meets nothing of before.
    pub fn new(action: &'static str) -> Self {
        let flash = use_flash();
        let own = flash.with_untracked(|flash| if flash.action == action { flash.clone() } else { Flash::default() });
        Self {
            action,
            id: "",
            typed: StoredValue::new(own.values),
            errors: RwSignal::new(own.errors),
            pending: RwSignal::new(false),
            wait: CountDown::idle(),
            flash,
            done: None,
            plain: false,
        }
    }

    pub fn id(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    pub fn staying(self, done: Callback<()>) -> Self {
        Self { done: Some(done), ..self }
    }

    /// For an answer that the browser must get itself, such as a file.
    pub fn plain(self) -> Self {
        Self { plain: true, ..self }
    }

    /// What was typed into a field, or else `otherwise`.
    pub fn value(self, name: &str, otherwise: &str) -> String {
        self.typed.with_value(|typed| typed.get(name).cloned()).unwrap_or_else(|| otherwise.to_owned())
    }

    fn id_of(self, name: &str) -> String {
        if self.id.is_empty() { name.to_owned() } else { [self.id, "-", name].concat() }
    }

    pub fn is_wrong(self, name: &str) -> bool {
        self.errors.read().contains_key(name)
    }

    fn submit(self, form: HtmlFormElement) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        let body = form_search(&form);
        spawn_local(async move {
            match post(self.action, &body, self.done.is_none()).await {
                Ok(next) => self.accepted(next),
                Err(AppError::SignIn) => go(&login_href(&super::here::here())),
                Err(error) => self.refused(&error, form),
            }
        });
    }

    fn accepted(self, next: Next) {
        let Some(done) = self.done else { return go(&next.path) };
        self.errors.try_set(BTreeMap::new());
        self.wait.stop();
        self.pending.try_set(false);
        say(self.flash, next.notice);
        done.run(());
    }

    fn refused(self, error: &AppError, form: HtmlFormElement) {
        match error {
            AppError::TooMany { retry_after } => self.wait.start(*retry_after),
            _ => self.wait.stop(),
        }
        self.errors.try_set(errors_of(error));
        self.pending.try_set(false);
        // The fields are marked by then, and may take the focus again.
        let _ = request_animation_frame(move || {
            let first = form.query_selector("[aria-invalid]").ok().flatten();
            let first = first.or_else(|| form.query_selector(".form-error").ok().flatten());
            if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
                let _ = first.focus();
            }
        });
    }
}

fn go(path: &str) {
    let _ = location().assign(path);
}

/// A form that posts to a server function, with JavaScript and without.
#[component]
pub fn Form(form: FormState, children: Children) -> impl IntoView {
    let here = use_here();
    let on_submit = move |event: ev::SubmitEvent| {
        if form.plain {
            return;
        }
        event.prevent_default();
        if let Some(element) = event.current_target().and_then(|target| target.dyn_into().ok()) {
            form.submit(element);
        }
    };
    view! {
        // The shop says itself what is wrong, beside the field and in its own words.
        <form class="form" method="post" action=form.action novalidate on:submit=on_submit>
            <input type="hidden" name="page" value=here/>
            <FormError form/>
            {children()}
        </form>
    }
    .into_any()
}

/// What is wrong with the form as a whole, and how long it will be.
#[component]
fn FormError(form: FormState) -> impl IntoView {
    // Told again only when it changes, not with every second.
    let error = Memo::new(move |_| match form.wait.left() {
        Some(0) => "You can try again now.".to_owned(),
        _ => form.errors.read().get("").cloned().unwrap_or_default(),
    });
    let clock = move || form.wait.left().filter(|left| *left > 0).map(clock);
    view! {
        <div class="form-error" role="alert" tabindex="-1">{move || Some(error.get()).filter(|error| !error.is_empty())}</div>
        <p class="clock num" aria-hidden="true">{clock}</p>
    }
    .into_any()
}

/// What a field is for, which decides its keypad and what a browser offers to fill in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Name,
    Username,
    Email,
    Code,
    CurrentPassword,
    NewPassword,
}

impl FieldKind {
    fn autocomplete(self) -> &'static str {
        match self {
            Self::Name => "nickname",
            Self::Username => "username",
            Self::Email => "email",
            Self::Code => "one-time-code",
            Self::CurrentPassword => "current-password",
            Self::NewPassword => "new-password",
        }
    }

    fn is_password(self) -> bool {
        matches!(self, Self::CurrentPassword | Self::NewPassword)
    }
}

/// A labelled field. What to do about it stands between its label and itself, where it is read first.
#[component]
pub fn Field(
    form: FormState,
    name: &'static str,
    label: &'static str,
    kind: FieldKind,
    #[prop(optional)] hint: &'static str,
    /// Until something else was typed.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    let id = form.id_of(name);
    let error_id = StoredValue::new(id.clone() + "-error");
    let hint_id = (!hint.is_empty()).then(|| id.clone() + "-hint");
    let hint = hint_id.as_ref().map(|id| el("p").class("hint").attr("id", id).text(hint).view());
    let described = move || match (&hint_id, form.is_wrong(name)) {
        (Some(hint), true) => Some([hint.as_str(), " ", &error_id.get_value()].concat()),
        (Some(hint), false) => Some(hint.clone()),
        (None, true) => Some(error_id.get_value()),
        (None, false) => None,
    };
    let error = field_error(form, name);
    let shown = RwSignal::new(false);
    // Hidden again when it is sent, so that browsers know it for a password.
    let is_hidden = move || kind.is_password() && (!shown.get() || form.pending.get());
    let control = match kind {
        FieldKind::Email => "email",
        _ => "text",
    };
    let keypad = match kind {
        FieldKind::Email => Some("email"),
        FieldKind::Code => Some("numeric"),
        _ => None,
    };
    let as_written = kind != FieldKind::Name;
    view! {
        <div class="form-field">
            <label for=id.clone()>{label}</label>
            {hint}
            {error}
            <div class="entry">
                <input
                    class=if kind == FieldKind::Code { "field code" } else { "field" }
                    id=id.clone()
                    name=name
                    type=move || if is_hidden() { "password" } else { control }
                    value=form.value(name, &value)
                    autocomplete=kind.autocomplete()
                    inputmode=keypad
                    autocapitalize=as_written.then_some("none")
                    spellcheck=as_written.then_some("false")
                    // After a whole new page, as after an answer in place.
                    autofocus=form.errors.with_untracked(|errors| errors.contains_key(name))
                    aria-invalid=move || form.is_wrong(name).then_some("true")
                    aria-describedby=described
                />
                {kind.is_password().then(|| view! { <Reveal shown field=id label/> })}
            </div>
        </div>
    }
    .into_any()
}

/// What is wrong with a field, in the place where it is read first.
fn field_error(form: FormState, name: &'static str) -> AnyView {
    let id = form.id_of(name) + "-error";
    live(move || match form.errors.read().get(name) {
        Some(error) => el("p").class("error").attr("id", &id).child(hidden("Error: ")).text(error).html(),
        None => String::new(),
    })
}

/// What a link brought, sent along. There is nothing to type, but it may be refused all the same.
#[component]
pub fn Brought(form: FormState, name: &'static str, #[prop(into)] value: String) -> impl IntoView {
    view! {
        <div class="form-field">
            <input type="hidden" name=name value=value/>
            {field_error(form, name)}
        </div>
    }
    .into_any()
}

#[component]
fn Reveal(shown: RwSignal<bool>, field: String, label: &'static str) -> impl IntoView {
    let act = move || if shown.get() { "Hide" } else { "Show" };
    let name = move || [act(), " ", &label.to_ascii_lowercase()].concat();
    view! {
        <button
            type="button"
            class="reveal with-script"
            aria-controls=field
            aria-label=name
            on:click=move |_| shown.update(|shown| *shown = !*shown)
        >
            {act}
        </button>
    }
    .into_any()
}

/// The form's button. It says the same while the answer is on its way, and can't be pressed twice.
#[component]
pub fn Submit(
    form: FormState,
    label: &'static str,
    #[prop(default = "button")] class: &'static str,
    /// What the label alone does not tell the ear.
    #[prop(optional, into)]
    about: String,
    /// Not yet to be pressed.
    #[prop(optional, into)]
    held: Signal<bool>,
) -> impl IntoView {
    let about = (!about.is_empty()).then(|| hidden(&[" ", &about].concat()).view());
    view! {
        <button
            class=class
            disabled=move || form.pending.get() || held.get()
            aria-busy=move || form.pending.get().then_some("true")
        >
            {label}
            {about}
        </button>
    }
    .into_any()
}
