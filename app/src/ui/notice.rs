use super::dom::focus_quietly;
use super::here::use_here;
use super::markup::{el, live};
use crate::cart::behaviour::undo_form;
use crate::form::{Flash, use_flash};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const ID: &str = "notice";

/// What came of the form that led here, once: the next page is told nothing of it.
#[component]
pub fn Notice() -> impl IntoView {
    let flash = use_flash();
    let path = use_location().pathname;
    let here = StoredValue::new(use_here()());
    Effect::new(move |here: Option<()>| {
        path.track();
        if here.is_some() {
            flash.set(Flash::default());
        }
    });
    view! {
        <div class="notice" id=ID role="status" tabindex="-1">
            {live(move || match &flash.read().notice {
                Some(notice) => {
                    let undo = flash.read().undo.as_ref().map(|undo| undo_form(undo, &here.get_value()));
                    el("div").class("wrap").child(el("p").text(notice)).maybe(undo).html()
                }
                None => String::new(),
            })}
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
