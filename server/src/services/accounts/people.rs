//! Finding the account that a visitor means.

use sqlx::PgConnection;
use uuid::Uuid;

/// An account, with what deciding about it takes.
pub struct Person {
    pub id: Uuid,
    pub username: String,
    /// As stored: mail goes to no other.
    pub email: String,
    pub password_hash: Option<String>,
    pub staff: bool,
    pub verified: bool,
    pub blocked: bool,
    /// What the person is told about being blocked.
    pub blocked_note: String,
}

/// The account with this address's or this name's key.
///
/// # Errors
/// The database's.
pub async fn by_key(
    connection: &mut PgConnection,
    email_key: Option<&str>,
    username_key: Option<&str>,
) -> Result<Option<Person>, sqlx::Error> {
    sqlx::query_as!(
        Person,
        r#"select id, username, email, password_hash, role <> 'shopper' as "staff!", verified_at is not null as "verified!",
                  blocked_at is not null as "blocked!", blocked_note
           from users where email_key = $1 or username_key = $2"#,
        email_key,
        username_key
    )
    .fetch_optional(connection)
    .await
}

/// # Errors
/// The database's.
pub async fn by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<Person>, sqlx::Error> {
    sqlx::query_as!(
        Person,
        r#"select id, username, email, password_hash, role <> 'shopper' as "staff!", verified_at is not null as "verified!",
                  blocked_at is not null as "blocked!", blocked_note
           from users where id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}
