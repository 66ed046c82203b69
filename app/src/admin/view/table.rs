//! What the tables of the back office share. The whole state of a table is in its address, so all that changes it is a
//! link or a form that gets.

use super::Asked;
use super::columns::Columns;
use crate::domain::PageNumber;
use crate::parameters::parameters;
use crate::ui::{El, address, el, grouped, hidden, link};
use std::collections::BTreeSet;

/// Rows of a page, for people to choose from.
pub const SIZES: [u32; 3] = [25, 50, 100];
const SIZE: u32 = 50;
/// What leads to one page of a table, or opens a row of it, rather than to all of it.
pub const PLACES: [&str; 4] = ["page", "after", "before", "open"];
/// In place of a page's number.
pub const LAST: &str = "last";
/// What else an address says beside its filters.
const BESIDE_FILTERS: [&str; 4] = ["q", "sort", "size", "col"];

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
        self.changed(changes, &PLACES)
    }

    /// This address with a row of its page opened, or with none for the empty id.
    pub fn opening(&self, row: &str) -> String {
        self.changed(&[("open", row)], &[])
    }

    fn changed(&self, changes: &[(&str, &str)], without: &[&str]) -> String {
        let mut search = form_urlencoded::Serializer::new(String::new());
        for (name, value) in parameters(self.search) {
            if !without.contains(&&*name) && !value.is_empty() && !changes.iter().any(|(changed, _)| *changed == name) {
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

/// How many rows a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Exact(u32),
    /// As the database reckons.
    About(u32),
    MoreThan(u32),
}

impl Default for Count {
    fn default() -> Self {
        Self::Exact(0)
    }
}

impl Count {
    /// `12`, `about 300,000`.
    pub fn number(self) -> String {
        match self {
            Self::Exact(number) => grouped(number),
            Self::About(number) => ["about ", &grouped(number)].concat(),
            Self::MoreThan(number) => ["more than ", &grouped(number)].concat(),
        }
    }

    /// `12 products`, `About 300,000 products`.
    pub fn words(self, one: &str, many: &str) -> String {
        let (before, number) = match self {
            Self::Exact(number) => return how_many(number, one, many),
            Self::About(number) => ("About ", number),
            Self::MoreThan(number) => ("More than ", number),
        };
        [before, &grouped(number), " ", many].concat()
    }
}

/// `12 products`.
pub fn how_many(number: u32, one: &str, many: &str) -> String {
    [grouped(number).as_str(), " ", if number == 1 { one } else { many }].concat()
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
/// JavaScript a changed filter is sent at once. On a phone the filters are behind their number, or the first row would be
/// a screen further down.
pub fn tools(asked: Asked, search: &str, filters: Vec<El>, count: &str) -> El {
    let said: BTreeSet<String> = parameters(asked.search)
        .filter(|(name, value)| !value.is_empty() && !BESIDE_FILTERS.contains(&&**name) && !PLACES.contains(&&**name))
        .map(|(name, _)| name.into_owned())
        .collect();
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
    let label = match said.len() {
        0 => "Filters".to_owned(),
        number => ["Filters (", &number.to_string(), ")"].concat(),
    };
    let filters = el("details")
        .class("more-filters")
        .attr("data-key", "filters")
        .child(el("summary").text(&label))
        .child(el("div").children(filters));
    let form = el("form")
        .class("filters")
        .attr("method", "get")
        .attr("action", asked.path)
        .attr("role", "search")
        .children(kept)
        .children(Columns::kept(asked.search))
        .child(field)
        .child(filters)
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
    el("nav")
        .class("pager")
        .attr("aria-label", "Pages")
        .maybe((page > 1).then(|| to(page - 1, "Previous", "prev")))
        .child(el("span").class("quiet").text("Page ").text(&grouped(page)))
        .maybe(more.then(|| to(page.saturating_add(1), "Next", "next")))
        .child(sizes(asked))
}

/// How many rows a page has.
pub fn sizes(asked: Asked) -> El {
    let size = asked.page_size();
    let sizes = SIZES.into_iter().map(|rows| {
        let rows_text = rows.to_string();
        link(&asked.with(&[("size", if rows == SIZE { "" } else { &rows_text })]), &rows_text)
            .maybe_attr("aria-current", (rows == size).then_some("true"))
            .child(hidden(" rows on a page"))
    });
    el("span").class("sizes quiet").text("Rows: ").children(sizes.collect())
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
