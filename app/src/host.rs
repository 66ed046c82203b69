//! What the app needs from the host that runs it. The host puts implementations, already bound to this request's
//! visitor, into Leptos' context.

use crate::account::api::{Device, Flow, Profile};
use crate::cart::api::{Cart, Done, Shelf};
use crate::catalog::api::{Crumb, Home, Listing, NavCategory, Product, Rendered, Suggestion};
use crate::error::AppError;
use crate::form::Next;
use crate::shop::Shop;
use crate::wishlist::api::{SharedList, Wishlist};
use async_trait::async_trait;
use leptos::prelude::use_context;
use std::sync::Arc;

/// What leads from a page with a fault to its lines in the log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The page that was asked for, made before the views around it.
#[derive(Clone, Debug)]
pub struct Prepared(pub Arc<Result<Rendered, AppError>>);

/// Pieces in the visitor's cart.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartCount(pub u32);

/// The categories that stand around every page.
#[derive(Clone, Debug, Default)]
pub struct Navigation(pub Arc<Vec<NavCategory>>);

/// Reading the catalogue: active products only, but for what a member of the staff previews.
#[async_trait]
pub trait Catalog: Send + Sync {
    async fn home(&self) -> Result<Home, AppError>;
    async fn navigation(&self) -> Result<Vec<NavCategory>, AppError>;
    /// # Errors
    /// `NotFound` for an unknown category and for a page past the last.
    async fn listing(&self, category: Option<&str>, search: &str) -> Result<Listing, AppError>;
    /// # Errors
    /// `NotFound` unless the product is active.
    async fn product(&self, slug: &str) -> Result<Product, AppError>;
    /// As a shopper would see it, whatever its status and even without a price. Shows what nobody may see yet: it is for
    /// those who have asked what their caller may do.
    async fn whatever_its_status(&self, id: &str) -> Result<Product, AppError>;
    /// The categories on the way to this one, itself included, by its id; none for one that there isn't.
    async fn way_to(&self, category: &str) -> Result<Vec<Crumb>, AppError>;
    /// The slug now of the active product that once had this one.
    async fn renamed(&self, slug: &str) -> Result<Option<String>, AppError>;
    /// The address that a category has now, by one that it had, or that another had which has become part of it.
    async fn category_now(&self, slug: &str) -> Result<Option<String>, AppError>;
    /// At most a handful; empty for fewer than two letters.
    async fn suggest(&self, typed: &str) -> Result<Vec<Suggestion>, AppError>;
}

/// # Errors
/// As [`catalog`].
pub fn shop() -> Result<Arc<Shop>, AppError> {
    use_context().ok_or(AppError::Unavailable { request_id: None })
}

/// # Errors
/// `Unavailable` outside a request of the host, which is a fault of the host's wiring.
pub fn catalog() -> Result<Arc<dyn Catalog>, AppError> {
    use_context().ok_or(AppError::Unavailable { request_id: None })
}

/// The visitor's own account: whose it is, is bound by the host. What forms send arrives as typed.
///
/// Every method answers `TooMany` when throttled and `SignIn` where only a signed-in visitor makes sense.
#[async_trait]
pub trait Accounts: Send + Sync {
    async fn flow(&self) -> Result<Option<Flow>, AppError>;
    async fn profile(&self) -> Result<Profile, AppError>;
    async fn devices(&self) -> Result<Vec<Device>, AppError>;
    async fn sign_up(&self, username: String, email: String, password: String, next: String) -> Result<Next, AppError>;
    async fn log_in(&self, login: String, password: String, stay: bool, next: String) -> Result<Next, AppError>;
    async fn log_out(&self) -> Result<Next, AppError>;
    async fn verify(&self, code: String) -> Result<Next, AppError>;
    async fn resend(&self) -> Result<Next, AppError>;
    async fn forgot_password(&self, email: String) -> Result<Next, AppError>;
    async fn reset_password(&self, code: String, password: String) -> Result<Next, AppError>;
    async fn unlock(&self, token: String) -> Result<Next, AppError>;
    async fn save_profile(&self, username: String, display_name: String) -> Result<Next, AppError>;
    async fn change_email(&self, email: String, password: String) -> Result<Next, AppError>;
    async fn change_password(&self, current: String, password: String) -> Result<Next, AppError>;
    async fn end_session(&self, session: String) -> Result<Next, AppError>;
    async fn end_other_sessions(&self) -> Result<Next, AppError>;
    async fn delete(&self, password: String) -> Result<Next, AppError>;
}

