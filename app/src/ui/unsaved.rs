//! Which forms have something typed, chosen or ticked that isn't saved. Their own fields say, which know what they held
//! when the page came.

use super::dom::all;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement};

/// Forms with something to lose.
pub const GUARDED_FORMS: &str = "form[data-guard]";
const UNSAVED: &str = "data-unsaved";
/// On a form whose fields are as they were sent, or that somebody has given up; typing takes it away.
pub const SENT: &str = "data-sent";
/// Its value while the page is put in place that the form itself asked for.
pub const ACTING: &str = "now";

/// Whether the page that is put in place now is the answer to this form.
pub fn is_acting(form: &Element) -> bool {
    form.get_attribute(SENT).as_deref() == Some(ACTING)
}

/// Whether a page that something else asked for leaves the form as it is: also one that shows what is kept and not saved.
pub fn is_left_alone(form: &Element) -> bool {
    !is_acting(form) && (form.has_attribute(UNSAVED) || is_unsaved(form))
}

pub fn is_unsaved(form: &Element) -> bool {
    !form.has_attribute(SENT)
        && (form.has_attribute(UNSAVED) || all(form, "input, textarea, select").iter().any(changed))
}

fn changed(field: &Element) -> bool {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return match input.type_().as_str() {
            "checkbox" | "radio" => input.checked() != input.default_checked(),
            // Fields that nobody sees say what the page is about; nobody types there.
            "hidden" => false,
            _ => input.value() != input.default_value(),
        };
    }
    if let Some(text) = field.dyn_ref::<HtmlTextAreaElement>() {
        return text.default_value().is_ok_and(|before| text.value() != before);
    }
    field.dyn_ref::<HtmlSelectElement>().is_some_and(|select| select.value() != as_made(select))
}

/// The value that a choice came with.
pub fn as_made(select: &HtmlSelectElement) -> String {
    let options: Vec<HtmlOptionElement> =
        all(select, "option").into_iter().filter_map(|option| option.dyn_into().ok()).collect();
    // Where none is marked, the first is chosen.
    let marked = options.iter().find(|option| option.default_selected()).or(options.first());
    marked.map(HtmlOptionElement::value).unwrap_or_default()
}
