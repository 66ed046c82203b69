use super::markup::{el, link};
use super::navigation::{CategoryLinks, Places};
use super::theme_switch::ThemeChoice;
use crate::account::{log_out_form, use_visitor};
use crate::shop::use_shop;
use leptos::prelude::*;

#[component]
pub fn Footer() -> impl IntoView {
    let shop = use_shop();
    let name =
        el("div").class("foot-name").child(el("p").class("logo").text(&shop.name)).child(el("p").text(&shop.tagline));
    let places = [("/account", "Account"), ("/wishlist", "Wishlist"), ("/cart", "Cart"), ("/search", "Search")];
    let mut places: Vec<_> = places.into_iter().map(|(href, name)| el("li").child(link(href, name))).collect();
    if use_visitor().with_untracked(|visitor| visitor.me.is_some()) {
        places.push(el("li").child(log_out_form("link")));
    }
    let yours =
        el("nav").attr("aria-label", "Your places").child(el("h2").text("Yours")).child(el("ul").children(places));
    view! {
        <footer class="foot">
            <div class="wrap">
                {name.view()}
                <nav id="categories" tabindex="-1" aria-label="All categories"><CategoryLinks places=Places::Tree/></nav>
                {yours.view()}
                <ThemeChoice/>
            </div>
        </footer>
    }
    .into_any()
}
