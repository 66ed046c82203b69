//! What the tables of the back office share. The whole state of a table is in its address, so all that changes it is a
//! link or a form that gets.

use super::Asked;
use crate::domain::PageNumber;
use crate::ui::{El, address, el, grouped, hidden, link};

/// Rows of a page, for people to choose from.
pub const SIZES: [u32; 3] = [25, 50, 100];
const SIZE: u32 = 50;

/// Which column a table is sorted by: in the URL `title`, or `-title` for the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorting {
    pub by: &'static str,
    pub falls: bool,
}

impl Sorting {
    fn key(self) -> String {
        [if self.falls { "-" } else { "" }, self.by].concat()
    }
}

impl Asked<'_> {
    /// This address with some parameters changed, an empty value meaning none. The first page, since with other rows
    /// the same number is another place.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut search = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(self.search.as_bytes()) {
            if name != "page" && !value.is_empty() && !changes.iter().any(|(changed, _)| *changed == name) {
                search.append_pair(&name, &value);
            }
        }
        for (name, value) in changes.iter().filter(|(_, value)| !value.is_empty()) {
            search.append_pair(name, value);
        }
        let search = search.finish();
        address(self.path, &search)
    }

    /// How the table is sorted, if that is one of the columns that it can be sorted by.
    pub fn sorting(&self, columns: &[&'static str], otherwise: Sorting) -> Sorting {
        let asked = self.parameter("sort");
        let (falls, name) = asked.strip_prefix('-').map_or((false, asked.as_str()), |name| (true, name));
        columns.iter().find(|column| **column == name).map_or(otherwise, |by| Sorting { by, falls })
    }

    pub fn page_number(&self) -> u32 {
        PageNumber::parse(&self.parameter("page")).unwrap_or(PageNumber::FIRST).get()
    }

    pub fn page_size(&self) -> u32 {
        let asked = self.parameter("size");
        SIZES.into_iter().find(|size| size.to_string() == asked).unwrap_or(SIZE)
    }
}

/// `12 products`, `More than 10,000 products`.
pub fn how_many(number: u32, capped: bool, one: &str, many: &str) -> String {
    let more = if capped { "More than " } else { "" };
    [more, &grouped(number), " ", if number == 1 && !capped { one } else { many }].concat()
}

pub fn heading_cell(class: &str, label: &str) -> El {
    el("th").attr("scope", "col").maybe_attr("class", (!class.is_empty()).then_some(class)).text(label)
}

/// The heading of a column that the table can be sorted by. A second click turns it round.
pub fn sort_heading(asked: Asked, now: Sorting, by: &'static str, class: &str, label: &str) -> El {
    let here = now.by == by;
    let next = Sorting { by, falls: here && !now.falls }.key();
    let arrow = here.then(|| el("span").attr("aria-hidden", "true").text(if now.falls { " ↓" } else { " ↑" }));
    let way = here.then_some(if now.falls { "descending" } else { "ascending" });
    heading_cell(class, "")
        .maybe_attr("aria-sort", way)
        .child(link(&asked.with(&[("sort", &next)]), label).maybe(arrow))
}

/// The search and filters above a table, and how many rows there are. `search`: what can be searched for. Where there is
/// JavaScript a changed filter is sent at once.
pub fn tools(asked: Asked, search: &str, filters: Vec<El>, count: &str) -> El {
    let kept = ["sort", "size"]
        .into_iter()
        .map(|name| (name, asked.parameter(name)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| el("input").attr("type", "hidden").attr("name", name).attr("value", &value))
        .collect();
    let field = el("input")
        .class("field")
        .attr("type", "search")
        .attr("name", "q")
        .attr("value", &asked.parameter("q"))
        .attr("maxlength", "200")
        .attr("placeholder", search)
        .attr("aria-label", search);
    let form = el("form")
        .class("filters")
        .attr("method", "get")
        .attr("action", asked.path)
        .attr("role", "search")
        .children(kept)
        .child(field)
        .children(filters)
        .child(el("button").class("button plain").text("Show"));
    el("div").class("tools").child(form).child(el("span").attr("role", "status").text(count))
}

/// A filter of one value. `all`: what no filter is called; `options`: value and label.
pub fn filter(asked: Asked, name: &'static str, label: &str, all: &str, options: &[(&str, &str)]) -> El {
    let now = asked.parameter(name);
    let option = |value: &str, label: &str| {
        el("option").attr("value", value).maybe_attr("selected", (value == now).then_some("")).text(label)
    };
    el("select")
        .class("field")
        .attr("name", name)
        .attr("aria-label", label)
        .child(option("", all))
        .children(options.iter().map(|(value, label)| option(value, label)).collect())
}

/// The ways to other pages, and how many rows one has. `more`: whether there are rows after this page.
pub fn pager(asked: Asked, more: bool) -> El {
    let page = asked.page_number();
    let to = |page: u32, label: &str, rel: &str| {
        let number = if page > 1 { page.to_string() } else { String::new() };
        link(&asked.with(&[("page", &number)]), label).attr("rel", rel)
    };
    let size = asked.page_size();
    let sizes = SIZES.into_iter().map(|rows| {
        let rows_text = rows.to_string();
        link(&asked.with(&[("size", if rows == SIZE { "" } else { &rows_text })]), &rows_text)
            .maybe_attr("aria-current", (rows == size).then_some("true"))
            .child(hidden(" rows on a page"))
    });
    el("nav")
        .class("pager")
        .attr("aria-label", "Pages")
        .maybe((page > 1).then(|| to(page - 1, "Previous", "prev")))
        .child(el("span").class("quiet").text("Page ").text(&grouped(page)))
        .maybe(more.then(|| to(page.saturating_add(1), "Next", "next")))
        .child(el("span").class("sizes quiet").text("Rows: ").children(sizes.collect()))
}

/// A table that scrolls within itself on a small screen.
pub fn table(caption: &str, head: Vec<El>, rows: Vec<El>) -> El {
    el("div").class("scroll").child(
        el("table")
            .child(el("caption").class("visually-hidden").text(caption))
            .child(el("thead").child(el("tr").children(head)))
            .child(el("tbody").children(rows)),
    )
}

/// A cell, which phones show beside its column's label.
pub fn cell(label: &str, class: &str) -> El {
    el("td").maybe_attr("class", (!class.is_empty()).then_some(class)).attr("data-label", label)
}
