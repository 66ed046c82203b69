use super::PATH;
use super::words::{act_words, field_words};
use crate::admin::trail::host::{Change, Entry, Whole};
use crate::admin::users::view::password;
use crate::admin::view::Asked;
use crate::admin::view::form::Act;
use crate::admin::view::table::cell;
use crate::ui::{El, el, hidden, link};

const REVERT: &str = "/api/admin/trail/revert";

pub fn row(asked: Asked, entry: &Entry) -> El {
    let who = link(&asked.with(&[("who", &entry.actor), ("before", "")]), &entry.actor);
    el("tr")
        .attr("data-key", &entry.id)
        .attr("id", &["entry-", &entry.id].concat())
        .child(cell("When", "").child(el("div").child(when(entry)).child(number(entry)).child(request(entry))))
        .child(cell("Who", "").child(who))
        .child(cell("What", "").text(&act_words(&entry.act)))
        .child(cell("To what", "wraps").child(subject(entry)))
        .child(cell("Changes", "wraps").child(told(entry)))
        .child(cell("Take back", "wraps").maybe(way_back(asked, entry)))
}

pub fn when(entry: &Entry) -> El {
    el("time").attr("datetime", &entry.stamp).text(&entry.at)
}

/// By which another entry names it.
fn number(entry: &Entry) -> El {
    el("span").class("request").text("Entry ").text(&entry.id)
}

/// What leads to the lines of the log.
fn request(entry: &Entry) -> El {
    el("span").class("request").child(hidden("Request ")).child(el("span").text(&entry.request))
}

fn told(entry: &Entry) -> El {
    let parts = entry.has_parts.then(|| el("p").child(link(&parts_of(&entry.id), "See what it did to each")));
    el("div")
        .children(changes(&entry.changes))
        .maybe(why(entry))
        .maybe(entry.part_of.as_ref().map(part_of))
        .maybe(parts)
}

/// The address of an entry's parts.
fn parts_of(entry: &str) -> String {
    [PATH, "?part_of=", entry].concat()
}

fn part_of(whole: &Whole) -> El {
    let place = place_of("", &whole.act);
    let name = if whole.subject.is_empty() { &whole.subject_id } else { &whole.subject };
    let name = if place.is_empty() { el("span").text(name) } else { link(&[place, &whole.subject_id].concat(), name) };
    el("p")
        .child(el("span").class("quiet").text(&act_words(&whole.act)).text(": "))
        .child(name)
        .text(", ")
        .child(link(&parts_of(&whole.id), &["entry ", &whole.id].concat()))
}

fn why(entry: &Entry) -> Option<El> {
    (!entry.reason.is_empty()).then(|| el("p").child(el("span").class("quiet").text("Why: ")).text(&entry.reason))
}

/// What it was done to, with the way there.
pub fn subject(entry: &Entry) -> El {
    let name = if entry.subject.is_empty() { &entry.subject_id } else { &entry.subject };
    let place = place_of(&entry.kind, &entry.act);
    if place.is_empty() || !entry.is_there {
        return el("span").text(name);
    }
    link(&[place, &entry.subject_id].concat(), name).class("name")
}

/// Where things of a kind have their pages; those of an act that was done to many have its own.
fn place_of(kind: &str, act: &str) -> &'static str {
    match (kind, act.split_once('.')) {
        (_, Some(("product", verb))) if verb.starts_with("bulk_") => "/admin/products/bulk/",
        (_, Some(("import", _))) => "/admin/imports/",
        ("product", _) => "/admin/products/",
        ("category", _) => "/admin/categories/",
        ("user", _) => "/admin/users/",
        _ => "",
    }
}

fn changes(changes: &[Change]) -> Vec<El> {
    changes.iter().map(change_line).collect()
}

/// A change, with its field as people call it.
pub fn change_line(change: &Change) -> El {
    versus_line(&field_words(&change.field), &change.before, &change.after)
}

/// A field before and after, in one line.
pub fn versus_line(label: &str, before: &Option<String>, after: &Option<String>) -> El {
    let value = |tag, text: &Option<String>| match text {
        Some(text) => el(tag).text(text),
        None => el("span").class("quiet").text("nothing"),
    };
    let line = el("p").class("versus-line").text(label).text(": ");
    // What was made had nothing before, and needn't say so for each field.
    match (before, after) {
        (None, Some(_)) => line.child(value("ins", after)),
        _ => line
            .child(value("del", before))
            .child(el("span").attr("aria-hidden", "true").text(" → "))
            .child(hidden(" became "))
            .child(value("ins", after)),
    }
}

fn way_back(asked: Asked, entry: &Entry) -> Option<El> {
    // They come by the hundred, and nobody looks for a way back from a log-in.
    if entry.act.starts_with("session.") {
        return None;
    }
    Some(match entry.no_revert.as_str() {
        "" => revert(asked, entry),
        why => el("span").class("quiet").text(why),
    })
}

fn revert(asked: Asked, entry: &Entry) -> El {
    let act = Act::on(asked, REVERT, "entry", &entry.id);
    // In one piece: a name that is put together has a space before its colon.
    let name = ["Revert: ", &act_words(&entry.act), ", ", &entry.subject].concat();
    let effects = match entry.act.as_str() {
        "category.delete" | "category.merge" => vec![
            el("li").text("The category comes back to where it was"),
            el("li").text("So do its products and the categories below it that are still where they were put"),
        ],
        "category.create" => vec![el("li").text("The category is deleted, if there is nothing in it")],
        "product.create" => vec![
            el("li").text("The product is deleted"),
            el("li").text("If it is in a cart or on a wishlist, it is archived instead"),
        ],
        "product.delete" => vec![
            el("li").text("The product comes back as it was, with its variants and stock"),
            el("li").text("So do its pictures, for 90 days"),
        ],
        "product.remove_picture" => vec![el("li").text("The picture comes back, within a day of its removal")],
        "product.add_picture" | "product.restore_picture" => vec![el("li").text("The picture is removed")],
        _ => entry.changes.iter().map(effect).collect(),
    };
    let id = ["revert-", &entry.id, "-password"].concat();
    let why = if entry.kind == "user" { "Since this decides about an account." } else { "Since this may delete it." };
    let password = entry.takes_password.then(|| password(&act, &id, why, asked));
    let form = act
        .form()
        .child(el("ul").class("effects").children(effects))
        .maybe(password)
        .child(el("button").class("button plain").attr("aria-label", &name).text("Revert"));
    el("details")
        .attr("data-key", &["revert-", &entry.id].concat())
        .maybe_attr("open", act.is_refused().then_some(""))
        .child(el("summary").attr("aria-label", &name).text("Revert…"))
        .child(form)
}

/// What taking back does to a field. Pieces go back as many as they were: others may have come or gone since.
fn effect(change: &Change) -> El {
    let pieces = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<i64>().ok());
    let is_stock = change.field == "stock" || change.field.starts_with("stock of ");
    let words = match (pieces(&change.before), pieces(&change.after), &change.before) {
        (Some(before), Some(after), _) if is_stock => match before - after {
            add @ 0.. => [" gets ", &add.to_string(), " more"].concat(),
            take => [" gets ", &take.unsigned_abs().to_string(), " fewer"].concat(),
        },
        (_, _, Some(before)) => [" becomes “", before, "” again"].concat(),
        (_, _, None) => " becomes empty again".to_owned(),
    };
    el("li").text(&field_words(&change.field)).text(&words)
}
