use super::words::{act_words, sentence};
use crate::admin::trail::host::{Change, Entry};
use crate::admin::view::Asked;
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
        .child(cell("Changes", "wraps").child(el("div").children(changes(&entry.changes)).maybe(why(entry))))
        .child(el("td").maybe(entry.can_revert.then(|| revert(asked, entry))))
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

fn why(entry: &Entry) -> Option<El> {
    (!entry.reason.is_empty()).then(|| el("p").child(el("span").class("quiet").text("Why: ")).text(&entry.reason))
}

/// What it was done to, with the way there.
pub fn subject(entry: &Entry) -> El {
    let name = if entry.subject.is_empty() { &entry.subject_id } else { &entry.subject };
    let place = match entry.kind.as_str() {
        "product" => "/admin/products/",
        "category" => "/admin/categories/",
        "import" => "/admin/imports/",
        "user" => "/admin/users/",
        _ => "",
    };
    if place.is_empty() || !entry.is_there {
        return el("span").text(name);
    }
    link(&[place, &entry.subject_id].concat(), name).class("name")
}

fn changes(changes: &[Change]) -> Vec<El> {
    changes.iter().map(|change| versus_line(&sentence(&change.field), &change.before, &change.after)).collect()
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

fn revert(asked: Asked, entry: &Entry) -> El {
    let flash = asked.flash;
    let mine = flash.action == REVERT && flash.values.get("entry") == Some(&entry.id);
    let wrong = flash.errors.get("").filter(|_| mine).map_or("", String::as_str);
    let about = [": ", &act_words(&entry.act), ", ", &entry.subject].concat();
    let form = el("form")
        .attr("method", "post")
        .attr("action", REVERT)
        .attr("data-act", "")
        .child(asked.page_field())
        .child(el("input").attr("type", "hidden").attr("name", "entry").attr("value", &entry.id))
        .child(el("p").class("error").attr("data-error", "").attr("role", "alert").text(wrong))
        .child(el("ul").class("effects").children(entry.changes.iter().map(effect).collect()))
        .child(el("button").class("button plain").text("Revert").child(hidden(&about)));
    el("details")
        .attr("data-key", &["revert-", &entry.id].concat())
        .maybe_attr("open", mine.then_some(""))
        .child(el("summary").text("Revert…").child(hidden(&about)))
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
    el("li").text(&sentence(&change.field)).text(&words)
}
