//! What a file would do, or did, row by row.

use super::super::host::{Import, Kind, Part, Problem, Product};
use super::REFUSED;
use crate::admin::products::host::PATH as PRODUCTS;
use crate::admin::trail::view::versus_line;
use crate::admin::view::Asked;
use crate::admin::view::table::{cell, heading_cell, pager, table};
use crate::ui::{El, capitalised, el, grouped, link};

pub fn rows(import: &Import, asked: Asked) -> Vec<El> {
    if import.seen.is_empty() || import.is_swept {
        return Vec::new();
    }
    let section = el("section").child(el("h2").text("What the file does")).child(parts(import, asked));
    let rows = match import.part {
        Part::Refused if import.problems.is_empty() => vec![nothing("No row is refused.")],
        Part::Refused => vec![problems(import), pager(asked, import.more)],
        Part::Of(_) if import.products.is_empty() => vec![nothing("There is no such product in the file.")],
        Part::Of(kind) => vec![products(kind, &import.products), pager(asked, import.more)],
    };
    vec![section.children(rows)]
}

fn nothing(words: &str) -> El {
    el("p").class("nothing").text(words)
}

fn parts(import: &Import, asked: Asked) -> El {
    let counts = import.summary.counts;
    let part = |part: Part, key: &str, label: &str, count: u32| {
        link(&asked.with(&[("show", key)]), &[label, " (", &grouped(count), ")"].concat())
            .maybe_attr("aria-current", (import.part == part).then_some("true"))
    };
    el("nav").class("views").attr("aria-label", "Products of the file").children(vec![
        part(Part::Of(Kind::New), Kind::New.key(), "New", counts.new),
        part(Part::Of(Kind::Changed), Kind::Changed.key(), "Changed", counts.changed),
        part(Part::Of(Kind::Unchanged), Kind::Unchanged.key(), "Unchanged", counts.unchanged),
        part(Part::Refused, REFUSED, "Refused", counts.refused),
    ])
}

fn products(kind: Kind, products: &[Product]) -> El {
    let mut head = vec![heading_cell("num", "Line"), heading_cell("", "Product"), heading_cell("", "Handle")];
    if kind == Kind::Changed {
        head.push(heading_cell("", "Changes"));
    }
    let caption = match kind {
        Kind::New => "New products",
        Kind::Changed => "Changed products, with what changes",
        Kind::Unchanged => "Products that stay as they are",
    };
    let rows = products.iter().map(|one| product(kind, one)).collect();
    el("div").class("trail").child(table(caption, head, rows))
}

fn product(kind: Kind, product: &Product) -> El {
    let name = match &product.id {
        Some(id) => link(&[PRODUCTS, "/", id].concat(), &product.title).class("name"),
        None => el("span").text(&product.title),
    };
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let changes = || {
        let lines = product.fields.iter().map(|one| versus_line(&one.label, &some(&one.old), &some(&one.new)));
        cell("Changes", "wraps").child(el("div").children(lines.collect()))
    };
    el("tr")
        .attr("data-key", &product.handle)
        .child(cell("Line", "num").text(&grouped(product.line)))
        .child(cell("Product", "wraps").child(name))
        .child(cell("Handle", "quiet wraps").text(&product.handle))
        .maybe((kind == Kind::Changed).then(changes))
}

fn problems(import: &Import) -> El {
    let head = vec![heading_cell("num", "Line"), heading_cell("", "Column"), heading_cell("", "What is wrong")];
    let rows = import.problems.iter().map(problem).collect();
    let more = import.more_problems;
    let rest = (more > 0).then(|| el("p").class("hint").text(&["And ", &grouped(more), " more, not listed."].concat()));
    let words = match import.problem_count + more {
        1 => "1 problem".to_owned(),
        count => [&grouped(count), " problems"].concat(),
    };
    el("div").child(el("p").class("hint").text(&words)).child(table("Rows that are refused", head, rows)).maybe(rest)
}

fn problem(problem: &Problem) -> El {
    let column = if problem.column.is_empty() { "The whole row" } else { &problem.column };
    el("tr")
        .child(cell("Line", "num").text(&grouped(problem.line)))
        .child(cell("Column", "").text(column))
        .child(cell("What is wrong", "wraps").text(&capitalised(&problem.reason)))
}
