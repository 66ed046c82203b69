use super::options::press;
use crate::admin::products::api::{Typed, TypedVariant};
use crate::admin::products::host::StoredVariant;
use crate::admin::view::form::{Act, kept};
use crate::admin::view::table::{cell, heading_cell, table};
use crate::ui::{El, capitalised, el, grouped, hidden};
use std::collections::HashSet;

const ADD_HINT: &str = "Pieces to add, or with a minus to take, so that what is sold meanwhile still counts.";
const GONE_HINT: &str = "A variant that you tick under Remove leaves the shop when you save. Carts and wishlists that have \
                         it keep its line, which then says that it isn’t sold any more.";

/// Characters of a number beyond which its field scrolls.
const LONGEST_SKU: usize = 40;

/// Price, stock and SKU: of the only variant as fields, of several as a grid.
pub fn variants(act: Act, typed: &Typed, stored: &[StoredVariant]) -> El {
    match typed.variants.as_slice() {
        [] => el("div")
            .class("form-field")
            .child(el("p").class("quiet").text("It has no variants, and so no price."))
            .child(press("first", "Give it a price")),
        [one] if typed.options.is_empty() && !one.is_gone() => {
            plain(act, one, stored.iter().find(|variant| variant.id == one.id))
        }
        _ => several(act, typed, stored),
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
            "What it cost before: shown struck through, so it has to be higher than the price.",
            input(&typed.compare_at, "decimal"),
        ))
        .child(field("sku", "SKU", "", input(&typed.sku, "text").attr("maxlength", "255").attr("spellcheck", "false")))
        .child(field("add", &stock, hint, input(&typed.add, "text")))
}

fn several(act: Act, typed: &Typed, stored: &[StoredVariant]) -> El {
    let head = ["Variant", "Price", "Price before", "SKU", "Stock", "Add or take", "Remove"];
    let head = head.into_iter().map(|label| heading_cell("", label)).collect();
    // A number that is cut short names nothing.
    let sku = typed.variants.iter().map(|one| one.sku.chars().count()).max().unwrap_or_default().clamp(12, LONGEST_SKU);
    let row = |(at, variant)| row(act, at, variant, stored, sku);
    let rows = typed.variants.iter().enumerate().map(row).collect();
    el("div")
        .class("form-field variants-grid")
        .attr("role", "group")
        .attr("aria-label", "Variants")
        .child(el("p").class("hint").text(ADD_HINT))
        .child(table("Variants", head, rows))
        .child(el("p").class("hint").text(GONE_HINT))
        .children(adding(act, typed))
}

/// `sku`: characters that there is to be room for in its field.
fn row(act: Act, at: usize, typed: &TypedVariant, stored: &[StoredVariant], sku: usize) -> El {
    let there = stored.iter().find(|variant| variant.id == typed.id);
    let name = name_of(typed, there);
    let on_hand = there.map_or_else(|| "New".to_owned(), |variant| variant.on_hand.to_string());
    let field = |name_of: &str, label: &str, value: &str| {
        let size = (name_of == "sku").then(|| (sku + 1).to_string());
        let field = TypedVariant::field(at, name_of);
        let id = format!("{name_of}-{at}");
        let error_id = [&id, "-error"].concat();
        let input = el("input")
            .class("field")
            .attr("type", "text")
            .attr("value", value)
            .attr("autocomplete", "off")
            .maybe_attr("size", size.as_deref())
            .attr("aria-label", &[label, " of ", &name].concat());
        let input = act.control(&id, &field, &error_id, input);
        cell(label, "").child(el("div").child(input).child(act.error_place(&field).attr("id", &error_id)))
    };
    let of = typed.of.iter().enumerate().map(|(option, value)| kept(&format!("variants[{at}][of][{option}]"), value));
    let key = if typed.id.is_empty() { ["new ", &name].concat() } else { typed.id.clone() };
    el("tr")
        .attr("data-key", &key)
        .child(
            cell("Variant", "")
                .child(kept(&TypedVariant::field(at, "id"), &typed.id))
                .children(of.collect())
                .child(el("span").text(&name)),
        )
        .child(field("price", "Price", &typed.price))
        .child(field("compare_at", "Price before", &typed.compare_at))
        .child(field("sku", "SKU", &typed.sku))
        .child(cell("Stock", "num").text(&on_hand))
        .child(field("add", "Add or take", &typed.add))
        .child(removing(act, at, typed, there, &name))
}

/// As the form has it, or where that isn't clear yet as the product does.
fn name_of(typed: &TypedVariant, there: Option<&StoredVariant>) -> String {
    let part = |value: &String| if value.is_empty() { "–".to_owned() } else { value.clone() };
    let name = typed.of.iter().map(part).collect::<Vec<_>>().join(" / ");
    match (name.is_empty(), there) {
        (false, _) => name,
        (true, Some(there)) if !there.name.is_empty() => there.name.clone(),
        (true, _) => "the only variant".to_owned(),
    }
}

