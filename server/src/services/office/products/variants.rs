//! Writing the variants of a product that is locked.

use super::checked::{Checked, CheckedVariant, GONE, stocked};
use super::save::in_words;
use crate::catalogue_file::{Leaving, wait_for_holders};
use crate::error::ServiceError;
use app::admin::products::api::TypedVariant;
use app::domain::Money;
use app::error::{AppError, FieldError};
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Removes, changes and makes them, in the order in which nothing stands in another's way.
pub async fn write(connection: &mut PgConnection, product: Uuid, checked: &Checked) -> Result<(), ServiceError> {
    if !checked.gone.is_empty() {
        wait_for_holders(connection, Leaving { removed: &checked.gone, ..Leaving::default() }).await?;
    }
    // Not against those who put one into a cart: they may have wishes locked that a change of a price marks.
    let rows = sqlx::query!(
        "select id, sku, on_hand from variants where product_id = $1 order by id for no key update",
        product
    )
    .fetch_all(&mut *connection)
    .await?;
    let there: HashMap<Uuid, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let named = checked.variants.iter().filter_map(|variant| variant.id).chain(checked.gone.iter().copied());
    let named: Vec<Uuid> = named.collect();
    // One that the form says nothing of might be told by options that it hasn't.
    let all: HashSet<Uuid> = named.iter().copied().collect();
    if all.len() != named.len() || all.len() != there.len() || !all.iter().all(|id| there.contains_key(id)) {
        return Err(AppError::invalid("", GONE).into());
    }
    let (mut changed, mut made, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for (position, variant) in (1_i32..).zip(&checked.variants) {
        let row = variant.id.and_then(|id| there.get(&id));
        let message = match stocked(row.map_or(0, |row| row.on_hand), variant.add) {
            Ok(on_hand) => {
                match row {
                    Some(row) => changed.push((row.id, row.sku != variant.sku, position, variant)),
                    None => made.push((position, on_hand, variant)),
                }
                continue;
            }
            Err(_) if row.is_none() && variant.add < 0 => "Stock can’t be negative".to_owned(),
            Err(message) => message,
        };
        wrong.push(FieldError { field: field(variant, "add"), message });
    }
    if !wrong.is_empty() {
        return Err(AppError::Invalid { fields: wrong }.into());
    }
    sqlx::query!("delete from variants where id = any($1)", &checked.gone).execute(&mut *connection).await?;
    // So that two variants may change their SKUs for one another's.
    let renamed: Vec<Uuid> = changed.iter().filter(|(_, renamed, ..)| *renamed).map(|(id, ..)| *id).collect();
    if !renamed.is_empty() {
        sqlx::query!("update variants set sku = null where id = any($1)", &renamed).execute(&mut *connection).await?;
    }
    changed.sort_by_key(|(id, ..)| *id);
    for (id, _, position, variant) in changed {
        change(connection, id, position, variant).await.map_err(|error| in_words(error, Some(variant)))?;
    }
    for (position, on_hand, variant) in made {
        let written = sqlx::query!(
            "insert into variants (id, product_id, position, sku, price, compare_at, on_hand, option_values)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            Uuid::now_v7(),
            product,
            position,
            variant.sku,
            variant.price.minor(),
            variant.compare_at.map(Money::minor),
            on_hand,
            &variant.values
        )
        .execute(&mut *connection)
        .await;
        written.map_err(|error| in_words(error, Some(variant)))?;
    }
    Ok(())
}

async fn change(
    connection: &mut PgConnection,
    id: Uuid,
    position: i32,
    variant: &CheckedVariant,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update variants
         set sku = $2, price = $3, compare_at = $4, on_hand = on_hand + $5, option_values = $6, position = $7,
             version = version + 1, updated_at = now()
         where id = $1
           and (sku, price, compare_at, option_values, position, $5)
               is distinct from ($2::text, $3::bigint, $4::bigint, $6::text[], $7::integer, 0)",
        id,
        variant.sku,
        variant.price.minor(),
        variant.compare_at.map(Money::minor),
        variant.add,
        &variant.values,
        position
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn field(variant: &CheckedVariant, name: &str) -> String {
    TypedVariant::field(variant.at, name)
}
