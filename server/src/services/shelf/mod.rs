//! Carts and wishlists, implemented: what a visitor has set aside, with an account or without.

mod acts;
mod add;
mod alerts;
mod buy;
mod connection;
mod guests;
mod housekeeping;
mod items;
mod lines;
mod merge;
mod own_data;
mod share;
mod undo;
mod wishlist_rows;
mod wishlists;

pub use guests::GUEST_COOKIE;
pub use merge::merge;
pub use own_data::own_data;

use crate::error::ServiceError;
use crate::secret::Secret;
use crate::services::accounts::Caller;
use crate::services::catalog::ImageHosts;
use crate::services::whole;
use app::cart::api::{Cart, Done, Shelf};
use app::domain::Currency;
use app::error::AppError;
use app::host::Carts;
use app::wishlist::api::{SharedList, Wishlist};
use async_trait::async_trait;
use connection::Lent;
use sqlx::{PgConnection, PgPool};
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use uuid::Uuid;

/// Lines that a cart has, at most, those for later included.
const MOST_LINES: i64 = 300;

/// What all requests share.
pub struct ShelfService {
    pool: PgPool,
    secret: Secret,
    currency: Currency,
    image_hosts: ImageHosts,
    https: bool,
    /// For how long the last piece of something is kept for the cart that has it; zero for not at all.
    hold: Duration,
    /// How long a guest may stay away.
    guest_life: Duration,
}

impl ShelfService {
    pub fn new(
        pool: PgPool,
        secret: Secret,
        currency: Currency,
        image_hosts: ImageHosts,
        https: bool,
        hold: Duration,
        guest_life: Duration,
    ) -> Self {
        Self { pool, secret, currency, image_hosts, https, hold, guest_life }
    }
}

/// Carts and wishlists as one request may use them.
#[derive(Clone)]
pub struct PgShelf {
    service: Arc<ShelfService>,
    caller: Caller,
    /// The token of the guest that this request has made of a stranger: what it answers is about them already.
    welcomed: Arc<OnceLock<String>>,
    /// What the request reads with, where it has a connection already.
    lent: Option<Lent>,
}

/// Whose cart or list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    User(Uuid),
    Guest(Uuid),
}

impl Owner {
    fn id(self) -> Uuid {
        match self {
            Self::User(id) | Self::Guest(id) => id,
        }
    }

    fn user(self) -> Option<Uuid> {
        match self {
            Self::User(id) => Some(id),
            Self::Guest(_) => None,
        }
    }

    fn guest(self) -> Option<Uuid> {
        match self {
            Self::Guest(id) => Some(id),
            Self::User(_) => None,
        }
    }
}

impl PgShelf {
    /// See [`whole`].
    async fn whole<T, W>(&self, work: impl FnOnce(Self) -> W) -> Result<T, AppError>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, ServiceError>> + Send + 'static,
    {
        whole(work(self.clone())).await
    }

    pub fn new(service: Arc<ShelfService>, caller: Caller) -> Self {
        Self { service, caller, welcomed: Arc::default(), lent: None }
    }

    fn guest_token(&self) -> Option<&str> {
        self.welcomed.get().or(self.caller.guest.as_ref()).map(String::as_str)
    }

    /// Whose the visitor's things are; `None` for somebody who has none.
    async fn owner(&self, connection: &mut PgConnection) -> Result<Option<Owner>, ServiceError> {
        match (&self.caller.session, self.guest_token()) {
            (Some(session), _) => Ok(Some(Owner::User(session.user_id))),
            (None, Some(token)) => Ok(guests::find(connection, token).await?.map(Owner::Guest)),
            (None, None) => Ok(None),
        }
    }

    /// As [`PgShelf::owner`], for acts that make no sense without one.
    async fn known_owner(&self, connection: &mut PgConnection) -> Result<Owner, ServiceError> {
        self.owner(connection).await?.ok_or(ServiceError::NotFound)
    }

    /// Whoever is refused has not become a guest for it.
    fn unless_refused<T>(&self, done: Result<T, AppError>) -> Result<T, AppError> {
        if done.is_err() && self.welcomed.get().is_some() {
            self.clear_cookie();
        }
        done
    }

