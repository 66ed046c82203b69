use super::card::dot;
use super::place::Place;
use crate::catalog::api::{Facet, FacetValue, Listing};
use crate::catalog::query::ListingQuery;
use crate::error::FieldError;
use crate::ui::{El, el, grouped};

/// The id of the form in the column, which the sort order joins.
pub const COLUMN_FORM: &str = "filter-form";
/// A facet with more values shows the rest on demand.
const SHOWN: usize = 10;

/// The filters as one GET form. With JavaScript every change is applied at once. It stands in the column and in the
/// phone's sheet; both are in the page.
pub fn filters(place: &Place, listing: &Listing, in_sheet: bool) -> El {
    let facets = &listing.facets;
    let query = place.query();
    let fields = facets.categories.iter().chain(&facets.options).map(|facet| facet_field(query, facet)).collect();
    let available = el("fieldset")
        .attr("data-key", "availability")
        .child(el("legend").text("Availability"))
        .child(check("in_stock", "true", "In stock", facets.in_stock, query.in_stock))
        .child(check("on_sale", "true", "On sale", facets.on_sale, query.on_sale));
    el("form")
        .class("filters")
        .maybe_attr("id", (!in_sheet).then_some(COLUMN_FORM))
        .attr("aria-label", "Filters")
        .attr("method", "get")
        .attr("action", &place.path)
        .children(carried(query, in_sheet))
        .children(fields)
        .child(price_field(place, listing, if in_sheet { "sheet" } else { "column" }))
        .child(available)
        .child(el("button").class("button plain wide until-hydrated").text("Show results"))
}

/// Words and order stay while filters change; the page starts again. The column's form has the order's own field.
fn carried(query: &ListingQuery, in_sheet: bool) -> Vec<El> {
    let field = |name: &str, value: &str| el("input").attr("type", "hidden").attr("name", name).attr("value", value);
    let words = (!query.q.is_empty()).then(|| field("q", &query.q));
    let order = query.sort.filter(|_| in_sheet).map(|sort| field("sort", sort.key()));
    words.into_iter().chain(order).collect()
}

fn facet_field(query: &ListingQuery, facet: &Facet) -> El {
    let checks = |values: &[FacetValue]| {
        values
            .iter()
            .map(|FacetValue { value, label, count, .. }| {
                check(&facet.field, value, label, *count, has(query, &facet.field, &value.to_lowercase()))
            })
            .collect()
    };
    let shown = if facet.values.len() > SHOWN + 2 { SHOWN } else { facet.values.len() };
    let (first, rest) = facet.values.split_at(shown);
    let more = (!rest.is_empty()).then(|| {
        let open = rest.iter().any(|value| value.selected).then_some("");
        let summary = el("summary").text(&[&rest.len().to_string(), " more"].concat());
        el("details").class("more").maybe_attr("open", open).child(summary).children(checks(rest))
    });
    el("fieldset")
        .attr("data-key", &facet.field)
        .child(el("legend").text(&facet.label))
        .children(checks(first))
        .maybe(more)
}

fn has(query: &ListingQuery, field: &str, value: &str) -> bool {
    match field.strip_prefix("option.") {
        Some(name) => query.options.get(name).is_some_and(|values| values.contains(value)),
        None => query.categories.contains(value),
    }
}

fn check(name: &str, value: &str, label: &str, count: u32, checked: bool) -> El {
    let input = el("input")
        .attr("type", "checkbox")
        .attr("name", name)
        .attr("value", value)
        .maybe_attr("checked", checked.then_some(""));
    let text = el("span")
        .class("check-text")
        .maybe((name == "option.colour").then(|| dot(value)))
        .child(el("span").text(label))
        .child(el("span").class("n").attr("aria-hidden", "true").text(&grouped(count)));
    el("label").class("check").attr("data-key", value).child(input).child(text)
}

fn price_field(place: &Place, listing: &Listing, prefix: &str) -> El {
    let (low, high) = listing.facets.price.map(|(low, high)| (place.plain(low), place.plain(high))).unwrap_or_default();
    let parsed = &place.parsed;
    let range = el("div")
        .class("range")
        .child(price_input(prefix, &listing.errors, "min", "From", &low, &parsed.typed_min))
        .child(price_input(prefix, &listing.errors, "max", "To", &high, &parsed.typed_max));
    el("fieldset")
        .attr("data-key", "price")
        .child(el("legend").text("Price, ").text(place.currency().symbol.trim()))
        .child(range)
}

fn price_input(prefix: &str, errors: &[FieldError], name: &str, label: &str, placeholder: &str, typed: &str) -> El {
    let error = errors.iter().find(|error| error.field == name);
    let id = [prefix, "-", name].concat();
    let error_id = [&id, "-error"].concat();
    let input = el("input")
        .class("field num")
        .attr("id", &id)
        .attr("name", name)
        .attr("inputmode", "decimal")
        .attr("autocomplete", "off")
        .attr("maxlength", "24")
        .attr("placeholder", placeholder)
        .attr("value", typed)
        .maybe_attr("aria-invalid", error.map(|_| "true"))
        .maybe_attr("aria-describedby", error.map(|_| error_id.as_str()));
    el("div")
        .child(el("label").attr("for", &id).text(label))
        .child(input)
        .maybe(error.map(|error| el("p").class("error").attr("id", &error_id).text(&error.message)))
}