fn removing(act: Act, at: usize, typed: &TypedVariant, there: Option<&StoredVariant>, name: &str) -> El {
    let field = TypedVariant::field(at, "gone");
    let (id, error_id) = (format!("gone-{at}"), format!("gone-{at}-error"));
    let tick = el("input")
        .attr("type", "checkbox")
        .attr("value", "on")
        .attr("aria-label", &["Remove ", name].concat())
        .maybe_attr("checked", typed.is_gone().then_some(""));
    let used = there.map(used_by).unwrap_or_default();
    let used = (!used.is_empty()).then(|| el("p").class("quiet small").text(&used));
    cell("Remove", "").child(
        el("div")
            .child(act.control(&id, &field, &error_id, tick))
            .maybe(used)
            .child(act.error_place(&field).attr("id", &error_id)),
    )
}

/// `In 2 carts, on 1 wishlist`; empty when nobody has it.
fn used_by(variant: &StoredVariant) -> String {
    let some = |number: u32, before: &str, one: &str, many: &str| {
        (number > 0).then(|| [before, &number.to_string(), if number == 1 { one } else { many }].concat())
    };
    let parts =
        [some(variant.carts, "in ", " cart", " carts"), some(variant.wishlists, "on ", " wishlist", " wishlists")];
    capitalised(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Ways to further variants: all that there could be, or one.
fn adding(act: Act, typed: &Typed) -> Vec<El> {
    if typed.options.is_empty() || typed.options.iter().any(|option| option.values.is_empty()) {
        return Vec::new();
    }
    let all = match missing(typed) {
        0 => None,
        1 => Some(press("missing", "Add the missing variant")),
        more => Some(press("missing", &["Add the ", &grouped(more), " missing variants"].concat())),
    };
    let selects = typed.options.iter().enumerate().map(|(at, option)| {
        let values = option.values.iter().map(|value| el("option").attr("value", value).text(value)).collect();
        el("select")
            .class("field")
            .attr("name", &format!("pick[{at}]"))
            .attr("aria-label", &["Of the variant to add: ", &option.name].concat())
            .children(values)
    });
    let one = el("div")
        .class("pair")
        .children(selects.collect())
        .child(press("one", "Add this variant").child(hidden(" alone")));
    all.into_iter().chain([one, act.error_place("pick")]).collect()
}

/// How many variants there could be of the options’ values beside those that there are. What somebody has chosen to
/// remove isn’t missing, and a value that was typed under “Values to add” is none until the grid is updated.
fn missing(typed: &Typed) -> u32 {
    let possible = typed.options.iter().map(|option| distinct(&option.values)).try_fold(1_usize, usize::checked_mul);
    let there: HashSet<Vec<&str>> = typed
        .variants
        .iter()
        .filter(|one| !one.is_gone() || !one.id.is_empty())
        .filter_map(|one| typed.options.iter().enumerate().map(|(at, option)| option.now(one.of.get(at)?)).collect())
        .collect();
    u32::try_from(possible.unwrap_or(usize::MAX).saturating_sub(there.len())).unwrap_or(u32::MAX)
}

fn distinct(values: &[String]) -> usize {
    values.iter().map(|value| value.trim()).collect::<HashSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::products::api::TypedOption;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn option(values: &[&str]) -> TypedOption {
        TypedOption { was: texts(values), values: texts(values), ..TypedOption::default() }
    }

    fn variant(id: &str, of: &[&str], gone: &str) -> TypedVariant {
        TypedVariant { id: id.to_owned(), of: texts(of), gone: gone.to_owned(), ..TypedVariant::default() }
    }

    #[test]
    fn missing_are_those_that_nobody_has_made_or_removed() {
        let mut typed = Typed {
            options: vec![option(&["S", "M"]), option(&["Red", "Blue"])],
            variants: vec![variant("1", &["S", "Red"], ""), variant("2", &["S", "Blue"], "on")],
            ..Typed::default()
        };
        assert_eq!(missing(&typed), 2);
        typed.options[0].values[1] = "Medium".to_owned();
        typed.variants.push(variant("", &["M", "Red"], ""));
        assert_eq!(missing(&typed), 1, "it goes by what its value was called");
        typed.variants.push(variant("", &["M", "Blue"], "on"));
        assert_eq!(missing(&typed), 1, "what was never saved is gone");
        typed.variants.push(variant("3", &["L", "Blue"], ""));
        assert_eq!(missing(&typed), 1, "its value isn’t there any more");
        typed.variants.push(variant("4", &["M", "Blue"], ""));
        assert_eq!(missing(&typed), 0);
        typed.options = vec![option(&["S", "S "])];
        typed.variants = vec![variant("1", &["S"], "")];
        assert_eq!(missing(&typed), 0, "the same value twice is one");
    }
}
