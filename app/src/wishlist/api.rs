//! What wishlists send over the wire.

use crate::cart::api::Acted;
#[cfg(feature = "ssr")]
use crate::cart::api::Done;
#[cfg(feature = "ssr")]
use crate::catalog::api::Picture;
#[cfg(feature = "ssr")]
use crate::domain::{Money, StockState};
use crate::error::AppError;
use leptos::prelude::*;

/// How the items of a list stand.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Latest first.
    #[default]
    Added,
    Name,
    /// Cheapest first.
    Price,
    /// Biggest fall since it was added first.
    Fall,
}

#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
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
    pub note: String,
    /// Today's.
    pub price: Money,
    /// When it was added.
    pub price_then: Money,
    pub compare_at: Option<Money>,
    pub stock: StockState,
    /// Not sold any more.
    pub gone: bool,
    /// In words: `24 November 2026`.
    pub added: String,
    pub alert_price: bool,
    pub alert_stock: bool,
}

/// A list among its owner's.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListName {
    pub id: String,
    pub name: String,
    pub items: u32,
    pub is_default: bool,
}

/// One list, and the names of all.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishlist {
    /// The default one first, then by name. Never empty: the default list is there before it is stored.
    pub lists: Vec<ListName>,
    /// Which of `lists` is shown.
    pub at: usize,
    pub items: Vec<Item>,
    pub sort: Sort,
    /// The path of the link that shows it to others, `/wishlists/{token}`.
    pub shared: Option<String>,
    /// Whether mail can be asked for: the visitor is logged in.
    pub may_alert: bool,
}

/// A list as somebody sees it who has its link.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedList {
    pub name: String,
    pub items: Vec<Item>,
}

#[cfg(feature = "ssr")]
const UNDO: &str = "/api/wishlist/undo";

#[cfg(feature = "ssr")]
async fn acted(done: Result<Done, AppError>, page: String, otherwise: Option<&str>) -> Result<Acted, AppError> {
    crate::pages::acted(done?, UNDO, page, otherwise).await
}

/// Puts `variant`, or the first of `product` (a slug), on a list: the default one unless `list` names another.
#[server(prefix = "/api/wishlist", endpoint = "save")]
pub async fn save_item(
    #[server(default)] variant: String,
    #[server(default)] product: String,
    #[server(default)] list: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.save(variant, product, list).await, page, None).await
}

/// Takes `product` (a slug) off all of the visitor's lists.
#[server(prefix = "/api/wishlist", endpoint = "drop")]
pub async fn drop_product(
    #[server(default)] product: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.drop_product(product).await, page, None).await
}

#[server(prefix = "/api/wishlist", endpoint = "remove_item")]
pub async fn remove_item(#[server(default)] item: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.remove(item).await, page, None).await
}

#[server(prefix = "/api/wishlist", endpoint = "create_list")]
pub async fn create_list(#[server(default)] name: String) -> Result<Acted, AppError> {
    let (done, list) = crate::host::wishlists()?.create_list(name).await?;
    // Another list is another address.
    let path = ["/wishlist?list=", &list].concat();
    Ok(crate::pages::going(acted(Ok(done), String::new(), Some(&path)).await?))
}

#[server(prefix = "/api/wishlist", endpoint = "rename_list")]
pub async fn rename_list(
    #[server(default)] list: String,
    #[server(default)] name: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.rename_list(list, name).await, page, None).await
}

#[server(prefix = "/api/wishlist", endpoint = "delete_list")]
pub async fn delete_list(#[server(default)] list: String) -> Result<Acted, AppError> {
    let done = crate::host::wishlists()?.delete_list(list).await;
    Ok(crate::pages::going(acted(done, String::new(), Some("/wishlist")).await?))
}

#[server(prefix = "/api/wishlist", endpoint = "move_item")]
pub async fn move_item(
    #[server(default)] item: String,
    #[server(default)] list: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.move_item(item, list).await, page, None).await
}

#[server(prefix = "/api/wishlist", endpoint = "copy_item")]
pub async fn copy_item(
    #[server(default)] item: String,
    #[server(default)] list: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.copy_item(item, list).await, page, None).await
}

#[server(prefix = "/api/wishlist", endpoint = "set_note")]
pub async fn set_note(
    #[server(default)] item: String,
    #[server(default)] note: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.set_note(item, note).await, page, None).await
}

/// Which mail is wanted about an item; any value of `price` and `stock` asks for it. `SignIn` unless signed in.
#[server(prefix = "/api/wishlist", endpoint = "set_alerts")]
pub async fn set_alerts(
    #[server(default)] item: String,
    #[server(default)] price: String,
    #[server(default)] stock: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let done = crate::host::wishlists()?.set_alerts(item, !price.is_empty(), !stock.is_empty()).await;
    acted(done, page, None).await
}

/// Moves an item into the cart.
#[server(prefix = "/api/wishlist", endpoint = "to_cart")]
pub async fn item_to_cart(#[server(default)] item: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.to_cart(item).await, page, None).await
}

/// Moves all of a list into the cart that can be moved, and tells what couldn't.
#[server(prefix = "/api/wishlist", endpoint = "all_to_cart")]
pub async fn list_to_cart(#[server(default)] list: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.all_to_cart(list).await, page, None).await
}

/// Makes a link that shows the list; an older link doesn't work any more.
#[server(prefix = "/api/wishlist", endpoint = "share")]
pub async fn share_list(#[server(default)] list: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.share(list).await, page, None).await
}

#[server(prefix = "/api/wishlist", endpoint = "unshare")]
pub async fn unshare_list(#[server(default)] list: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.unshare(list).await, page, None).await
}

/// Brings back what was removed.
#[server(prefix = "/api/wishlist", endpoint = "undo")]
pub async fn undo_wishlist(
    #[server(default)] undo: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    acted(crate::host::wishlists()?.undo(undo).await, page, None).await
}

/// Ends the mail about a kind of news. `token`: from a letter.
#[server(prefix = "/api/wishlist", endpoint = "unsubscribe")]
pub async fn unsubscribe(#[server(default)] token: String) -> Result<Acted, AppError> {
    let done = crate::host::wishlists()?.unsubscribe(token).await;
    acted(done, "/unsubscribe".to_owned(), Some("/unsubscribe")).await
}
