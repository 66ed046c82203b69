use crate::admin::products::api::{Typed, TypedOption, TypedVariant};
use crate::admin::products::host::{CategoryName, Status, Stored};
use crate::admin::view::Asked;
use crate::admin::view::table::{cell, heading_cell, table};
use crate::ui::{El, el, hidden, link};

/// Somebody has saved the product since the form was opened: where theirs and mine differ, field by field. The form
/// below has mine.
pub fn conflict(stored: &Stored, mine: &Typed, categories: &[CategoryName], asked: Asked) -> El {
    let differing: Vec<Field> =
        fields(stored, mine, categories).into_iter().filter(|field| field.theirs != field.mine).collect();
    let who = stored.updated_by.as_deref().unwrap_or("Somebody else");
    let words = [who, " saved this product ", &stored.updated, ", while you were editing it."].concat();
    let choice = el("p")
        .text("What you typed is in the form below. Check it and save it over theirs, or ")
        .child(link(asked.path, "keep theirs and drop yours").attr("rel", "external").attr("data-drops", ""))
        .text(".");
    let section = el("section")
        .class("versus")
        .attr("data-key", "versus")
        .attr("aria-labelledby", "conflict")
        .child(el("h2").attr("id", "conflict").text("Someone else changed this product"))
        .child(el("p").text(&words));
    if differing.is_empty() {
        return section.child(el("p").text("They saved the same as you: nothing is lost either way."));
    }
    let head = ["Field", "Theirs", "Yours"].map(|label| heading_cell("", label)).into();
    let rows = differing.iter().map(row).collect();
    section.child(choice).child(table("Where the two versions differ", head, rows))
}

struct Field {
    label: String,
    theirs: String,
    mine: String,
}

fn fields(stored: &Stored, mine: &Typed, categories: &[CategoryName]) -> Vec<Field> {
    let theirs = &stored.typed;
    let field = |label: &str, theirs: &str, mine: &str| Field {
        label: label.to_owned(),
        // Browsers send line ends of another kind than is stored.
        theirs: theirs.trim().to_owned(),
        mine: mine.trim().replace("\r\n", "\n"),
    };
    let category =
        |id: &str| categories.iter().find(|one| one.id == id).map_or("No category", |one| one.path.as_str()).to_owned();
    let status = |key: &str| Status::parse(key).map_or_else(String::new, |status| status.label().to_owned());
    let mut fields = vec![
        field("Title", &theirs.title, &mine.title),
        field("Description", &theirs.body, &mine.body),
        field("Category", &category(&theirs.category), &category(&mine.category)),
        field("Vendor", &theirs.vendor, &mine.vendor),
        field("Tags", &theirs.tags, &mine.tags),
        field("Address", &theirs.slug, &mine.slug),
        field("Status", &status(&theirs.status), &status(&mine.status)),
    ];
    fields.push(field("Options", &options(theirs), &options(mine)));
    for variant in &mine.variants {
        let there = theirs.variants.iter().find(|one| one.id == variant.id && !variant.id.is_empty());
        let name = [" of ", &name(variant)].concat();
        let of = |label: &str| if variant.of.is_empty() { label.to_owned() } else { [label, &name].concat() };
        let state = match (there.is_some(), variant.is_gone()) {
            (true, true) => Some(("there", "to be removed")),
            (false, true) => None,
            (false, false) if variant.id.is_empty() => Some(("", "to be made")),
            (false, false) => Some(("removed", "made again when you save")),
            (true, false) => None,
        };
        fields.extend(state.map(|(theirs, mine)| field(&of("Variant"), theirs, mine)));
        let Some(there) = there.filter(|_| !variant.is_gone()) else { continue };
        fields.push(field(&of("Price"), &there.price, &variant.price));
        fields.push(field(&of("Price before"), &there.compare_at, &variant.compare_at));
        fields.push(field(&of("SKU"), &there.sku, &variant.sku));
    }
    for variant in theirs.variants.iter().filter(|one| mine.variants.iter().all(|my| my.id != one.id)) {
        fields.push(field(
            &["Variant of ", &name(variant)].concat(),
            "made",
            "kept when you save, unless you remove it",
        ));
    }
    fields
}

fn name(variant: &TypedVariant) -> String {
    variant.of.join(" / ")
}

/// `Size: S, M; Colour: Red`.
fn options(typed: &Typed) -> String {
    let one = |option: &TypedOption| {
        let more = option.more.trim();
        let values = option.values.iter().map(|value| value.trim()).chain((!more.is_empty()).then_some(more));
        [option.name.trim(), ": ", &values.collect::<Vec<_>>().join(", ")].concat()
    };
    typed.options.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Mine, as it can be saved over theirs: variants that they have removed are made again, variants that they have made
/// are in the form too.
pub fn merged(stored: &Stored, mut mine: Typed) -> Typed {
    let theirs = &stored.typed;
    mine.version.clone_from(&theirs.version);
    mine.variants.retain(|variant| !variant.is_gone() || theirs.variants.iter().any(|one| one.id == variant.id));
    for variant in &mut mine.variants {
        if theirs.variants.iter().all(|one| one.id != variant.id) {
            variant.id.clear();
        }
    }
    for there in &theirs.variants {
        if mine.variants.iter().any(|variant| variant.id == there.id) {
            continue;
        }
        let mut of = Vec::new();
        for (at, option) in mine.options.iter_mut().enumerate() {
            let value = there.of.get(at).or(option.values.first()).cloned().unwrap_or_default();
            let known = option.was.contains(&value) || option.values.contains(&value);
            if !known && !value.is_empty() {
                option.was.push(value.clone());
                option.values.push(value.clone());
            }
            of.push(value);
        }
        // The product can't have two that nothing tells apart.
        let same = mine.variants.iter().any(|variant| !variant.is_gone() && variant.of == of);
        let gone = if same { "on".to_owned() } else { String::new() };
        mine.variants.push(TypedVariant { of, gone, ..there.clone() });
    }
    mine
}

fn row(field: &Field) -> El {
    let said = |text: &str| if text.is_empty() { hidden("nothing") } else { el("span").text(text) };
    el("tr")
        .child(el("th").attr("scope", "row").text(&field.label))
        .child(cell("Theirs", "wraps").child(el("del").child(said(&field.theirs))))
        .child(cell("Yours", "wraps").child(el("ins").child(said(&field.mine))))
}
