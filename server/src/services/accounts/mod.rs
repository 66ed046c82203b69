//! Accounts, implemented: who people are, how they show it, and what they may change about it.
//!
//! Nothing here tells whether an address has an account: the answer, its time and the work behind it are the same.

mod caller;
mod codes;
pub(crate) mod devices;
mod download;
mod email_change;
mod flows;
mod housekeeping;
mod limits;
mod log_in;
pub(crate) mod names;
mod password;
mod people;
pub(crate) mod profile;
mod recovery;
pub mod sessions;
mod sign_up;
pub mod staff;
mod throttle;
mod verify;

pub use caller::{Caller, FLOW_COOKIE, FLOW_LIFE, SESSION_COOKIE, new_token};
pub(crate) use codes::{STOP_AFTER, mailbox};
pub use password::{Busy, Hasher};
pub(crate) use staff::LINK_LIFE;

use crate::error::ServiceError;
use crate::secret::Secret;
use app::account::api::{Device, Flow, Profile, Role};
use app::domain::{Password, PasswordRules};
use app::error::AppError;
use app::form::Next;
use app::host::Accounts;
use async_trait::async_trait;
use sqlx::PgPool;
use std::future::Future;
use std::sync::Arc;

/// How long a message that carries no code is worth sending.
pub(crate) const MESSAGE_LIFE: time::Duration = time::Duration::days(3);

/// What all requests share.
pub struct AccountService {
    pool: PgPool,
    secret: Secret,
    hasher: Hasher,
    shop_name: String,
    https: bool,
}

impl AccountService {
    /// `https`: whether cookies are for HTTPS only.
    pub fn new(pool: PgPool, secret: Secret, shop_name: &str, https: bool) -> Self {
        Self { pool, secret, hasher: Hasher::per_core(), shop_name: shop_name.to_owned(), https }
    }

    /// The shop's key, for letters.
    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Whether cookies are for HTTPS only.
    pub(crate) fn is_https(&self) -> bool {
        self.https
    }

    /// A new password for the account of `names`: its username and address.
    ///
    /// # Errors
    /// `Invalid`, for the field `password`.
    fn new_password(&self, text: &str, staff: bool, names: &[&str]) -> Result<Password, AppError> {
        let mut all = vec![self.shop_name.as_str()];
        for name in names {
            all.push(name);
            all.extend(name.rsplit_once('@').map(|(local, _)| local));
        }
        let shortest = if staff { Password::SHORTEST_OF_STAFF } else { Password::SHORTEST };
        let rules = PasswordRules { shortest, names: &all, is_common: password::is_common };
        Password::parse(text, rules).map_err(|error| AppError::invalid("password", error))
    }
}

/// The accounts as one request may use them.
#[derive(Clone)]
pub struct PgAccounts {
    service: Arc<AccountService>,
    caller: Caller,
}

impl PgAccounts {
    pub fn new(service: Arc<AccountService>, caller: Caller) -> Self {
        Self { service, caller }
    }

    async fn whole<T, W>(&self, work: impl FnOnce(Self) -> W) -> Result<T, AppError>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, ServiceError>> + Send + 'static,
    {
        crate::services::whole(work(self.clone())).await
    }
}

#[async_trait]
impl Accounts for PgAccounts {
    async fn flow(&self) -> Result<Option<Flow>, AppError> {
        Ok(self.current_flow().await?)
    }

    async fn profile(&self) -> Result<Profile, AppError> {
        Ok(self.load_profile().await?)
    }

    async fn devices(&self) -> Result<Vec<Device>, AppError> {
        Ok(self.load_devices().await?)
    }

    async fn sign_up(&self, username: String, email: String, password: String, next: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.start_sign_up(&username, &email, &password, &next).await }).await
    }

    async fn log_in(&self, login: String, password: String, stay: bool, next: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.enter(&login, &password, stay, &next).await }).await
    }

    async fn log_out(&self) -> Result<Next, AppError> {
        self.whole(|this| async move { this.leave().await }).await
    }

    async fn verify(&self, code: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.enter_code(&code).await }).await
    }

    async fn resend(&self) -> Result<Next, AppError> {
        self.whole(|this| async move { this.send_again().await }).await
    }

    async fn forgot_password(&self, email: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.start_reset(&email).await }).await
    }

    async fn reset_password(&self, code: String, password: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.finish_reset(&code, &password).await }).await
    }

    async fn unlock(&self, token: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.allow_codes(&token).await }).await
    }

    async fn save_profile(&self, username: String, display_name: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.change_profile(&username, &display_name).await }).await
    }

    async fn change_email(&self, email: String, password: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.start_email_change(&email, &password).await }).await
    }

    async fn change_password(&self, current: String, password: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.replace_password(&current, &password).await }).await
    }

    async fn end_session(&self, session: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.sign_device_out(&session).await }).await
    }

    async fn end_other_sessions(&self) -> Result<Next, AppError> {
        self.whole(|this| async move { this.sign_others_out().await }).await
    }

    async fn delete(&self, password: String) -> Result<Next, AppError> {
        self.whole(|this| async move { this.delete_account(&password).await }).await
    }
}

pub(crate) fn role_of(key: &str) -> Role {
    match key {
        "admin" => Role::Admin,
        "editor" => Role::Editor,
        "support" => Role::Support,
        _ => Role::Shopper,
    }
}
