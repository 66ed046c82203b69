//! The order of a product's pictures, of which shoppers see the first one first.

use super::{By, Changing, PgPictures, id, lock_of, record};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::error::AppError;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// With what the field of an entry begins that tells a picture's place, before its name.
pub(super) const POSITION: &str = "position of ";

impl PgPictures {
    /// At either end it stays where it is.
    pub(super) async fn put(&self, picture: &str, to: &str) -> Result<Done, ServiceError> {
        let picture = id(picture)?;
        let mut transaction = self.pool.begin().await?;
        let changing = lock_of(&mut transaction, picture).await?;
        let order = order_of(&mut transaction, changing.product).await?;
        let from = order.iter().position(|one| *one == picture).ok_or(ServiceError::NotFound)?;
        let to = target(from, to, order.len())?;
        if from != to {
            shift(&mut transaction, self.by(), (picture, &changing), order.clone(), (from, to)).await?;
        }
        transaction.commit().await?;
        Ok(Done::saying(format!("Picture {} of {}", to + 1, order.len())))
    }
}

/// Puts one of a product's pictures, which stand in this order, from one place to another, and writes that down.
pub(super) async fn shift(
    connection: &mut PgConnection,
    by: By<'_>,
    (picture, changing): (Uuid, &Changing),
    mut order: Vec<Uuid>,
    (from, to): (usize, usize),
) -> Result<(), sqlx::Error> {
    order.remove(from);
    order.insert(to, picture);
    number(connection, &order).await?;
    let name = [POSITION, &changing.name()].concat();
    let side = |place: usize| json!({&name: place + 1, "picture_id": picture});
    let product = (changing.product, changing.locked.title.as_str());
    record(connection, by, "product.reorder_pictures", product, (side(from), side(to))).await
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
