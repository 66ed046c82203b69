//! A form that was refused for what has changed meanwhile: what its page is now stands beside what was typed, which stays.

use super::Shopping;
use crate::ui::{ACTING, SENT, all, as_made};
use crate::wire;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// On such a form: the server function that makes its page.
pub const REFRESHED: &str = "data-refreshed";

struct Typed {
    field: Element,
    value: String,
    checked: bool,
    /// What the field held when the page came.
    before: String,
}

impl Shopping {
    /// Shows the page of a form as it is now. Answers what has become of the form's fields, by their names.
    pub(super) async fn look_again(self, form: &HtmlFormElement, page: &str, endpoint: &str) -> Vec<(String, String)> {
        let (path, search) = page.split_once('?').unwrap_or((page, ""));
        // Not to know better is no reason to say anything beyond the refusal.
        let Ok(made) = wire::fetch_page(endpoint, path, search).await else { return Vec::new() };
        let typed: Vec<Typed> = all(form, "input:not([type=hidden]), textarea, select")
            .into_iter()
            .map(|field| Typed {
                value: value(&field),
                checked: field.dyn_ref::<HtmlInputElement>().is_some_and(HtmlInputElement::checked),
                before: came_with(&field),
                field,
            })
            .collect();
        let _ = form.set_attribute(SENT, ACTING);
        self.put(page, &made.html);
        let _ = form.remove_attribute(SENT);
        let mut become_of = Vec::new();
        for one in &typed {
            set(one);
            let now = came_with(&one.field);
            let name = one.field.get_attribute("name").unwrap_or_default();
            if now != one.before && now != one.value {
                become_of.push((name, in_words(&one.field, &now)));
            }
        }
        become_of
    }
}

fn value(field: &Element) -> String {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return input.value();
    }
    match field.dyn_ref::<HtmlTextAreaElement>() {
        Some(text) => text.value(),
        None => field.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value).unwrap_or_default(),
    }
}

fn came_with(field: &Element) -> String {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return input.default_value();
    }
    match field.dyn_ref::<HtmlTextAreaElement>() {
        Some(text) => text.default_value().unwrap_or_default(),
        None => field.dyn_ref::<HtmlSelectElement>().map(as_made).unwrap_or_default(),
    }
}

fn set(typed: &Typed) {
    if let Some(input) = typed.field.dyn_ref::<HtmlInputElement>() {
        match input.type_().as_str() {
            "checkbox" | "radio" => input.set_checked(typed.checked),
            _ => input.set_value(&typed.value),
        }
    } else if let Some(text) = typed.field.dyn_ref::<HtmlTextAreaElement>() {
        text.set_value(&typed.value);
    } else if let Some(select) = typed.field.dyn_ref::<HtmlSelectElement>() {
        select.set_value(&typed.value);
    }
}

fn in_words(field: &Element, now: &str) -> String {
    let option = all(field, "option").into_iter().find(|option| option.get_attribute("value").as_deref() == Some(now));
    let shown = option.and_then(|option| option.text_content()).unwrap_or_else(|| now.to_owned());
    if shown.is_empty() { "It is empty now".to_owned() } else { ["It is now: ", &shown].concat() }
}
