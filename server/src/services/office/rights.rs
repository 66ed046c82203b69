//! What was read when a request came in, looked at again: what takes long could go on past a block.

use super::audit::Actor;
use crate::error::ServiceError;
use crate::services::accounts::role_of;
use app::account::api::Role;
use app::admin::host::May;
use app::error::AppError;
use sqlx::PgConnection;

/// The role that somebody has by now; `None` for who is blocked or gone.
pub async fn role_now(connection: &mut PgConnection, actor: &Actor) -> Result<Option<Role>, sqlx::Error> {
    let role = sqlx::query_scalar!("select role from users where id = $1 and blocked_at is null", actor.id)
        .fetch_optional(connection)
        .await?;
    Ok(role.map(|role| role_of(&role)))
}

pub async fn still_may(connection: &mut PgConnection, actor: &Actor, what: May) -> Result<bool, sqlx::Error> {
    Ok(role_now(connection, actor).await?.is_some_and(|role| role.may(what)))
}

/// # Errors
/// `SignIn` for who may not any more: their sessions have ended with it.
pub async fn must_still(connection: &mut PgConnection, actor: &Actor, what: May) -> Result<(), ServiceError> {
    if still_may(connection, actor, what).await? { Ok(()) } else { Err(AppError::SignIn.into()) }
}
