//! What the pages of accounts need from the host.

use super::query::Query;
use crate::account::api::Role;
use crate::admin::trail::host::Change;
use crate::admin::view::table::Count;
use crate::cart::api::Done;
use crate::error::AppError;
use async_trait::async_trait;

/// Accounts as one member of the staff may look after them. Arguments arrive as forms send them; an account that there
/// isn't is `NotFound`, what the role doesn't reach `Forbidden`. Acts with a `password` are dangerous: they are
/// `Invalid` for that field unless it was given lately or is right, and also say whether they were about the account of
/// whoever acts, who is logged out then.
#[async_trait]
pub trait Users: Send + Sync {
    async fn list(&self, query: &Query) -> Result<Listing, AppError>;
    async fn user(&self, user: &str) -> Result<User, AppError>;
    /// Answers with the new account's id.
    async fn create(
        &self,
        username: String,
        email: String,
        role: String,
        password: String,
    ) -> Result<(Done, String), AppError>;
    /// Another address is dangerous, and for who acts on their own account the password is asked for however lately it
    /// was given. Says also whether it was given here.
    ///
    /// # Errors
    /// `Conflict` unless `version` is still the account's.
    async fn save(
        &self,
        user: String,
        version: String,
        wanted: Wanted,
        password: String,
    ) -> Result<(Done, bool), AppError>;
    async fn set_role(
        &self,
        user: String,
        role: String,
        reason: String,
        password: String,
    ) -> Result<(Done, bool), AppError>;
    async fn block(
        &self,
        user: String,
        reason: String,
        note: String,
        password: String,
    ) -> Result<(Done, bool), AppError>;
    async fn unblock(&self, user: String) -> Result<Done, AppError>;
    async fn start_reset(&self, user: String) -> Result<Done, AppError>;
    async fn end_session(&self, user: String, session: String) -> Result<Done, AppError>;
    async fn end_sessions(&self, user: String) -> Result<Done, AppError>;
    async fn clear_limits(&self, user: String) -> Result<Done, AppError>;
    async fn delete(&self, user: String, reason: String, password: String) -> Result<(Done, bool), AppError>;
}

/// An account's fields as somebody wants them.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub username: String,
    pub display_name: String,
    pub email: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Active,
    /// Nobody has shown that the address is theirs.
    Unverified,
    Blocked,
}

impl Status {
    pub const ALL: [Self; 3] = [Self::Active, Self::Unverified, Self::Blocked];

    pub fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Unverified => "unverified",
            Self::Blocked => "blocked",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Unverified => "Not verified",
            Self::Blocked => "Blocked",
        }
    }
}

/// A page of the table.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub rows: Vec<Row>,
    /// Accounts that the filter means; `None` where the search is so short that no index helps to count.
    pub count: Option<Count>,
    pub has_before: bool,
    pub has_after: bool,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub username: String,
    pub display_name: String,
    pub email: String,
    pub role: Role,
    pub status: Status,
    /// When the address was shown to be its owner's: `24 November 2026`; empty for never.
    pub verified: String,
    /// Likewise.
    pub created: String,
    /// In words; empty for never.
    pub last_seen: String,
}

/// All that the page of one account shows.
#[derive(Clone, Debug)]
pub struct User {
    pub row: Row,
    pub version: i64,
    /// When the address was shown to be its owner's.
    pub verified: Option<String>,
    /// A new address that its owner hasn't confirmed yet.
    pub pending_email: Option<String>,
    pub has_password: bool,
    pub blocked: Option<Blocked>,
    /// Whether it is the account of whoever looks.
    pub is_me: bool,
    /// Whether whoever looks may end its sessions, start a reset, block it.
    pub may_help: bool,
    pub sessions: Vec<Session>,
    pub cart: Vec<Piece>,
    pub wishlists: Vec<List>,
    /// What keeps it from trying again, in words.
    pub limits: Vec<String>,
    /// Whether its codes are stopped, which only their owner can end.
    pub codes_stopped: bool,
    /// The newest first.
    pub trail: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub struct Blocked {
    pub since: String,
    /// For the shop's own eyes.
    pub reason: String,
    /// What the person is told.
    pub note: String,
}

#[derive(Clone, Debug)]
pub struct Session {
    pub id: String,
    /// `Firefox on Windows`.
    pub device: String,
    /// Its last part hidden.
    pub address: String,
    pub last_seen: String,
}

#[derive(Clone, Debug)]
pub struct Piece {
    pub name: String,
    pub quantity: i32,
    /// For later.
    pub saved: bool,
}

#[derive(Clone, Debug)]
pub struct List {
    pub name: String,
    /// Names of what is on it.
    pub items: Vec<String>,
}

/// An entry of the audit log.
#[derive(Clone, Debug)]
pub struct Entry {
    pub at: String,
    pub actor: String,
    /// As the log has it, such as `user.block`.
    pub act: String,
    pub changes: Vec<Change>,
    pub reason: String,
}
