use super::host::SavedView;
use crate::admin::view::Asked;
use crate::admin::view::form::{Act, kept};
use crate::ui::{El, el, hidden, link};

/// Filters under their names, the one that is shown marked, and a way to keep another. `built_in`: what everybody looks
/// for, name and query string.
pub fn views(asked: Asked, built_in: &[(&str, &str)], saved: &[SavedView]) -> El {
    let now = search_of(&asked.with(&[]));
    let tab = |name: &str, search: &str| {
        let href = if search.is_empty() { asked.path.to_owned() } else { [asked.path, "?", search].concat() };
        link(&href, name).maybe_attr("aria-current", (search == now).then_some("true"))
    };
    let built_in = [("All", "")].iter().chain(built_in).map(|(name, search)| tab(name, search));
    let own = saved.iter().map(|view| tab(&view.name, &view.search));
    let links = built_in.chain(own).collect();
    let nav = el("nav").class("views").attr("aria-label", "Saved views").children(links);
    el("div").class("view-bar").child(nav).child(keeping(asked, saved, &now))
}

fn search_of(address: &str) -> String {
    address.split_once('?').map_or_else(String::new, |(_, search)| search.to_owned())
}

fn keeping(asked: Asked, saved: &[SavedView], now: &str) -> El {
    let act = Act::only(asked, "/api/admin/views/save");
    let name = el("input").attr("value", act.typed("name", "")).attr("maxlength", "60").attr("autocomplete", "off");
    let form = act
        .form()
        .class("form")
        .child(kept("search", now))
        .child(act.field("view-name", "name", "Name of this view", "Keeps the search, filters and sorting.", name))
        .child(el("button").class("button").text("Save view"));
    let own = saved.iter().map(|view| deleting(asked, view)).collect();
    let list = (!saved.is_empty()).then(|| el("ul").class("own-views").children(own));
    el("details")
        // With another number of views it is another, and closed.
        .attr("data-key", &format!("views-{}", saved.len()))
        .maybe_attr("open", act.is_refused().then_some(""))
        .child(el("summary").text(if saved.is_empty() { "Save view" } else { "Save or delete views" }))
        .child(form)
        .maybe(list)
}

fn deleting(asked: Asked, view: &SavedView) -> El {
    let act = Act::on(asked, "/api/admin/views/delete", "view", &view.id);
    let button = el("button").class("link").text("Delete").child(hidden(&[" the view ", &view.name].concat()));
    el("li").child(el("span").text(&view.name)).child(act.form().child(button))
}
