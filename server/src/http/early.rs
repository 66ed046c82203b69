//! A known visitor's page, answered before the router where its shell is kept: each layer of a router costs every request a
//! copy of all that is inside it, and for such a page none of them has anything to say. What is found out on the way, those
//! layers don't ask again.

use super::shells::Shells;
use super::visitor::{Head, NO_STORE, recognise};
use super::{Host, cookies, forms};
use crate::config::Access;
use crate::services::accounts::SESSION_COOKIE;
use crate::services::shelf::{GUEST_COOKIE, PgShelf};
use app::catalog::api::Rendered;
use app::error::AppError;
use app::form::Flash;
use app::host::{Carts, Wishlists};
use app::pages::{Hosts, is_made, make, preview_of};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Response, Uri, header};
use axum::response::IntoResponse;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The one page whose making reads nothing but the visitor's own things, by one connection.
const CART: &str = "/cart";

/// A visitor's page and the number in its header; made before the router where that may save asking it.
#[derive(Clone)]
pub struct Made(Arc<(u32, Option<Result<Rendered, AppError>>)>);

impl Made {
    /// What the header says, and the page at `request`'s address if the server makes that one.
    pub async fn new(hosts: &Hosts, path: &str, search: &str, flash: &Flash) -> Self {
        Self(Arc::new(match hosts.carts.shelf().await {
            Ok(shelf) if is_made(path) => (shelf.count, Some(make(hosts, path, search, &shelf, flash).await)),
            Ok(shelf) => (shelf.count, None),
            // A page of the account is still worth having without the number in its header.
            Err(error) => (0, is_made(path).then_some(Err(error))),
        }))
    }

    pub fn count(&self) -> u32 {
        self.0.0
    }

    pub fn page(&self) -> Option<&Rendered> {
        self.0.1.as_ref()?.as_ref().ok()
    }

    pub fn into_page(self) -> Option<Result<Rendered, AppError>> {
        Arc::unwrap_or_clone(self.0).1
    }
}

/// The answer, if it can be had without the router.
pub async fn answer(host: &Host, shells: &Shells, request: &mut Request) -> Option<Response<Body>> {
    let path = request.uri().path();
    if request.method() != Method::GET || !is_made(path) || preview_of(path).is_some() || host.access == Access::Members
    {
        return None;
    }
    if !is_of_one_kind(request.headers(), host.secure_cookies) {
        return None;
    }
    // Without a database the router says so.
    let mut connection = host.at_hand.take().await.ok()?;
    let caller = match recognise(host, Head::of(request), &mut connection).await {
        Ok(caller) => caller,
        Err(status) => return Some(status.into_response()),
    };
    let shelf = PgShelf::new(Arc::clone(&host.shelf), caller.clone());
    let made = if path == CART {
        let lent = Arc::new(Mutex::new(connection));
        let made = made_for(host, shelf.lend(Arc::clone(&lent)), request.uri()).await;
        // What failed may have left an answer half read.
        if let (Some(_), Some(lent)) = (made.page(), Arc::into_inner(lent)) {
            lent.into_inner().keep();
        }
        made
    } else {
        connection.keep();
        made_for(host, shelf, request.uri()).await
    };
    request.extensions_mut().insert(caller.clone());
    let kept = made.page().and_then(|page| shells.kept(page, made.count(), request));
    let Some(mut response) = kept else {
        request.extensions_mut().insert(made);
        return None;
    };
    caller.answer.apply(&mut response);
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    Some(response)
}

/// Whether somebody is known by a session or as a guest. Who is both has something to bring along, and who has been told
/// something is told it by the router.
fn is_of_one_kind(headers: &HeaderMap, https: bool) -> bool {
    let has = |name| cookies::read(headers, name, https).is_some();
    has(SESSION_COOKIE) != has(GUEST_COOKIE) && !has(forms::FLASH)
}

async fn made_for(host: &Host, shelf: PgShelf, at: &Uri) -> Made {
    let hosts = hosts_of(host, Arc::new(shelf));
    Made::new(&hosts, at.path(), at.query().unwrap_or_default(), &Flash::default()).await
}

/// What pages are made of, for the visitor whose shelf it is.
pub fn hosts_of(host: &Host, shelf: Arc<PgShelf>) -> Hosts {
    Hosts {
        catalog: Arc::clone(&host.catalog),
        carts: Arc::clone(&shelf) as Arc<dyn Carts>,
        wishlists: shelf as Arc<dyn Wishlists>,
        shop: Arc::clone(&host.shop),
        office: None,
    }
}
