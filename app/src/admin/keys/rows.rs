//! From row to row. The row that is meant is the one that has the focus, on the link that opens it: so it is seen, read
//! out, and opened by Enter, without a state beside the page's own.

use crate::ui::{all, closest};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    First,
    Down,
    Up,
}

/// The link that opens a row.
fn opener(row: &Element) -> Option<HtmlElement> {
    let link = ["a.name", "a"].into_iter().find_map(|selector| row.query_selector(selector).ok().flatten())?;
    link.dyn_into().ok()
}

fn current() -> Option<Element> {
    closest(&document().active_element()?, "main tbody tr")
}

/// Whether the arrow keys lead through the rows from here: within them, and from a table's page itself, where nothing
/// else waits for them.
pub fn leads(target: Option<&Element>) -> bool {
    let Some(target) = target else { return false };
    if target.matches("select, summary, [role]").unwrap_or_default() {
        return false;
    }
    let is_page = target.matches("body, main, h1").unwrap_or_default();
    current().is_some() || is_page && document().query_selector("main .tools").ok().flatten().is_some()
}

/// Returns whether there was a row to go to.
pub fn step(step: Step) -> bool {
    let Some(main) = document().get_element_by_id("main") else { return false };
    let openers: Vec<(Element, HtmlElement)> =
        all(&main, "tbody tr").into_iter().filter_map(|row| opener(&row).map(|link| (row, link))).collect();
    let current = current().filter(|_| step != Step::First);
    let at = current.and_then(|current| openers.iter().position(|(row, _)| *row == current));
    let next = match (at, step) {
        (None, _) => 0,
        (Some(at), Step::Up) => at.saturating_sub(1),
        (Some(at), _) => (at + 1).min(openers.len().saturating_sub(1)),
    };
    openers.get(next).is_some_and(|(_, link)| link.focus().is_ok())
}

/// Ticks the box of the row that has the focus, or takes the tick away.
pub fn pick() -> bool {
    let input = current().and_then(|row| row.query_selector(".pick input").ok().flatten());
    let input = input.and_then(|input| input.dyn_into::<HtmlElement>().ok());
    if let Some(input) = &input {
        input.click();
    }
    input.is_some()
}

/// Opens the row that has the focus.
pub fn open() -> bool {
    let link = current().as_ref().and_then(opener);
    if let Some(link) = &link {
        link.click();
    }
    link.is_some()
}
