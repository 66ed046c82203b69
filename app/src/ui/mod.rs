//! What pages share.

mod closed_place;
mod crumbs;
mod dom;
mod error_page;
mod footer;
mod head;
mod header;
mod heading;
mod icon;
mod layout;
mod markup;
mod menu;
mod navigation;
mod not_found;
mod numbers;
mod photo;
mod price;
mod scroll;
mod search_box;
mod search_form;
mod theme_switch;

pub use closed_place::ClosedPlace;
pub use crumbs::crumbs;
pub use dom::{close_dialog, data_at, form_search, open_dialog, scroll_to};
pub use error_page::{ErrorPage, set_status, traced};
pub use head::Head;
pub use heading::PageHeading;
pub use icon::{Glyph, Icon, icon};
pub use layout::Layout;
pub use markup::{El, el, hidden, link, live};
pub use not_found::NotFoundPage;
pub use numbers::{counted, grouped};
pub use photo::{Photo, photo_or_outline};
pub use price::price_tag;
pub use search_form::SearchForm;
