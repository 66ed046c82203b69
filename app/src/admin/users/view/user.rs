use super::super::host::User;
use super::super::query::PATH;
use super::{edit, help, list, record};
use crate::admin::host::May;
use crate::admin::trail::view::history;
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::ui::{El, el};

pub fn page(user: &User, asked: Asked) -> Rendered {
    let may_edit = asked.office.me.role.may(May::Everything);
    let edit = may_edit.then(|| el("section").child(el("h2").text("Edit")).child(edit::form(user, asked)));
    let body = [
        Some(profile(user)),
        edit,
        help::acts(user, asked),
        Some(record::sessions(user, asked)),
        record::limits(user, asked),
        Some(record::cart(&user.cart)),
        Some(record::wishlists(&user.wishlists)),
        Some(record::trail(&user.trail)),
    ];
    let history = history("user", &user.row.id).class("button plain");
    let right = el("div").class("right").child(list::state(user.row.status)).child(history);
    Desk { title: &user.row.username, area: PATH, right: Some(right), body: body.into_iter().flatten().collect() }
        .page(asked)
}

fn profile(user: &User) -> El {
    let row = &user.row;
    let verified = match &user.verified {
        Some(day) => day.as_str(),
        None => "Not yet: nobody has shown that the address is theirs",
    };
    let seen = if row.last_seen.is_empty() { "Never" } else { &row.last_seen };
    let pair = |name: &str, value: &str| [el("dt").text(name), el("dd").text(value)];
    let mut pairs = Vec::new();
    pairs.extend(pair("Username", &row.username));
    if !row.display_name.is_empty() {
        pairs.extend(pair("Display name", &row.display_name));
    }
    pairs.extend(pair("E-mail", &row.email));
    pairs.extend(pair("Verified", verified));
    if let Some(pending) = &user.pending_email {
        pairs.extend(pair("New e-mail", &[pending, ", not confirmed yet"].concat()));
    }
    pairs.extend(pair("Role", row.role.name()));
    pairs.extend(pair("Password", if user.has_password { "Set" } else { "Not set yet" }));
    pairs.extend(pair("Created", &row.created));
    pairs.extend(pair("Last seen", seen));
    if let Some(blocked) = &user.blocked {
        pairs.extend(pair("Blocked since", &blocked.since));
        pairs.extend(pair("Reason", if blocked.reason.is_empty() { "None given" } else { &blocked.reason }));
        pairs.extend(pair("Note to them", if blocked.note.is_empty() { "None" } else { &blocked.note }));
    }
    el("dl").class("pairs").children(pairs)
}
