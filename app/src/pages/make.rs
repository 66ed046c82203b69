use crate::admin::host::Office;
use crate::admin::products::view::preview;
use crate::cart;
use crate::cart::api::{Acted, Done, Shelf};
use crate::catalog;
use crate::catalog::api::Rendered;
use crate::domain::Currency;
use crate::error::AppError;
use crate::form::{Flash, Next};
use crate::host::{self, Carts, Catalog, Prepared, Wishlists};
use crate::parameters::parameters;
use crate::shop::Shop;
use crate::ui::{PageHead, address, el, leads_on, set_status, traced, write_head};
use crate::wishlist;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos::server_fn::http_export::request::Parts;
use std::sync::Arc;

/// What pages are made of, bound to one visitor.
#[derive(Clone)]
pub struct Hosts {
    pub catalog: Arc<dyn Catalog>,
    pub carts: Arc<dyn Carts>,
    pub wishlists: Arc<dyn Wishlists>,
    pub shop: Arc<Shop>,
    /// Of the staff, for what only they see.
    pub office: Option<Office>,
}

impl Hosts {
    /// # Errors
    /// `Unavailable` outside a request of the host.
    pub fn here() -> Result<Self, AppError> {
        Ok(Self {
            catalog: host::catalog()?,
            carts: host::carts()?,
            wishlists: host::wishlists()?,
            shop: host::shop()?,
            office: use_context(),
        })
    }
}

/// The page that is asked for, and by whom.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub path: &'a str,
    /// The query string, without its question mark.
    pub search: &'a str,
    pub shop: &'a Shop,
    pub shelf: &'a Shelf,
    /// What became of the form that led here, for a browser without JavaScript.
    pub flash: &'a Flash,
}

impl Asked<'_> {
    /// Path and query, for forms to come back to.
    pub fn here(&self) -> String {
        address(self.path, self.search)
    }

    pub fn currency(&self) -> &Currency {
        &self.shop.currency
    }

    /// The first value of a name in the query string.
    pub fn parameter(&self, name: &str) -> Option<String> {
        parameters(self.search).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

/// Forms of which a page has one for all its cards; their buttons stand elsewhere and name it.
pub const HEARTS: &str = "hearts";
pub const ADDS: &str = "adds";

/// The page at an address.
///
/// # Errors
/// `NotFound` for an address that [`super::is_made`] doesn't know, and whatever the services answer.
pub async fn make(hosts: &Hosts, path: &str, search: &str, shelf: &Shelf, flash: &Flash) -> Result<Rendered, AppError> {
    let search = search.trim_start_matches('?');
    let asked = Asked { path, search, shop: &hosts.shop, shelf, flash };
    let mut page = match path {
        "/cart" => cart::view::page(&hosts.carts.cart().await?, asked),
        "/wishlist" => {
            let parameter = |name| asked.parameter(name).unwrap_or_default();
            wishlist::view::page(&hosts.wishlists.wishlist(&parameter("list"), &parameter("sort")).await?, asked)
        }
        "/unsubscribe" => wishlist::view::unsubscribe(asked),
        _ if let Some(previewed) = super::preview_of(path) => {
            preview(hosts.office.as_ref().ok_or(AppError::Forbidden)?, previewed, asked).await?
        }
        _ => match path.strip_prefix("/wishlists/") {
            Some(token) => wishlist::view::shared(&hosts.wishlists.shared(token).await?, asked),
            None => catalog::view::page(&*hosts.catalog, asked).await?,
        },
    };
    page.html.push_str(&shared_form(HEARTS, "/api/wishlist/save", asked));
    page.html.push_str(&shared_form(ADDS, "/api/cart/add_line", asked));
    Ok(page)
}

fn shared_form(id: &'static str, action: &str, asked: Asked) -> String {
    el("form")
        .attr("id", id)
        .attr("method", "post")
        .attr("action", action)
        .attr("data-act", "")
        .child(el("input").attr("type", "hidden").attr("name", "page").attr("value", &asked.here()))
        .html()
}

/// How an act on the cart or a wishlist is answered. `undo`: the server function that takes it back. `page`: where its
/// form stands. `otherwise`: where a browser by itself goes, unless it stays there.
///
/// # Errors
/// Whatever the services answer when the page is made anew.
pub async fn acted(done: Done, undo: &str, page: String, otherwise: Option<&str>) -> Result<Acted, AppError> {
    let path = otherwise.map_or_else(|| page.clone(), str::to_owned);
    let next = Next { path, notice: done.notice, undo: cart::api::offer(done.undo, undo) };
    let scripted = use_context::<Parts>().is_some_and(|parts| parts.headers.contains_key("x-shopfront-act"));
    if !scripted {
        return Ok(Acted { next, ..Acted::default() });
    }
    let hosts = Hosts::here()?;
    let shelf = hosts.carts.shelf().await?;
    let (path, search) = page.split_once('?').unwrap_or((&page, ""));
    let html = if super::is_personal(path) {
        make(&hosts, path, search, &shelf, &Flash::default()).await?.html
    } else {
        String::new()
    };
    Ok(Acted { next, goes: false, count: shelf.count, html })
}

/// As [`acted`], for an act that leads to another page, where its notice is said.
pub fn going(acted: Acted) -> Acted {
    leads_on();
    Acted { goes: true, ..acted }
}

/// The page that the host has prepared for this request, its head and status included.
pub fn prepared(kind: &super::frame::Kind) -> String {
    let page = match use_context::<Prepared>() {
        Some(Prepared(page)) => (*page).clone(),
        // The router takes some other addresses for one of a page.
        None if use_context::<Parts>().is_some_and(|parts| !(kind.is_ours)(parts.uri.path())) => {
            Err(AppError::NotFound)
        }
        None => Err(AppError::Unavailable { request_id: None }),
    };
    match page {
        Ok(Rendered { title, canonical, html, answer, .. }) => {
            if let Some(status) = answer.status {
                set_status(status);
            }
            if let Some(to) = answer.redirect {
                leptos_axum::redirect(&to, false);
            }
            write_head(PageHead {
                title: &title,
                description: &answer.description,
                canonical,
                image: answer.image,
                kind: answer.kind,
            });
            match use_nonce() {
                Some(nonce) => with_nonce(&html, &nonce),
                None => html,
            }
        }
        Err(error) => {
            let error = traced(error);
            set_status(error.status());
            let (title, html) = kind.error(&error);
            write_head(PageHead { title, ..PageHead::default() });
            html
        }
    }
}

/// The blocks of data in a page are no scripts that run, but that every script has a nonce is a better rule without
/// exceptions.
pub fn with_nonce(html: &str, nonce: &str) -> String {
    html.replace("<script ", &["<script nonce=\"", nonce, "\" "].concat())
}
