//! The back office, implemented. Each service is bound to one member of the staff, asks first what their role may do,
//! and writes what it did into the audit log in the transaction that did it.

pub mod audit;
pub mod bulk;
mod categories;
mod counting;
mod find;
pub mod imports;
mod overview;
mod paging;
pub mod pictures;
mod products;
mod proof;
mod reason;
mod rights;
mod trail;
pub mod users;
mod views;

pub use imports::ImportWork;
pub use overview::Figures;
pub use products::{start_drafts_housekeeping, tidy_drafts};
pub use trail::PgTrail;

use super::accounts::Caller;
use crate::error::ServiceError;
use crate::http::Host;
use app::account::api::Role;
use app::admin::host::{Office, Staff};
use app::error::AppError;
use audit::Actor;
use bulk::PgBulk;
use categories::PgCategories;
use find::PgFinder;
use imports::PgImports;
use overview::PgOverview;
use pictures::PgPictures;
use products::PgProducts;
use proof::Proof;
use std::future::Future;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use users::PgUsers;
use views::PgViews;

/// How long a password that was given counts for dangerous acts.
const FRESH: Duration = Duration::minutes(15);

/// As [`crate::services::whole`], for acts of the staff: theirs may keep products and categories to themselves for
/// longer than others wait.
///
/// # Errors
/// The work's own; `Unavailable` if it panics.
async fn whole<T, W>(work: W) -> Result<T, AppError>
where
    T: Send + 'static,
    W: Future<Output = Result<T, ServiceError>> + Send + 'static,
{
    super::whole(async move { work.await.map_err(in_turn) }).await
}

/// What the database didn't wait for any longer, as another act has it: nothing is wrong, and nothing has been done.
fn in_turn(error: ServiceError) -> ServiceError {
    match error.sql_state().as_deref() {
        Some("55P03") => AppError::invalid("", "Somebody is changing this at the moment. Try again in a moment").into(),
        _ => error,
    }
}

/// The back office for whoever makes the request; `None` for strangers and shoppers.
pub fn office_of(caller: &Caller, host: &Host) -> Option<Office> {
    let me = staff_of(caller)?;
    let (pool, actor) = (host.pool.clone(), Actor::of(caller));
    let products = PgProducts::new(host, me.clone(), caller)?;
    let overview = PgOverview { pool: pool.clone(), me: me.clone(), figures: Arc::clone(&host.figures) };
    let views = PgViews::new(pool.clone(), me.clone(), &actor)?;
    let finder = PgFinder { pool: pool.clone(), me: me.clone() };
    let proof = Proof::new(&host.accounts, caller, &me);
    let categories = PgCategories { pool, me: me.clone(), actor, proof: proof.clone() };
    let bulk = PgBulk::new(host, products.clone(), me.clone(), caller, proof)?;
    Some(Office {
        me,
        shop: Arc::clone(&host.shop),
        products: Arc::new(products),
        bulk: Arc::new(bulk),
        pictures: Arc::new(pictures_of(caller, host)?),
        overview: Arc::new(overview),
        categories: Arc::new(categories),
        users: Arc::new(users_of(caller, host)?),
        trail: Arc::new(trail_of(caller, host)?),
        views: Arc::new(views),
        finder: Arc::new(finder),
        imports: Arc::new(imports_of(caller, host)?),
    })
}

/// Pictures by themselves, for uploads.
pub fn pictures_of(caller: &Caller, host: &Host) -> Option<PgPictures> {
    Some(PgPictures::new(host, staff_of(caller)?, Actor::of(caller)))
}

/// The trail by itself, for its export.
pub fn trail_of(caller: &Caller, host: &Host) -> Option<PgTrail> {
    let me = staff_of(caller)?;
    Some(PgTrail {
        pool: host.pool.clone(),
        actor: Actor::of(caller),
        caller: caller.clone(),
        proof: Proof::new(&host.accounts, caller, &me),
        https: host.accounts.is_https(),
        currency: host.shop.currency.clone(),
        me,
    })
}

/// Products by themselves, for their export.
pub fn products_of(caller: &Caller, host: &Host) -> Option<PgProducts> {
    PgProducts::new(host, staff_of(caller)?, caller)
}

/// Imports by themselves, for their files.
pub fn imports_of(caller: &Caller, host: &Host) -> Option<PgImports> {
    Some(PgImports::new(Arc::clone(&host.imports), &host.accounts, caller.clone(), staff_of(caller)?))
}

fn staff_of(caller: &Caller) -> Option<Staff> {
    let session = caller.session.as_ref().filter(|session| session.role != Role::Shopper)?;
    let name = if session.display_name.is_empty() { &session.username } else { &session.display_name };
    let fresh = OffsetDateTime::now_utc() - session.authenticated_at < FRESH;
    Some(Staff { name: name.clone(), role: session.role, fresh })
}

/// Accounts for whoever makes the request; `None` for strangers and shoppers.
pub fn users_of(caller: &Caller, host: &Host) -> Option<PgUsers> {
    let me = staff_of(caller)?;
    Some(PgUsers::new(host.pool.clone(), Arc::clone(&host.accounts), &host.shop.name, caller.clone(), me))
}
