use crate::ui::form_pairs;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlSelectElement, UrlSearchParams};

/// The form that a field of the filters belongs to, which may stand elsewhere.
pub fn form_of(field: &Element) -> Option<HtmlFormElement> {
    let form = match field.dyn_ref::<HtmlSelectElement>() {
        Some(select) => select.form(),
        None => field.dyn_ref::<HtmlInputElement>()?.form(),
    };
    form.filter(|form| form.class_name() == "filters")
}

/// Where a GET form leads, without what says nothing: empty fields, and the order that is in force anyway.
pub fn address(form: &HtmlFormElement) -> String {
    let default =
        form.elements().named_item("sort").and_then(|sort| sort.get_attribute("data-default")).unwrap_or_default();
    let mut search = String::new();
    if let Ok(params) = UrlSearchParams::new() {
        for (name, value) in form_pairs(form) {
            let value = value.trim();
            if !value.is_empty() && !(name == "sort" && value == default) {
                params.append(&name, value);
            }
        }
        search = String::from(params.to_string());
    }
    let path = form.get_attribute("action").unwrap_or_default();
    if search.is_empty() { path } else { [&path, "?", &search].concat() }
}
