//! What there is about an account, to read.

use super::super::host::{Entry, List, Piece, User};
use super::act::button;
use crate::admin::host::May;
use crate::admin::trail::view::{act_words, change_line};
use crate::admin::view::Asked;
use crate::admin::view::form::{Act, kept};
use crate::admin::view::table::{cell, heading_cell, table};
use crate::ui::{El, el, hidden};

fn section(title: &str, content: Vec<El>) -> El {
    el("section").child(el("h2").text(title)).children(content)
}

fn quiet(words: &str) -> El {
    el("p").class("quiet").text(words)
}

fn heads(columns: &[&str]) -> Vec<El> {
    columns.iter().map(|column| heading_cell("", column)).collect()
}

pub fn sessions(user: &User, asked: Asked) -> El {
    if user.sessions.is_empty() {
        return section("Sessions", vec![quiet("Logged in nowhere.")]);
    }
    let rows = user.sessions.iter().map(|session| {
        let end = user.may_help.then(|| {
            Act::on(asked, "/api/admin/users/end_session", "session", &session.id)
                .form()
                .child(kept("user", &user.row.id))
                .child(
                    button("link", &["end-", &session.id].concat(), "")
                        .child(el("span").attr("aria-hidden", "true").text("End"))
                        // In one piece: a name that is put together has a space before its colon.
                        .child(hidden(&["End: ", &session.device].concat())),
                )
        });
        el("tr")
            .attr("data-key", &session.id)
            .child(cell("Device", "").text(&session.device))
            .child(cell("Address", "").text(&session.address))
            .child(cell("Last seen", "").text(&session.last_seen))
            .child(el("td").maybe(end))
    });
    let all = user.may_help.then(|| {
        Act::on(asked, "/api/admin/users/end_sessions", "user", &user.row.id).form().child(button(
            "button plain",
            "end-sessions",
            "End all sessions",
        ))
    });
    let mut content = vec![table("Sessions", heads(&["Device", "Address", "Last seen", "End"]), rows.collect())];
    content.extend(all);
    section("Sessions", content)
}

/// What keeps it from trying again.
pub fn limits(user: &User, asked: Asked) -> Option<El> {
    if user.limits.is_empty() && !user.codes_stopped {
        return None;
    }
    let stopped = user.codes_stopped.then_some(
        "Its codes are stopped after too many wrong ones. The link in the mail that its owner got lets them work again; \
         nobody else can.",
    );
    let words = user.limits.iter().map(String::as_str).chain(stopped);
    let list = el("ul").children(words.map(|words| el("li").text(words)).collect());
    let may_clear = !user.limits.is_empty() && asked.office.me.role.may(May::Everything);
    let clear = may_clear.then(|| {
        Act::on(asked, "/api/admin/users/clear_limits", "user", &user.row.id).form().child(button(
            "button plain",
            "clear-limits",
            "Let them try again at once",
        ))
    });
    let mut content = vec![list];
    content.extend(clear);
    Some(section("Limits in force", content))
}

pub fn cart(pieces: &[Piece]) -> El {
    if pieces.is_empty() {
        return section("Cart", vec![quiet("Nothing in it.")]);
    }
    let rows = pieces.iter().map(|piece| {
        el("tr")
            .child(cell("Product", "wraps").text(&piece.name))
            .child(cell("Quantity", "num").text(&piece.quantity.to_string()))
            .child(cell("Where", "").text(if piece.saved { "Saved for later" } else { "In the cart" }))
    });
    let head = vec![heading_cell("", "Product"), heading_cell("num", "Quantity"), heading_cell("", "Where")];
    section("Cart", vec![table("Cart", head, rows.collect())])
}

pub fn wishlists(lists: &[List]) -> El {
    if lists.is_empty() {
        return section("Wishlists", vec![quiet("None.")]);
    }
    let content = lists.iter().flat_map(|list| {
        let items = match list.items.is_empty() {
            true => quiet("Nothing on it."),
            false => el("ul").children(list.items.iter().map(|item| el("li").text(item)).collect()),
        };
        [el("h3").text(&list.name), items]
    });
    section("Wishlists", content.collect())
}

pub fn trail(entries: &[Entry]) -> El {
    if entries.is_empty() {
        return section("Trail", vec![quiet("Nothing has been done about this account since it was made.")]);
    }
    let rows = entries.iter().map(|entry| {
        let changes = entry.changes.iter().map(change_line).collect();
        let reason = (!entry.reason.is_empty()).then(|| el("p").text(&entry.reason));
        el("tr")
            .child(cell("When", "").text(&entry.at))
            .child(cell("Who", "").text(&entry.actor))
            .child(cell("What", "").text(&act_words(&entry.act)))
            .child(cell("Details", "wraps").child(el("div").children(changes).maybe(reason)))
    });
    section("Trail", vec![table("Trail", heads(&["When", "Who", "What", "Details"]), rows.collect())])
}
