use super::act::{Act, button, disclosure};
use super::sorting::sorting;
use super::thing::is_buyable;
use super::things;
use crate::pages::Asked;
use crate::ui::{El, el, heading};
use crate::wishlist::api::{ListName, Wishlist};

/// What a list is called, how much is on it, and what can be done with it. `list`: once it is stored.
pub fn head(name: &str, list: Option<&ListName>, wishlist: &Wishlist, asked: Asked) -> El {
    let items = wishlist.items.len();
    let count = (items > 0).then(|| el("p").class("quiet").text(&things(items)));
    el("div")
        .class("list-head")
        .child(heading(name))
        .child(el("div").class("row").maybe(count).maybe(list.map(|list| manage(list, wishlist, asked))))
}

/// What can be done with all things of a list; nothing where there is nothing to do.
pub fn bar(list: &ListName, wishlist: &Wishlist, asked: Asked) -> Option<El> {
    let all = wishlist.items.iter().any(is_buyable).then(|| {
        let act = Act::on_list(asked, "/api/wishlist/all_to_cart", &list.id);
        act.form().child(button("link", "all-to-cart", "Move all to cart", ""))
    });
    let order = (wishlist.items.len() > 1).then(|| sorting(&list.id, wishlist.sort));
    (all.is_some() || order.is_some()).then(|| el("div").class("bar").maybe(all).maybe(order))
}

fn manage(list: &ListName, wishlist: &Wishlist, asked: Asked) -> El {
    let share = sharing(list, wishlist.shared.as_deref(), asked);
    let rename = renaming(list, asked);
    let delete = (!list.is_default).then(|| deleting(list, wishlist.items.len(), asked));
    let label = if list.is_default { "Share or rename" } else { "Share, rename, delete" };
    let refused = [&share, &rename].into_iter().chain(&delete).any(|(_, refused)| *refused);
    let parts = [share, rename].into_iter().chain(delete).map(|(form, _)| form).collect();
    disclosure(&["manage-", &list.id].concat(), label, "", refused).child(el("div").class("manage").children(parts))
}

/// With whether it was refused.
type Part = (El, bool);

fn sharing(list: &ListName, shared: Option<&str>, asked: Asked) -> Part {
    let promise = el("p")
        .class("hint")
        .text("Anybody with the link sees the list’s name and what is on it, not your notes nor your name.");
    let Some(path) = shared else {
        let act = Act::on_list(asked, "/api/wishlist/share", &list.id);
        let form = act.form().child(promise).child(button("button plain", "share-list", "Share this list", ""));
        return (form, act.is_refused());
    };
    let link = el("input")
        .class("field")
        .attr("id", "share-link")
        .attr("readonly", "")
        .attr("value", &[asked.shop.base_url.as_str(), path].concat());
    let field = el("div")
        .class("form-field")
        .child(el("label").attr("for", "share-link").text("Link to this list"))
        .child(link)
        // Whole for whoever copies it, also where the shop doesn't know its own address.
        .child(el("a").attr("href", path).attr("rel", "external").text("See it as others do"));
    let act = Act::on_list(asked, "/api/wishlist/unshare", &list.id);
    let form = act.form().child(field).child(promise).child(button("button plain", "unshare-list", "Stop sharing", ""));
    (form, act.is_refused())
}

fn renaming(list: &ListName, asked: Asked) -> Part {
    let act = Act::on_list(asked, "/api/wishlist/rename_list", &list.id);
    let name =
        el("input").attr("value", act.typed("name", &list.name)).attr("maxlength", "60").attr("autocomplete", "off");
    let form = act.form().child(act.field("list-name", "name", el("label").text("Name"), name)).child(button(
        "button plain",
        "rename-list",
        "Rename",
        "",
    ));
    (form, act.is_refused())
}

fn deleting(list: &ListName, items: usize, asked: Asked) -> Part {
    let act = Act::on_list(asked, "/api/wishlist/delete_list", &list.id);
    let label = match items {
        0 => "Delete this list".to_owned(),
        items => ["Delete this list and its ", &things(items)].concat(),
    };
    (act.form().child(button("button plain delete", "delete-list", &label, "")), act.is_refused())
}
