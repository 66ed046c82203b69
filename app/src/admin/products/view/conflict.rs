use crate::admin::products::api::Typed;
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
        .child(link(asked.path, "keep theirs and drop yours"))
        .text(".");
    let section = el("section")
        .class("versus")
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
    for variant in &mine.variants {
        let Some(there) = theirs.variants.iter().find(|one| one.id == variant.id) else { continue };
        let name = stored.variants.iter().find(|one| one.id == variant.id).map_or("", |one| one.name.as_str());
        let of = |label: &str| if name.is_empty() { label.to_owned() } else { [label, " of ", name].concat() };
        fields.push(field(&of("Price"), &there.price, &variant.price));
        fields.push(field(&of("Price before"), &there.compare_at, &variant.compare_at));
        fields.push(field(&of("SKU"), &there.sku, &variant.sku));
    }
    fields
}

fn row(field: &Field) -> El {
    let said = |text: &str| if text.is_empty() { hidden("nothing") } else { el("span").text(text) };
    el("tr")
        .child(el("th").attr("scope", "row").text(&field.label))
        .child(cell("Theirs", "wraps").child(el("del").child(said(&field.theirs))))
        .child(cell("Yours", "wraps").child(el("ins").child(said(&field.mine))))
}
