//! The overview keeps up with the shop for as long as somebody looks at it.

use crate::cart::behaviour::Shopping;
use crate::error::AppError;
use crate::ui::{here, typing};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(15);
pub const PAGE: &str = "/admin";

pub fn keep_up(shopping: Shopping) {
    let asked = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let Ok(ticks) = set_interval(move || look(shopping, asked), EVERY) else { return };
        let seen = window_event_listener_untyped("visibilitychange", move |_| look(shopping, asked));
        on_cleanup(move || {
            ticks.clear();
            seen.remove();
        });
    });
}

/// Asks for nothing while nobody looks, and changes nothing under the hands of somebody who types. `asked`: counts, so
/// that a late answer doesn't replace a newer one.
fn look(shopping: Shopping, asked: StoredValue<u32>) {
    let is_shown = document().visibility_state() == web_sys::VisibilityState::Visible;
    if here() != PAGE || !is_shown || typing() {
        return;
    }
    asked.update_value(|asked| *asked = asked.wrapping_add(1));
    let mine = asked.get_value();
    spawn_local(async move {
        match wire::fetch_page("/api/admin/live", PAGE, "").await {
            Ok(made) if !typing() && asked.try_get_value() == Some(mine) => shopping.put(PAGE, &made.html),
            // What the page shows isn't for whoever sits before it now.
            Err(AppError::SignIn | AppError::Forbidden) if here() == PAGE => drop(location().reload()),
            // Not to know better is no reason to say anything.
            Ok(_) | Err(_) => {}
        }
    });
}
