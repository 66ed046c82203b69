//! The overview keeps up with the shop for as long as somebody looks at it.

use crate::cart::behaviour::Shopping;
use crate::ui::{here, typing};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(15);

pub fn keep_up(shopping: Shopping, endpoint: &'static str) {
    Effect::new(move |_| {
        let Ok(ticks) = set_interval(move || look(shopping, endpoint), EVERY) else { return };
        let seen = window_event_listener_untyped("visibilitychange", move |_| look(shopping, endpoint));
        on_cleanup(move || {
            ticks.clear();
            seen.remove();
        });
    });
}

/// Asks for nothing while nobody looks, and changes nothing under the hands of somebody who types.
fn look(shopping: Shopping, endpoint: &'static str) {
    let page = here();
    let is_shown = document().visibility_state() == web_sys::VisibilityState::Visible;
    if page != "/admin" || !is_shown || typing() {
        return;
    }
    spawn_local(async move {
        // Not to know better is no reason to say anything.
        if let Ok(made) = wire::fetch_page(endpoint, &page, "").await
            && !typing()
        {
            shopping.put(&page, &made.html);
        }
    });
}
