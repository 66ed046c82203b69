use super::act::{REMOVE, WISH, act_on, button, other_error};
use super::line::SIZES;
use super::notes::{fall_words, short_words, state_words};
use super::thing::{options, plate, title, unit_price};
use crate::cart::api::{Cart, Line, LineState};
use crate::domain::StockState;
use crate::pages::Asked;
use crate::ui::{El, el};

/// What stands beside the cart until it is wanted.
pub fn saved(cart: &Cart, asked: Asked) -> Option<El> {
    let lines = cart.saved.iter().map(|line| saved_line(line, asked)).collect();
    (!cart.saved.is_empty()).then(|| {
        el("section")
            .class("saved")
            .attr("data-key", "saved")
            .attr("aria-labelledby", "saved")
            .child(el("h2").attr("id", "saved").text("Saved for later"))
            .child(el("ul").class("lines").children(lines))
    })
}

fn saved_line(line: &Line, asked: Asked) -> El {
    let pieces = (line.quantity > 1).then(|| el("p").class("quiet small").text(&super::items(line.quantity)));
    let words = el("div")
        .class("line-words")
        .child(el("div").class("line-head").child(title(line)))
        .maybe(options(line))
        .child(unit_price(line, asked.currency()))
        .maybe(pieces)
        .child(stock(line, asked))
        .children(since(line, asked));
    el("li")
        .class("line")
        .attr("data-key", &line.id)
        .child(plate(line, SIZES))
        .child(words)
        .child(acts(line, asked))
        .maybe(other_error(line, false, asked))
}

/// Whether it can be had.
fn stock(line: &Line, asked: Asked) -> El {
    let (level, words) = match (line.state, line.stock) {
        (LineState::Gone | LineState::SoldOut, _) | (_, StockState::Out) => {
            ("out", state_words(line, asked.currency()).unwrap_or_else(|| line.stock.words()))
        }
        (LineState::Held, _) => ("low", state_words(line, asked.currency()).unwrap_or_default()),
        (_, StockState::Low(_)) => ("low", line.stock.words()),
        (_, StockState::In) => ("in", line.stock.words()),
    };
    el("p").class("stock small").attr("data-stock", level).text(words.trim_end_matches('.'))
}

/// What has become of it meanwhile. A new price is agreed to once it is back in the cart.
fn since(line: &Line, asked: Asked) -> Vec<El> {
    let rise = match line.state {
        LineState::Raised { .. } => state_words(line, asked.currency()),
        _ => None,
    };
    let words = rise.into_iter().chain(fall_words(line, asked.currency())).chain(short_words(line));
    words.map(|words| el("p").class("small").text(&words)).collect()
}

fn acts(line: &Line, asked: Asked) -> El {
    let buyable = !matches!(line.state, LineState::Gone | LineState::SoldOut);
    let back = buyable.then(|| {
        act_on(line, "/api/cart/move_to_cart", asked).child(button("button plain", "back", "Move to cart", line))
    });
    let quiet = |action, verb, label| act_on(line, action, asked).child(button("link small", verb, label, line));
    let wish = (!line.variant.is_empty()).then(|| quiet(WISH, "wish", "Move to wishlist"));
    let links = el("div").class("links").maybe(wish).child(quiet(REMOVE, "remove", "Remove"));
    el("div").class("line-acts").maybe(back).child(links)
}
