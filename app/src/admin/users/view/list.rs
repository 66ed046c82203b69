use super::super::host::{Listing, Row, Status};
use super::super::query::{PATH, Place, Query, SIZES, Sort};
use crate::account::api::Role;
use crate::admin::host::May;
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::ui::{El, el, grouped, link};

pub fn page(query: &Query, listing: &Listing, asked: Asked) -> Rendered {
    let new = asked.office.me.role.may(May::Everything).then(|| link("/admin/users/new", "New user").class("button"));
    let right = el("div")
        .class("right")
        .child(link(&query.export_href(), "Export").class("button plain").attr("rel", "external").attr("download", ""))
        .maybe(new);
    let body = match listing.rows.is_empty() {
        true => vec![tools(query, listing), nothing(query)],
        false => vec![tools(query, listing), table(query, &listing.rows), pager(query, listing)],
    };
    Desk { title: "Users", area: PATH, right: Some(right), body }.page(asked)
}

fn tools(query: &Query, listing: &Listing) -> El {
    let search = el("input")
        .class("field")
        .attr("type", "search")
        .attr("name", "q")
        .attr("value", &query.text)
        .attr("placeholder", "Name or e-mail, or a part of it")
        .attr("aria-label", "Search");
    let roles = Role::ALL.map(|role| (role.key(), role.name()));
    let statuses = Status::ALL.map(|status| (status.key(), status.name()));
    let sizes = SIZES.map(|size| (size.to_string(), format!("{size} rows")));
    let sizes: Vec<_> = sizes.iter().map(|(key, name)| (key.as_str(), name.as_str())).collect();
    let sorted = (query.sort_key() != Query::default().sort_key()).then(|| super::act::kept("sort", &query.sort_key()));
    let count = match listing.count {
        1 => "1 user".to_owned(),
        count if count > Listing::MOST_COUNTED => format!("More than {} users", grouped(Listing::MOST_COUNTED)),
        count => format!("{} users", grouped(count)),
    };
    el("form")
        .class("tools")
        .attr("method", "get")
        .attr("action", PATH)
        .attr("role", "search")
        .child(search)
        .child(select("role", "Role", Some("Any role"), &roles, query.role.map_or("", Role::key)))
        .child(select("status", "Status", Some("Any status"), &statuses, query.status.map_or("", Status::key)))
        .child(select("size", "Rows on a page", None, &sizes, &query.size.to_string()))
        .maybe(sorted)
        .child(el("button").class("button plain").text("Show"))
        .child(el("span").attr("role", "status").text(&count))
}

fn select(name: &str, label: &str, any: Option<&str>, options: &[(&str, &str)], chosen: &str) -> El {
    let option = |key: &str, name: &str| {
        el("option").attr("value", key).maybe_attr("selected", (key == chosen).then_some("")).text(name)
    };
    el("select")
        .class("field")
        .attr("name", name)
        .attr("aria-label", label)
        .maybe(any.map(|any| option("", any)))
        .children(options.iter().map(|(key, name)| option(key, name)).collect())
}

fn table(query: &Query, rows: &[Row]) -> El {
    let head = vec![
        sorted(query, Sort::Username, "Username"),
        heading("E-mail"),
        heading("Role"),
        heading("Status"),
        sorted(query, Sort::Created, "Created"),
        sorted(query, Sort::LastSeen, "Last seen"),
    ];
    let table = el("table")
        .attr("aria-label", "Users")
        .child(el("thead").child(el("tr").children(head)))
        .child(el("tbody").children(rows.iter().map(row).collect()));
    // Focusable, so that the keyboard scrolls it where it is wider than the window.
    el("div").class("scroll").attr("tabindex", "0").attr("role", "region").attr("aria-label", "Users").child(table)
}

fn heading(label: &str) -> El {
    el("th").attr("scope", "col").text(label)
}

fn sorted(query: &Query, sort: Sort, label: &str) -> El {
    let now = (query.sort == sort).then_some(if query.descending { "descending" } else { "ascending" });
    let arrow = match now {
        Some("descending") => " ↓",
        Some(_) => " ↑",
        None => "",
    };
    let to = link(&query.sorted_by(sort).href(), label).child(el("span").attr("aria-hidden", "true").text(arrow));
    el("th").attr("scope", "col").maybe_attr("aria-sort", now).child(to)
}

fn row(row: &Row) -> El {
    let cell = |label: &str| el("td").attr("data-label", label);
    let shown =
        (!row.display_name.is_empty()).then(|| el("span").class("quiet").text(&[" ", &row.display_name].concat()));
    let seen = if row.last_seen.is_empty() { "Never" } else { &row.last_seen };
    el("tr")
        .attr("data-key", &row.id)
        .child(el("td").child(link(&[PATH, "/", &row.id].concat(), &row.username).class("name")).maybe(shown))
        .child(cell("E-mail").text(&row.email))
        .child(cell("Role").text(row.role.name()))
        .child(cell("Status").child(state(row.status)))
        .child(cell("Created").class("quiet").text(&row.created))
        .child(cell("Last seen").class("quiet").text(seen))
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
        (Place::First, true) => (
            "No account is like that. Search for less of the name, or take a filter away.",
            PATH.to_owned(),
            "Show all users",
        ),
        (Place::First, false) => ("There is no account yet.", "/admin/users/new".to_owned(), "Make one"),
    };
    el("div").class("empty").child(el("p").text(words)).child(el("p").child(link(&way, label)))
}

fn pager(query: &Query, listing: &Listing) -> El {
    let ends = (listing.rows.first(), listing.rows.last());
    let (Some(first), Some(last)) = ends else { return el("nav").class("pager") };
    let previous = listing.has_before.then(|| {
        link(&query.at(Place::Before(first.id.clone())).href(), "Previous").attr("rel", "prev").class("button plain")
    });
    let next = listing.has_after.then(|| {
        link(&query.at(Place::After(last.id.clone())).href(), "Next").attr("rel", "next").class("button plain")
    });
    el("nav").class("pager").attr("aria-label", "Pages").maybe(previous).maybe(next)
}
