use super::heading::LastPath;
use leptos::ev;
use leptos::prelude::*;

/// How far each address was scrolled, for the way back: browsers restore the position themselves, but before the page
/// that it belongs to is there again.
#[derive(Clone, Copy)]
pub struct ScrollMemory {
    seen: StoredValue<Vec<(String, f64)>>,
    /// Where the page that is coming back should begin.
    wanted: StoredValue<Option<f64>>,
}

impl ScrollMemory {
    pub fn provide() {
        let memory = Self { seen: StoredValue::new(Vec::new()), wanted: StoredValue::new(None) };
        let LastPath(last) = expect_context();
        provide_context(memory);
        Effect::new(move |_| {
            let handle = window_event_listener(ev::popstate, move |_| {
                let path = location().pathname().unwrap_or_default();
                // Another state of the same page keeps its height, so the browser's own way works.
                if last.with_value(|last| *last != path) {
                    memory.wanted.set_value(memory.recall());
                }
            });
            on_cleanup(move || handle.remove());
        });
    }

    fn here() -> String {
        location().href().unwrap_or_default()
    }

    fn recall(self) -> Option<f64> {
        let here = Self::here();
        self.seen.with_value(|seen| seen.iter().find(|(href, _)| *href == here).map(|(_, y)| *y))
    }

    pub fn note(self, y: f64) {
        if self.wanted.get_value().is_some() {
            return;
        }
        let here = Self::here();
        self.seen.update_value(|seen| match seen.iter_mut().find(|(href, _)| *href == here) {
            Some((_, last)) => *last = y,
            None => seen.push((here, y)),
        });
    }

    /// A page that is new begins at its top; one that is coming back is restored later.
    pub fn begin(self) {
        if self.wanted.get_value().is_none() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Once the page is there.
    pub fn restore(self) {
        if let Some(y) = self.wanted.get_value() {
            self.wanted.set_value(None);
            window().scroll_to_with_x_and_y(0.0, y);
        }
    }
}
