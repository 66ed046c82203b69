//! Browsers without an account that have set something aside.

use super::{Owner, PgShelf, ShelfService};
use crate::error::ServiceError;
use crate::http::cookies;
use crate::secret::token_hash;
use crate::services::accounts::new_token;
use app::error::AppError;
use sqlx::PgConnection;
use uuid::Uuid;

pub const GUEST_COOKIE: &str = "guest";

/// The guest whose cookie it is. A token that nobody has is never adopted: whoever planted it would look on.
pub async fn find(connection: &mut PgConnection, token: &str) -> Result<Option<Uuid>, sqlx::Error> {
    if token.len() != 43 {
        return Ok(None);
    }
    sqlx::query_scalar!("select id from guests where token_hash = $1", &token_hash(token))
        .fetch_optional(connection)
        .await
}

/// A guest who has not been told yet.
pub struct NewGuest {
    id: Uuid,
    token: String,
}

impl NewGuest {
    pub fn owner(&self) -> Owner {
        Owner::Guest(self.id)
    }
}

impl PgShelf {
    /// # Errors
    /// In words, for who brings the cookie of a guest that isn't there. Most likely they have just logged in, and what
    /// was on its way meanwhile would go into a cart that nobody finds again: there may be several, and the browser
    /// keeps one cookie.
    pub(super) async fn new_guest(&self, connection: &mut PgConnection) -> Result<NewGuest, ServiceError> {
        if self.caller.guest.is_some() {
            return Err(self.moved_on());
        }
        let guest = NewGuest { id: Uuid::now_v7(), token: new_token() };
        sqlx::query!("insert into guests (id, token_hash) values ($1, $2)", guest.id, &token_hash(&guest.token))
            .execute(connection)
            .await?;
        Ok(guest)
    }

    /// Gives a guest their cookie, once the database will remember them.
    pub(super) fn welcome(&self, guest: NewGuest) -> Owner {
        self.give_cookie(&guest.token);
        let owner = guest.owner();
        // A request makes one guest at most: whoever has been welcomed is known from then on.
        let _ = self.welcomed.set(guest.token);
        owner
    }

    pub(super) fn give_cookie(&self, token: &str) {
        let ShelfService { guest_life, https, .. } = *self.service;
        self.caller.answer.cookie(GUEST_COOKIE, cookies::set(GUEST_COOKIE, token, Some(guest_life), https));
    }

    pub(super) fn clear_cookie(&self) {
        self.caller.answer.cookie(GUEST_COOKIE, cookies::clear(GUEST_COOKIE, self.service.https));
    }

    pub(super) fn moved_on(&self) -> ServiceError {
        self.clear_cookie();
        AppError::invalid("", "Your cart has moved since you opened this page. Please try again").into()
    }
}
