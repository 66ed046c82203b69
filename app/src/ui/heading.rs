use super::dom::focus_quietly;
use super::scroll::ScrollMemory;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The path whose heading was last reached, so that only a new page takes the focus and a filter does not.
#[derive(Clone, Copy)]
pub struct LastPath(pub StoredValue<String>);

/// After a navigation inside the app the page's heading takes the focus, as a page load would: a screen reader then
/// says where it is, and the keyboard starts from the top.
#[derive(Clone, Copy)]
pub struct Arrival {
    last: StoredValue<String>,
    memory: ScrollMemory,
}

impl Arrival {
    pub fn here() -> Self {
        let LastPath(last) = expect_context();
        Self { last, memory: expect_context() }
    }

    /// As [`Arrival::at`], where a page took another's place without the router's doing, which would have scrolled.
    pub fn at_top(self, path: &str) {
        self.memory.begin();
        self.at(path);
    }

    /// The page at `path` is made.
    pub fn at(self, path: &str) {
        if self.last.with_value(|last| last == path) {
            return;
        }
        self.last.set_value(path.to_owned());
        // It is made, but stands in the page only from the next frame on.
        let _ = request_animation_frame(move || {
            if let Ok(Some(heading)) = document().query_selector("main h1") {
                focus_quietly(&heading);
            }
            self.memory.restore();
        });
    }
}

/// The `h1` of a page that is made of views.
#[component]
pub fn PageHeading(#[prop(into)] text: String, #[prop(optional)] class: &'static str) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let arrival = Arrival::here();
    let path = use_location().pathname;
    Effect::new(move |_| {
        if heading.get().is_some() {
            arrival.at(&path.get_untracked());
        }
    });
    view! { <h1 class=class tabindex="-1" node_ref=heading>{text}</h1> }.into_any()
}
