use crate::domain::Money;
use crate::shop::use_shop;
use leptos::prelude::*;

/// A price; the old one is struck through for the eye and said as "was" to the ear.
#[component]
pub fn PriceTag(price: Money, compare_at: Option<Money>, #[prop(optional)] from: bool) -> impl IntoView {
    let currency = use_shop().currency;
    let old = compare_at.filter(|old| *old > price).map(|old| currency.format(old));
    let class = if old.is_some() { "price sale" } else { "price" };
    view! {
        <p class=class>
            {from.then(|| view! { <span class="from">"from "</span> })}
            <span class="now">{currency.format(price)}</span>
            {old.map(|old| view! { " " <s><span class="visually-hidden">"was "</span>{old}</s> })}
        </p>
    }
}
