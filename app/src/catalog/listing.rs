use super::active_filters::ActiveFilters;
use super::api::{Listing, load_listing};
use super::card::CardGrid;
use super::filters::Filters;
use super::pagination::Pagination;
use super::place::Place;
use super::sorting::Sorting;
use crate::ui::{
    Crumbs, ErrorPage, Glyph, Head, Icon, PageHeading, SearchForm, close_dialog, counted, open_dialog, scroll_to,
    set_status, traced,
};
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The first row on the widest screen.
const ABOVE_THE_FOLD: usize = 4;

/// What outlives a change of filters, although the listing is asked for again.
#[derive(Clone, Copy)]
struct Frame {
    place: Place,
    sheet: NodeRef<html::Dialog>,
    results: NodeRef<html::Section>,
    pending: ReadSignal<bool>,
    /// The search page: it has a field for the words in its head.
    searching: bool,
}

/// All products, or those of one category.
#[component]
pub fn ListingPage() -> impl IntoView {
    view! { <Browse searching=false/> }.into_any()
}

/// A listing, whichever address it has.
#[component]
pub fn Browse(searching: bool) -> impl IntoView {
    let params = use_params_map();
    let place = Place::here();
    let category = Memo::new(move |_| params.read().get("slug"));
    let listing = Resource::new(
        move || (category.get(), place.search.get()),
        |(category, search)| async move { load_listing(category, search).await.map_err(traced) },
    );
    let (pending, set_pending) = signal(false);
    let frame = Frame { place, sheet: NodeRef::new(), results: NodeRef::new(), pending, searching };
    go_to_top_of_new_page(frame);
    view! {
        <Transition set_pending=set_pending strict=true>
            {move || Suspend::new(async move {
                match listing.await {
                    Ok(listing) => view! { <ListingView frame listing/> }.into_any(),
                    Err(error) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
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
    let Frame { place, pending, searching, .. } = frame;
    if !listing.errors.is_empty() {
        set_status(400);
    }
    let Listing { heading, description, crumbs, total, capped, page, pages, cards, facets, corrected, near, errors } =
        listing;
    let query = place.query();
    let filtered = query.has_filters();
    let canonical = (!filtered && !searching && query.sort.is_none() && errors.is_empty()).then(|| place.href(&query));
    let filter_facets = facets.clone();
    let sheet_facets = facets.clone();
    let filter_errors = errors.clone();
    view! {
        <Head title=heading.clone() description=description.clone() canonical=canonical/>
        <div class="wrap">
            <Crumbs crumbs/>
            <div class="head">
                <PageHeading text=heading/>
                {(!description.is_empty()).then(|| view! { <p>{description}</p> })}
                {(searching && (query.q.is_empty() || total == 0)).then(|| view! { <SearchForm value=query.q.clone()/> })}
                {corrected
                    .map(|found| {
                        view! {
                            <p>
                                "Showing results for " <strong>{found}</strong> ". Nothing matched "
                                <q>{query.q.clone()}</q> "."
                            </p>
                        }
                    })}
            </div>
            <div class="listing">
                <div class="column" id="filters">
                    <Filters place facets=filter_facets errors=filter_errors in_sheet=false/>
                </div>
                <section
                    class="results"
                    aria-label="Products"
                    tabindex="-1"
                    node_ref=frame.results
                    class:is-pending=pending
                    aria-busy=move || pending.get().then_some("true")
                >
                    <div class="bar">
                        <OpenSheet frame/>
                        <p class="num" role="status">{counted(total, capped)}</p>
                        <ActiveFilters place facets/>
                        <Sorting place/>
                    </div>
                    {if cards.is_empty() {
                        view! { <Nothing place near filtered/> }.into_any()
                    } else {
                        view! { <CardGrid cards eager=ABOVE_THE_FOLD/> }.into_any()
                    }}
                    <Pagination place page pages/>
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
                <Filters place facets=sheet_facets errors in_sheet=true/>
            </div>
            <div class="sheet-foot">
                <button class="button wide" on:click=move |_| close_dialog(frame.sheet)>
                    "Show " {counted(total, capped)}
                </button>
            </div>
        </dialog>
    }
    .into_any()
}

/// On a phone the filters are a sheet; without JavaScript the link shows the column in its place.
#[component]
fn OpenSheet(frame: Frame) -> impl IntoView {
    let open = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        open_dialog(frame.sheet);
    };
    view! {
        <a class="chip narrow-only" href="#filters" aria-haspopup="dialog" on:click=open>
            <Icon glyph=Glyph::Filters/>
            "Filters"
        </a>
    }
}

/// An empty result says what to do next.
#[component]
fn Nothing(place: Place, near: Vec<super::api::Card>, filtered: bool) -> impl IntoView {
    let q = place.query().q;
    let unfiltered = place.href(&place.query().without_filters());
    view! {
        <div class="nothing">
            {if filtered {
                view! {
                    <p>"No product has all of these. Take a filter off, or " <a href=unfiltered>"clear them all"</a> "."</p>
                }
                    .into_any()
            } else if q.is_empty() {
                view! {
                    <p>"There is nothing here yet. " <a href="/products">"See all products"</a> "."</p>
                }
                    .into_any()
            } else {
                view! {
                    <p>
                        "Nothing matched " <q>{q}</q> ". Try another word or fewer of them, or "
                        <a href="/products">"see all products"</a> "."
                    </p>
                }
                    .into_any()
            }}
            {(!near.is_empty())
                .then(|| {
                    view! {
                        <h2>"Perhaps one of these"</h2>
                        <CardGrid cards=near/>
                    }
                })}
        </div>
    }
    .into_any()
}
