use super::gallery;
use crate::catalog::api::{ADD, SOLD_OUT, VARIANTS, VariantView};
use crate::catalog::selection::{Availability, availability, choose};
use crate::ui::{all, closest};
use crate::wire;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlInputElement};

/// A product's variants, as its page holds them. The address says which is shown.
#[derive(Clone, Copy)]
pub struct Variants {
    root: NodeRef<html::Div>,
    address: Memo<(String, String)>,
}

impl Variants {
    pub fn new(root: NodeRef<html::Div>, address: Memo<(String, String)>) -> Self {
        Effect::new(move |before: Option<(String, String)>| {
            let now = address.get();
            if let Some(before) = before
                && before.0 == now.0
                && let Some(root) = root.get_untracked()
            {
                let variants = wire::variants(VARIANTS);
                if let Some(at) = shown_at(&variants, &now) {
                    show(&root, &variants, at);
                }
            }
            now
        });
        Self { root, address }
    }

    /// The address of the variant that a radio button stands for, the rest staying as it is as far as it can.
    pub fn chosen(self, input: &Element) -> Option<String> {
        let root = self.root.get_untracked()?;
        let field = closest(input, "fieldset")?;
        let option = all(&root, ".options fieldset").iter().position(|one| *one == field)?;
        let value = input.dyn_ref::<HtmlInputElement>()?.value();
        let variants = wire::variants(VARIANTS);
        // An address that names no variant shows the one that the page's words say.
        let now = shown_at(&variants, &self.address.get_untracked()).or_else(|| {
            let chosen = chosen_values(&root);
            variants.iter().position(|variant| variant.options == chosen)
        })?;
        choose(&variants, now, option, &value).map(|at| variants[at].href.clone())
    }
}

fn shown_at(variants: &[VariantView], (path, search): &(String, String)) -> Option<usize> {
    let href = [path.as_str(), "?", search].concat();
    variants.iter().position(|variant| variant.href == href)
}

/// What each group of radio buttons said before one was pressed, in order.
fn chosen_values(root: &Element) -> Vec<String> {
    all(root, ".options .chosen").iter().filter_map(|chosen| chosen.text_content()).collect()
}

/// Puts a variant into its places.
fn show(root: &Element, variants: &[VariantView], at: usize) {
    let variant = &variants[at];
    let place = |selector: &str| root.query_selector(selector).ok().flatten();
    if let Some(price) = place("[data-place=price]") {
        price.set_inner_html(&variant.price);
    }
    if let Some(id) = place("[data-place=variant]").and_then(|id| id.dyn_into::<HtmlInputElement>().ok()) {
        id.set_value(&variant.id);
    }
    if let Some(add) = place("[data-place=add]") {
        let _ = match variant.is_out() {
            true => add.set_attribute("disabled", ""),
            false => add.remove_attribute("disabled"),
        };
        add.set_text_content(Some(if variant.is_out() { SOLD_OUT } else { ADD }));
    }
    if let Some(sku) = place("[data-place=sku]") {
        sku.set_text_content(Some(&variant.sku));
    }
    if let Some(stock) = place(".stock") {
        let _ = stock.set_attribute("data-stock", &variant.level);
        stock.set_text_content(Some(&variant.stock));
    }
    for (option, field) in all(root, ".options fieldset").iter().enumerate() {
        let chosen = variant.options.get(option).map_or("", String::as_str);
        if let Some(words) = all(field, ".chosen").first() {
            words.set_text_content(Some(chosen));
        }
        for label in all(field, "label") {
            mark(&label, chosen, |value| availability(variants, at, option, value));
        }
    }
    if let (Some(picture), Some(gallery)) = (variant.picture, place(".gallery")) {
        let count = all(&gallery, ".strip a").len();
        let first: usize = gallery.get_attribute("data-first").and_then(|first| first.parse().ok()).unwrap_or_default();
        if count > 0 {
            gallery::show(&gallery, (usize::from(picture) + count - first) % count);
        }
    }
}

fn mark(label: &Element, chosen: &str, availability: impl Fn(&str) -> Availability) {
    let Some(input) = all(label, "input").first().and_then(|input| input.clone().dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    let value = input.value();
    let state = availability(&value);
    input.set_checked(value == chosen);
    if let Some(swatch) = all(label, ".swatch").first() {
        let _ = match state {
            Availability::In => swatch.remove_attribute("data-missing"),
            _ => swatch.set_attribute("data-missing", ""),
        };
    }
    if let Some(note) = all(label, ".visually-hidden").first() {
        note.set_text_content(Some(state.note()));
    }
}
