use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A path with its query string, if there is one.
pub fn address(path: &str, search: &str) -> String {
    let search = search.trim_start_matches('?');
    if search.is_empty() { path.to_owned() } else { [path, "?", search].concat() }
}

/// Path and query of the page.
pub fn use_here() -> impl Fn() -> String + Clone {
    let location = use_location();
    move || address(&location.pathname.read(), &location.search.read())
}

/// As the browser's own bar has it.
pub fn here() -> String {
    let location = location();
    address(&location.pathname().unwrap_or_default(), &location.search().unwrap_or_default())
}
