use super::act::act;
use super::page::pieces_in;
use crate::cart::api::Cart;
use crate::domain::{Currency, Money};
use crate::pages::Asked;
use crate::ui::{El, el, grouped};

pub fn summary(cart: &Cart, asked: Asked) -> El {
    let currency = asked.currency();
    let saving = (cart.savings > Money::ZERO)
        .then(|| el("p").class("saving").text("You save ").text(&currency.format(cart.savings)));
    el("section")
        .class("summary")
        .attr("data-key", "summary")
        .attr("aria-labelledby", "summary")
        .child(el("h2").attr("id", "summary").text("Summary"))
        .child(subtotal(cart, currency))
        .maybe(saving)
        .maybe(left_out(cart))
        .child(el("p").class("quiet small").text("Shipping isn’t part of it."))
        .child(el("p").class("quiet small").text("Ordering online isn’t open yet; your cart is kept meanwhile."))
        .child(emptying(cart, asked))
}

pub fn subtotal(cart: &Cart, currency: &Currency) -> El {
    let pieces = el("span").class("quiet small").text(&super::items(cart.pieces));
    let name = el("dt").text("Subtotal ").child(pieces);
    let sum = el("dd").class("num").text(&currency.format(cart.subtotal));
    el("dl").class("subtotal").child(name).child(sum)
}

fn left_out(cart: &Cart) -> Option<El> {
    let lines = cart.lines.iter().filter(|line| line.total.is_none()).count();
    let words = match lines {
        0 => return None,
        1 => "One line isn’t counted: the note beside it says why.".to_owned(),
        lines => format!("{lines} lines aren’t counted: the notes beside them say why."),
    };
    Some(el("p").class("left-out small").text(&words))
}

/// Asks before it does, without a script to ask.
fn emptying(cart: &Cart, asked: Asked) -> El {
    let (question, button) = match pieces_in(cart) {
        1 => ("Remove the one item in it?".to_owned(), "Remove it"),
        pieces => (["Remove all ", &grouped(pieces), " items?"].concat(), "Remove them all"),
    };
    let form = act("/api/cart/clear", asked).child(el("button").class("button plain").text(button));
    el("details")
        .class("emptying")
        .child(el("summary").class("small").text("Empty cart"))
        .child(el("p").text(&question))
        .child(form)
}
