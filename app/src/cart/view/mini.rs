use super::notes::state_words;
use super::summary::subtotal;
use super::thing::{options, plate, title};
use crate::cart::api::{Cart, Line};
use crate::domain::Currency;
use crate::shop::Shop;
use crate::ui::{El, el, grouped};

/// Lines that are shown beside a page; the cart's own page has all.
const MOST: usize = 20;

/// The cart in brief: what a sheet shows under its top.
pub fn mini(cart: &Cart, shop: &Shop) -> String {
    if cart.lines.is_empty() {
        return nothing(cart).html();
    }
    let currency = &shop.currency;
    let lines = cart.lines.iter().take(MOST).map(|line| brief(line, currency)).collect();
    let more = cart.lines.len().saturating_sub(MOST);
    let more = (more > 0).then(|| {
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        el("p").class("quiet").text(&["and ", &grouped(more), " more"].concat())
    });
    let body = el("div").class("sheet-body").child(el("ul").class("brief-lines").children(lines)).maybe(more);
    let foot = el("div").class("sheet-foot").child(subtotal(cart, currency)).child(view_cart("button wide"));
    body.html() + &foot.html()
}

fn view_cart(class: &str) -> El {
    el("a").class(class).attr("href", "/cart").text("View cart")
}

fn brief(line: &Line, currency: &Currency) -> El {
    let price = currency.format(line.price);
    let times = if line.quantity > 1 { [&line.quantity.to_string(), "\u{a0}×\u{a0}", &price].concat() } else { price };
    let wrong = state_words(line, currency);
    let said = wrong.as_ref().map(|words| el("p").class("wrong small").text(words).text(" Not in the total."));
    let words = el("div")
        .class("line-words")
        .child(title(line))
        .maybe(options(line))
        .maybe(wrong.is_none().then(|| el("p").class("price").text(&times)))
        .maybe(said);
    el("li")
        .class("brief-line")
        .attr("data-key", &line.id)
        .maybe_attr("data-off", line.total.is_none().then_some(""))
        .child(plate(line, "4.5rem"))
        .child(words)
}

fn nothing(cart: &Cart) -> El {
    let products = el("a").class("button").attr("href", "/products").text("See all products");
    let saved = (!cart.saved.is_empty()).then(|| view_cart("").text(" to see what you saved for later"));
    el("div")
        .class("sheet-body")
        .child(el("p").text("There’s nothing in your cart yet."))
        .child(el("p").class("ways").child(products).maybe(saved))
}
