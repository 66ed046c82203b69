use super::active_filters::active_filters;
use super::card::card_grid;
use super::filters::filters;
use super::pagination::pagination;
use super::place::Place;
use super::sorting::sorting;
use crate::catalog::api::{Listing, PageAnswer, Rendered};
use crate::error::FieldError;
use crate::pages::Asked;
use crate::ui::{El, Glyph, counted, crumbs, el, heading, icon, link, search_form};

/// The first row on the widest screen.
const ABOVE_THE_FOLD: usize = 4;

/// A category, everything, or a search.
pub fn page(listing: Listing, asked: Asked) -> Rendered {
    let Asked { path, search, .. } = asked;
    let place = Place::new(path, search, asked.currency());
    let query = place.query();
    let searching = path == "/search";
    let plain = !query.has_filters() && !searching && query.sort.is_none() && listing.errors.is_empty();
    let head = el("div")
        .class("head")
        .child(heading(&listing.heading))
        .maybe((!listing.description.is_empty()).then(|| el("p").text(&listing.description)))
        .maybe((searching && (query.q.is_empty() || listing.total == 0)).then(|| search_form(&query.q)))
        .maybe(listing.corrected.as_deref().map(|found| corrected(&query.q, found)));
    let column = el("div").class("column").attr("id", "filters").child(filters(&place, &listing, false));
    let body = el("div")
        .class("wrap")
        .maybe(crumbs(&listing.crumbs))
        .child(head)
        .child(el("div").class("listing").child(column).child(results(&place, &listing, asked)));
    Rendered {
        title: listing.heading.clone(),
        canonical: plain.then(|| place.href(query)),
        count: 0,
        html: body.html() + &sheet(&place, &listing).html(),
        answer: PageAnswer {
            description: listing.description,
            kind: "website",
            status: (!listing.errors.is_empty()).then_some(400),
            ..PageAnswer::default()
        },
    }
}

fn results(place: &Place, listing: &Listing, asked: Asked) -> El {
    let count = counted(listing.total, listing.capped);
    let bar = el("div")
        .class("bar")
        .child(open_sheet())
        .child(el("p").class("num").attr("role", "status").text(&count))
        .maybe(active_filters(place, &listing.facets))
        .child(sorting(place));
    // The field it is about may be in a sheet that is closed, so the mistake is told where everybody sees it too.
    let mistakes = (!listing.errors.is_empty()).then(|| {
        let about = |field: &str| if field == "min" { "Price, from: " } else { "Price, to: " };
        let line = |error: &FieldError| el("p").class("error").text(about(&error.field)).text(&error.message);
        let lines = listing.errors.iter().map(line).collect();
        el("div").class("mistakes narrow-only").attr("role", "alert").children(lines)
    });
    let grid = if listing.cards.is_empty() {
        nothing(place, listing, asked)
    } else {
        card_grid(&listing.cards, ABOVE_THE_FOLD, asked)
    };
    el("section")
        .class("results")
        .attr("aria-label", "Products")
        .attr("tabindex", "-1")
        .child(el("h2").class("visually-hidden").text("Products"))
        .child(bar)
        .maybe(mistakes)
        .child(grid)
        .maybe(pagination(place, listing.page, listing.pages))
}

/// On a phone the filters are a sheet; without JavaScript the link shows the column in its place.
fn open_sheet() -> El {
    el("a")
        .class("chip narrow-only")
        .attr("href", "#filters")
        .attr("aria-haspopup", "dialog")
        .attr("data-opens", "filter-sheet")
        .child(icon(Glyph::Filters))
        .text("Filters")
}

fn sheet(place: &Place, listing: &Listing) -> El {
    let close = el("button")
        .class("place")
        .attr("type", "button")
        .attr("aria-label", "Close filters")
        .attr("data-closes", "")
        .child(icon(Glyph::Close));
    let show = ["Show ", &counted(listing.total, listing.capped)].concat();
    let show = el("button").class("button wide").attr("type", "button").attr("data-closes", "").text(&show);
    el("dialog")
        .class("sheet right")
        .attr("id", "filter-sheet")
        .attr("aria-label", "Filters")
        .child(el("div").class("sheet-top").child(el("p").class("sheet-title").text("Filters")).child(close))
        .child(el("div").class("sheet-body").child(filters(place, listing, true)))
        .child(el("div").class("sheet-foot").child(show))
}

/// The words that were searched instead, and those that found nothing.
fn corrected(typed: &str, found: &str) -> El {
    el("p")
        .text("Showing results for ")
        .child(el("strong").text(found))
        .text(". Nothing matched ")
        .child(el("q").text(typed))
        .text(".")
}

/// An empty result says what to do next.
fn nothing(place: &Place, listing: &Listing, asked: Asked) -> El {
    let query = place.query();
    let advice = if query.has_filters() {
        el("p")
            .text("No product has all of these. Take a filter off, or ")
            .child(link(&place.href(&query.without_filters()), "clear them all"))
            .text(".")
    } else if query.q.is_empty() {
        el("p").text("There is nothing here yet. ").child(link("/products", "See all products")).text(".")
    } else {
        el("p")
            .text("Nothing matched ")
            .child(el("q").text(&query.q))
            .text(". Try another word or fewer of them, or ")
            .child(link("/products", "see all products"))
            .text(".")
    };
    let near = (!listing.near.is_empty()).then(|| {
        let grid = card_grid(&listing.near, 0, asked);
        el("section").class("shelf").child(el("h2").text("Perhaps one of these")).child(grid)
    });
    el("div").class("nothing").child(advice).maybe(near)
}
