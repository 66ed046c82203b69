use super::{Shopping, unsay};
use crate::ui::{all, closest, form_search, here};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlFormElement, HtmlInputElement};
use std::time::Duration;

/// Long enough for the next of a burst of clicks, short enough to pass for at once.
const BURST: u64 = 300;
/// On a form whose quantity the server has not confirmed; its value tells one change from the next.
const WAITS: &str = "data-waits";
const MOST: u32 = 99;

/// Whether a quantity on the page is on its way to the server.
pub fn is_waiting(frame: &Element) -> bool {
    frame.query_selector("[data-waits]").ok().flatten().is_some()
}

fn input_of(form: &Element) -> Option<HtmlInputElement> {
    all(form, "input[name=quantity]").into_iter().next()?.dyn_into().ok()
}

fn number(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|number| *number > 0)
}

impl Shopping {
    pub(super) fn step(self, step: &Element) {
        let Some(stepper) = closest(step, ".stepper") else { return };
        let Some(input) = input_of(&stepper) else { return };
        let by: i64 = step.get_attribute("data-step").and_then(|by| by.parse().ok()).unwrap_or_default();
        let most = input.get_attribute("data-most").and_then(|most| most.parse().ok()).unwrap_or(MOST).max(1);
        let now = number(&input.value()).unwrap_or(1);
        let next = u32::try_from((i64::from(now) + by).clamp(1, i64::from(most.max(now)))).unwrap_or(1);
        if next == now && number(&input.value()).is_some() {
            return;
        }
        input.set_value(&next.to_string());
        let form = closest(step, "form[data-act=quantity]").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form {
            self.quantity_typed(form, BURST);
        }
    }

    /// Sends a line's quantity once nobody has changed it for `pause` milliseconds. However often it changes, one
    /// request is under way and at most one follows it.
    pub(super) fn quantity_typed(self, form: HtmlFormElement, pause: u64) {
        unsay(&form);
        self.count_again();
        let turn = form.get_attribute(WAITS).and_then(|turn| turn.parse::<u32>().ok()).unwrap_or_default() + 1;
        let turn = turn.to_string();
        let _ = form.set_attribute(WAITS, &turn);
        let _ = set_timeout(
            move || {
                if form.get_attribute(WAITS).as_deref() == Some(&turn) {
                    self.send_quantity(form);
                }
            },
            Duration::from_millis(pause),
        );
    }

    fn send_quantity(self, form: HtmlFormElement) {
        // What is under way looks again when it is answered.
        if form.has_attribute("aria-busy") {
            return;
        }
        let _ = form.set_attribute("aria-busy", "true");
        let action = form.get_attribute("action").unwrap_or_default();
        let sent = form.get_attribute(WAITS);
        let body = form_search(&form);
        spawn_local(async move {
            let page = here();
            let answer = wire::act(&action, &body).await;
            let _ = form.remove_attribute("aria-busy");
            if form.get_attribute(WAITS) != sent && answer.is_ok() {
                return self.send_quantity(form);
            }
            let _ = form.remove_attribute(WAITS);
            match answer {
                Ok(acted) => {
                    self.accepted(&page, acted);
                    // What was typed may be more than there is.
                    if let Some(input) = input_of(&form) {
                        input.set_value(&input.default_value());
                    }
                }
                Err(error) => {
                    let typed_wrong = matches!(error, crate::error::AppError::Invalid { .. });
                    if let Some(input) = input_of(&form).filter(|_| !typed_wrong) {
                        input.set_value(&input.default_value());
                    }
                    self.refused(Some(&form), error);
                }
            }
        });
    }

    /// The header's number, by the quantities as they stand on the page.
    fn count_again(self) {
        let Some(frame) = document().query_selector(super::FRAME).ok().flatten() else { return };
        let mut count = i64::from(self.confirmed.get_value());
        for form in all(&frame, "form[data-act=quantity]") {
            let Some(input) = input_of(&form) else { continue };
            if let (Some(now), Some(before)) = (number(&input.value()), number(&input.default_value())) {
                count += i64::from(now.min(MOST)) - i64::from(before);
            }
        }
        self.in_cart.set(u32::try_from(count).unwrap_or_default());
    }
}
