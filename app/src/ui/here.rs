use leptos::prelude::*;
use leptos_router::hooks::use_location;

fn join(path: &str, search: &str) -> String {
    let search = search.trim_start_matches('?');
    if search.is_empty() { path.to_owned() } else { [path, "?", search].concat() }
}

/// Path and query of the page.
pub fn use_here() -> impl Fn() -> String + Clone {
    let location = use_location();
    move || join(&location.pathname.read(), &location.search.read())
}

/// As the browser's own bar has it.
pub fn here() -> String {
    let location = location();
    join(&location.pathname().unwrap_or_default(), &location.search().unwrap_or_default())
}