/// # Errors
/// As [`catalog`].
pub fn accounts() -> Result<Arc<dyn Accounts>, AppError> {
    use_context().ok_or(AppError::Unavailable { request_id: None })
}

/// The visitor's own cart: an account's, or a guest's. Arguments arrive as forms send them; a line that isn't the
/// visitor's is `NotFound`.
#[async_trait]
pub trait Carts: Send + Sync {
    async fn shelf(&self) -> Result<Shelf, AppError>;
    async fn cart(&self) -> Result<Cart, AppError>;
    async fn add(&self, variant: String, product: String, quantity: String, key: String) -> Result<Done, AppError>;
    async fn set_quantity(&self, line: String, quantity: String) -> Result<Done, AppError>;
    async fn remove(&self, line: String) -> Result<Done, AppError>;
    async fn clear(&self) -> Result<Done, AppError>;
    async fn save_for_later(&self, line: String) -> Result<Done, AppError>;
    async fn move_to_cart(&self, line: String) -> Result<Done, AppError>;
    async fn move_to_wishlist(&self, line: String) -> Result<Done, AppError>;
    async fn accept_price(&self, line: String, seen: String) -> Result<Done, AppError>;
    async fn dismiss_note(&self, line: String) -> Result<Done, AppError>;
    async fn undo(&self, undo: String) -> Result<Done, AppError>;
}

/// # Errors
/// As [`catalog`].
pub fn carts() -> Result<Arc<dyn Carts>, AppError> {
    use_context().ok_or(AppError::Unavailable { request_id: None })
}

/// The visitor's own wishlists, and those that others share. As [`Carts`].
#[async_trait]
pub trait Wishlists: Send + Sync {
    /// `list`: which is shown; empty for the default one. `sort`: as in the address.
    async fn wishlist(&self, list: &str, sort: &str) -> Result<Wishlist, AppError>;
    /// # Errors
    /// `NotFound` for a token that no list has (any more).
    async fn shared(&self, token: &str) -> Result<SharedList, AppError>;
    async fn save(&self, variant: String, product: String, list: String) -> Result<Done, AppError>;
    async fn drop_product(&self, product: String) -> Result<Done, AppError>;
    async fn remove(&self, item: String) -> Result<Done, AppError>;
    /// Answers with the new list's id; one of the same name is it already.
    async fn create_list(&self, name: String) -> Result<(Done, String), AppError>;
    async fn rename_list(&self, list: String, name: String) -> Result<Done, AppError>;
    async fn delete_list(&self, list: String) -> Result<Done, AppError>;
    async fn move_item(&self, item: String, list: String) -> Result<Done, AppError>;
    async fn copy_item(&self, item: String, list: String) -> Result<Done, AppError>;
    async fn set_note(&self, item: String, note: String) -> Result<Done, AppError>;
    /// `SignIn` unless signed in.
    async fn set_alerts(&self, item: String, price: bool, stock: bool) -> Result<Done, AppError>;
    async fn to_cart(&self, item: String) -> Result<Done, AppError>;
    async fn all_to_cart(&self, list: String) -> Result<Done, AppError>;
    async fn share(&self, list: String) -> Result<Done, AppError>;
    async fn unshare(&self, list: String) -> Result<Done, AppError>;
    async fn undo(&self, undo: String) -> Result<Done, AppError>;
    async fn unsubscribe(&self, token: String) -> Result<Done, AppError>;
}

/// # Errors
/// As [`catalog`].
pub fn wishlists() -> Result<Arc<dyn Wishlists>, AppError> {
    use_context().ok_or(AppError::Unavailable { request_id: None })
}
