use super::act::{Act, button, kept};
use super::thing::{is_buyable, name, options, plate, stock};
use crate::catalog::api::{ADD, Rendered};
use crate::pages::Asked;
use crate::ui::{El, el, heading, price_tag};
use crate::wishlist::api::{Item, SharedList};

/// The grid's columns, as the style sheet lays them out.
const SIZES: &str = "(min-width: 72rem) 21rem, (min-width: 44rem) 33vw, 50vw";

/// A list as somebody sees it who has its link: nothing of its owner's but its name. No search engine is to have it.
pub fn shared(list: &SharedList, asked: Asked) -> Rendered {
    let head =
        el("div").class("head").child(heading(&list.name)).child(el("p").text("A list that somebody shared with you."));
    let things = if list.items.is_empty() {
        el("div").class("nothing").child(el("p").text("There is nothing on it at the moment."))
    } else {
        el("ul").class("grid").children(list.items.iter().map(|item| thing(item, asked)).collect())
    };
    let body = el("div")
        .class("wrap shared")
        .child(head)
        .child(el("h2").class("visually-hidden").text("On this list"))
        .child(things);
    Rendered { title: list.name.clone(), html: body.html(), ..Rendered::default() }
}

/// Keyed by the variant: an item's own id tells when it was added.
fn thing(item: &Item, asked: Asked) -> El {
    let price = (!item.gone).then(|| price_tag(asked.currency(), item.price, item.compare_at, false));
    el("li")
        .class("wished")
        .maybe_attr("data-key", (!item.variant.is_empty()).then_some(&item.variant))
        .maybe_attr("data-gone", item.gone.then_some(""))
        .child(plate(item, SIZES))
        .child(name(item))
        .maybe(options(item))
        .maybe(price)
        .child(stock(item))
        .maybe((is_buyable(item) && !item.variant.is_empty()).then(|| add(item, asked)))
}

fn add(item: &Item, asked: Asked) -> El {
    let act = Act::on_variant(asked, "/api/cart/add_line", &item.variant);
    act.form().child(kept("quantity", "1")).child(act.error_place("quantity")).child(button(
        "button plain",
        &["add-", &item.variant].concat(),
        ADD,
        &item.title,
    ))
}
