use super::layout::Navigation;
use super::theme_switch::ThemeChoice;
use crate::catalog::api::NavCategory;
use crate::shop::use_shop;
use leptos::prelude::*;

#[component]
pub fn Footer() -> impl IntoView {
    let shop = use_shop();
    let navigation: Navigation = expect_context();
    view! {
        <footer class="foot">
            <div class="wrap">
                <div class="foot-name">
                    <p class="logo">{shop.name}</p>
                    <p>{shop.tagline}</p>
                </div>
                <nav id="categories" tabindex="-1" aria-label="All categories">
                    <Suspense>
                        {move || Suspend::new(async move {
                            view! { <CategoryTree categories=navigation.categories().await/> }.into_any()
                        })}
                    </Suspense>
                </nav>
                <nav aria-label="Your places">
                    <h2>"Yours"</h2>
                    <ul>
                        <li><a href="/account">"Account"</a></li>
                        <li><a href="/wishlist">"Wishlist"</a></li>
                        <li><a href="/cart">"Cart"</a></li>
                        <li><a href="/search">"Search"</a></li>
                    </ul>
                </nav>
                <ThemeChoice/>
            </div>
        </footer>
    }
    .into_any()
}

/// Top categories as words, the second level beneath.
#[component]
pub fn CategoryTree(categories: Vec<NavCategory>) -> impl IntoView {
    view! {
        <ul class="tree">
            {categories
                .into_iter()
                .map(|top| {
                    view! {
                        <li>
                            <CategoryLink slug=top.slug name=top.name/>
                            {(!top.children.is_empty())
                                .then(|| {
                                    view! {
                                        <ul>
                                            {top
                                                .children
                                                .into_iter()
                                                .map(|child| {
                                                    view! { <li><CategoryLink slug=child.slug name=child.name/></li> }
                                                })
                                                .collect_view()}
                                        </ul>
                                    }
                                })}
                        </li>
                    }
                })
                .collect_view()}
            <li><a href="/products">"All products"</a></li>
        </ul>
    }
    .into_any()
}

#[component]
fn CategoryLink(slug: String, name: String) -> impl IntoView {
    view! { <a href=["/categories/", &slug].concat()>{name}</a> }
}
