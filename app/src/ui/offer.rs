use super::dom::all;
use crate::catalog::api::Suggestions;
use crate::error::AppError;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::Element;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Short enough to feel immediate, long enough to let a word be typed.
const PAUSE: Duration = Duration::from_millis(140);

type Answer = Pin<Box<dyn Future<Output = Result<Suggestions, AppError>>>>;

/// What a list under a field shows while somebody types there, and which line of it is marked.
#[derive(Clone, Copy)]
pub struct Offer {
    lines: RwSignal<Suggestions>,
    /// Escape puts the list away without forgetting it; the down arrow brings it back.
    open: RwSignal<bool>,
    marked: RwSignal<Option<usize>>,
    /// Counts what was typed, so that a late answer to an earlier word is dropped.
    asked: StoredValue<u32>,
    /// Whether the lines are the answer to what stands in the field.
    answered: RwSignal<bool>,
    /// Characters without which nothing is asked for.
    least: usize,
    fetch: fn(String) -> Answer,
}

impl Offer {
    pub fn new(least: usize, fetch: fn(String) -> Answer) -> Self {
        Self {
            lines: RwSignal::new(Suggestions::default()),
            open: RwSignal::new(false),
            marked: RwSignal::new(None),
            asked: StoredValue::new(0),
            answered: RwSignal::new(false),
            least,
            fetch,
        }
    }

    pub fn lines(self) -> RwSignal<Suggestions> {
        self.lines
    }

    pub fn marked(self) -> Option<usize> {
        self.marked.get()
    }

    pub fn is_open(self) -> bool {
        self.open.get()
    }

    pub fn is_answered(self) -> bool {
        self.answered.get()
    }

    pub fn shown(self) -> bool {
        self.open.get() && !self.lines.read().hrefs.is_empty()
    }

    pub fn put_away(self) {
        self.marked.set(None);
        self.open.set(false);
    }

    pub fn clear(self) {
        self.asked.update_value(|asked| *asked += 1);
        self.put_away();
        self.answered.set(false);
        self.lines.set(Suggestions::default());
    }

    pub fn ask(self, typed: String) {
        self.asked.update_value(|asked| *asked += 1);
        self.marked.set(None);
        self.answered.set(false);
        let mine = self.asked.get_value();
        if typed.trim().chars().count() < self.least {
            self.lines.set(Suggestions::default());
            return;
        }
        let _ = set_timeout(
            move || {
                let current = move || self.asked.try_get_value() == Some(mine);
                if !current() {
                    return;
                }
                spawn_local(async move {
                    let lines = (self.fetch)(typed).await.unwrap_or_default();
                    if current() {
                        self.lines.set(lines);
                        self.open.set(true);
                        self.answered.set(true);
                    }
                });
            },
            PAUSE,
        );
    }

    /// Arrow keys go round through the field itself.
    pub fn step(self, down: bool) {
        self.open.set(true);
        let count = self.lines.read_untracked().hrefs.len();
        let next = match (self.marked.get_untracked(), down) {
            (None, true) => Some(0),
            (None, false) => count.checked_sub(1),
            (Some(at), true) => Some(at + 1).filter(|next| *next < count),
            (Some(at), false) => at.checked_sub(1),
        };
        self.marked.set(next.filter(|_| count > 0));
    }

    pub fn href_at(self, at: usize) -> Option<String> {
        self.lines.read_untracked().hrefs.get(at).cloned()
    }

    pub fn marked_href(self) -> Option<String> {
        self.href_at(self.marked.get_untracked()?)
    }

    /// The marked line's, or else the first's, if the lines are for what stands in the field.
    pub fn chosen_href(self) -> Option<String> {
        self.marked_href().or_else(|| self.href_at(0).filter(|_| self.answered.get_untracked()))
    }

    /// Says in the list which of its lines is marked, and keeps that one in sight.
    pub fn mark_in(self, list: NodeRef<html::Ul>) {
        Effect::new(move |_| {
            self.lines.track();
            let marked = self.marked.get();
            let Some(list) = list.get() else { return };
            for (at, line) in all(&list, "[role=option]").iter().enumerate() {
                let is_marked = marked == Some(at);
                let _ = line.set_attribute("aria-selected", if is_marked { "true" } else { "false" });
                if is_marked {
                    list.set_scroll_top(within(&list, line));
                }
            }
        });
    }
}

/// How far a list must be scrolled to show a line of it.
fn within(list: &Element, line: &Element) -> i32 {
    let (outer, inner) = (list.get_bounding_client_rect(), line.get_bounding_client_rect());
    let above = (inner.top() - outer.top()).min(0.0);
    let below = (inner.bottom() - outer.bottom()).max(0.0);
    list.scroll_top() + (above + below) as i32
}
