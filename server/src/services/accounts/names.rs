//! Who a name belongs to. An account that nobody has verified doesn't keep its name from others.

use crate::error::ServiceError;
use app::domain::Username;
use app::error::AppError;
use sqlx::PgConnection;
use uuid::Uuid;

/// Said of a name that somebody has.
pub const TAKEN: &str = "Somebody has this username. Choose another";

/// Whether a verified account other than `user` has the name.
///
/// # Errors
/// The database's.
pub async fn is_taken(connection: &mut PgConnection, key: &str, user: Option<Uuid>) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
               select 1 from users where username_key = $1 and verified_at is not null and id is distinct from $2
           ) as "taken!""#,
        key,
        user
    )
    .fetch_one(connection)
    .await
}

/// Gives `user` the name, from an unverified account if one has it.
///
/// # Errors
/// `Invalid` when a verified account has it; the database's.
pub async fn claim(connection: &mut PgConnection, user: Uuid, name: &Username) -> Result<(), ServiceError> {
    let key = name.key();
    if is_taken(connection, &key, Some(user)).await? {
        return Err(AppError::invalid("username", TAKEN).into());
    }
    // `~` is in no name.
    sqlx::query!(
        "update users set username_key = '~' || id where username_key = $1 and verified_at is null and id <> $2",
        key,
        user
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("update users set username = $2, username_key = $3 where id = $1", user, name.as_str(), key)
        .execute(connection)
        .await?;
    Ok(())
}

/// As [`claim`], for an account that is being verified: it can't be sent back to its sign-up form, so if the name has
/// gone meanwhile it gets one with a number. Says whether it did.
///
/// # Errors
/// The database's.
pub async fn claim_or_vary(connection: &mut PgConnection, user: Uuid, wanted: &str) -> Result<bool, ServiceError> {
    for attempt in 0..20 {
        let name = match attempt {
            0 => wanted.to_owned(),
            _ => {
                let stem: String = wanted.chars().take(Username::LONGEST - 5).collect();
                format!("{stem}-{:04}", rand::random::<u16>() % 10_000)
            }
        };
        let Ok(name) = Username::parse(&name, "") else { continue };
        match claim(connection, user, &name).await {
            Ok(()) => return Ok(attempt > 0),
            Err(ServiceError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(AppError::invalid("username", TAKEN).into())
}
