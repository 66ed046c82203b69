//! From a wishlist into the cart.

use super::add::{Added, Outcome, not_sold};
use super::wishlists::own_list;
use super::{Owner, PgShelf, id};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::domain::Quantity;
use app::error::AppError;
use sqlx::PgConnection;
use uuid::Uuid;

/// Things that a notice names; of more it tells the number.
const NAMED: usize = 4;
/// Characters of a name in such a notice.
const NAME: usize = 60;

impl PgShelf {
    pub(super) async fn buy_item(&self, item: &str) -> Result<Done, ServiceError> {
        let item = id(item)?;
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner(&mut transaction).await?;
        let found = sqlx::query_scalar!(
            "select i.variant_id from wishlist_items i join wishlists w on w.id = i.wishlist_id
             where i.id = $1 and w.owner_id = $2",
            item,
            owner.id()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(variant) = found else {
            return match was_bought(&mut transaction, owner, item).await? {
                true => Ok(Done::saying("It’s in your cart")),
                false => Err(ServiceError::NotFound),
            };
        };
        let variant = variant.ok_or_else(not_sold)?;
        let added = self.put_in(&mut transaction, owner, variant, Quantity::ONE, Some(item)).await?;
        // There is no quantity here that it could be said beside.
        let said = added.ok_or_else(not_sold)?.said().map_err(|refused| AppError::invalid("", refused))?;
        sqlx::query!("delete from wishlist_items where id = $1", item).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Done::saying(said))
    }

    pub(super) async fn buy_list(&self, list: &str) -> Result<Done, ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner(&mut transaction).await?;
        // Before the items: who takes a variant out of the shop waits for carts first.
        self.lock(&mut transaction, owner).await?;
        let list = own_list(&mut transaction, owner, list).await?;
        let mut items = sqlx::query!(
            "select id, variant_id, name from wishlist_items where wishlist_id = $1 order by id for update",
            list.id
        )
        .fetch_all(&mut *transaction)
        .await?;
        // Of two carts that take the same last pieces, neither waits for what the other has already.
        items.sort_by_key(|item| item.variant_id);
        let (mut moved, mut left) = (Vec::new(), Vec::new());
        let mut names = Vec::new();
        for item in items {
            let added = match item.variant_id {
                Some(variant) => self.put_in(&mut transaction, owner, variant, Quantity::ONE, Some(item.id)).await?,
                None => None,
            };
            match why_not(added) {
                Some(reason) => left.push((item.name, reason)),
                None => {
                    moved.push(item.id);
                    names.push(item.name);
                }
            }
        }
        sqlx::query!("delete from wishlist_items where id = any($1)", &moved).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Done { notice: told(&names, &left), undo: None })
    }
}

/// Whether an item that isn't on its list any more went into the owner's cart by this very act, sent twice.
async fn was_bought(connection: &mut PgConnection, owner: Owner, item: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
               select from cart_acts a join carts c on c.id = a.cart_id where c.owner_id = $1 and a.key = $2
           ) as "bought!""#,
        owner.id(),
        item
    )
    .fetch_one(connection)
    .await
}

fn why_not(added: Option<Added>) -> Option<&'static str> {
    match added.map(|added| added.outcome) {
        Some(Outcome::Put { put: 0, .. }) => Some("your cart has all there is"),
        Some(Outcome::Put { .. }) => None,
        Some(Outcome::SoldOut) => Some("out of stock"),
        Some(Outcome::Held) => Some("in somebody else’s cart"),
        Some(Outcome::Full) => Some("your cart is full"),
        None => Some("not sold any more"),
    }
}

/// `None` where there was nothing to do.
fn told(moved: &[String], left: &[(String, &'static str)]) -> Option<String> {
    let mut notice = match moved {
        [] if left.is_empty() => return None,
        [] => "Nothing could be added to your cart".to_owned(),
        [one] => format!("Added to your cart: {one}"),
        many => format!("Added to your cart: {} items", many.len()),
    };
    if !left.is_empty() {
        notice.push_str(". Still on the list: ");
        let shown: Vec<String> =
            left.iter().take(NAMED).map(|(name, why)| format!("{} ({why})", shortened(name))).collect();
        notice.push_str(&shown.join(", "));
        if left.len() > NAMED {
            notice.push_str(&format!(" and {} more", left.len() - NAMED));
        }
    }
    Some(notice)
}

/// The notice travels in a cookie, which holds only so much.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(NAME) {
        Some((end, _)) => format!("{}…", name[..end].trim_end()),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_moved_is_told_by_name_and_reason() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let left = |names: &[&str]| {
            names.iter().map(|name| ((*name).to_owned(), "out of stock")).collect::<Vec<(String, &str)>>()
        };
        let said = |moved: &[&str], stay: &[&str]| told(&names(moved), &left(stay)).unwrap_or_default();
        assert_eq!(said(&[], &[]), "");
        assert_eq!(said(&["Tarn mug, Sage"], &[]), "Added to your cart: Tarn mug, Sage");
        assert_eq!(
            said(&["a", "b"], &["Moor throw"]),
            "Added to your cart: 2 items. Still on the list: Moor throw (out of stock)"
        );
        let many = said(&[], &["a", "b", "c", "d", "e", "f"]);
        assert!(many.starts_with("Nothing could be added") && many.ends_with("d (out of stock) and 2 more"), "{many}");
        let long = "ä".repeat(500);
        assert!(said(&[], &[long.as_str(); 9]).len() < 800);
    }
}
