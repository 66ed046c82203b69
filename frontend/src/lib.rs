//! The browser's entry point: hydrates what the server rendered.

use leptos::wasm_bindgen::{self, prelude::wasm_bindgen};

#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    if !app::ui::is_left() {
        leptos::mount::hydrate_lazy(app::App);
    }
}
