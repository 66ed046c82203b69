//! Taking back what an entry tells of.

use super::wanted::Row;
use super::{PgTrail, readable};
use crate::error::ServiceError;
use crate::services::office::audit::Actor;
use crate::services::office::categories::{CategoryMove, CategoryReorder, CategoryUpdate};
use crate::services::office::products::ProductUpdate;
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

    /// Whether an entry of such an act says enough to go back by.
    fn fits(&self, entry: &Row) -> bool;

    /// Makes the subject what it was before. Refuses, in words, what has been changed since.
    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError>;
}

/// The way back from what an entry tells of; `None` where there is none, which is offered none. What an account may do,
/// and whether, is never decided by a glance at the past: roles and blocks have acts of their own.
pub fn way_back(entry: &Row) -> Option<&'static dyn WayBack> {
    let way: &'static dyn WayBack = match entry.act.as_str() {
        "category.update" => &CategoryUpdate,
        "category.move" => &CategoryMove,
        "category.reorder" => &CategoryReorder,
        "product.update" | "product.archive" | "product.restore" => &ProductUpdate,
        _ => return None,
    };
    way.fits(entry).then_some(way)
}

/// Why an entry is written that takes back another: as that one's row is named in the trail.
pub fn taking_back(entry: &Row) -> String {
    format!("Takes back entry {}", entry.id)
}

/// Refuses what has been changed since.
pub fn changed_since(what: &str) -> ServiceError {
    let words = format!("Its {what} has been changed since. Revert that first");
    AppError::invalid("", words).into()
}

/// What a form would say beside one of its fields: there are none here for it to stand beside.
pub fn without_field(error: ServiceError) -> ServiceError {
    match error {
        ServiceError::Refused(AppError::Invalid { fields }) => {
            AppError::invalid("", fields.first().map_or("This can’t be taken back", |field| &field.message)).into()
        }
        error => error,
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
        let way = way_back(&row).ok_or_else(|| AppError::invalid("", "This can’t be taken back"))?;
        self.me.must(way.needs())?;
        way.revert(&mut transaction, &self.actor, &row).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Reverted: {}", row.subject)))
    }
}
