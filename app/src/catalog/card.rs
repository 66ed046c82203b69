use super::api::Card;
use crate::domain::StockState;
use crate::ui::{Photo, Placeholder, PriceTag};
use leptos::prelude::*;

/// The grid's columns, as `listing.css` lays them out.
const SIZES: &str = "(min-width: 90rem) 17rem, (min-width: 56.25rem) 25vw, (min-width: 36rem) 33vw, 50vw";
/// More dots than this say no more than that there are many.
const DOTS: usize = 5;

/// Cards side by side. The first `eager` pictures are above the fold.
#[component]
pub fn CardGrid(cards: Vec<Card>, #[prop(optional)] eager: usize) -> impl IntoView {
    view! {
        <ul class="grid">
            {cards
                .into_iter()
                .enumerate()
                .map(|(at, card)| view! { <ProductCard card eager=at < eager/> })
                .collect_view()}
        </ul>
    }
    .into_any()
}

/// The whole card is one link with one name, the product's; its pictures say nothing that the name does not.
#[component]
fn ProductCard(card: Card, eager: bool) -> impl IntoView {
    let tag = tag(&card);
    let Card { slug, title, price, compare_at, from, picture, second, colours, .. } = card;
    view! {
        <li class="card">
            <div class="plate">
                {match picture {
                    Some(picture) => view! { <Photo picture sizes=SIZES eager/> }.into_any(),
                    None => view! { <Placeholder/> }.into_any(),
                }}
                {second.map(|picture| view! { <Photo picture sizes=SIZES class="second"/> })}
            </div>
            <h3><a href=["/products/", &slug].concat()>{title}</a></h3>
            <div class="row">
                <PriceTag price compare_at from/>
                {(!colours.is_empty()).then(|| view! { <Dots colours/> })}
            </div>
            {tag.map(|(kind, words)| view! { <p class="tag" data-kind=kind>{words}</p> })}
        </li>
    }
    .into_any()
}

/// One word at most: what keeps a shopper from buying comes before what invites them.
fn tag(card: &Card) -> Option<(&'static str, String)> {
    match card.stock {
        StockState::Out => Some(("out", card.stock.words())),
        StockState::Low(_) => Some(("low", card.stock.words())),
        StockState::In => card.compare_at.filter(|old| *old > card.price).map(|_| ("sale", "Sale".to_owned())),
    }
}

#[component]
fn Dots(colours: Vec<String>) -> impl IntoView {
    let names = colours.join(", ");
    let more = colours.len().saturating_sub(DOTS);
    view! {
        <p class="dots">
            <span class="visually-hidden">"Colours: " {names}</span>
            {colours
                .into_iter()
                .take(DOTS)
                .map(|colour| view! { <i class="dot" data-colour=colour.to_lowercase() aria-hidden="true"></i> })
                .collect_view()}
            {(more > 0).then(|| view! { <span class="small quiet" aria-hidden="true">"+" {more.to_string()}</span> })}
        </p>
    }
}