    /// Locks what an act of several statements stands on. Whatever locks more than one thing does so in this order:
    /// the guest, the cart, its lines, holds, then wishlists. A log-in that takes a guest's things along does, too, so
    /// that it comes before the act or after it.
    async fn lock(&self, connection: &mut PgConnection, owner: Owner) -> Result<(), ServiceError> {
        if let Owner::Guest(guest) = owner {
            sqlx::query!("select from guests where id = $1 for key share", guest)
                .fetch_optional(&mut *connection)
                .await?
                .ok_or(ServiceError::NotFound)?;
        }
        sqlx::query!("select from carts where owner_id = $1 for update", owner.id()).fetch_optional(connection).await?;
        Ok(())
    }
}

/// An id as a form sends it. What is none is nobody's.
fn id(text: &str) -> Result<Uuid, ServiceError> {
    Uuid::try_parse(text).map_err(|_| ServiceError::NotFound)
}

#[async_trait]
impl Carts for PgShelf {
    async fn shelf(&self) -> Result<Shelf, AppError> {
        Ok(self.load_shelf().await?)
    }

    async fn cart(&self) -> Result<Cart, AppError> {
        Ok(self.load_cart().await?)
    }

    async fn add(&self, variant: String, product: String, quantity: String, key: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.add_to_cart(&variant, &product, &quantity, &key).await }).await
    }

    async fn set_quantity(&self, line: String, quantity: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.change_quantity(&line, &quantity).await }).await
    }

    async fn remove(&self, line: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.remove_line(&line).await }).await
    }

    async fn clear(&self) -> Result<Done, AppError> {
        self.whole(|this| async move { this.empty_cart().await }).await
    }

    async fn save_for_later(&self, line: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.put_aside(&line).await }).await
    }

    async fn move_to_cart(&self, line: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.bring_back(&line).await }).await
    }

    async fn move_to_wishlist(&self, line: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.wish_for(&line).await }).await
    }

    async fn accept_price(&self, line: String, seen: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.agree_to_price(&line, &seen).await }).await
    }

    async fn dismiss_note(&self, line: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.forget_note(&line).await }).await
    }

    async fn undo(&self, undo: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.take_back(&undo).await }).await
    }
}

#[async_trait]
impl app::host::Wishlists for PgShelf {
    async fn wishlist(&self, list: &str, sort: &str) -> Result<Wishlist, AppError> {
        Ok(self.load_wishlist(list, sort).await?)
    }

    async fn shared(&self, token: &str) -> Result<SharedList, AppError> {
        Ok(self.load_shared(token).await?)
    }

    async fn save(&self, variant: String, product: String, list: String) -> Result<Done, AppError> {
        self.unless_refused(self.whole(|this| async move { this.save_item(&variant, &product, &list).await }).await)
    }

    async fn drop_product(&self, product: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.drop_wished(&product).await }).await
    }

    async fn remove(&self, item: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.remove_item(&item).await }).await
    }

    async fn create_list(&self, name: String) -> Result<(Done, String), AppError> {
        self.unless_refused(self.whole(|this| async move { this.new_list(&name).await }).await)
    }

    async fn rename_list(&self, list: String, name: String) -> Result<Done, AppError> {
        self.unless_refused(self.whole(|this| async move { this.name_list(&list, &name).await }).await)
    }

    async fn delete_list(&self, list: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.drop_list(&list).await }).await
    }

    async fn move_item(&self, item: String, list: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.put_on_list(&item, &list, true).await }).await
    }

    async fn copy_item(&self, item: String, list: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.put_on_list(&item, &list, false).await }).await
    }

    async fn set_note(&self, item: String, note: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.note_item(&item, &note).await }).await
    }

    async fn set_alerts(&self, item: String, price: bool, stock: bool) -> Result<Done, AppError> {
        self.whole(|this| async move { this.watch_item(&item, price, stock).await }).await
    }

    async fn to_cart(&self, item: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.buy_item(&item).await }).await
    }

    async fn all_to_cart(&self, list: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.buy_list(&list).await }).await
    }

    async fn share(&self, list: String) -> Result<Done, AppError> {
        self.unless_refused(self.whole(|this| async move { this.share_list(&list).await }).await)
    }

    async fn unshare(&self, list: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.stop_sharing(&list).await }).await
    }

    async fn undo(&self, undo: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.take_back(&undo).await }).await
    }

    async fn unsubscribe(&self, token: String) -> Result<Done, AppError> {
        self.service.unsubscribe(token).await
    }
}
