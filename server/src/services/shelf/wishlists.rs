//! Wishlists.

use super::{Owner, PgShelf};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::wishlist::api::{SharedList, Wishlist};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// Puts a variant on a list of the owner's, the default one unless another is named.
pub async fn put(
    _c: &mut PgConnection,
    _owner: Owner,
    _list: Option<Uuid>,
    _variant: Uuid,
) -> Result<(), ServiceError> {
    Err(ServiceError::NotFound)
}

/// Brings back what was removed: `items`, or a whole `list`. Answers in words.
pub async fn restore(
    _connection: &mut PgConnection,
    _owner: Owner,
    _kind: &str,
    _removed: &Value,
) -> Result<&'static str, ServiceError> {
    Err(ServiceError::NotFound)
}

impl PgShelf {
    pub(super) async fn load_wishlist(&self, _list: &str, _sort: &str) -> Result<Wishlist, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn load_shared(&self, _token: &str) -> Result<SharedList, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn save_item(&self, _variant: &str, _product: &str, _list: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn drop_wished(&self, _product: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn remove_item(&self, _item: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn new_list(&self, _name: &str) -> Result<(Done, String), ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn name_list(&self, _list: &str, _name: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn drop_list(&self, _list: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn put_on_list(&self, _item: &str, _list: &str, _moves: bool) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn note_item(&self, _item: &str, _note: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn watch_item(&self, _item: &str, _price: bool, _stock: bool) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn buy_item(&self, _item: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn buy_list(&self, _list: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn share_list(&self, _list: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn stop_sharing(&self, _list: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
    pub(super) async fn stop_alerts(&self, _token: &str) -> Result<Done, ServiceError> {
        Err(ServiceError::NotFound)
    }
}
