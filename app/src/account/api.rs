//! What accounts send over the wire.

use crate::error::AppError;
use crate::form::Next;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    Shopper,
    Support,
    Editor,
    Admin,
}

/// Who is looking at the page, as far as every page needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub username: String,
    /// The display name, or else the username.
    pub name: String,
    pub role: Role,
}

/// Whoever made this request: put into the context by the host, and into the page for the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    pub me: Option<Me>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub username: String,
    pub display_name: String,
    pub email: String,
    /// An address whose code has not been entered yet.
    pub pending_email: Option<String>,
    pub role: Role,
    /// `24 November 2026`.
    pub since: String,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub id: String,
    /// `Firefox on Windows`.
    pub name: String,
    pub this_one: bool,
    /// In words: `now`, `3 hours ago`, `12 November 2026`.
    pub last_seen: String,
    pub signed_in: String,
    /// The client address, its last part hidden.
    pub address: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    SignUp,
    Reset,
    ChangeEmail,
}

/// What this browser is in the middle of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    pub purpose: Purpose,
    /// Where the code went, as this browser typed it.
    pub email: String,
    /// Seconds until another code may be asked for.
    pub resend_in: u32,
}

/// `None`: nothing is under way in this browser.
#[server(prefix = "/api/account", endpoint = "flow", input = GetUrl)]
pub async fn load_flow() -> Result<Option<Flow>, AppError> {
    crate::host::accounts()?.flow().await
}

/// `SignIn` unless signed in.
#[server(prefix = "/api/account", endpoint = "profile", input = GetUrl)]
pub async fn load_profile() -> Result<Profile, AppError> {
    crate::host::accounts()?.profile().await
}

/// `SignIn` unless signed in; this device first.
#[server(prefix = "/api/account", endpoint = "devices", input = GetUrl)]
pub async fn load_devices() -> Result<Vec<Device>, AppError> {
    crate::host::accounts()?.devices().await
}

#[server(prefix = "/api/account", endpoint = "sign_up")]
pub async fn sign_up(
    #[server(default)] username: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<Next, AppError> {
    crate::host::accounts()?.sign_up(username, email, password, next).await
}

/// `login`: an e-mail address or a username. `stay`: any value keeps the visitor signed in.
#[server(prefix = "/api/account", endpoint = "log_in")]
pub async fn log_in(
    #[server(default)] login: String,
    #[server(default)] password: String,
    #[server(default)] stay: String,
    #[server(default)] next: String,
) -> Result<Next, AppError> {
    crate::host::accounts()?.log_in(login, password, !stay.is_empty(), next).await
}

#[server(prefix = "/api/account", endpoint = "log_out")]
pub async fn log_out() -> Result<Next, AppError> {
    crate::host::accounts()?.log_out().await
}

/// The code of a sign-up or of a new address, as typed: spaces and hyphens don't count.
#[server(prefix = "/api/account", endpoint = "verify")]
pub async fn verify(#[server(default)] code: String) -> Result<Next, AppError> {
    crate::host::accounts()?.verify(code).await
}

/// Sends the code of this browser's flow again.
#[server(prefix = "/api/account", endpoint = "resend")]
pub async fn resend() -> Result<Next, AppError> {
    crate::host::accounts()?.resend().await
}

#[server(prefix = "/api/account", endpoint = "forgot_password")]
pub async fn forgot_password(#[server(default)] email: String) -> Result<Next, AppError> {
    crate::host::accounts()?.forgot_password(email).await
}

#[server(prefix = "/api/account", endpoint = "reset_password")]
pub async fn reset_password(
    #[server(default)] code: String,
    #[server(default)] password: String,
) -> Result<Next, AppError> {
    crate::host::accounts()?.reset_password(code, password).await
}

/// Lets an account whose codes were stopped ask for them again. `token`: from the link in the mail.
#[server(prefix = "/api/account", endpoint = "unlock")]
pub async fn unlock(#[server(default)] token: String) -> Result<Next, AppError> {
    crate::host::accounts()?.unlock(token).await
}

#[server(prefix = "/api/account", endpoint = "save_profile")]
pub async fn save_profile(
    #[server(default)] username: String,
    #[server(default)] display_name: String,
) -> Result<Next, AppError> {
    crate::host::accounts()?.save_profile(username, display_name).await
}

/// `password`: the current one.
#[server(prefix = "/api/account", endpoint = "change_email")]
pub async fn change_email(
    #[server(default)] email: String,
    #[server(default)] password: String,
) -> Result<Next, AppError> {
    crate::host::accounts()?.change_email(email, password).await
}

#[server(prefix = "/api/account", endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] current_password: String,
    #[server(default)] password: String,
) -> Result<Next, AppError> {
    crate::host::accounts()?.change_password(current_password, password).await
}

/// Signs one of the visitor's own devices out.
#[server(prefix = "/api/account", endpoint = "end_session")]
pub async fn end_session(#[server(default)] session: String) -> Result<Next, AppError> {
    crate::host::accounts()?.end_session(session).await
}

#[server(prefix = "/api/account", endpoint = "end_other_sessions")]
pub async fn end_other_sessions() -> Result<Next, AppError> {
    crate::host::accounts()?.end_other_sessions().await
}

/// `password`: the current one.
#[server(prefix = "/api/account", endpoint = "delete")]
pub async fn delete_account(#[server(default)] password: String) -> Result<Next, AppError> {
    crate::host::accounts()?.delete(password).await
}
