//! Pages that keep up with the shop for as long as somebody looks at them: the overview, and whatever says that it is
//! waiting for work that goes on.

use crate::cart::behaviour::Shopping;
use crate::ui::{here, typing};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(15);
const WHILE_AT_WORK: Duration = Duration::from_secs(1);

pub fn keep_up(shopping: Shopping, endpoint: &'static str) {
    Effect::new(move |_| {
        let overview = move || look(shopping, endpoint, here() == "/admin");
        let at_work = move || look(shopping, endpoint, waits());
        let ticks = [set_interval(overview, EVERY), set_interval(at_work, WHILE_AT_WORK)];
        let seen = window_event_listener_untyped("visibilitychange", move |_| {
            look(shopping, endpoint, here() == "/admin" || waits());
        });
        on_cleanup(move || {
            ticks.into_iter().flatten().for_each(|ticks| ticks.clear());
            seen.remove();
        });
    });
}

/// Whether what is shown says that it is worth looking again.
fn waits() -> bool {
    document().query_selector("[data-polls]").is_ok_and(|found| found.is_some())
}

/// Asks for nothing while nobody looks, and changes nothing under the hands of somebody who types.
fn look(shopping: Shopping, endpoint: &'static str, wanted: bool) {
    let is_shown = document().visibility_state() == web_sys::VisibilityState::Visible;
    if !wanted || !is_shown || typing() {
        return;
    }
    let page = here();
    let (path, search) = page.split_once('?').unwrap_or((&page, ""));
    let (path, search) = (path.to_owned(), search.to_owned());
    spawn_local(async move {
        // Not to know better is no reason to say anything.
        if let Ok(made) = wire::fetch_page(endpoint, &path, &search).await
            && !typing()
        {
            shopping.put(&page, &made.html);
        }
    });
}
