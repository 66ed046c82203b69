//! Taking back what was done to pictures. Entries from before they told which picture they are about say too little.

use super::place::{POSITION, order_of, shift};
use super::remove::{bring_back, take_away};
use super::words::{Album, Change, Words};
use super::{By, Changing, id, lock_of};
use crate::error::ServiceError;
use crate::services::office::audit::Actor;
use crate::services::office::products::sign;
use crate::services::office::trail::{Row, WayBack, changed_since, taking_back, without_field};
use app::admin::host::May;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// `product.describe_picture`.
pub struct PictureWords;
/// `product.reorder_pictures`.
pub struct PictureOrder;
/// `product.remove_picture`: for a day.
pub struct PictureRemoval;
/// `product.add_picture` and `product.restore_picture`.
pub struct PictureAddition;

fn picture(side: &Value) -> Option<Uuid> {
    id(side.get("picture_id")?.as_str()?).ok()
}

fn gone(error: ServiceError) -> ServiceError {
    match error {
        ServiceError::NotFound => AppError::invalid("", "This picture isn’t there any more").into(),
        error => without_field(error),
    }
}

/// The picture that an entry tells of, locked with its product.
async fn held(connection: &mut PgConnection, side: &Value) -> Result<(Uuid, Changing), ServiceError> {
    let picture = picture(side).ok_or_else(|| gone(ServiceError::NotFound))?;
    Ok((picture, lock_of(connection, picture).await.map_err(gone)?))
}

#[async_trait]
impl WayBack for PictureWords {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn fits(&self, entry: &Row) -> bool {
        picture(&entry.before).is_some() && picture(&entry.after).is_some()
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        sign(connection, actor, "revert").await?;
        let (picture, changing) = held(connection, &entry.after).await?;
        let of = (changing.product, changing.locked);
        let mut album = Album::open(connection, of, &[picture]).await?;
        let before = album.pictures.remove(&picture).ok_or_else(|| gone(ServiceError::NotFound))?.words;
        let now = json!({"shows": before.alt, "decorative": before.decorative, "showing_id": before.variants});
        for (field, words) in [("shows", "text"), ("decorative", "text"), ("showing_id", "variants")] {
            if entry.after.get(field).is_some_and(|then| now.get(field) != Some(then)) {
                return Err(changed_since(words));
            }
        }
        let was = |field: &str| entry.before.get(field);
        let ids =
            |ids: &Value| ids.as_array().into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok()).collect();
        let after = Words {
            alt: was("shows").and_then(Value::as_str).unwrap_or(&before.alt).to_owned(),
            decorative: was("decorative").and_then(Value::as_bool).unwrap_or(before.decorative),
            variants: was("showing_id").map_or_else(|| before.variants.clone(), ids),
        };
        let reason = taking_back(entry);
        let change = Change { picture, before, after, coming: false };
        album.put(connection, By { actor, reason: &reason }, &[change]).await.map_err(gone)
    }
}

/// A place that an entry tells of, from 0.
fn place_in(side: &Value) -> Option<usize> {
    let (_, place) = side.as_object()?.iter().find(|(field, _)| field.starts_with(POSITION))?;
    usize::try_from(place.as_u64()?).ok()?.checked_sub(1)
}

#[async_trait]
impl WayBack for PictureOrder {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn fits(&self, entry: &Row) -> bool {
        picture(&entry.after).is_some() && place_in(&entry.before).is_some() && place_in(&entry.after).is_some()
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        let (picture, changing) = held(connection, &entry.after).await?;
        let order = order_of(connection, changing.product).await?;
        let (Some(back), Some(from)) = (place_in(&entry.before), place_in(&entry.after)) else {
            return Err(changed_since("place"));
        };
        if order.get(from) != Some(&picture) || back >= order.len() {
            return Err(changed_since("place"));
        }
        let reason = taking_back(entry);
        Ok(shift(connection, By { actor, reason: &reason }, (picture, &changing), order, (from, back)).await?)
    }
}

#[async_trait]
impl WayBack for PictureRemoval {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn fits(&self, entry: &Row) -> bool {
        picture(&entry.before).is_some()
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        sign(connection, actor, "revert").await?;
        let picture = picture(&entry.before).ok_or_else(|| gone(ServiceError::NotFound))?;
        let reason = taking_back(entry);
        bring_back(connection, By { actor, reason: &reason }, picture).await.map_err(gone)?;
        Ok(())
    }
}

#[async_trait]
impl WayBack for PictureAddition {
    fn needs(&self) -> May {
        May::Catalogue
    }

    fn fits(&self, entry: &Row) -> bool {
        picture(&entry.after).is_some()
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        sign(connection, actor, "revert").await?;
        let picture = picture(&entry.after).ok_or_else(|| gone(ServiceError::NotFound))?;
        let reason = taking_back(entry);
        take_away(connection, By { actor, reason: &reason }, picture).await.map_err(gone)?;
        Ok(())
    }
}
