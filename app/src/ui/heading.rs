use super::dom::focus_quietly;
use super::scroll::ScrollMemory;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The path whose heading was last reached, so that only a new page takes the focus and a filter does not.
#[derive(Clone, Copy)]
pub struct LastPath(pub StoredValue<String>);

/// The page's `h1`. After a navigation inside the app it takes the focus, as a page load would: a screen reader then
/// says where it is, and the keyboard starts from the top.
#[component]
pub fn PageHeading(#[prop(into)] text: String, #[prop(optional)] class: &'static str) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let LastPath(last) = expect_context();
    let memory: ScrollMemory = expect_context();
    let path = use_location().pathname;
    Effect::new(move |_| {
        let path = path.get_untracked();
        if last.with_value(|last| *last != path) && heading.get().is_some() {
            last.set_value(path);
            // It is made, but stands in the page only from the next frame on.
            let _ = request_animation_frame(move || {
                if let Some(heading) = heading.get_untracked() {
                    focus_quietly(&heading);
                }
                memory.restore();
            });
        }
    });
    view! { <h1 class=class tabindex="-1" node_ref=heading>{text}</h1> }.into_any()
}
