use crate::catalog::api::Card;
use crate::domain::StockState;
use crate::pages::{ADDS, Asked, HEARTS};
use crate::ui::{El, Glyph, Photo, el, hidden, icon, link, photo_or_outline, price_tag};

/// The grid's columns, as the style sheet lays them out.
const SIZES: &str = "(min-width: 90rem) 17rem, (min-width: 56.25rem) 25vw, (min-width: 44rem) 33vw, 50vw";
/// More dots than this say no more than that there are many.
const DOTS: usize = 5;

/// Cards side by side. The first `eager` pictures are above the fold.
pub fn card_grid(cards: &[Card], eager: usize, asked: Asked) -> El {
    let cards = cards.iter().enumerate().map(|(at, card)| product_card(card, at < eager, asked)).collect();
    el("ul").class("grid").children(cards)
}

/// The whole card is one link with one name, the product's; its pictures say nothing that the name does not.
fn product_card(card: &Card, eager: bool, asked: Asked) -> El {
    let photo = Photo { sizes: SIZES, eager, alt: "" };
    let second = card.second.as_ref().map(|second| second.photo(Photo { eager: false, ..photo }).class("second"));
    let price = price_tag(asked.currency(), card.price, card.compare_at, card.from);
    let dots = (!card.colours.is_empty()).then(|| dots(&card.colours));
    el("li")
        .class("card")
        .attr("data-key", &card.slug)
        .child(el("div").class("plate").child(photo_or_outline(card.picture.as_ref(), photo)).maybe(second))
        .child(el("h3").child(link(&["/products/", &card.slug].concat(), &card.title)))
        .child(el("div").class("row").child(price).maybe(dots))
        .maybe(tag(card))
        .child(heart(&card.slug, &card.title, asked.shelf.wished.contains(&card.slug)))
        .maybe((card.plain && !card.stock.is_out()).then(|| quick_add(card)))
}

/// Puts a product on the wishlist, or takes it off; which of the two, and whether it is there, the server says.
pub fn heart(slug: &str, title: &str, wished: bool) -> El {
    el("button")
        .class("heart")
        .attr("form", HEARTS)
        .attr("name", "product")
        .attr("value", slug)
        .maybe_attr("formaction", wished.then_some("/api/wishlist/drop"))
        .attr("aria-pressed", if wished { "true" } else { "false" })
        .attr("aria-label", &["Wishlist: ", title].concat())
        .child(icon(Glyph::Heart))
}

/// Buys what needs no choice.
fn quick_add(card: &Card) -> El {
    el("button")
        .class("quick-add")
        .attr("form", ADDS)
        .attr("name", "product")
        .attr("value", &card.slug)
        .attr("aria-label", &["Add to cart: ", &card.title].concat())
        .child(icon(Glyph::Plus))
}

/// One word at most: what keeps a shopper from buying comes before what invites them.
fn tag(card: &Card) -> Option<El> {
    let (kind, words) = match card.stock {
        StockState::Out => ("out", card.stock.words()),
        StockState::Low(_) => ("low", card.stock.words()),
        StockState::In if card.compare_at.is_some_and(|old| old > card.price) => ("sale", "Sale".to_owned()),
        StockState::In => return None,
    };
    Some(el("p").class("tag").attr("data-kind", kind).text(&words))
}

fn dots(colours: &[String]) -> El {
    let shown = colours.iter().take(DOTS).map(|colour| dot(colour)).collect();
    let more = colours.len().saturating_sub(DOTS);
    el("p").class("dots").child(hidden(&["Colours: ", &colours.join(", ")].concat())).children(shown).maybe(
        (more > 0).then(|| {
            el("span").class("small quiet").attr("aria-hidden", "true").text(&["+", &more.to_string()].concat())
        }),
    )
}

/// A colour's sample. The style sheet knows the usual names; others show a neutral one.
pub fn dot(colour: &str) -> El {
    el("i").class("dot").attr("data-colour", &colour.to_lowercase()).attr("aria-hidden", "true")
}
