use super::act::{REMOVE, WISH, act_on, button, other_error, quantity_act, refused_quantity};
use super::notes::{notes, offers_wishlist};
use super::thing::{options, plate, title, unit_price};
use crate::cart::api::{Line, LineState};
use crate::catalog::view::heart;
use crate::domain::StockState;
use crate::pages::Asked;
use crate::ui::{El, el, hidden, stepper};

pub const SIZES: &str = "(min-width: 36rem) 7rem, 5rem";

pub fn line(line: &Line, asked: Asked) -> El {
    let head = el("div").class("line-head").child(title(line)).child(total(line, asked));
    let words = el("div")
        .class("line-words")
        .child(head)
        .maybe(options(line))
        .child(unit_price(line, asked.currency()))
        .maybe(scarce(line));
    el("li")
        .class("line")
        .attr("data-key", &line.id)
        .maybe_attr("data-off", line.total.is_none().then_some(""))
        .child(plate(line, SIZES))
        .child(words)
        .maybe(notes(line, asked))
        .child(acts(line, asked))
        .maybe(other_error(line, has_stepper(line), asked))
}

fn total(line: &Line, asked: Asked) -> El {
    match line.total {
        Some(total) => {
            el("p").class("line-total price").child(hidden("Together: ")).text(&asked.currency().format(total))
        }
        None => el("p").class("line-total quiet small").text("Not in the total"),
    }
}

/// Why the stepper stops where it does. What is wrong with a line says it in its note.
fn scarce(line: &Line) -> Option<El> {
    let fits = matches!(line.state, LineState::Fine | LineState::Raised { .. });
    let low = fits && matches!(line.stock, StockState::Low(_));
    low.then(|| el("p").class("stock small").attr("data-stock", "low").text(&line.stock.words()))
}

fn acts(line: &Line, asked: Asked) -> El {
    let quiet = |action, verb, label| act_on(line, action, asked).child(button("link small", verb, label, line));
    let heart = line.slug.as_ref().map(|slug| heart(slug, &line.title, line.wished));
    let wish = (!line.variant.is_empty() && !offers_wishlist(line)).then(|| quiet(WISH, "wish", "Move to wishlist"));
    let links = el("div")
        .class("links")
        .child(quiet("/api/cart/save_for_later", "save", "Save for later"))
        .maybe(wish)
        .child(quiet(REMOVE, "remove", "Remove"));
    el("div").class("line-acts").child(quantity(line, asked)).maybe(heart).child(links)
}

/// Where there are no pieces, no number of them can be asked for.
fn has_stepper(line: &Line) -> bool {
    line.most > 0
}

fn quantity(line: &Line, asked: Asked) -> El {
    let now = line.quantity.to_string();
    if !has_stepper(line) {
        return el("p").class("quiet small").text("Quantity ").text(&now);
    }
    let id = ["quantity-", &line.id].concat();
    let (typed, wrong) = refused_quantity(line, asked).unwrap_or((&now, ""));
    let label = el("label").class("visually-hidden").attr("for", &id).text("Quantity of ").text(&line.title);
    let error = el("p")
        .class("error")
        .attr("id", &[&id, "-error"].concat())
        .attr("role", "alert")
        .attr("data-error", "quantity")
        .text(wrong);
    quantity_act(line, asked)
        .class("quantity")
        .child(label)
        .child(stepper(&id, "quantity", typed, Some(line.most)))
        .child(button("button plain without-script", "update", "Update", line))
        .child(error)
}
