//! What answers to a shopper in the pages that the server makes. Their HTML says what is what: `data-opens` names a dialog,
//! `data-closes` shuts the one around it, and forms and links are what they are without JavaScript too.

use crate::cart::behaviour::Shopping;
use crate::catalog::behaviour::variants::Variants;
use crate::catalog::behaviour::{filters, gallery};
use crate::ui::{all, closest, is_plain};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use web_sys::{Element, HtmlDialogElement, HtmlFormElement};

type Navigate = Box<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// What a page's events lead to.
#[derive(Clone, Copy)]
pub struct Acts {
    navigate: StoredValue<Navigate>,
    variants: Variants,
    shopping: Shopping,
    is_ours: fn(&str) -> bool,
}

impl Acts {
    pub fn new(root: NodeRef<html::Div>, address: Memo<(String, String)>, is_ours: fn(&str) -> bool) -> Self {
        let navigate = use_navigate();
        let navigate: Navigate = Box::new(move |href: &str, options| navigate(href, options));
        Self {
            navigate: StoredValue::new(navigate),
            variants: Variants::new(root, address),
            shopping: expect_context(),
            is_ours,
        }
    }

    fn go(self, href: &str, options: NavigateOptions) {
        self.navigate.with_value(|navigate| navigate(href, options));
    }

    pub fn click(self, event: &ev::MouseEvent) {
        let Some(target) = target(event) else { return };
        if let Some(opener) = closest(&target, "[data-opens]") {
            event.prevent_default();
            let dialog = opener.get_attribute("data-opens").and_then(|id| document().get_element_by_id(&id));
            if let Some(dialog) = dialog.and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
                // Fails only on a dialog that is open already.
                let _ = dialog.show_modal();
            }
        } else if closest(&target, "[data-closes]").is_some() {
            if let Some(dialog) =
                closest(&target, "dialog").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok())
            {
                dialog.close();
            }
        } else if !self.shopping.click(&target) && !gallery::click(event, &target) {
            self.follow(event, &target);
        }
    }

    /// A link to another such page: what is shown stays where it is until that page is there.
    fn follow(self, event: &ev::MouseEvent, target: &Element) {
        let link = closest(target, "a").filter(|link| link.get_attribute("rel").as_deref() != Some("external"));
        let Some(href) = link.and_then(|link| link.get_attribute("href")) else { return };
        if !is_plain(event) || !(self.is_ours)(href.split('?').next().unwrap_or_default()) {
            return;
        }
        event.prevent_default();
        // The card's picture grows into the product's.
        for grown in document().document_element().iter().flat_map(|root| all(root, "[data-grows]")) {
            let _ = grown.remove_attribute("data-grows");
        }
        if let Some(card) = closest(target, ".card") {
            let _ = card.set_attribute("data-grows", "");
        }
        self.go(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    }

    pub fn change(self, event: &ev::Event) {
        let Some(target) = target(event) else { return };
        if self.shopping.change(&target) {
            return;
        }
        if closest(&target, ".options").is_some() {
            if let Some(href) = self.variants.chosen(&target) {
                // The back button leaves the page rather than the choice.
                self.go(&href, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
            }
        } else if let Some(form) = filters::form_of(&target) {
            self.send(&form);
        }
    }

    /// A form that only asks is answered in place.
    pub fn submit(self, event: &ev::SubmitEvent) {
        if self.shopping.submit(event) {
            return;
        }
        let form = target(event).and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form.filter(|form| form.method() == "get") {
            event.prevent_default();
            self.send(&form);
        }
    }

    fn send(self, form: &HtmlFormElement) {
        self.go(&filters::address(form), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    }
}

fn target(event: &ev::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
