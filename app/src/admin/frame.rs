use super::bulk::take_selection;
use super::find::Palette;
use super::guard::watch;
use super::keys::{Keys, Shortcuts};
use super::live::keep_up;
use super::pictures::{take_files, take_order};
use super::products::{keep_drafts, mind_keys};
use super::prose::help_writing;
use crate::cart::behaviour::{Shopping, Toast};
use crate::pages::{Kind, frame};
use crate::ui::provide_page_memory;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// Whether `path` is the back office's.
pub fn is_office(path: &str) -> bool {
    path == "/admin" || path.starts_with("/admin/")
}

const OFFICE: Kind = Kind { is_ours: is_office, is_whole: |_| false, endpoint: "/api/admin/page", has_main: true };

pub struct OfficePage;

#[lazy_route]
impl LazyRoute for OfficePage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        provide_page_memory();
        let shopping = Shopping::provide();
        keep_up(shopping);
        watch();
        help_writing();
        take_files(shopping, OFFICE.endpoint);
        take_order(shopping);
        keep_drafts();
        mind_keys();
        take_selection();
        let (palette, help) = (NodeRef::new(), NodeRef::new());
        let keys = Keys::listen(palette, help);
        view! {
            <a class="skip" href="#main" rel="external">"Skip to content"</a>
            {frame(OFFICE)}
            <Toast/>
            <Palette dialog=palette/>
            <Shortcuts dialog=help keys/>
        }
        .into_any()
    }
}
