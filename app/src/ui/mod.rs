//! What pages share.

mod answer;
mod count_down;
#[cfg(feature = "ssr")]
mod crumbs;
mod dom;
mod error_page;
mod footer;
mod form;
mod head;
#[cfg(feature = "ssr")]
mod head_server;
mod header;
mod heading;
mod here;
mod icon;
mod layout;
mod markup;
mod menu;
mod morph;
mod navigation;
#[cfg(feature = "ssr")]
mod navigation_server;
mod not_found;
mod notice;
#[cfg(feature = "ssr")]
mod numbers;
mod offer;
#[cfg(feature = "ssr")]
mod photo;
#[cfg(feature = "ssr")]
mod price;
mod scroll;
mod search_box;
mod search_form;
#[cfg(feature = "ssr")]
mod stepper;
mod theme_switch;
mod unsaved;
mod words;

#[cfg(feature = "ssr")]
pub use answer::leads_on;
pub use answer::{never_store, set_status};
pub use count_down::CountDown;
#[cfg(feature = "ssr")]
pub use crumbs::crumbs;
pub use dom::{
    all, close_dialog, closest, data_at, focus_quietly, form_pairs, form_search, hits, is_left, is_plain, open_dialog,
    reload_when_restored, scroll_to, typing, with_transition,
};
pub use error_page::{ErrorPage, Where, error_html, traced};
pub use form::{Brought, Field, FieldKind, Form, FormState, Submit};
pub use head::{Head, PageHead, set_head};
#[cfg(feature = "ssr")]
pub use head_server::write_head;
pub use heading::{Arrival, PageHeading};
pub use here::{address, here};
pub use icon::{Glyph, Icon, icon};
pub use layout::{Layout, provide_page_memory};
#[cfg(feature = "ssr")]
pub use markup::escaped;
pub use markup::{El, el, heading, hidden, link, live};
pub use morph::{SHOWN, morph, say_shown};
pub use not_found::NotFoundPage;
#[cfg(feature = "ssr")]
pub use numbers::{counted, grouped};
pub use offer::Offer;
#[cfg(feature = "ssr")]
pub use photo::{Photo, photo_or_outline};
#[cfg(feature = "ssr")]
pub use price::price_tag;
pub use search_form::search_form;
#[cfg(feature = "ssr")]
pub use stepper::stepper;
pub use unsaved::{ACTING, GUARDED_FORMS, SENT, as_made, is_unsaved};
pub use words::capitalised;
