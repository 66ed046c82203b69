//! What is said beside a line, and what can be done about it there.

use super::act::{SET_QUANTITY, WISH, act_on, button, kept};
use crate::cart::api::{Line, LineState};
use crate::domain::{Currency, Quantity};
use crate::pages::Asked;
use crate::ui::{El, el};

pub fn notes(line: &Line, asked: Asked) -> Option<El> {
    let currency = asked.currency();
    let state = state_words(line, currency).map(|words| note("warn", "state", &words).maybe(ways_out(line, asked)));
    let fall = fall_words(line, currency).map(|words| note("good", "fall", &words));
    let short = short_words(line).map(|words| {
        let form = act_on(line, "/api/cart/dismiss_note", asked);
        note("plain", "short", &words).child(form.child(button("link", "dismiss", "OK", line)))
    });
    let notes: Vec<El> = state.into_iter().chain(fall).chain(short).collect();
    (!notes.is_empty()).then(|| el("div").class("notes").attr("data-key", "notes").children(notes))
}

fn note(kind: &str, key: &str, words: &str) -> El {
    el("div").class("note").attr("data-kind", kind).attr("data-key", key).child(el("p").text(words))
}

/// Why the line isn't counted.
pub fn state_words(line: &Line, currency: &Currency) -> Option<String> {
    let price = |money| currency.format(money);
    Some(match line.state {
        LineState::Fine => return None,
        LineState::Raised { from } => {
            let (from, to) = (price(from), price(line.price));
            format!("The price went from {from} to {to} since you added this.")
        }
        LineState::Reduced { left } => format!("Only {left} left: you have {}.", line.quantity),
        LineState::SoldOut => "Out of stock.".to_owned(),
        LineState::Held => "The last one is in somebody else’s cart just now. It may come back.".to_owned(),
        LineState::Gone => "Not sold any more.".to_owned(),
    })
}

/// Of what can't be had, a lower price is no news.
pub fn fall_words(line: &Line, currency: &Currency) -> Option<String> {
    let was = line.was.filter(|_| matches!(line.state, LineState::Fine | LineState::Reduced { .. }))?;
    let (now, was) = (currency.format(line.price), currency.format(was));
    Some(format!("The price fell since you added this: now {now}, was {was}."))
}

/// What became of pieces that were asked for beyond what there was.
pub fn short_words(line: &Line) -> Option<String> {
    let Line { quantity, short, merged, .. } = *line;
    if short == 0 {
        return merged.then(|| format!("This was in both of your carts; together you have {quantity}."));
    }
    let full = quantity >= Quantity::MOST;
    // It is told until it is dismissed, and by then there may be more again, or less.
    let are = match (line.most == quantity, quantity) {
        (true, 1) => "is",
        (true, _) => "are",
        (false, 1) => "was",
        (false, _) => "were",
    };
    Some(match (merged, full) {
        (true, true) => format!(
            "We put your two carts together. \
             A cart holds {quantity} of one thing at most, so {short} fewer than you had."
        ),
        (true, false) => {
            format!("We put your two carts together. There {are} only {quantity}, so {short} fewer than you had.")
        }
        (false, true) => format!("You asked for {short} more than a cart holds of one thing."),
        (false, false) => format!("You asked for {short} more than there {are}."),
    })
}

/// Whether the way to the wishlist stands in the note, rather than among the quiet controls.
pub fn offers_wishlist(line: &Line) -> bool {
    let barred =
        matches!(line.state, LineState::Reduced { .. } | LineState::SoldOut | LineState::Held | LineState::Gone);
    barred && !line.variant.is_empty()
}

fn ways_out(line: &Line, asked: Asked) -> Option<El> {
    let strong = |verb, label: &str| button("button plain", verb, label, line);
    let out = match line.state {
        LineState::Raised { .. } => {
            let label = ["Accept ", &asked.currency().format(line.price)].concat();
            let seen = kept("seen", &line.price.minor().to_string());
            Some(act_on(line, "/api/cart/accept_price", asked).child(seen).child(strong("accept", &label)))
        }
        LineState::Reduced { left } => {
            let left = left.to_string();
            let label = ["Set to ", &left].concat();
            Some(act_on(line, SET_QUANTITY, asked).child(kept("quantity", &left)).child(strong("set", &label)))
        }
        _ => None,
    };
    let wish = offers_wishlist(line).then(|| act_on(line, WISH, asked).child(strong("wish", "Move to wishlist")));
    let ways: Vec<El> = out.into_iter().chain(wish).collect();
    (!ways.is_empty()).then(|| el("div").class("ways-out").children(ways))
}
