use super::dom::focus_quietly;
use crate::form::{Flash, use_flash};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const ID: &str = "notice";

/// What came of the form that led here, once: the next page is told nothing of it.
#[component]
pub fn Notice() -> impl IntoView {
    let flash = use_flash();
    let path = use_location().pathname;
    Effect::new(move |here: Option<()>| {
        path.track();
        if here.is_some() {
            flash.set(Flash::default());
        }
    });
    view! {
        <div class="notice" id=ID role="status" tabindex="-1">
            {move || flash.read().notice.clone().map(|notice| view! { <p class="wrap">{notice}</p> })}
        </div>
    }
    .into_any()
}

/// Says what came of a form that stays on its page. Its button may be gone now, so the focus goes to the notice.
pub fn say(flash: RwSignal<Flash>, notice: Option<String>) {
    flash.set(Flash { notice, ..Flash::default() });
    let _ = request_animation_frame(|| {
        if let Some(notice) = document().get_element_by_id(ID) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            focus_quietly(&notice);
        }
    });
}
