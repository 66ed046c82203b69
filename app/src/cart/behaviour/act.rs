use super::again::REFRESHED;
use super::{Shopping, say_beside, unsay};
use crate::error::AppError;
use crate::ui::{ACTING, SENT, all, closest, form_search, here};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlFormElement, HtmlInputElement};

const ADD: &str = "/api/cart/add_line";
const SAVE: &str = "/api/wishlist/save";
const DROP: &str = "/api/wishlist/drop";
/// Names an act that may be sent twice; stays on its button until it has been answered.
const ATTEMPT: &str = "data-attempt";
/// On a form that was changed while it was under way.
const AGAIN: &str = "data-again";

impl Shopping {
    /// Sends a form, and shows at once what it is going to do. A button that is waiting for its answer doesn't act
    /// again.
    pub(super) fn act(self, form: HtmlFormElement, button: Option<Element>) {
        let pressed = button.clone().unwrap_or_else(|| form.clone().unchecked_into());
        if pressed.has_attribute("aria-busy") {
            // A box ticked meanwhile is another wish, unlike a second press.
            if button.is_none() {
                let _ = pressed.set_attribute(AGAIN, "");
            }
            return;
        }
        let _ = pressed.set_attribute("aria-busy", "true");
        unsay(&form);
        let attribute = |name: &str| button.as_ref().and_then(|button| button.get_attribute(name));
        let action = attribute("formaction").or_else(|| form.get_attribute("action")).unwrap_or_default();
        let mut body = form_urlencoded::Serializer::new(form_search(&form));
        if let (Some(name), Some(value)) = (attribute("name"), attribute("value")) {
            body.append_pair(&name, &value);
        }
        if action == ADD {
            let attempt = pressed.get_attribute(ATTEMPT).unwrap_or_else(wire::new_name);
            body.append_pair("key", &attempt);
            let _ = pressed.set_attribute(ATTEMPT, &attempt);
        }
        let body = body.finish();
        let undo = self.expect(&action, &form, &pressed);
        spawn_local(async move {
            let page = here();
            let answer = wire::act(&action, &body).await;
            let _ = pressed.remove_attribute("aria-busy");
            if pressed.has_attribute(AGAIN) && answer.is_ok() {
                let _ = pressed.remove_attribute(AGAIN);
                return self.act(form, None);
            }
            match answer {
                Ok(acted) => {
                    let _ = pressed.remove_attribute(ATTEMPT);
                    // Nobody is asked whether to leave it.
                    let _ = form.set_attribute(SENT, ACTING);
                    self.accepted(&page, acted);
                    let _ = form.set_attribute(SENT, "");
                }
                // Which of two versions is meant, a page of its own asks; it comes to a form that the browser sends.
                Err(AppError::Conflict { .. }) if !form.has_attribute(REFRESHED) => {
                    let _ = form.set_attribute(SENT, "");
                    let _ = form.submit();
                }
                Err(error) => {
                    undo.back();
                    let mut become_of = Vec::new();
                    if let (AppError::Invalid { .. } | AppError::Conflict { .. }, Some(endpoint)) =
                        (&error, form.get_attribute(REFRESHED))
                    {
                        become_of = self.look_again(&form, &page, &endpoint).await;
                    }
                    // A shared form stands nowhere near its buttons, and a row may have left its table.
                    let is_near = pressed.get_attribute("form").is_none() && form.is_connected();
                    let beside = is_near.then_some(form.unchecked_ref());
                    if let Some(form) = beside {
                        for (field, words) in &become_of {
                            say_beside(form, field, words);
                        }
                    }
                    self.refused(beside, error);
                }
            }
        });
    }

    /// Shows what the act is going to change, as far as the page can know.
    fn expect(self, action: &str, form: &HtmlFormElement, pressed: &Element) -> Expected {
        match action {
            ADD => {
                let typed = all(form, "input[name=quantity]").into_iter().next();
                let typed =
                    typed.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()).map(|input| input.value());
                let pieces: u32 = typed.and_then(|typed| typed.trim().parse().ok()).unwrap_or(1);
                self.in_cart.update(|count| *count = count.saturating_add(pieces.min(99)));
                Expected::Nothing
            }
            SAVE | DROP if pressed.has_attribute("aria-pressed") => {
                let product = pressed.get_attribute("value").unwrap_or_default();
                show_hearts(&product, action == SAVE);
                Expected::Heart { product, was: action == DROP }
            }
            "/api/cart/remove_line" | "/api/wishlist/remove_item" => match closest(form, "li[data-key]") {
                Some(line) => {
                    let _ = line.set_attribute("data-leaving", "");
                    Expected::Leaving(line)
                }
                None => Expected::Nothing,
            },
            _ => Expected::Nothing,
        }
    }
}

/// What a page shows before it is so.
enum Expected {
    /// Beyond the number in the header.
    Nothing,
    Heart {
        product: String,
        was: bool,
    },
    Leaving(Element),
}

impl Expected {
    fn back(self) {
        match self {
            Self::Nothing => {}
            Self::Heart { product, was } => show_hearts(&product, was),
            Self::Leaving(line) => {
                let _ = line.remove_attribute("data-leaving");
            }
        }
    }
}

/// All hearts of one product, which may stand on a page more than once.
fn show_hearts(product: &str, wished: bool) {
    let Some(root) = document().document_element() else { return };
    for heart in all(&root, ".heart") {
        if heart.get_attribute("value").as_deref() != Some(product) {
            continue;
        }
        let _ = heart.set_attribute("aria-pressed", if wished { "true" } else { "false" });
        let _ = if wished { heart.set_attribute("formaction", DROP) } else { heart.remove_attribute("formaction") };
    }
}
