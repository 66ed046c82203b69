//! Lists that others may look at.

use super::wishlists::own_list;
use super::{PgShelf, ShelfService};
use crate::error::ServiceError;
use crate::secret::token_hash;
use app::cart::api::Done;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

impl ShelfService {
    /// 256 bits that only the shop's key can make: the database has their hash, and the owner is shown them again.
    pub(super) fn share_token(&self, list: Uuid, number: i32) -> String {
        URL_SAFE_NO_PAD.encode(self.secret.mac("share wishlist", &[list.as_bytes(), &number.to_be_bytes()]))
    }
}

impl PgShelf {
    pub(super) async fn share_list(&self, list: &str) -> Result<Done, ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner_of(&mut transaction, list).await?;
        let list = own_list(&mut transaction, owner, list).await?;
        let number = sqlx::query_scalar!(
            "update wishlists set share_number = share_number + 1 where id = $1 and share_hash is null
             returning share_number",
            list.id
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(number) = number {
            let hash = token_hash(&self.service.share_token(list.id, number));
            sqlx::query!("update wishlists set share_hash = $2 where id = $1", list.id, &hash)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(Done::saying(format!("Whoever has its link can now see {}", list.name)))
    }

    pub(super) async fn stop_sharing(&self, list: &str) -> Result<Done, ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner(&mut transaction).await?;
        let list = own_list(&mut transaction, owner, list).await?;
        sqlx::query!("update wishlists set share_hash = null where id = $1", list.id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("The link to {} no longer works", list.name)))
    }
}
