//! Forms that come twice, by a double click, from a second tab or after an answer that was lost: the first is done, and
//! the others are answered as it was.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use std::time::Duration;
use uuid::Uuid;

/// No longer than what is kept: see [`tidy_drafts`](super::tidy_drafts).
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

/// What two forms have in common that were meant as one, sent by one member of the staff.
pub(super) struct IdempotencyKey {
    user: Uuid,
    /// SHA-256.
    key: [u8; 32],
    /// For how long another form with this key is the same one.
    life: Duration,
}

/// What a form was answered with.
pub(super) struct Answer {
    pub(super) product: Uuid,
    pub(super) notice: String,
}

impl IdempotencyKey {
    /// `parts`: the form's name, what it was opened on, and what was typed.
    pub(super) fn new(user: Uuid, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // With its length, so that no two ways to cut one text come to the same.
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Self { user, key: hash.finalize().into(), life: DAY }
    }

    /// Of forms that don't say from which opening they are: a double click, and not what somebody types a second time.
    pub(super) fn for_a_minute(self) -> Self {
        Self { life: MINUTE, ..self }
    }

    /// What the form was answered with before, unless that product is gone. From here on others with this key wait for
    /// the transaction's end.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn answer(&self, connection: &mut PgConnection) -> Result<Option<Answer>, sqlx::Error> {
        // By a statement of its own: the next one has to see what those have done that it waited for.
        sqlx::query("select pg_advisory_xact_lock(hashtextextended($1 || encode($2, 'hex'), 0))")
            .bind(self.user.to_string())
            .bind(&self.key[..])
            .execute(&mut *connection)
            .await?;
        sqlx::query_as!(
            Answer,
            "select product, notice from product_idempotency_keys
             where user_id = $1 and key = $2 and at > now() - make_interval(secs => $3)",
            self.user,
            &self.key[..],
            self.life.as_secs_f64()
        )
        .fetch_optional(connection)
        .await
    }

    /// Keeps an answer for those that come after it.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn keep(
        &self,
        connection: &mut PgConnection,
        product: Uuid,
        notice: &str,
    ) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "insert into product_idempotency_keys (user_id, key, product, notice) values ($1, $2, $3, $4)
             on conflict (user_id, key) do update set product = excluded.product, notice = excluded.notice, at = now()",
            self.user,
            &self.key[..],
            product,
            notice
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_has_another_key() {
        let key = |parts: &[&str]| IdempotencyKey::new(Uuid::nil(), parts).key;
        assert_eq!(key(&["save", "tab", "mug"]), key(&["save", "tab", "mug"]));
        for other in [["save", "tab", "bowl"], ["save", "tabm", "ug"], ["set_stock", "tab", "mug"]] {
            assert_ne!(key(&["save", "tab", "mug"]), key(&other), "{other:?}");
        }
    }
}
