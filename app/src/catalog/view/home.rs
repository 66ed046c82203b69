use super::card::card_grid;
use crate::catalog::api::{Card, CategoryTile, Hero, Home, PageAnswer, Picture, Rendered};
use crate::pages::Asked;
use crate::ui::{El, Photo, el, heading, link, photo_or_outline};

pub fn page(home: &Home, asked: Asked) -> Rendered {
    let shop = asked.shop;
    let image = home.hero.as_ref().map(|hero| hero.wide.largest()).unwrap_or_default();
    let (picture, sentence, after) = match &home.hero {
        Some(hero) => {
            (Some(hero_picture(hero)), hero.sentence.as_str(), link(&hero.link_href, &hero.link_label).class("button"))
        }
        None => (None, shop.name.as_str(), el("p").text(&shop.tagline)),
    };
    // One picture, one sentence, one link; the words stand beside the picture, never on it.
    let words = el("div").class("wrap hero-words").child(heading(sentence)).child(after);
    let hero = el("section").class("hero").attr("aria-label", "Welcome").maybe(picture).child(words);
    let shelf = |title: &str, href: &str, words: &str, cards: &[Card]| {
        (!cards.is_empty()).then(|| {
            let head = el("div").class("shelf-head").child(el("h2").text(title)).child(link(href, words));
            el("section").class("shelf").child(head).child(card_grid(cards, 0, asked))
        })
    };
    let rest = el("div")
        .class("wrap home")
        .maybe(shelf("New", "/products?sort=newest", "All that’s new", &home.newest))
        .maybe(mosaic(&home.categories))
        .maybe(shelf("On sale", "/products?on_sale=true", "All on sale", &home.on_sale))
        .maybe(shelf("What we’d give ourselves", "/products", "All products", &home.featured))
        .maybe(story(&home.story));
    Rendered {
        title: shop.name.clone(),
        canonical: Some("/".to_owned()),
        count: 0,
        html: hero.html() + &rest.html(),
        answer: PageAnswer { description: shop.tagline.clone(), image, kind: "website", ..PageAnswer::default() },
    }
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
