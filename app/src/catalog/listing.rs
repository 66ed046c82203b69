use super::active_filters::active_filters;
use super::api::{Card, Listing};
use super::card::card_grid;
use super::filters::Filters;
use super::page::{Content, Wanted, page};
use super::pagination::pagination;
use super::place::{Place, own_param};
use super::sorting::Sorting;
use crate::ui::{
    El, Glyph, Head, Icon, PageHeading, SearchForm, close_dialog, counted, crumbs, el, link, open_dialog, scroll_to,
    set_status,
};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

/// The first row on the widest screen.
const ABOVE_THE_FOLD: usize = 4;

/// Which listing an address is.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Everything,
    Category,
    Search,
}

/// What outlives a change of filters, although the listing is asked for again.
#[derive(Clone, Copy)]
struct Frame {
    place: Place,
    sheet: NodeRef<html::Dialog>,
    results: NodeRef<html::Section>,
    pending: RwSignal<bool>,
    kind: Kind,
}

#[component]
pub fn ListingPage() -> impl IntoView {
    browse(Kind::Everything)
}

#[component]
pub fn CategoryPage() -> impl IntoView {
    browse(Kind::Category)
}

/// A listing, whichever address it has.
pub fn browse(kind: Kind) -> AnyView {
    let slug = own_param("category");
    let place = Place::here();
    let pending = RwSignal::new(false);
    let frame = Frame { place, sheet: NodeRef::new(), results: NodeRef::new(), pending, kind };
    go_to_top_of_new_page(frame);
    let category = move || (kind == Kind::Category).then(|| slug.get());
    page(
        move || Wanted::Listing { category: category(), search: place.search.get() },
        pending,
        move |content| match content {
            Content::Listing(listing) => view! { <ListingView frame listing=*listing/> }.into_any(),
            _ => ().into_any(),
        },
    )
}

/// The next page begins where the last one began, not where its links were.
fn go_to_top_of_new_page(frame: Frame) {
    let page = Memo::new(move |_| (frame.place.path.get(), frame.place.parsed.read().query.page));
    Effect::new(move |before: Option<_>| {
        let now = page.get();
        if let Some((path, number)) = before
            && path == now.0
            && number != now.1
            && let Some(results) = frame.results.get_untracked()
        {
            scroll_to(&results);
        }
        now
    });
}

#[component]
fn ListingView(frame: Frame, listing: Listing) -> impl IntoView {
    let Frame { place, pending, kind, .. } = frame;
    let searching = kind == Kind::Search;
    if !listing.errors.is_empty() {
        set_status(400);
    }
    let query = place.query();
    let filtered = query.has_filters();
    let plain = !filtered && !searching && query.sort.is_none() && listing.errors.is_empty();
    let canonical = plain.then(|| place.href(&query));
    let nothing_to_show = query.q.is_empty() || listing.total == 0;
    let count = counted(listing.total, listing.capped);
    let show = ["Show ", &count].concat();
    let grid = if listing.cards.is_empty() {
        nothing(place, &listing.near, filtered)
    } else {
        card_grid(&listing.cards, ABOVE_THE_FOLD)
    };
    let corrected = listing.corrected.map(|found| corrected(&query.q, &found).view());
    let description = listing.description;
    view! {
        <Head title=listing.heading.clone() description=description.clone() canonical/>
        <div class="wrap">
            {crumbs(&listing.crumbs)}
            <div class="head">
                <PageHeading text=listing.heading/>
                {(!description.is_empty()).then(|| el("p").text(&description).view())}
                {(searching && nothing_to_show).then(|| view! { <SearchForm value=query.q/> }.into_any())}
                {corrected}
            </div>
            <div class="listing">
                <div class="column" id="filters">
                    <Filters place facets=listing.facets.clone() errors=listing.errors.clone() in_sheet=false/>
                </div>
                <section
                    class="results"
                    aria-label="Products"
                    tabindex="-1"
                    node_ref=frame.results
                    class:is-pending=pending
                    aria-busy=move || pending.get().then_some("true")
                >
                    <h2 class="visually-hidden">"Products"</h2>
                    <div class="bar">
                        <OpenSheet frame/>
                        <p class="num" role="status">{count}</p>
                        {active_filters(place, &listing.facets).map(El::view)}
                        <Sorting place/>
                    </div>
                    {grid.view()}
                    {pagination(place, listing.page, listing.pages).map(El::view)}
                </section>
            </div>
        </div>
        <dialog class="sheet right" aria-label="Filters" node_ref=frame.sheet>
            <div class="sheet-top">
                <p class="sheet-title">"Filters"</p>
                <button class="place" aria-label="Close filters" on:click=move |_| close_dialog(frame.sheet)>
                    <Icon glyph=Glyph::Close/>
                </button>
            </div>
            <div class="sheet-body">
                <Filters place facets=listing.facets errors=listing.errors in_sheet=true/>
            </div>
            <div class="sheet-foot">
                <button class="button wide" on:click=move |_| close_dialog(frame.sheet)>{show}</button>
            </div>
        </dialog>
    }
    .into_any()
}

/// On a phone the filters are a sheet; without JavaScript the link shows the column in its place.
#[component]
fn OpenSheet(frame: Frame) -> impl IntoView {
    let open = move |event: ev::MouseEvent| {
        event.prevent_default();
        open_dialog(frame.sheet);
    };
    view! {
        <a class="chip narrow-only" href="#filters" aria-haspopup="dialog" on:click=open>
            <Icon glyph=Glyph::Filters/>
            "Filters"
        </a>
    }
    .into_any()
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
fn nothing(place: Place, near: &[Card], filtered: bool) -> El {
    let query = place.query();
    let advice = if filtered {
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
    let near = (!near.is_empty())
        .then(|| el("section").class("shelf").child(el("h2").text("Perhaps one of these")).child(card_grid(near, 0)));
    el("div").class("nothing").child(advice).maybe(near)
}
