//! One edit: its preview with what can be done, or what it did and the way back.

use super::super::host::{DANGEROUS, Edit, Hindrance, PATH, State};
use super::{changes, counted, state};
use crate::admin::products::host::PATH as PRODUCTS;
use crate::admin::users::view::{WHY_AGAIN, WHY_IN_THE_TRAIL, password, reason};
use crate::admin::view::form::{Act, kept};
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::ui::{El, el, grouped, link};

const APPLY: &str = "/api/admin/bulk/apply";
const UNDO: &str = "/api/admin/bulk/undo";

pub fn page(edit: &Edit, asked: Asked) -> Rendered {
    let note = (!edit.note.is_empty()).then(|| el("p").class("note").attr("role", "status").text(&edit.note));
    let acts = match edit.state {
        State::Open | State::Ready => Some(apply(edit, asked)),
        State::Applied if !edit.is_swept => Some(undo(edit, asked)),
        State::Applied | State::Undone => None,
    };
    let body = [Some(profile(edit)), note, Some(changes::summary(edit)), acts].into_iter().flatten();
    let body = body.chain(changes::table_of(edit, asked)).collect();
    let right = el("div").class("right").child(state(edit.state)).child(link(PATH, "Bulk edits").class("button plain"));
    let title = if edit.what.is_empty() { "Bulk edit" } else { &edit.what };
    Desk { title, area: PRODUCTS, right: Some(right), body }.page(asked)
}

fn profile(edit: &Edit) -> El {
    let pair = |name: &str, value: &str| [el("dt").text(name), el("dd").text(value)];
    let by = |(at, by): &(String, String)| [at, ", by ", by].concat();
    let how = if edit.by_filter { ", all that matched the filter" } else { "" };
    let chosen = [&counted(edit.chosen, "product", "products"), how, "; ", &by(&edit.begun)].concat();
    let mut pairs = Vec::from(pair("Chosen", &chosen));
    if let Some(applied) = &edit.applied {
        pairs.extend(pair("Applied", &by(applied)));
    }
    if let Some(undone) = &edit.undone {
        pairs.extend(pair("Undone", &by(undone)));
    }
    el("dl").class("pairs").children(pairs)
}

fn guarded(edit: &Edit, act: &Act, id: &str, asked: Asked) -> Option<El> {
    (edit.rows > DANGEROUS).then(|| password(act, id, WHY_AGAIN, asked))
}

fn apply(edit: &Edit, asked: Asked) -> El {
    let others = link(&[PATH, "/", &edit.id, "?act=none"].concat(), "Do something else with them");
    let section = el("section").child(el("h2").text("What you can do"));
    if edit.rows == 0 {
        return section.child(el("p").child(others));
    }
    let act = Act::on(asked, APPLY, "edit", &edit.id);
    let form = act
        .form()
        .class("form")
        .child(kept("seen", &edit.seen))
        .child(el("p").text(
            "All of it changes at once or nothing does. It can be undone for as long as nobody has changed these \
             products since.",
        ))
        .child(reason(&act, "apply-reason", WHY_IN_THE_TRAIL))
        .maybe(guarded(edit, &act, "apply-password", asked))
        .child(
            el("button").class("button").text(&["Change ", &counted(edit.products, "product", "products")].concat()),
        );
    section.child(form).child(el("p").child(others))
}

fn undo(edit: &Edit, asked: Asked) -> El {
    let section = el("section").child(el("h2").text("What you can do"));
    if edit.hindered > 0 {
        let more = edit.hindered.saturating_sub(u32::try_from(edit.hindrances.len()).unwrap_or(u32::MAX));
        let rest = (more > 0).then(|| el("li").text(&["and ", &grouped(more), " more"].concat()));
        let why = [
            "It can’t be undone any more, because of what has happened to ",
            &counted(edit.hindered, "product", "products"),
            " since:",
        ]
        .concat();
        return section
            .child(el("p").text(&why))
            .child(el("ul").class("reasons").children(edit.hindrances.iter().map(hindrance).collect()).maybe(rest));
    }
    let act = Act::on(asked, UNDO, "edit", &edit.id);
    let words = match edit.is_of_variants {
        true => {
            "Makes every variant what it was. Of a stock, as much as the edit changed is taken back: what was sold \
                 since stays sold."
        }
        false => "Makes every product what it was.",
    };
    section.child(
        act.form()
            .class("form")
            .child(el("p").text(words))
            .maybe(guarded(edit, &act, "undo-password", asked))
            .child(el("button").class("button danger").text("Undo this edit")),
    )
}

fn hindrance(hindrance: &Hindrance) -> El {
    let name = match &hindrance.product {
        Some(id) => link(&[PRODUCTS, "/", id].concat(), &hindrance.title),
        None => el("span").text(&hindrance.title),
    };
    el("li").child(name).text(": ").text(&hindrance.reason)
}
