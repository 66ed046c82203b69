//! The back office, implemented. Each service is bound to one member of the staff, asks first what their role may do,
//! and writes what it did into the audit log in the transaction that did it.

pub mod audit;
pub mod users;

use super::accounts::Caller;
use crate::http::Host;
use app::account::api::Role;
use app::admin::host::{Office, Staff};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use users::PgUsers;

/// How long a password that was given counts for dangerous acts.
const FRESH: Duration = Duration::minutes(15);

/// The back office for whoever makes the request; `None` for strangers and shoppers.
pub fn office_of(caller: &Caller, host: &Host) -> Option<Office> {
    let me = staff_of(caller)?;
    let users = users_of(caller, host)?;
    Some(Office { me, shop: Arc::clone(&host.shop), users: Arc::new(users) })
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
