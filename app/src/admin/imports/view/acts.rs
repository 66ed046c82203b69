//! What can be done with an import.

use super::super::host::{Hindrance, Import, State};
use crate::admin::products::host::PATH as PRODUCTS;
use crate::admin::users::view::{WHY_AGAIN, WHY_IN_THE_TRAIL, password, reason};
use crate::admin::view::Asked;
use crate::admin::view::form::{Act, kept};
use crate::ui::{El, el, grouped, link};

const CHECK: &str = "/api/admin/imports/check";
const APPLY: &str = "/api/admin/imports/apply";
const UNDO: &str = "/api/admin/imports/undo";

pub fn acts(import: &Import, asked: Asked) -> Option<El> {
    let section = |children: Vec<El>| Some(el("section").child(el("h2").text("What you can do")).children(children));
    let says = |words: &str| el("p").text(words);
    match import.summary.state {
        State::Checking | State::Applying | State::Undoing | State::Undone => None,
        _ if import.is_swept => section(vec![says(
            "The file and what it changed were kept for a while and are gone by now. This is what the history keeps.",
        )]),
        State::Refused => section(vec![
            says(
                "It can’t be applied: an import is all of a file or nothing. Mend the rows below and upload the file \
                 again. If it is the shop that has changed since, check it again.",
            ),
            check(import, asked),
        ]),
        State::Applied => section(vec![undo(import, asked)]),
        State::Ready | State::Interrupted if import.seen.is_empty() => section(vec![check(import, asked)]),
        State::Ready | State::Interrupted if import.summary.counts.new + import.summary.counts.changed == 0 => {
            section(vec![
                says(match import.summary.counts.rows {
                    0 => "Nothing would change: there is no row in the file.",
                    _ => "Nothing would change: all of the file is in the shop already.",
                }),
                check(import, asked),
            ])
        }
        State::Ready | State::Interrupted => section(vec![apply(import, asked), check(import, asked)]),
    }
}

fn check(import: &Import, asked: Asked) -> El {
    Act::on(asked, CHECK, "import", &import.summary.id)
        .form()
        .child(el("button").class("button plain").text("Check it again"))
}

fn apply(import: &Import, asked: Asked) -> El {
    let counts = import.summary.counts;
    let act = Act::on(asked, APPLY, "import", &import.summary.id);
    let (new, changed) =
        (products(counts.new, "new product", "new products"), products(counts.changed, "product", "products"));
    let what = match (counts.new, counts.changed) {
        (_, 0) => ["Makes ", &new].concat(),
        (0, _) => ["Changes ", &changed].concat(),
        _ => ["Makes ", &new, " and changes ", &changed].concat(),
    };
    let words =
        [&what, ", all at once or not at all. It can be undone for as long as nobody has changed them since."].concat();
    act.form()
        .class("form")
        .child(kept("seen", &import.seen))
        .child(el("p").text(&words))
        .child(reason(&act, "apply-reason", WHY_IN_THE_TRAIL))
        .child(password(&act, "apply-password", WHY_AGAIN, asked))
        .child(el("button").class("button").text("Apply the import"))
}

fn undo(import: &Import, asked: Asked) -> El {
    if !import.hindrances.is_empty() {
        return el("div")
            .child(el("p").text("It can’t be undone any more, because of what has happened to these products since:"))
            .child(el("ul").class("reasons").children(import.hindrances.iter().map(hindrance).collect()));
    }
    let act = Act::on(asked, UNDO, "import", &import.summary.id);
    let counts = import.summary.counts;
    let back = ["makes ", &products(counts.changed, "changed product", "changed products"), " what it was"].concat();
    let gone = ["deletes ", &products(counts.new, "new product", "new products")].concat();
    let deletes = "What somebody has in a cart or on a wishlist is archived instead. ";
    let (what, kept) = match (counts.new, counts.changed) {
        (0, _) => (back, ""),
        (_, 0) => (gone, deletes),
        _ => ([&back, " and ", &gone].concat(), deletes),
    };
    let words = ["It ", &what, ". ", kept, "What was sold since stays sold."].concat();
    act.form()
        .class("form")
        .child(el("p").text(&words))
        .child(password(&act, "undo-password", WHY_AGAIN, asked))
        .child(el("button").class("button danger").text("Undo the import"))
}

fn hindrance(hindrance: &Hindrance) -> El {
    let name = match &hindrance.id {
        Some(id) => link(&[PRODUCTS, "/", id].concat(), &hindrance.title),
        None => el("span").text(&hindrance.title),
    };
    el("li").child(name).text(": ").text(&hindrance.reason)
}

fn products(count: u32, one: &str, many: &str) -> String {
    [grouped(count).as_str(), " ", if count == 1 { one } else { many }].concat()
}
