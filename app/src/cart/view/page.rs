use super::act::is_placed;
use super::line::line;
use super::saved::saved;
use super::summary::summary;
use crate::account::login_href;
use crate::cart::api::Cart;
use crate::catalog::api::{PageAnswer, Rendered};
use crate::pages::Asked;
use crate::ui::{El, el, heading, link};

const TITLE: &str = "Your cart";

pub fn page(cart: &Cart, asked: Asked) -> Rendered {
    let content = match cart.lines.is_empty() {
        true => el("div").class("cart").child(nothing(cart.is_guests)),
        false => el("div").class("cart").child(lines(cart, asked)).child(summary(cart, asked)),
    };
    let body = el("div")
        .class("wrap")
        .child(status(cart))
        .child(el("div").class("head").child(heading(TITLE)))
        .maybe(stray_error(cart, asked))
        .child(content.maybe(saved(cart, asked)));
    Rendered { title: TITLE.to_owned(), canonical: None, count: 0, html: body.html(), answer: PageAnswer::default() }
}

/// Those that aren't counted in the total too.
pub fn pieces_in(cart: &Cart) -> u32 {
    cart.lines.iter().map(|line| line.quantity).sum()
}

/// Heard when it changes.
fn status(cart: &Cart) -> El {
    let words = match pieces_in(cart) {
        0 => "Your cart is empty".to_owned(),
        pieces => [&super::items(pieces), " in your cart"].concat(),
    };
    el("p").class("visually-hidden").attr("role", "status").attr("data-place", "cart-status").text(&words)
}

fn lines(cart: &Cart, asked: Asked) -> El {
    let lines = cart.lines.iter().map(|one| line(one, asked)).collect();
    el("section")
        .class("in-cart")
        .attr("data-key", "in-cart")
        .attr("aria-labelledby", "in-cart")
        .child(el("h2").class("visually-hidden").attr("id", "in-cart").text("In your cart"))
        .child(el("ul").class("lines").children(lines))
}

/// A log-out, or its end from another device, seems to empty a cart: it is with the account.
fn nothing(is_guests: bool) -> El {
    let log_in = || el("p").class("quiet").text("Had something in it? ").child(link(&login_href("/cart"), "Log in"));
    let products = el("a").class("button").attr("href", "/products").text("See all products");
    el("section")
        .class("in-cart nothing")
        .attr("data-key", "nothing")
        .child(el("h2").text("Nothing in it yet"))
        .child(el("p").text("Whatever you put in waits here until you want it."))
        .maybe(is_guests.then(log_in))
        .child(el("p").class("ways").child(products).child(link("/wishlist", "Look at your wishlist")))
}

/// What was wrong with a form that stands at no line, or at one that has gone.
fn stray_error(cart: &Cart, asked: Asked) -> Option<El> {
    let (_, words) = asked.flash.errors.first_key_value()?;
    let placed = is_placed(&cart.lines, asked) || is_placed(&cart.saved, asked);
    (!placed).then(|| el("p").class("form-error").attr("role", "alert").text(words))
}
