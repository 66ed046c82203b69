//! What a cart sends over the wire.

#[cfg(feature = "ssr")]
use crate::catalog::api::Picture;
#[cfg(feature = "ssr")]
use crate::domain::{Money, StockState};
use crate::error::AppError;
use crate::form::Next;
#[cfg(feature = "ssr")]
use crate::form::Undo;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use std::collections::HashSet;

/// What every page shows of a visitor's cart and wishlists.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Pieces in the cart, flagged ones too, without what is saved for later.
    pub count: u32,
    /// Slugs of the products on any of the visitor's lists.
    pub wished: HashSet<String>,
}

/// Why a line is, or isn't, counted in the total.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    Fine,
    /// The price has risen above the one that was agreed to, which is told. Counted again once it is accepted.
    Raised {
        from: Money,
    },
    /// There are fewer pieces than the line has.
    Reduced {
        left: u32,
    },
    SoldOut,
    /// Another cart has the last piece.
    Held,
    /// The product or the variant isn't sold any more.
    Gone,
}

#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    /// Empty for a variant that has left the catalogue.
    pub variant: String,
    /// Of the product; `None` for one that can't be looked at any more.
    pub slug: Option<String>,
    /// In the URL, as [`crate::catalog::api::Variant`] has it.
    pub key: String,
    pub title: String,
    pub options: Vec<String>,
    pub picture: Option<Picture>,
    pub quantity: u32,
    /// Pieces that a cart may have of it now: what there is, up to 99; 0 for none.
    pub most: u32,
    /// Today's.
    pub price: Money,
    /// A higher price that was agreed to when the line was added.
    pub was: Option<Money>,
    pub compare_at: Option<Money>,
    /// Of the line; `None` when it isn't counted.
    pub total: Option<Money>,
    pub state: LineState,
    pub stock: StockState,
    /// Pieces that were asked for beyond what there was, by the last act on the line.
    pub short: u32,
    /// Whether that act put two carts together.
    pub merged: bool,
    /// Whether its product is on a wishlist.
    pub wished: bool,
}

#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cart {
    pub lines: Vec<Line>,
    pub saved: Vec<Line>,
    /// Pieces of the lines that are counted.
    pub pieces: u32,
    pub subtotal: Money,
    /// Against the prices before reductions, and those agreed to.
    pub savings: Money,
    /// Of nobody who is logged in.
    pub is_guests: bool,
}

/// What came of an act on the cart or a wishlist.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// In words; `None` where the page says it all.
    pub notice: Option<String>,
    /// The name under which it can be taken back.
    pub undo: Option<String>,
}

#[cfg(feature = "ssr")]
impl Done {
    pub fn saying(notice: impl Into<String>) -> Self {
        Self { notice: Some(notice.into()), undo: None }
    }
}

/// The answer to such an act: for a browser by itself where to go on, for its script what its page has to show now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    #[serde(flatten)]
    pub next: Next,
    /// Whether a script goes there too, as a browser by itself does.
    #[serde(default)]
    pub goes: bool,
    /// Pieces in the cart now.
    pub count: u32,
    /// The page that the form stands on, anew, if it shows the cart or a wishlist. HTML, only for scripts.
    pub html: String,
}

/// The cart as it opens beside a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiniCart {
    pub count: u32,
    pub html: String,
}

#[cfg(feature = "ssr")]
const UNDO: &str = "/api/cart/undo";

/// How an act on the cart is answered. `page`: where its form stands; `otherwise`: where a browser by itself goes,
/// unless it stays.
#[cfg(feature = "ssr")]
async fn acted(done: Result<Done, AppError>, page: String, otherwise: Option<&str>) -> Result<Acted, AppError> {
    crate::pages::acted(done?, UNDO, page, otherwise).await
}

#[server(prefix = "/api/cart", endpoint = "mini", input = GetUrl)]
pub async fn load_mini_cart() -> Result<MiniCart, AppError> {
    let cart = crate::host::carts()?.cart().await?;
    // As the header counts, which knows nothing of what is flagged.
    let count = cart.lines.iter().map(|line| line.quantity).sum();
    Ok(MiniCart { count, html: super::view::mini(&cart, &*crate::host::shop()?) })
}

/// Puts pieces into the cart: of `variant`, or of `product` (a slug) where it has but one. `key`: a UUID that names the
/// act, so that sending it twice does it once.
#[server(prefix = "/api/cart", endpoint = "add_line")]
pub async fn add_line(
    #[server(default)] variant: String,
    #[server(default)] product: String,
    #[server(default)] quantity: String,
    #[server(default)] key: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let done = crate::host::carts()?.add(variant, product, quantity, key).await;
    acted(done, page, Some("/cart")).await
}

#[server(prefix = "/api/cart", endpoint = "set_quantity")]
pub async fn set_quantity(
    #[server(default)] line: String,
    #[server(default)] quantity: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::carts()?.set_quantity(line, quantity).await, page, None).await
}

#[server(prefix = "/api/cart", endpoint = "remove_line")]
pub async fn remove_line(#[server(default)] line: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::carts()?.remove(line).await, page, None).await
}

/// Takes out every line, not what is saved for later.
#[server(prefix = "/api/cart", endpoint = "clear")]
pub async fn clear_cart(#[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::carts()?.clear().await, page, None).await
}

#[server(prefix = "/api/cart", endpoint = "save_for_later")]
pub async fn save_for_later(
    #[server(default)] line: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::carts()?.save_for_later(line).await, page, None).await
}

/// Brings back what was saved for later.
#[server(prefix = "/api/cart", endpoint = "move_to_cart")]
pub async fn move_to_cart(#[server(default)] line: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::carts()?.move_to_cart(line).await, page, None).await
}

#[server(prefix = "/api/cart", endpoint = "move_to_wishlist")]
pub async fn move_to_wishlist(
    #[server(default)] line: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::carts()?.move_to_wishlist(line).await, page, None).await
}

/// Agrees to a price that has risen. `seen`: the one that the page showed, in minor units, so that nobody agrees to
/// another.
#[server(prefix = "/api/cart", endpoint = "accept_price")]
pub async fn accept_price(
    #[server(default)] line: String,
    #[server(default)] seen: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::carts()?.accept_price(line, seen).await, page, None).await
}

/// Takes away what is said beside a line about pieces that there weren't.
#[server(prefix = "/api/cart", endpoint = "dismiss_note")]
pub async fn dismiss_note(#[server(default)] line: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::carts()?.dismiss_note(line).await, page, None).await
}

/// Brings back what was removed.
#[server(prefix = "/api/cart", endpoint = "undo")]
pub async fn undo_cart(#[server(default)] undo: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::carts()?.undo(undo).await, page, None).await
}

/// The offer to take an act back, as its notice makes it.
#[cfg(feature = "ssr")]
pub fn offer(undo: Option<String>, action: &str) -> Option<Undo> {
    undo.map(|id| Undo { action: action.to_owned(), id })
}
