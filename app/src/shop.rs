//! The shop's own settings, which every page may need: name, currency, address.

use crate::domain::Currency;
use crate::wire::PageData;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    pub name: String,
    pub tagline: String,
    pub currency: Currency,
    /// Scheme and host without a closing slash, for canonical URLs; empty when not configured.
    pub base_url: String,
}

/// The visitor's choice of theme; `System` follows the browser's preference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const COOKIE: &str = "theme";

    pub fn key(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The value of `data-theme`; none when the browser's preference decides.
    pub fn forced(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.key())
    }

    /// The order in which the switch goes round.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What every view may ask about: shop, theme, visitor, and what became of the form before. From the host's context on
/// the server, from the page in the browser.
pub fn provide_page_data() {
    #[cfg(feature = "ssr")]
    let data = crate::shell::page_data();
    #[cfg(not(feature = "ssr"))]
    let data = PageData::here();
    let PageData { shop, theme, visitor, flash, count } = data;
    provide_context(StoredValue::new(shop));
    provide_context(RwSignal::new(theme));
    provide_context(RwSignal::new(visitor));
    provide_context(RwSignal::new(flash));
    provide_context(InCart(RwSignal::new(count)));
}

pub fn use_shop() -> Shop {
    expect_context::<StoredValue<Shop>>().get_value()
}

/// Pieces in the visitor's cart, as the header shows them.
#[derive(Clone, Copy)]
pub struct InCart(pub RwSignal<u32>);

pub fn use_theme() -> RwSignal<Theme> {
    expect_context()
}
