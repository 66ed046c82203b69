use crate::admin::products::api::{Typed, TypedVariant};
use crate::admin::products::host::StoredVariant;
use crate::admin::view::form::{Act, kept};
use crate::admin::view::table::{cell, heading_cell, table};
use crate::ui::{El, el};

const ADD_HINT: &str = "Pieces to add, or with a minus to take, so that what is sold meanwhile still counts.";

/// Price, stock and SKU: of the only variant as fields, of several as a table.
pub fn variants(act: Act, typed: &Typed, stored: &[StoredVariant]) -> El {
    match typed.variants.as_slice() {
        [] => el("p").class("quiet").text("It has no variants, and so no price. Import a file that names some."),
        [one] if stored.first().is_none_or(|variant| variant.name.is_empty()) => plain(act, one, stored.first()),
        all => several(act, all, stored),
    }
}

fn plain(act: Act, typed: &TypedVariant, stored: Option<&StoredVariant>) -> El {
    let input = |value: &str, keyboard: &str| {
        el("input").attr("type", "text").attr("value", value).attr("inputmode", keyboard).attr("autocomplete", "off")
    };
    let field = |name: &str, label: &str, hint: &str, input: El| {
        act.field(name, &TypedVariant::field(0, name), label, hint, input)
    };
    let (stock, hint) = match stored {
        Some(variant) => (format!("Stock: {} now", variant.on_hand), ADD_HINT),
        None => ("Stock".to_owned(), ""),
    };
    el("div")
        .class("fields")
        .child(kept(&TypedVariant::field(0, "id"), &typed.id))
        .child(field("price", "Price", "", input(&typed.price, "decimal")))
        .child(field(
            "compare_at",
            "Price before",
            "Shown struck through if it is higher.",
            input(&typed.compare_at, "decimal"),
        ))
        .child(field("sku", "SKU", "", input(&typed.sku, "text").attr("maxlength", "255").attr("spellcheck", "false")))
        .child(field("add", &stock, hint, input(&typed.add, "text")))
}

fn several(act: Act, typed: &[TypedVariant], stored: &[StoredVariant]) -> El {
    let head = ["Variant", "Price", "Price before", "SKU", "Stock", "Add or take"];
    let head = head.into_iter().map(|label| heading_cell("", label)).collect();
    let rows = typed.iter().enumerate().map(|(at, variant)| row(act, at, variant, stored)).collect();
    el("div")
        .class("form-field")
        .child(
            el("p")
                .class("hint")
                .text(ADD_HINT)
                .text(" Import a file to change options, or to add and remove variants."),
        )
        .child(table("Variants", head, rows))
}

fn row(act: Act, at: usize, typed: &TypedVariant, stored: &[StoredVariant]) -> El {
    let there = stored.iter().find(|variant| variant.id == typed.id);
    let name = there.map_or("", |variant| variant.name.as_str());
    let on_hand = there.map_or_else(String::new, |variant| variant.on_hand.to_string());
    let field = |name_of: &str, label: &str, value: &str| {
        let field = TypedVariant::field(at, name_of);
        let id = format!("{name_of}-{at}");
        let error_id = [&id, "-error"].concat();
        let input = el("input")
            .class("field")
            .attr("type", "text")
            .attr("value", value)
            .attr("autocomplete", "off")
            .attr("aria-label", &[label, " of ", name].concat());
        let input = act.control(&id, &field, &error_id, input);
        cell(label, "").child(el("div").child(input).child(act.error_place(&field).attr("id", &error_id)))
    };
    el("tr")
        .attr("data-key", &typed.id)
        .child(cell("Variant", "").child(kept(&TypedVariant::field(at, "id"), &typed.id)).text(name))
        .child(field("price", "Price", &typed.price))
        .child(field("compare_at", "Price before", &typed.compare_at))
        .child(field("sku", "SKU", &typed.sku))
        .child(cell("Stock", "num").text(&on_hand))
        .child(field("add", "Add or take", &typed.add))
}
