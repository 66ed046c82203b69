use super::api::{Card, CategoryTile, Hero, Home, Picture};
use super::card::card_grid;
use super::page::{Content, Wanted, page};
use crate::shop::use_shop;
use crate::ui::{El, Head, PageHeading, Photo, el, link, photo_or_outline};
use leptos::prelude::*;

#[component]
pub fn HomePage() -> impl IntoView {
    page(
        || Wanted::Home,
        RwSignal::new(false),
        |content| match content {
            Content::Home(home) => view! { <HomeView home=*home/> }.into_any(),
            _ => ().into_any(),
        },
    )
}

#[component]
fn HomeView(home: Home) -> impl IntoView {
    let shop = use_shop();
    let image = home.hero.as_ref().map(|hero| hero.wide.largest()).unwrap_or_default();
    let (picture, sentence, after) = match &home.hero {
        Some(hero) => {
            (Some(hero_picture(hero)), hero.sentence.clone(), link(&hero.link_href, &hero.link_label).class("button"))
        }
        None => (None, shop.name.clone(), el("p").text(&shop.tagline)),
    };
    let rest = el("div")
        .class("wrap home")
        .maybe(shelf("New", "/products?sort=newest", "All that’s new", &home.newest))
        .maybe(mosaic(&home.categories))
        .maybe(shelf("On sale", "/products?on_sale=true", "All on sale", &home.on_sale))
        .maybe(shelf("What we’d give ourselves", "/products", "All products", &home.featured))
        .maybe(story(&home.story));
    view! {
        <Head title=shop.name description=shop.tagline canonical=Some("/".to_owned()) image/>
        <section class="hero" aria-label="Welcome">
            {picture.map(El::view)}
            // One picture, one sentence, one link; the words stand beside the picture, never on it.
            <div class="wrap hero-words">
                <PageHeading text=sentence/>
                {after.view()}
            </div>
        </section>
        {rest.view()}
    }
    .into_any()
}

/// Two crops of one scene: art direction needs `<picture>`, not only widths.
fn hero_picture(hero: &Hero) -> El {
    let Picture { width, height, .. } = hero.tall;
    let tall = el("source")
        .attr("media", "(max-width: 44rem)")
        .attr("srcset", &hero.tall.srcset().unwrap_or_else(|| hero.tall.largest()))
        .attr("sizes", "100vw")
        .attr("width", &width.to_string())
        .attr("height", &height.to_string());
    let wide = hero.wide.photo(Photo { sizes: "100vw", eager: true, alt: &hero.wide.alt });
    el("div").class("hero-picture plate").child(el("picture").child(tall).child(wide))
}

fn shelf(title: &str, href: &str, words: &str, cards: &[Card]) -> Option<El> {
    (!cards.is_empty()).then(|| {
        let head = el("div").class("shelf-head").child(el("h2").text(title)).child(link(href, words));
        el("section").class("shelf").child(head).child(card_grid(cards, 0))
    })
}

fn mosaic(categories: &[CategoryTile]) -> Option<El> {
    (!categories.is_empty()).then(|| {
        let head = el("div").class("shelf-head").child(el("h2").text("By room and use"));
        let tiles = categories.iter().map(tile).collect();
        el("section").class("shelf").child(head).child(el("ul").class("mosaic").children(tiles))
    })
}

fn tile(tile: &CategoryTile) -> El {
    let photo = Photo { sizes: "(min-width: 44rem) 33vw, 50vw", eager: false, alt: "" };
    let words = (!tile.description.is_empty()).then(|| el("p").class("quiet small").text(&tile.description));
    el("li")
        .class("tile")
        .child(el("div").class("plate").child(photo_or_outline(tile.picture.as_ref(), photo)))
        .child(el("h3").child(link(&["/categories/", &tile.slug].concat(), &tile.name)))
        .maybe(words)
}

fn story(story: &[String]) -> Option<El> {
    (!story.is_empty()).then(|| {
        let paragraphs = story.iter().map(|paragraph| el("p").text(paragraph)).collect();
        el("section").class("story").attr("aria-label", "About the shop").children(paragraphs)
    })
}
