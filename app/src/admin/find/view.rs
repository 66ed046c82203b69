//! What was found, as HTML.

use super::host::Hit;
use crate::account::api::Role;
use crate::admin::host::{May, Office};
use crate::admin::view::{Asked, Desk, places};
use crate::catalog::api::{Rendered, Suggestions};
use crate::error::AppError;
use crate::ui::{El, el, link};

pub const PATH: &str = "/admin/find";
/// Lines of the palette.
const MOST: usize = 20;
/// Characters; nothing that can be found is called by more.
const LONGEST: usize = 200;

/// What can be begun: where, how it is called, and who may.
const ACTS: [(&str, &str, May); 3] = [
    ("/admin/products/new", "New product", May::Catalogue),
    ("/admin/categories/new", "New category", May::Catalogue),
    ("/admin/users/new", "Invite a user", May::Everything),
];

/// Pages and acts first: they are few, and whoever types their name means them.
///
/// # Errors
/// Whatever the services answer.
pub async fn find(office: &Office, words: &str) -> Result<Vec<Hit>, AppError> {
    let words: String = words.trim().chars().take(LONGEST).collect();
    let mut hits: Vec<Hit> = pages(office.me.role).filter(|hit| means(&hit.title, &words)).collect();
    if !words.is_empty() {
        hits.extend(office.finder.find(&words).await?);
    }
    hits.truncate(MOST);
    Ok(hits)
}

fn pages(role: Role) -> impl Iterator<Item = Hit> {
    let hit = |kind, title: &str, href: &str| {
        let (title, href) = (title.to_owned(), href.to_owned());
        Hit { kind, title, detail: String::new(), href }
    };
    let acts = ACTS.into_iter().filter(move |(_, _, may)| role.may(*may));
    places(role)
        .map(move |(href, name)| hit("Page", name, href))
        .chain(acts.map(move |(href, name, _)| hit("Act", name, href)))
}

/// Whether each of the words begins one of the title's.
fn means(title: &str, words: &str) -> bool {
    let title = title.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| title.split_whitespace().any(|one| one.starts_with(word)))
}

/// The lines of the palette's list.
pub fn options(hits: &[Hit]) -> Suggestions {
    let option = |(at, hit): (usize, &Hit)| {
        let at = at.to_string();
        el("li")
            .attr("id", &["palette-", &at].concat())
            .attr("role", "option")
            .attr("aria-selected", "false")
            .attr("data-at", &at)
            .child(el("span").class("name").text(&hit.title))
            .child(el("span").class("quiet small").text(" ").text(&about(hit)))
            .html()
    };
    Suggestions {
        html: hits.iter().enumerate().map(option).collect(),
        hrefs: hits.iter().map(|hit| hit.href.clone()).collect(),
    }
}

fn about(hit: &Hit) -> String {
    if hit.detail.is_empty() { hit.kind.to_owned() } else { [hit.kind, ", ", &hit.detail].concat() }
}

/// # Errors
/// Whatever the services answer.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let words = asked.parameter("q");
    let hits = find(asked.office, &words).await?;
    let field = el("input")
        .class("field")
        .attr("type", "search")
        .attr("name", "q")
        .attr("value", &words)
        .attr("maxlength", "200")
        .attr("aria-label", "Page, product, category or user");
    let form = el("form")
        .class("filters")
        .attr("method", "get")
        .attr("action", PATH)
        .attr("role", "search")
        .child(field)
        .child(el("button").class("button plain").text("Search"));
    let tools = el("div").class("tools").child(form);
    let line = |hit: &Hit| {
        el("li")
            .child(link(&hit.href, &hit.title).class("name"))
            .child(el("span").class("quiet").text(" ").text(&about(hit)))
    };
    let list: El = match hits.is_empty() {
        true => el("p").attr("role", "status").text("Nothing here is called that. Try fewer letters of it."),
        false => el("ul").class("found").children(hits.iter().map(line).collect()),
    };
    Ok(Desk { title: "Search", area: PATH, right: None, body: vec![tools, list] }.page(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_of_words_mean_a_page() {
        assert!(means("Invite a user", "us inv") && means("Overview", ""));
        assert!(!means("Invite a user", "ser") && !means("New product", "new user"));
    }

    #[test]
    fn each_role_is_led_where_it_may_go() {
        let titles = |role| pages(role).map(|hit| hit.title).collect::<Vec<_>>();
        assert!(titles(Role::Admin).contains(&"Invite a user".to_owned()));
        let support = titles(Role::Support);
        assert!(support.contains(&"Users".to_owned()));
        assert!(!support.iter().any(|title| title == "Products" || title == "New product" || title == "Invite a user"));
        assert!(!titles(Role::Editor).contains(&"Users".to_owned()));
    }
}
