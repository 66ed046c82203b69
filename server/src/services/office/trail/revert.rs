//! Taking back what an entry tells of.

use super::wanted::Row;
use super::{PgTrail, readable};
use crate::error::ServiceError;
use crate::services::office::audit::Actor;
use crate::services::office::categories::CategoryUpdate;
use app::admin::host::May;
use app::cart::api::Done;
use app::error::AppError;
use async_trait::async_trait;
use sqlx::PgConnection;

/// How acts of one kind are taken back. That something was taken back is an act too, with an entry of its own.
#[async_trait]
pub trait WayBack: Sync {
    /// What whoever takes it back must be allowed.
    fn needs(&self) -> May;

    /// Makes the subject what it was before. Refuses, in words, what has been changed since.
    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError>;
}

/// The way back from an act; `None` for one that has none, which is offered none.
pub fn way_back(act: &str) -> Option<&'static dyn WayBack> {
    match act {
        "category.update" => Some(&CategoryUpdate),
        _ => None,
    }
}

impl PgTrail {
    pub(super) async fn take_back(&self, entry: &str) -> Result<Done, ServiceError> {
        let kinds = readable(&self.me)?;
        let id: i64 = entry.parse().map_err(|_| ServiceError::NotFound)?;
        let mut transaction = self.pool.begin().await?;
        let row = sqlx::query_as!(
            Row,
            "select id, at, actor, act, subject_kind, subject_id, subject, before, after, reason, request_id
             from audit_log where id = $1",
            id
        )
        .fetch_optional(&mut *transaction)
        .await?
        .filter(|row| kinds.is_none_or(|kinds| kinds.contains(&row.subject_kind.as_str())))
        .ok_or(ServiceError::NotFound)?;
        let way = way_back(&row.act).ok_or_else(|| AppError::invalid("", "This can’t be taken back"))?;
        self.me.must(way.needs())?;
        way.revert(&mut transaction, &self.actor, &row).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Reverted: {}", row.subject)))
    }
}
