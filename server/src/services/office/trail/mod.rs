//! The trail, implemented: reading the audit log, and taking back what can be taken back.
//!
//! Triggers refuse to change the log, also for a session that says it is a replica, and the doctor sees whether they are
//! on; a role that doesn't own the tables can't take them off either (`migrate --grant-to`).
//!
//! The log can never forget, so it names nobody: it knows people by their ids, and a constraint refuses names. The view
//! `trail` is the log as it is read, with the name that an id has now, or `deleted account 3f2a9c` for nobody's; stock
//! movements, imports and bulk edits have ids alone, too, and ask `person(id)`. What an entry about an account says of
//! names and addresses, and what somebody wrote about its owner, stands beside the log in `words_about_people`, and goes
//! with the account; why an account was deleted stands in the log itself, as its form says.
//!
//! What a bulk edit or an import did to each product is an entry of its own, `part_of` the one that sums it up. Lists show
//! the latter only; a thing's history has both, and an export writes parts below their whole.

mod csv;
mod differ;
mod entries;
mod names;
mod revert;
mod wanted;
mod why_not;

pub use revert::{TAKES_BACK, WayBack, changed_since, taking_back, without_field};
pub use wanted::Row;

use super::audit::Actor;
use super::proof::Proof;
use super::whole;
use crate::error::ServiceError;
use crate::services::accounts::Caller;
use app::admin::host::{May, Staff};
use app::admin::trail::host::{Entries, Entry, Filter, Trail};
use app::cart::api::Done;
use app::domain::Currency;
use app::error::AppError;
use async_trait::async_trait;
use sqlx::PgPool;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use uuid::Uuid;

#[derive(Clone)]
pub struct PgTrail {
    pub pool: PgPool,
    pub me: Staff,
    pub actor: Actor,
    pub caller: Caller,
    pub proof: Proof,
    /// Whether the shop's cookies are for HTTPS only.
    pub https: bool,
    pub currency: Currency,
}

/// The kinds of things whose entries a role may read; `None` for all of them.
fn readable(me: &Staff) -> Result<Option<&'static [&'static str]>, AppError> {
    if me.must(May::Everything).is_ok() {
        Ok(None)
    } else if me.must(May::Catalogue).is_ok() {
        Ok(Some(&["product", "category", "import"]))
    } else {
        me.must(May::Support)?;
        Ok(Some(&["user", "session"]))
    }
}

#[async_trait]
impl Trail for PgTrail {
    async fn entries(&self, filter: &Filter) -> Result<Entries, AppError> {
        Ok(self.load(filter).await?)
    }

    async fn recent(&self) -> Result<Vec<Entry>, AppError> {
        Ok(self.load_recent().await?)
    }

    async fn revert(&self, entry: String, password: String) -> Result<(Done, bool), AppError> {
        let this = self.clone();
        whole(async move { this.take_back(&entry, &password).await }).await
    }
}

/// The things that entries are about, among products, categories, accounts and imports, that are still there.
async fn still_there(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<Uuid>, ServiceError> {
    let there = sqlx::query_scalar!(
        r#"select id as "id!" from products where id = any($1)
           union all select id from categories where id = any($1)
           union all select id from users where id = any($1)
           union all select id from imports where id = any($1)"#,
        ids
    )
    .fetch_all(pool)
    .await?;
    Ok(there)
}

const MOMENT: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute]:[second]");

/// `24 Nov 2026, 09:05:00`: as the database has it, in UTC.
pub fn moment(time: OffsetDateTime) -> String {
    time.format(MOMENT).unwrap_or_default()
}
