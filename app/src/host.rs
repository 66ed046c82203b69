//! What the app needs from the host that runs it. The host puts implementations, already bound to this request's
//! visitor, into Leptos' context.

use crate::account::api::{Device, Flow, Profile};
use crate::catalog::api::{Home, Listing, NavCategory, Product, Rendered, Suggestion};
use crate::error::AppError;
use crate::form::Next;
use crate::shop::Shop;
use async_trait::async_trait;
use leptos::prelude::use_context;
use std::sync::Arc;

/// What leads from a page with a fault to its lines in the log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The catalogue's page that was asked for, made before the views around it.
#[derive(Clone, Debug)]
pub struct Prepared(pub Arc<Result<Rendered, AppError>>);

/// The categories that stand around every page.
#[derive(Clone, Debug, Default)]
pub struct Navigation(pub Arc<Vec<NavCategory>>);

/// Reading the catalogue: active products only.
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
