use super::markup::{El, el};
use leptos::prelude::*;

/// One set, drawn on a 20 × 20 grid with one stroke.
#[derive(Clone, Copy)]
pub enum Glyph {
    Search,
    Theme,
    Account,
    Heart,
    Bag,
    Menu,
    Close,
    Filters,
    Enlarge,
    Plus,
    Minus,
}

impl Glyph {
    fn paths(self) -> &'static str {
        match self {
            Self::Search => r#"<circle cx="9" cy="9" r="6"/><path d="m14 14 4 4"/>"#,
            Self::Theme => {
                r#"<circle cx="10" cy="10" r="6.5"/><path d="M10 3.5v13A6.5 6.5 0 0 1 10 3.5Z" fill="currentColor"/>"#
            }
            Self::Account => {
                r#"<circle cx="10" cy="7" r="3.5"/><path d="M3.5 18c.6-3.6 3.2-5.3 6.5-5.3s5.9 1.7 6.5 5.3"/>"#
            }
            Self::Heart => {
                r#"<path d="M10 17S3 12.6 3 7.6A3.7 3.7 0 0 1 10 6a3.7 3.7 0 0 1 7 1.6C17 12.6 10 17 10 17Z"/>"#
            }
            Self::Bag => r#"<path d="M3.5 6.5h13l-.8 11H4.3z"/><path d="M7 9V5.5a3 3 0 0 1 6 0V9"/>"#,
            Self::Menu => r#"<path d="M3 6h14M3 10h14M3 14h14"/>"#,
            Self::Close => r#"<path d="m5 5 10 10M15 5 5 15"/>"#,
            Self::Filters => {
                r#"<path d="M3 6.5h5M12 6.5h5M3 13.5h3M10 13.5h7"/><circle cx="10" cy="6.5" r="2"/><circle cx="8" cy="13.5" r="2"/>"#
            }
            Self::Plus => r#"<path d="M10 4v12M4 10h12"/>"#,
            Self::Minus => r#"<path d="M4 10h12"/>"#,
            Self::Enlarge => r#"<path d="M12 3.5h4.5V8M8 16.5H3.5V12M16.5 3.5l-5 5M3.5 16.5l5-5"/>"#,
        }
    }
}

pub fn icon(glyph: Glyph) -> El {
    el("svg").class("icon").attr("viewBox", "0 0 20 20").attr("aria-hidden", "true").sanitised(glyph.paths())
}

#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    icon(glyph).view()
}
