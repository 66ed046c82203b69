//! Taking back what an entry tells of: where it tells enough, and unless what it changed has been changed since. What
//! decides about an account goes by the rules of deciding anew; pieces of a stock, which don't show whether they were taken
//! back, are taken back once; what a category or a product had that was deleted is kept
//! in `removed_categories` and `removed_products`. A variant is known by its id, whatever it is called by then.

use super::wanted::Row;
use super::why_not::why_not;
use super::{PgTrail, readable};
use crate::error::ServiceError;
use crate::services::office::audit::Actor;
use crate::services::office::categories::{
    CategoryCreation, CategoryMove, CategoryRemoval, CategoryReorder, CategoryUpdate,
};
use crate::services::office::pictures::{PictureAddition, PictureOrder, PictureRemoval, PictureWords};
use crate::services::office::products::{ProductCreation, ProductRemoval, ProductUpdate};
use crate::services::office::users::{Block, RoleChange, Unblock};
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

    /// Whether going back takes the password, as the act that it comes to does.
    fn is_dangerous(&self) -> bool {
        false
    }

    /// Whether what the entry is about is gone, and would be there again.
    fn brings_back(&self) -> bool {
        false
    }

    /// Whether an entry of such an act says enough to go back by.
    fn fits(&self, _entry: &Row) -> bool {
        true
    }

    /// Makes the subject what it was before. Refuses, in words, what has been changed since.
    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError>;
}

/// The way back from what an entry tells of; `None` where there is none, which is offered none.
pub fn way_back(entry: &Row) -> Option<&'static dyn WayBack> {
    let way: &'static dyn WayBack = match entry.act.as_str() {
        "category.update" => &CategoryUpdate,
        "category.move" => &CategoryMove,
        "category.reorder" => &CategoryReorder,
        "category.create" => &CategoryCreation,
        "category.delete" | "category.merge" => &CategoryRemoval,
        "product.create" => &ProductCreation,
        "product.delete" => &ProductRemoval,
        "product.update" | "product.archive" | "product.restore" => &ProductUpdate,
        "product.describe_picture" => &PictureWords,
        "product.reorder_pictures" => &PictureOrder,
        "product.remove_picture" => &PictureRemoval,
        "product.add_picture" | "product.restore_picture" => &PictureAddition,
        "user.set_role" => &RoleChange,
        "user.block" => &Block,
        "user.unblock" => &Unblock,
        _ => return None,
    };
    way.fits(entry).then_some(way)
}

/// What the reason of an entry begins with that takes back another; the other's number follows.
pub const TAKES_BACK: &str = "Takes back entry ";

/// Why an entry is written that takes back another: as that one's row is named in the trail.
pub fn taking_back(entry: &Row) -> String {
    format!("{TAKES_BACK}{}", entry.id)
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
    /// Says also whether it was about the account of whoever did it, whose browser forgets it then.
    pub(super) async fn take_back(&self, entry: &str, password: &str) -> Result<(Done, bool), ServiceError> {
        let kinds = readable(&self.me)?;
        let id: i64 = entry.parse().map_err(|_| ServiceError::NotFound)?;
        let row = sqlx::query_as!(
            Row,
            r#"select id as "id!", at as "at!", actor as "actor!", act as "act!", subject_kind as "subject_kind!",
                      subject_id as "subject_id!", subject as "subject!", before as "before!", after as "after!",
                      reason as "reason!", request_id as "request_id!"
               from trail where id = $1"#,
            id
        )
        .fetch_optional(&self.pool)
        .await?
        .filter(|row| kinds.is_none_or(|kinds| kinds.contains(&row.subject_kind.as_str())))
        .ok_or(ServiceError::NotFound)?;
        let way = way_back(&row)
            .ok_or_else(|| AppError::invalid("", format!("This can’t be taken back. {}", why_not(&row.act))))?;
        self.me.must(way.needs())?;
        if way.is_dangerous() {
            self.proof.of(password).await?;
        }
        let mut transaction = self.pool.begin().await?;
        way.revert(&mut transaction, &self.actor, &row).await?;
        transaction.commit().await?;
        let me = self.actor.id.map(|id| id.to_string());
        let own = row.subject_kind == "user" && way.is_dangerous() && me.as_ref() == Some(&row.subject_id);
        if own {
            self.caller.leave(self.https);
        }
        Ok((Done::saying(format!("Reverted {}", row.subject)), own))
    }
}
