use super::head::{bar, head};
use super::item::item;
use super::lists::lists;
use crate::account::login_href;
use crate::catalog::api::Rendered;
use crate::pages::Asked;
use crate::ui::{El, Glyph, el, icon, link};
use crate::wishlist::api::{ListName, Wishlist};

const NAME: &str = "Wishlist";

/// The visitor's own lists, one of them opened.
pub fn page(wishlist: &Wishlist, asked: Asked) -> Rendered {
    let list = wishlist.lists.get(wishlist.at);
    let name = list.map(|list| list.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(NAME);
    // The default list is shown before there is one that a form could name.
    let stored = list.filter(|list| !list.id.is_empty());
    let body = el("div")
        .class("wrap wishlist")
        .child(lists(wishlist, asked))
        .child(head(name, stored, wishlist, asked))
        .maybe(stored.and_then(|list| bar(list, wishlist, asked)))
        .children(if wishlist.items.is_empty() { vec![nothing(wishlist, list)] } else { items(wishlist, asked) });
    Rendered { title: name.to_owned(), html: body.html(), ..Rendered::default() }
}

fn items(wishlist: &Wishlist, asked: Asked) -> Vec<El> {
    let others: Vec<&ListName> = wishlist
        .lists
        .iter()
        .enumerate()
        .filter(|(at, list)| *at != wishlist.at && !list.id.is_empty())
        .map(|(_, list)| list)
        .collect();
    // Once for all of them. The lists are merged into the account's, so what is shown now may have another id then.
    let log_in = (!wishlist.may_alert && wishlist.items.iter().any(|item| !item.gone)).then(|| {
        let href = login_href("/wishlist");
        el("p").class("quiet log-in").child(link(&href, "Log in to get mail when the price falls"))
    });
    let things = wishlist.items.iter().map(|one| item(one, &others, wishlist.may_alert, asked)).collect();
    let heading = el("h2").class("visually-hidden").text("On this list");
    [heading].into_iter().chain(log_in).chain([el("ul").class("wishes").children(things)]).collect()
}

/// Hearts mean the default list; others are filled from it.
fn nothing(wishlist: &Wishlist, list: Option<&ListName>) -> El {
    let heart = icon(Glyph::Heart);
    let invitation = match (list, wishlist.lists.iter().find(|list| list.is_default)) {
        (Some(list), Some(default)) if !list.is_default => el("p")
            .text("Nothing here yet. What you mark with the heart ")
            .child(heart)
            .text(" goes to “")
            .text(&default.name)
            .text("”; move or copy it here from there."),
        _ => el("p")
            .text("Nothing here yet. Mark what you like with the heart ")
            .child(heart)
            .text(" and find it here again, with what has become of its price."),
    };
    let products = el("a").class("button").attr("href", "/products").text("See all products");
    el("div").class("nothing").child(invitation).child(el("p").child(products))
}
