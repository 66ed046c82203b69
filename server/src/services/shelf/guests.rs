//! Browsers without an account that have set something aside.

use super::{Owner, PgShelf, ShelfService};
use crate::error::ServiceError;
use crate::http::cookies;
use crate::secret::token_hash;
use crate::services::accounts::new_token;
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

impl PgShelf {
    pub(super) async fn new_guest(&self, connection: &mut PgConnection) -> Result<Owner, ServiceError> {
        let (id, token) = (Uuid::now_v7(), new_token());
        sqlx::query!("insert into guests (id, token_hash) values ($1, $2)", id, &token_hash(&token))
            .execute(connection)
            .await?;
        let ShelfService { guest_life, https, .. } = *self.service;
        self.caller.answer.cookie(GUEST_COOKIE, cookies::set(GUEST_COOKIE, &token, Some(guest_life), https));
        Ok(Owner::Guest(id))
    }
}
