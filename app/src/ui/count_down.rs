use leptos::prelude::*;
use leptos::web_sys::js_sys::Date;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// Seconds that go by, by the clock, so that a tab that slept has not lost any.
#[derive(Clone, Copy)]
pub struct CountDown {
    left: RwSignal<Option<u32>>,
    /// Milliseconds since 1970. A tick towards another end than this stops.
    end: StoredValue<f64>,
}

impl CountDown {
    /// Not started yet.
    pub fn idle() -> Self {
        Self { left: RwSignal::new(None), end: StoredValue::new(0.0) }
    }

    /// Only in the browser.
    pub fn start(self, seconds: u32) {
        let end = Date::now() + f64::from(seconds) * 1000.0;
        self.end.set_value(end);
        self.tick(end);
    }

    pub fn stop(self) {
        self.end.set_value(0.0);
        self.left.set(None);
    }

    fn tick(self, end: f64) {
        if self.end.try_get_value() != Some(end) {
            return;
        }
        let left = ((end - Date::now()) / 1000.0).ceil().max(0.0) as u32;
        // `Some` comes back from what is gone.
        if self.left.try_set(Some(left)).is_none() && left > 0 {
            let _ = set_timeout(move || self.tick(end), SECOND);
        }
    }

    /// `None` before it is started.
    pub fn left(self) -> Option<u32> {
        self.left.get()
    }
}

/// `4:07`.
pub fn clock(seconds: u32) -> String {
    let rest = (seconds % 60).to_string();
    let zero = if rest.len() < 2 { "0" } else { "" };
    [(seconds / 60).to_string().as_str(), ":", zero, &rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_read_as_on_a_clock() {
        assert_eq!(["0:00", "0:59", "1:00", "4:07"], [0, 59, 60, 247].map(clock));
    }
}
