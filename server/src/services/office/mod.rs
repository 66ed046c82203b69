//! The back office, implemented. Each service is bound to one member of the staff, asks first what their role may do,
//! and writes what it did into the audit log in the transaction that did it.

pub mod audit;

use super::accounts::Caller;
use app::account::api::Role;
use app::admin::host::{Office, Staff};
use app::shop::Shop;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// How long a password that was given counts for dangerous acts.
const FRESH: Duration = Duration::minutes(15);

/// The back office for whoever makes the request; `None` for strangers and shoppers.
pub fn office_of(caller: &Caller, shop: &Arc<Shop>) -> Option<Office> {
    let session = caller.session.as_ref().filter(|session| session.role != Role::Shopper)?;
    let name = if session.display_name.is_empty() { &session.username } else { &session.display_name };
    let fresh = OffsetDateTime::now_utc() - session.authenticated_at < FRESH;
    Some(Office { me: Staff { name: name.clone(), role: session.role, fresh }, shop: Arc::clone(shop) })
}
