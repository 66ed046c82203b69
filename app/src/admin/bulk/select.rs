//! What a script adds to the boxes of a table: the one above the column ticks them all, Shift ticks those between two,
//! what is ticked stays so on the table's other pages, and how many there are is said.

use super::picked::Picked;
use crate::admin::pictures::listen;
use crate::ui::{SENT, SHOWN, all, closest, focus_quietly, here};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use web_sys::{Element, Event, HtmlInputElement, MouseEvent};

const HEAD: &str = "thead .pick input";
const ROWS: &str = "tbody .pick input";
const FORM: &str = "#bulk";
/// On the form while something is ticked that the page doesn't show.
const ELSEWHERE: &str = "data-elsewhere";
/// Where a selection has led to an edit, which has it from then on.
const EDITS: &str = "/admin/products/bulk/";

#[derive(Clone)]
struct Selection {
    /// The row whose box was clicked last.
    last: Rc<RefCell<Option<String>>>,
    picked: Rc<RefCell<Picked>>,
}

pub fn take_selection() {
    Effect::new(move |_| {
        let selection = Selection { last: Rc::default(), picked: Rc::new(RefCell::new(Picked::load())) };
        if here().starts_with(EDITS) {
            selection.picked.borrow_mut().clear();
        }
        selection.adopt();
        selection.show();
        let listeners = [
            listen("click", selection.clone(), Selection::clicked),
            listen("change", selection.clone(), Selection::changed),
            listen(SHOWN, selection.clone(), |selection, _| selection.show()),
            listen("reset", selection.clone(), Selection::reset),
            listen("pagehide", selection, Selection::leave),
        ];
        on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    });
}

fn input(event: &Event, selector: &str) -> Option<HtmlInputElement> {
    let target: HtmlInputElement = event.target()?.dyn_into().ok()?;
    target.matches(selector).unwrap_or_default().then_some(target)
}

fn boxes(selector: &str) -> Vec<HtmlInputElement> {
    let main = document().get_element_by_id("main");
    let found = main.map(|main| all(&main, selector)).unwrap_or_default();
    found.into_iter().filter_map(|element: Element| element.dyn_into().ok()).collect()
}

fn form() -> Option<Element> {
    document().query_selector(FORM).ok().flatten()
}

fn field(form: &Element, name: &str) -> Option<HtmlInputElement> {
    form.query_selector(&["input[name=", name, "]"].concat()).ok().flatten()?.dyn_into().ok()
}

fn filter_of(form: &Element) -> String {
    field(form, "filter").map(|filter| filter.value()).unwrap_or_default()
}

fn key(input: &HtmlInputElement) -> Option<String> {
    closest(input, "tr")?.get_attribute("data-key")
}

impl Selection {
    fn clicked(&self, event: &Event) {
        let Some(input) = input(event, ROWS) else { return };
        let before = self.last.replace(key(&input));
        if !event.dyn_ref::<MouseEvent>().is_some_and(MouseEvent::shift_key) {
            return;
        }
        let rows = boxes(ROWS);
        let place = |wanted: &Option<String>| rows.iter().position(|row| wanted.is_some() && key(row) == *wanted);
        if let (Some(from), Some(to)) = (place(&before), rows.iter().position(|row| *row == input)) {
            let checked = input.checked();
            rows[from.min(to)..=from.max(to)].iter().for_each(|row| row.set_checked(checked));
            self.take();
        }
    }

    fn changed(&self, event: &Event) {
        if let Some(head) = input(event, HEAD) {
            let checked = head.checked();
            boxes(ROWS).iter().for_each(|row| row.set_checked(checked));
            self.take();
        } else if input(event, ROWS).is_some() {
            self.take();
        }
    }

    fn reset(&self, event: &Event) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if !target.is_some_and(|form| form.matches(FORM).unwrap_or_default()) {
            return;
        }
        self.last.replace(None);
        self.picked.borrow_mut().clear();
        let selection = self.clone();
        // The boxes are emptied after the event.
        let _ = request_animation_frame(move || {
            selection.show();
            leave_bar();
        });
    }

    /// An edit that was begun has what was ticked, also if its page is left before it is alive.
    fn leave(&self, _: &Event) {
        if form().is_some_and(|form| form.has_attribute(SENT)) {
            self.picked.borrow_mut().clear();
        }
    }

    /// Adds what was ticked before there was a script. What isn't may be so only because the page has just come.
    fn adopt(&self) {
        let Some(form) = form() else { return };
        let ticked = boxes(ROWS).into_iter().filter(HtmlInputElement::checked).map(|row| (row.value(), true));
        self.picked.borrow_mut().take(&filter_of(&form), ticked);
    }

    /// Takes over what is ticked on this page.
    fn take(&self) {
        let Some(form) = form() else { return };
        let rows = boxes(ROWS).into_iter().map(|row| (row.value(), row.checked()));
        self.picked.borrow_mut().take(&filter_of(&form), rows);
        self.tell(&form);
    }

    /// Ticks what is ticked under this page's filter.
    fn show(&self) {
        let Some(form) = form() else { return };
        let picked = self.picked.borrow();
        let ids = picked.of(&filter_of(&form));
        boxes(ROWS).iter().for_each(|row| row.set_checked(ids.is_some_and(|ids| ids.contains(&row.value()))));
        self.tell(&form);
    }

    /// Says how many are ticked: in the box above them, and in the bar, which also sends those of other pages.
    fn tell(&self, form: &Element) {
        let rows = boxes(ROWS);
        let ticked = rows.iter().filter(|row| row.checked()).count();
        for head in boxes(HEAD) {
            head.set_checked(ticked > 0 && ticked == rows.len());
            head.set_indeterminate(ticked > 0 && ticked < rows.len());
        }
        let on_page: BTreeSet<String> = rows.iter().map(HtmlInputElement::value).collect();
        let picked = self.picked.borrow();
        let ids = picked.of(&filter_of(form)).into_iter().flatten();
        let elsewhere: Vec<&str> = ids.filter(|id| !on_page.contains(*id)).map(String::as_str).collect();
        if let Some(field) = field(form, "elsewhere") {
            field.set_value(&elsewhere.join(","));
        }
        let _ = match elsewhere.is_empty() {
            true => form.remove_attribute(ELSEWHERE),
            false => form.set_attribute(ELSEWHERE, ""),
        };
        let here = match (elsewhere.is_empty(), ticked) {
            (true, _) => String::new(),
            (false, 0) => ", none on this page".to_owned(),
            (false, ticked) => [", ", &ticked.to_string(), " on this page"].concat(),
        };
        put(form, ".count", &(elsewhere.len() + ticked).to_string());
        put(form, ".here", &here);
    }
}

/// What hasn't changed isn't said again.
fn put(form: &Element, selector: &str, words: &str) {
    let place = form.query_selector(selector).ok().flatten();
    if let Some(place) = place.filter(|place| place.text_content().as_deref() != Some(words)) {
        place.set_text_content(Some(words));
    }
}

/// With nothing ticked the bar goes, and with it the button that has the focus: the boxes take it.
fn leave_bar() {
    let boxes = boxes(HEAD).into_iter().chain(boxes(ROWS));
    if let Some(shown) = boxes.into_iter().find(|one| one.offset_parent().is_some()) {
        focus_quietly(&shown);
    }
}
