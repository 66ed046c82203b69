use super::place::Place;
use crate::catalog::api::{Facet, Facets};
use crate::catalog::query::ListingQuery;
use crate::domain::PageNumber;
use crate::ui::{El, Glyph, el, hidden, icon, link};

/// A filter in force, and the query without it.
struct Active {
    label: String,
    without: ListingQuery,
}

fn label_of(facet: Option<&Facet>, value: &str) -> String {
    facet
        .and_then(|facet| facet.values.iter().find(|v| v.value.eq_ignore_ascii_case(value)))
        .map_or_else(|| value.to_owned(), |v| v.label.clone())
}

fn active(place: &Place, facets: &Facets) -> Vec<Active> {
    let query = ListingQuery { page: PageNumber::FIRST, ..place.query().clone() };
    let mut out = Vec::new();
    let mut add = |label: String, take_off: &dyn Fn(&mut ListingQuery)| {
        let mut without = query.clone();
        take_off(&mut without);
        out.push(Active { label, without });
    };
    for slug in &query.categories {
        add(label_of(facets.categories.as_ref(), slug), &|without| {
            without.categories.remove(slug);
        });
    }
    for (name, values) in &query.options {
        let facet = facets.options.iter().find(|facet| facet.field.strip_prefix("option.") == Some(name));
        for value in values {
            add(label_of(facet, value), &|without| {
                if let Some(values) = without.options.get_mut(name) {
                    values.remove(value);
                    if values.is_empty() {
                        without.options.remove(name);
                    }
                }
            });
        }
    }
    if let Some(min) = query.min {
        add(["From ", &place.price(min)].concat(), &|without| without.min = None);
    }
    if let Some(max) = query.max {
        add(["Up to ", &place.price(max)].concat(), &|without| without.max = None);
    }
    if query.in_stock {
        add("In stock".to_owned(), &|without| without.in_stock = false);
    }
    if query.on_sale {
        add("On sale".to_owned(), &|without| without.on_sale = false);
    }
    out
}

/// The filters in force as words, each a link to the listing without it.
pub fn active_filters(place: &Place, facets: &Facets) -> Option<El> {
    let active = active(place, facets);
    if active.is_empty() {
        return None;
    }
    let all = (active.len() > 1).then(|| {
        let href = place.href(&place.query().without_filters());
        el("li").child(link(&href, "Clear all").class("clear"))
    });
    let words = active
        .iter()
        .map(|Active { label, without }| {
            let take_off = el("a")
                .class("chip")
                .attr("href", &place.href(without))
                .child(hidden("Remove "))
                .text(label)
                .child(icon(Glyph::Close));
            el("li").child(take_off)
        })
        .collect();
    Some(el("ul").class("chips").attr("aria-label", "Active filters").children(words).maybe(all))
}
