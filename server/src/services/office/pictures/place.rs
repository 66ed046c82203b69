//! The order of a product's pictures, of which shoppers see the first one first.

use super::{PgPictures, id, lock_of};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::error::AppError;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

impl PgPictures {
    /// At either end it stays where it is.
    pub(super) async fn put(&self, picture: &str, to: &str) -> Result<Done, ServiceError> {
        let picture = id(picture)?;
        let mut transaction = self.pool.begin().await?;
        let changing = lock_of(&mut transaction, picture).await?;
        let mut order = order_of(&mut transaction, changing.product).await?;
        let from = order.iter().position(|one| *one == picture).ok_or(ServiceError::NotFound)?;
        let to = target(from, to, order.len())?;
        if from != to {
            order.remove(from);
            order.insert(to, picture);
            number(&mut transaction, &order).await?;
            let name = ["position of ", &changing.name()].concat();
            let change = (json!({&name: from + 1}), json!({&name: to + 1}));
            let title = &changing.locked.title;
            self.record(&mut transaction, "product.reorder_pictures", changing.product, title, change).await?;
        }
        transaction.commit().await?;
        Ok(Done::saying(format!("Picture {} of {}", to + 1, order.len())))
    }
}

/// The place, from 0, of one of `of` pictures that stood at `from`.
fn target(from: usize, to: &str, of: usize) -> Result<usize, AppError> {
    let last = of.saturating_sub(1);
    match to {
        "up" => Ok(from.saturating_sub(1)),
        "down" => Ok(from.saturating_add(1).min(last)),
        number => match number.parse::<usize>() {
            Ok(number @ 1..) => Ok((number - 1).min(last)),
            _ => Err(AppError::invalid("", "There is no such place")),
        },
    }
}

pub(super) async fn order_of(connection: &mut PgConnection, product: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!("select id from product_images where product_id = $1 order by position", product)
        .fetch_all(connection)
        .await
}

/// Numbers pictures from 1, without gaps.
pub(super) async fn number(connection: &mut PgConnection, order: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update product_images i set position = o.number
         from unnest($1::uuid[]) with ordinality o(id, number)
         where i.id = o.id and i.position <> o.number",
        order
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_end_at_both_ends() {
        for (from, to, place) in
            [(1, "up", 0), (0, "up", 0), (1, "down", 2), (2, "down", 2), (2, "1", 0), (0, "3", 2), (0, "99", 2)]
        {
            assert_eq!(target(from, to, 3), Ok(place), "{from} {to}");
        }
        for to in ["0", "-1", "", "first", "1e9", "99999999999999999999999"] {
            assert!(target(0, to, 3).is_err(), "{to}");
        }
    }
}
