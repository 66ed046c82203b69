use super::super::host::{Listing, Row, Status};
use super::super::query::{PATH, Place, Query, Sort};
use crate::account::api::Role;
use crate::admin::host::May;
use crate::admin::view::columns::Columns;
use crate::admin::view::table::{SIZES, cell, filter, heading_cell, sort_heading, table, tools};
use crate::admin::view::{Asked, Desk};
use crate::admin::views::host::SavedView;
use crate::admin::views::view::views;
use crate::catalog::api::Rendered;
use crate::ui::{El, el, hidden, link};

/// Views that everybody has.
const BUILT_IN: [(&str, &str); 3] =
    [("Admins", "role=admin"), ("Blocked", "status=blocked"), ("Not verified", "status=unverified")];

pub fn page(query: &Query, listing: &Listing, saved: &[SavedView], asked: Asked) -> Rendered {
    let new = asked.office.me.role.may(May::Everything).then(|| link("/admin/users/new", "New user").class("button"));
    let right = el("div")
        .class("right")
        .child(link(&query.export_href(), "Export").class("button plain").attr("rel", "external").attr("download", ""))
        .maybe(new);
    // In another order, or with another filter, a place in the table is another place.
    let whole = query.at(Place::First).search();
    let first = Asked { search: &whole, ..asked };
    let mut body = vec![views(first, &BUILT_IN, saved), search(query, listing, first)];
    match listing.rows.is_empty() {
        true => body.push(nothing(query)),
        false => body.extend([rows(query, &listing.rows, first), pager(query, listing)]),
    }
    Desk { title: "Users", area: PATH, right: Some(right), body }.page(asked)
}

fn search(query: &Query, listing: &Listing, asked: Asked) -> El {
    let roles = Role::ALL.map(|role| (role.key(), role.name()));
    let statuses = Status::ALL.map(|status| (status.key(), status.name()));
    let filters = vec![
        filter(asked, "role", "Role", "Any role", &roles),
        filter(asked, "status", "Status", "Any status", &statuses),
    ];
    let count = match &listing.count {
        Some(count) => count.words("user", "users"),
        None => "Counted from three letters on".to_owned(),
    };
    tools(asked, "Search names and e-mail addresses", filters, &count).child(query.columns.chooser(asked, "Username"))
}

fn rows(query: &Query, rows: &[Row], asked: Asked) -> El {
    let now = query.sorting();
    let sort = |by: Sort, label| sort_heading(asked, now, by.key(), "", label);
    let head = [
        ("", sort(Sort::Username, "Username")),
        ("email", sort(Sort::Email, "E-mail")),
        ("role", sort(Sort::Role, "Role")),
        ("status", sort(Sort::Status, "Status")),
        ("verified", heading_cell("", "Verified")),
        ("created", sort(Sort::Created, "Created")),
        ("seen", sort(Sort::LastSeen, "Last seen")),
    ];
    let columns = &query.columns;
    let head = head.into_iter().filter(|(key, _)| key.is_empty() || columns.has(key)).map(|(_, cell)| cell).collect();
    table("Users", head, rows.iter().map(|one| row(one, columns)).collect())
}

fn row(row: &Row, columns: &Columns) -> El {
    let shown =
        (!row.display_name.is_empty()).then(|| el("span").class("quiet").text(&[" ", &row.display_name].concat()));
    let seen = if row.last_seen.is_empty() { "Never" } else { &row.last_seen };
    let verified = if row.verified.is_empty() { "Never" } else { &row.verified };
    let cells = [
        ("email", cell("E-mail", "").text(&row.email)),
        ("role", cell("Role", "").text(row.role.name())),
        ("status", cell("Status", "").child(state(row.status))),
        ("verified", cell("Verified", "quiet").text(verified)),
        ("created", cell("Created", "quiet").text(&row.created)),
        ("seen", cell("Last seen", "quiet").text(seen)),
    ];
    let cells = cells.into_iter().filter(|(key, _)| columns.has(key)).map(|(_, cell)| cell).collect();
    el("tr")
        .attr("data-key", &row.id)
        .child(el("td").child(link(&[PATH, "/", &row.id].concat(), &row.username).class("name")).maybe(shown))
        .children(cells)
}

pub fn state(status: Status) -> El {
    let shown = match status {
        Status::Active => "good",
        Status::Unverified => "open",
        Status::Blocked => "bad",
    };
    el("span").class("state").attr("data-state", shown).text(status.name())
}

fn nothing(query: &Query) -> El {
    let (words, way, label) = match (&query.place, query.is_filtered()) {
        (Place::After(_) | Place::Before(_), _) => {
            ("There is nothing further here.", query.at(Place::First).href(), "Back to the first page")
        }
        (Place::First | Place::Last, true) => (
            "No account is like that. Search for less of the name, or take a filter away.",
            PATH.to_owned(),
            "Show all users",
        ),
        (Place::First | Place::Last, false) => ("There is no account yet.", "/admin/users/new".to_owned(), "Make one"),
    };
    el("div").class("empty").child(el("p").text(words)).child(el("p").child(link(&way, label)))
}

/// As the other tables', but that a page begins at an account rather than at a number.
fn pager(query: &Query, listing: &Listing) -> El {
    let first = listing.rows.first().filter(|_| listing.has_before);
    let last = listing.rows.last().filter(|_| listing.has_after);
    let previous =
        first.map(|row| link(&query.at(Place::Before(row.id.clone())).href(), "Previous").attr("rel", "prev"));
    let next = last.map(|row| link(&query.at(Place::After(row.id.clone())).href(), "Next").attr("rel", "next"));
    let at = |place: Place, label: &str| link(&query.at(place).href(), label);
    let first = listing.has_before.then(|| at(Place::First, "First"));
    let end = listing.has_after.then(|| at(Place::Last, "Last"));
    let sizes = SIZES.into_iter().map(|rows| {
        link(&query.sized(rows).href(), &rows.to_string())
            .maybe_attr("aria-current", (rows == query.size).then_some("true"))
            .child(hidden(" rows on a page"))
    });
    el("nav")
        .class("pager")
        .attr("aria-label", "Pages")
        .maybe(first)
        .maybe(previous)
        .maybe(next)
        .maybe(end)
        .child(el("span").class("sizes quiet").text("Rows: ").children(sizes.collect()))
}
