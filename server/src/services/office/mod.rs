//! The back office, implemented. Each service is bound to one member of the staff, asks first what their role may do,
//! and writes what it did into the audit log in the transaction that did it.

pub mod audit;
mod products;

use super::accounts::Caller;
use crate::http::Host;
use app::account::api::Role;
use app::admin::host::{Office, Staff};
use products::PgProducts;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// How long a password that was given counts for dangerous acts.
const FRESH: Duration = Duration::minutes(15);

/// The back office for whoever makes the request; `None` for strangers and shoppers.
pub fn office_of(caller: &Caller, host: &Host) -> Option<Office> {
    let session = caller.session.as_ref().filter(|session| session.role != Role::Shopper)?;
    let name = if session.display_name.is_empty() { &session.username } else { &session.display_name };
    let fresh = OffsetDateTime::now_utc() - session.authenticated_at < FRESH;
    let me = Staff { name: name.clone(), role: session.role, fresh };
    let (pool, shop) = (&host.pool, &host.shop);
    let products = PgProducts::new(pool.clone(), shop.currency.clone(), host.image_hosts.clone(), me.clone(), caller)?;
    Some(Office { me, shop: Arc::clone(shop), products: Arc::new(products) })
}
