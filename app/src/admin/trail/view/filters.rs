use super::words::{act_words, kind_words};
use crate::admin::trail::host::{Entries, Filter};
use crate::admin::view::Asked;
use crate::admin::view::form::kept;
use crate::admin::view::table::{filter, tools};
use crate::ui::{El, el};

/// The search, the filters, and what is wrong with them.
pub fn filters(asked: Asked, wanted: &Filter, entries: &Entries) -> El {
    let acts: Vec<(&str, String)> = entries.acts.iter().map(|act| (act.as_str(), act_words(act))).collect();
    let acts: Vec<(&str, &str)> = acts.iter().map(|(act, words)| (*act, words.as_str())).collect();
    let kinds: Vec<(&str, String)> = entries.kinds.iter().map(|kind| (kind.as_str(), kind_words(kind))).collect();
    let kinds: Vec<(&str, &str)> = kinds.iter().map(|(kind, words)| (*kind, words.as_str())).collect();
    let who = el("input")
        .class("field")
        .attr("name", "who")
        .attr("value", &wanted.who)
        .attr("maxlength", "80")
        .attr("placeholder", "Who")
        .attr("aria-label", "Who");
    // What the table is about stays when it is narrowed down.
    let about = [("of", &wanted.of), ("part_of", &wanted.part_of)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| kept(name, value));
    let mut fields = vec![
        who,
        filter(asked, "act", "What", "Any act", &acts),
        filter(asked, "kind", "To what", "Anything", &kinds),
        day("from", "From", &wanted.from),
        day("to", "To", &wanted.to),
    ];
    fields.extend(about);
    let wrong = entries.errors.iter().map(|error| el("p").class("error").attr("role", "alert").text(&error.message));
    el("div").child(tools(asked, "Search names, values, reasons, requests", fields, "")).children(wrong.collect())
}

fn day(name: &'static str, label: &str, value: &str) -> El {
    let input = el("input").class("field").attr("type", "date").attr("name", name).attr("value", value);
    el("label").class("day").text(label).child(input)
}
