use super::Letter;
use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// What an outbox row holds, encrypted.
#[derive(Serialize, Deserialize)]
pub struct Envelope {
    pub to: String,
    pub letter: Letter,
}

/// Writes a letter within the caller's transaction. Without an addressee it is a letter to nobody: the same work, so
/// that an unknown address takes as long to answer as a known one.
///
/// # Errors
/// The database's.
pub async fn enqueue(
    connection: &mut PgConnection,
    secret: &Secret,
    to: Option<&str>,
    letter: &Letter,
    expires_at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let envelope = Envelope { to: to.unwrap_or("nobody@example.com").to_owned(), letter: letter.clone() };
    let sealed = secret.seal(&serde_json::to_vec(&envelope).unwrap_or_default());
    let sealed = to.map(|_| sealed);
    sqlx::query!(
        "insert into outbox (id, kind, letter, expires_at) values ($1, $2, $3, $4)",
        Uuid::now_v7(),
        letter.kind(),
        sealed,
        expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}
