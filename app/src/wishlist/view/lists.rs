use super::act::{Act, button, disclosure};
use super::sorting::key;
use super::things;
use crate::pages::Asked;
use crate::ui::{El, el, grouped, hidden};
use crate::wishlist::api::{ListName, Sort, Wishlist};

/// More lists than this would stand between the shopper and what is on them.
const SHOWN: usize = 8;

/// The names of all lists, and the way to another one.
pub fn lists(wishlist: &Wishlist, asked: Asked) -> El {
    let all = &wishlist.lists;
    let shown = if all.len() > SHOWN + 2 { SHOWN } else { all.len() };
    // The one that is looked at is always among those shown.
    let (first, rest): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(at, _)| *at < shown || *at == wishlist.at);
    let links = |lists: Vec<(usize, &ListName)>| {
        let links =
            lists.into_iter().map(|(at, list)| el("li").child(list_link(list, at == wishlist.at, wishlist.sort)));
        el("ul").children(links.collect())
    };
    let more = (!rest.is_empty()).then(|| {
        let summary = el("summary").text(&[&rest.len().to_string(), " more lists"].concat());
        el("details").class("more").attr("data-key", "more-lists").child(summary).child(links(rest))
    });
    let nav = el("nav").attr("aria-label", "Your lists").child(links(first)).maybe(more);
    el("div").class("lists").child(nav).child(new_list(all.len(), asked))
}

fn list_link(list: &ListName, is_shown: bool, sort: Sort) -> El {
    let mut search = form_urlencoded::Serializer::new(String::new());
    if !list.id.is_empty() {
        search.append_pair("list", &list.id);
    }
    if sort != Sort::default() {
        search.append_pair("sort", key(sort));
    }
    let search = search.finish();
    let href = if search.is_empty() { "/wishlist".to_owned() } else { ["/wishlist?", &search].concat() };
    let items = usize::try_from(list.items).unwrap_or(usize::MAX);
    el("a")
        .class("chip")
        .attr("href", &href)
        .maybe_attr("aria-current", is_shown.then_some("page"))
        .child(el("span").text(&list.name))
        .child(el("span").class("n").attr("aria-hidden", "true").text(&grouped(list.items)))
        .child(hidden(&[" (", &things(items), ")"].concat()))
}

/// Closed again once there is one more.
fn new_list(lists: usize, asked: Asked) -> El {
    let act = Act::only(asked, "/api/wishlist/create_list");
    let name = el("input").attr("value", act.typed("name", "")).attr("maxlength", "60").attr("autocomplete", "off");
    let form = act
        .form()
        .child(act.field("new-list", "name", el("label").text("Name of the new list"), name))
        .child(button("button plain", "create-list", "Create list", ""));
    disclosure(&["new-list-", &lists.to_string()].concat(), "New list", "", act.is_refused()).child(form)
}
