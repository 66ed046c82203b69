use super::api::{Card, CategoryTile, Hero, Home, Picture, load_home};
use super::card::CardGrid;
use crate::shop::use_shop;
use crate::ui::{ErrorPage, Head, PageHeading, Photo, Placeholder, traced};
use leptos::prelude::*;

#[component]
pub fn HomePage() -> impl IntoView {
    let home = Resource::new(|| (), |()| async { load_home().await.map_err(traced) });
    view! {
        <Transition strict=true>
            {move || Suspend::new(async move {
                match home.await {
                    Ok(home) => view! { <HomeView home/> }.into_any(),
                    Err(error) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn HomeView(home: Home) -> impl IntoView {
    let shop = use_shop();
    let Home { hero, featured, newest, on_sale, categories, story } = home;
    let image = hero.as_ref().map(|hero| hero.wide.largest());
    view! {
        <Head title=shop.name.clone() description=shop.tagline.clone() canonical=Some("/".to_owned()) image=image.unwrap_or_default()/>
        {match hero {
            Some(hero) => view! { <HeroView hero/> }.into_any(),
            None => view! { <div class="wrap hero-words"><PageHeading text=shop.name/><p>{shop.tagline}</p></div> }.into_any(),
        }}
        <div class="wrap home">
            <Shelf title="New" link="/products?sort=newest" link_label="All that’s new" cards=newest/>
            <Mosaic categories/>
            <Shelf title="On sale" link="/products?on_sale=true" link_label="All on sale" cards=on_sale/>
            <Shelf title="What we’d give ourselves" link="/products" link_label="All products" cards=featured/>
            <Story story/>
        </div>
    }
    .into_any()
}

/// One picture, one sentence, one link; the words stand beside the picture, never on it.
#[component]
fn HeroView(hero: Hero) -> impl IntoView {
    let Hero { sentence, link_label, link_href, wide, tall } = hero;
    view! {
        <section class="hero" aria-label="Welcome">
            <div class="hero-picture plate"><HeroPicture wide tall/></div>
            <div class="wrap hero-words">
                <PageHeading text=sentence class="display"/>
                <a class="button" href=link_href>{link_label}</a>
            </div>
        </section>
    }
    .into_any()
}

/// Two crops of one scene: art direction needs `<picture>`, not only widths.
#[component]
fn HeroPicture(wide: Picture, tall: Picture) -> impl IntoView {
    let tall_set = tall.srcset().unwrap_or_else(|| tall.largest());
    let alt = wide.alt.clone();
    view! {
        <picture>
            <source
                media="(max-width: 44rem)"
                srcset=tall_set
                sizes="100vw"
                width=tall.width.to_string()
                height=tall.height.to_string()
            />
            <Photo picture=wide sizes="(min-width: 90rem) 90rem, 100vw" eager=true alt/>
        </picture>
    }
}

#[component]
fn Shelf(title: &'static str, link: &'static str, link_label: &'static str, cards: Vec<Card>) -> impl IntoView {
    (!cards.is_empty()).then(|| {
        view! {
            <section class="shelf">
                <div class="shelf-head">
                    <h2>{title}</h2>
                    <a href=link>{link_label}</a>
                </div>
                <CardGrid cards/>
            </section>
        }
        .into_any()
    })
}

#[component]
fn Mosaic(categories: Vec<CategoryTile>) -> impl IntoView {
    (!categories.is_empty()).then(|| {
        view! {
            <section class="shelf">
                <div class="shelf-head"><h2>"By room and use"</h2></div>
                <ul class="mosaic">
                    {categories.into_iter().map(|tile| view! { <Tile tile/> }).collect_view()}
                </ul>
            </section>
        }
        .into_any()
    })
}

#[component]
fn Tile(tile: CategoryTile) -> impl IntoView {
    let CategoryTile { slug, name, description, picture } = tile;
    view! {
        <li class="tile">
            <div class="plate">
                {match picture {
                    Some(picture) => {
                        view! { <Photo picture sizes="(min-width: 56.25rem) 33vw, 50vw"/> }.into_any()
                    }
                    None => view! { <Placeholder/> }.into_any(),
                }}
            </div>
            <h3><a href=["/categories/", &slug].concat()>{name}</a></h3>
            <p class="quiet small">{description}</p>
        </li>
    }
}

#[component]
fn Story(story: Vec<String>) -> impl IntoView {
    (!story.is_empty()).then(|| {
        view! {
            <section class="story" aria-label="About the shop">
                {story.into_iter().map(|paragraph| view! { <p>{paragraph}</p> }).collect_view()}
            </section>
        }
    })
}
