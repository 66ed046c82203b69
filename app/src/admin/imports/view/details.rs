use super::super::host::{Import, PATH, State};
use super::{acts, rows, state};
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::ui::{El, el, grouped, link};

pub fn page(import: &Import, asked: Asked) -> Rendered {
    let summary = &import.summary;
    let work = summary.state.is_at_work().then(|| at_work(import, asked));
    let note = (!import.note.is_empty()).then(|| el("p").class("note").attr("role", "status").text(&import.note));
    let body = [Some(profile(import)), note, work, acts::acts(import, asked)];
    let body = body.into_iter().flatten().chain(rows::rows(import, asked)).collect();
    let right = el("div").class("right").child(state(summary.state));
    Desk { title: &summary.file, area: PATH, right: Some(right), body }.page(asked)
}

fn profile(import: &Import) -> El {
    let summary = &import.summary;
    let pair = |name: &str, value: El| [el("dt").text(name), el("dd").child(value)];
    let words = |text: &str| el("span").text(text);
    let by = |(at, by): &(String, String)| words(&[at, ", by ", by].concat());
    let uploaded =
        el("span").child(el("time").attr("datetime", &summary.stamp).text(&summary.at)).text(", by ").text(&summary.by);
    let mut pairs = Vec::from(pair("Uploaded", uploaded));
    if !import.seen.is_empty() {
        let counts = summary.counts;
        let categories = match counts.categories {
            0 => String::new(),
            1 => "; 1 new category".to_owned(),
            more => ["; ", &grouped(more), " new categories"].concat(),
        };
        let rows =
            [grouped(counts.rows).as_str(), if counts.rows == 1 { " row" } else { " rows" }, &categories].concat();
        pairs.extend(pair("In the file", words(&rows)));
    }
    if let Some(applied) = &import.applied {
        pairs.extend(pair("Applied", by(applied)));
    }
    if let Some(undone) = &import.undone {
        pairs.extend(pair("Undone", by(undone)));
    }
    el("dl").class("pairs").children(pairs)
}

/// `data-polls`: with a script, the page looks again by itself for as long as this stands.
fn at_work(import: &Import, asked: Asked) -> El {
    let words = match import.summary.state {
        State::Checking => "Checking the file",
        State::Applying => "Applying",
        _ => "Undoing",
    };
    let phase = if import.phase.is_empty() { String::new() } else { [": ", &import.phase].concat() };
    let label = [words, &phase].concat();
    let percent = import.percent.map(|percent| percent.to_string());
    let bar = el("progress").attr("max", "100").attr("aria-label", words).maybe_attr("value", percent.as_deref());
    el("div")
        .class("at-work")
        .attr("data-polls", "")
        .child(el("p").attr("role", "status").text(&label))
        .child(bar)
        .child(el("p").class("quiet").text("It goes on without this page. ").child(again(asked)))
}

fn again(asked: Asked) -> El {
    link(&asked.here(), "See how far it is").attr("rel", "external")
}
