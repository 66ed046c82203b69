//! Pages that keep up with the shop for as long as somebody looks at them: the overview, and whatever says that it is
//! waiting for work that goes on.

use crate::cart::behaviour::Shopping;
use crate::error::AppError;
use crate::ui::{here, typing};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(15);
/// What says of itself that it is worth looking again.
const WHILE_AT_WORK: Duration = Duration::from_secs(1);
pub const PAGE: &str = "/admin";

pub fn keep_up(shopping: Shopping) {
    let asked = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let overview = move || look(shopping, asked, here() == PAGE);
        let at_work = move || look(shopping, asked, waits());
        let ticks = [set_interval(overview, EVERY), set_interval(at_work, WHILE_AT_WORK)];
        let seen = window_event_listener_untyped("visibilitychange", move |_| {
            look(shopping, asked, here() == PAGE || waits());
        });
        on_cleanup(move || {
            ticks.into_iter().flatten().for_each(|ticks| ticks.clear());
            seen.remove();
        });
    });
}

fn waits() -> bool {
    document().query_selector("[data-polls]").is_ok_and(|found| found.is_some())
}

/// Asks for nothing while nobody looks, and changes nothing under the hands of somebody who types. `asked`: counts, so
/// that a late answer doesn't replace a newer one.
fn look(shopping: Shopping, asked: StoredValue<u32>, wanted: bool) {
    let is_shown = document().visibility_state() == web_sys::VisibilityState::Visible;
    if !wanted || !is_shown || typing() {
        return;
    }
    asked.update_value(|asked| *asked = asked.wrapping_add(1));
    let mine = asked.get_value();
    let page = here();
    let (path, search) = page.split_once('?').unwrap_or((&page, ""));
    let (path, search) = (path.to_owned(), search.to_owned());
    // An overview may stay open all night; what is at work ends.
    let endpoint = if page == PAGE { "/api/admin/live" } else { "/api/admin/page" };
    spawn_local(async move {
        match wire::fetch_page(endpoint, &path, &search).await {
            Ok(made) if !typing() && asked.try_get_value() == Some(mine) => shopping.put(&page, &made.html),
            // What the page shows isn't for whoever sits before it now.
            Err(AppError::SignIn | AppError::Forbidden) if here() == page => drop(location().reload()),
            // Not to know better is no reason to say anything.
            Ok(_) | Err(_) => {}
        }
    });
}
