use super::act::{Act, button, disclosure};
use super::thing::{is_buyable, name, options, plate, stock};
use crate::domain::Currency;
use crate::pages::Asked;
use crate::ui::{El, el, hidden, price_tag};
use crate::wishlist::api::{Item, ListName};
use std::cmp::Ordering;

const MOVE: &str = "/api/wishlist/move_item";
const COPY: &str = "/api/wishlist/copy_item";

/// A thing on a list of one's own. `others`: the lists that it can go to.
pub fn item(item: &Item, others: &[&ListName], may_alert: bool, asked: Asked) -> El {
    el("li")
        .class("wish")
        .attr("data-key", &item.id)
        .maybe_attr("data-gone", item.gone.then_some(""))
        .child(plate(item, "8.5rem"))
        .child(words(item, asked))
        .child(own(item, may_alert, asked))
        .child(acts(item, others, asked))
}

fn words(item: &Item, asked: Asked) -> El {
    let added = el("p").class("small quiet").text("Added ").text(&item.added);
    el("div")
        .class("words")
        .child(name(item))
        .maybe(options(item))
        .children(price(item, asked.currency()))
        .child(el("div").class("row").child(stock(item)).child(added))
}

/// What its owner wants with it. Of what isn't sold there is nothing to wait for.
fn own(item: &Item, may_alert: bool, asked: Asked) -> El {
    let alerts = (may_alert && !item.gone).then(|| alerts(item, asked));
    el("div").class("own").maybe(alerts).children(note(item, asked))
}

/// Today's price, and what has become of it. Of what isn't sold there is only a price of then.
fn price(item: &Item, currency: &Currency) -> Vec<El> {
    if item.gone {
        let then = currency.format(item.price_then);
        return vec![el("p").class("small quiet").text(&then).text(" when you added it")];
    }
    let (kind, by, than) = match item.price.cmp(&item.price_then) {
        Ordering::Less => ("less", item.price_then.checked_sub(item.price), " less than when you added it"),
        Ordering::Greater => ("more", item.price.checked_sub(item.price_then), " more than when you added it"),
        Ordering::Equal => ("", None, ""),
    };
    let since =
        by.map(|by| el("p").class("since small").attr("data-since", kind).text(&currency.format(by)).text(than));
    [price_tag(currency, item.price, item.compare_at, false)].into_iter().chain(since).collect()
}

/// Sent at each tick where there is JavaScript.
fn alerts(item: &Item, asked: Asked) -> El {
    let act = Act::on_item(asked, "/api/wishlist/set_alerts", &item.id).sent_on_change();
    let check = |name: &str, label: &str, checked: bool| {
        let input = el("input")
            .attr("type", "checkbox")
            .attr("name", name)
            .attr("value", "yes")
            .maybe_attr("checked", checked.then_some(""));
        el("label").class("check").child(input).child(el("span").text(label))
    };
    let back = item.stock.is_out() || item.alert_stock;
    let checks = el("fieldset")
        .child(el("legend").class("visually-hidden").text("Mail about ").text(&item.title))
        .child(check("price", "Mail me when the price falls", item.alert_price))
        .maybe(back.then(|| check("stock", "Mail me when it’s back", item.alert_stock)));
    let save = button("link without-script", &["alerts-", &item.id].concat(), "Save", &item.title);
    act.form().class("alerts").child(checks).child(save)
}

/// The note that is there, and the form for another. With another note the form is another one too, and closed.
fn note(item: &Item, asked: Asked) -> Vec<El> {
    let act = Act::on_item(asked, "/api/wishlist/set_note", &item.id);
    let id = ["note-", &item.id].concat();
    let text = el("textarea").attr("rows", "3").attr("maxlength", "500").text(act.typed("note", &item.note));
    let form = act
        .form()
        .child(act.field(
            &id,
            "note",
            el("label").text("Your note").child(hidden(&[" on ", &item.title].concat())),
            text,
        ))
        .child(button("button plain", &["save-", &id].concat(), "Save note", &item.title));
    let label = if item.note.is_empty() { "Add a note" } else { "Edit note" };
    let there = (!item.note.is_empty()).then(|| el("p").class("note").child(hidden("Your note: ")).text(&item.note));
    let editor = disclosure(&["note ", &item.note].concat(), label, &item.title, act.is_refused()).child(form);
    there.into_iter().chain([editor]).collect()
}

fn acts(item: &Item, others: &[&ListName], asked: Asked) -> El {
    let to_cart = is_buyable(item).then(|| {
        let act = Act::on_item(asked, "/api/wishlist/to_cart", &item.id);
        act.form().child(button("button plain", &["cart-", &item.id].concat(), "Move to cart", &item.title))
    });
    let remove = Act::on_item(asked, "/api/wishlist/remove_item", &item.id).form().child(button(
        "link",
        &["remove-", &item.id].concat(),
        "Remove",
        &item.title,
    ));
    el("div")
        .class("acts")
        .maybe(to_cart)
        .child(remove)
        .maybe((!others.is_empty()).then(|| elsewhere(item, others, asked)))
}

/// One form with two buttons, as both need the same list.
fn elsewhere(item: &Item, others: &[&ListName], asked: Asked) -> El {
    let act = Act::on_item(asked, MOVE, &item.id).or(COPY);
    let id = |of: &str| [of, "-", &item.id].concat();
    let wanted = act.typed("list", "");
    let lists = others
        .iter()
        .map(|list| {
            let selected = (list.id == wanted).then_some("");
            el("option").attr("value", &list.id).maybe_attr("selected", selected).text(&list.name)
        })
        .collect();
    let buttons = el("div")
        .class("pair")
        .child(button("button plain", &id("move"), "Move", &item.title))
        .child(button("button plain", &id("copy"), "Copy", &item.title).attr("formaction", COPY));
    let label = el("label").text("Another list").child(hidden(&[" for ", &item.title].concat()));
    let form = act.form().child(act.field(&id("list"), "list", label, el("select").children(lists))).child(buttons);
    disclosure(&id("elsewhere"), "Move or copy", &item.title, act.is_refused()).child(form)
}
