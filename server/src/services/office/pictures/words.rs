//! What pictures say, and which variants show them first: as many of one product's as there are, by the same few statements.

use super::{By, raise, state};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use crate::services::office::products::{Locked, about};
use app::error::AppError;
use serde_json::{Value, json};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// What a picture says, and the variants that show it first, by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub alt: String,
    pub decorative: bool,
    pub variants: Vec<Uuid>,
}

impl Words {
    /// As a form names what it was made from.
    pub fn seen(&self) -> String {
        state(&self.alt, self.decorative, &self.variants)
    }
}

/// A picture whose words may be changed.
pub(super) struct Known {
    pub words: Words,
    pub place: Place,
}

pub(super) enum Place {
    /// Among its product's, from 1.
    At(i32),
    /// It is being prepared; what its sender called it, or nothing.
    Coming(String),
}

impl Known {
    pub fn name(&self) -> String {
        match &self.place {
            Place::At(position) => format!("picture {position}"),
            Place::Coming(file) if file.is_empty() => "the picture".to_owned(),
            Place::Coming(file) => file.clone(),
        }
    }
}

/// What is to be changed of one picture.
pub(super) struct Change {
    pub picture: Uuid,
    pub before: Words,
    pub after: Words,
    /// It is being prepared.
    pub coming: bool,
}

struct Variant {
    id: Uuid,
    name: String,
    /// The picture that it shows first.
    image: Option<Uuid>,
}

/// Some pictures of a product that is locked, so that nobody changes them meanwhile.
pub(super) struct Album {
    pub product: Uuid,
    pub locked: Locked,
    pub pictures: HashMap<Uuid, Known>,
    /// All of the product's, in their order.
    variants: Vec<Variant>,
}

impl Album {
    /// Of `pictures` those that the product has or is about to have.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(
        connection: &mut PgConnection,
        (product, locked): (Uuid, Locked),
        pictures: &[Uuid],
    ) -> Result<Self, sqlx::Error> {
        let variants = sqlx::query_as!(
            Variant,
            r#"select id, array_to_string(option_values, ' / ') as "name!", image_id as image
               from variants where product_id = $1
               order by position"#,
            product
        )
        .fetch_all(&mut *connection)
        .await?;
        let rows = sqlx::query!(
            r#"with coming as (
                   select id, alt, decorative, file_name from picture_jobs
                   where product_id = $1 and id = any($2) and state = 'waiting'
                   for update
               )
               select id as "id!", alt as "alt!", decorative as "decorative!", position as "position?",
                      null as "file?: String"
               from product_images where product_id = $1 and id = any($2)
               union all
               select id, alt, decorative, null, file_name from coming"#,
            product,
            pictures
        )
        .fetch_all(connection)
        .await?;
        let mut album = Self { product, locked, pictures: HashMap::new(), variants };
        for row in rows {
            let words = Words { alt: row.alt, decorative: row.decorative, variants: album.showing(row.id) };
            let place = row.position.map_or_else(|| Place::Coming(row.file.unwrap_or_default()), Place::At);
            album.pictures.insert(row.id, Known { words, place });
        }
        Ok(album)
    }

    fn showing(&self, picture: Uuid) -> Vec<Uuid> {
        let mut ids: Vec<Uuid> =
            self.variants.iter().filter(|one| one.image == Some(picture)).map(|one| one.id).collect();
        ids.sort_unstable();
        ids
    }

    /// The variants of these ids, by their option values.
    pub fn names(&self, ids: &[Uuid]) -> Vec<String> {
        self.variants.iter().filter(|one| ids.contains(&one.id)).map(|one| one.name.clone()).collect()
    }

    pub fn has_all(&self, ids: &[Uuid]) -> bool {
        ids.iter().all(|id| self.variants.iter().any(|one| one.id == *id))
    }

    /// Changes what pictures say, and writes down each by itself. A variant that several of them ask for shows the last
    /// of those that didn't have it.
    ///
    /// # Errors
    /// `Invalid` for a variant that the product doesn't have.
    pub async fn put(
        mut self,
        connection: &mut PgConnection,
        by: By<'_>,
        changes: &[Change],
    ) -> Result<(), ServiceError> {
        if changes.is_empty() {
            return Ok(());
        }
        let wanted = |change: &Change| self.locked.plain || self.has_all(&change.after.variants);
        if !changes.iter().all(wanted) {
            return Err(variants_changed().into());
        }
        put_texts(connection, changes).await?;
        let sides = |album: &Self, words: fn(&Change) -> &Words| -> Vec<Value> {
            changes.iter().map(|change| album.side(change, words(change))).collect()
        };
        let before = sides(&self, |change| &change.before);
        if !self.locked.plain {
            self.give(connection, changes).await?;
        }
        let after = sides(&self, |change| &change.after);
        if changes.iter().any(|change| !change.coming) {
            raise(connection, self.product).await?;
        }
        let told: Vec<(Value, Value)> = changes
            .iter()
            .zip(before.iter().zip(&after))
            .map(|(change, (before, after))| {
                let (mut before, mut after) = audit::difference(before, after);
                if !change.coming {
                    for side in [&mut before, &mut after] {
                        side["picture_id"] = json!(change.picture);
                    }
                }
                (before, after)
            })
            .collect();
        let id = self.product.to_string();
        let act = Act { reason: by.reason, ..about("product.describe_picture", &id, &self.locked.title) };
        Ok(audit::write_each(connection, by.actor, act, &told).await?)
    }

    /// What an entry of the trail says of a picture, the variants as they are by now.
    fn side(&self, change: &Change, words: &Words) -> Value {
        let ids = self.showing(change.picture);
        json!({"shows": words.alt, "decorative": words.decorative, "variants": self.names(&ids), "showing_id": ids})
    }

    /// Gives variants the pictures that they are to show first.
    async fn give(&mut self, connection: &mut PgConnection, changes: &[Change]) -> Result<(), sqlx::Error> {
        let mut moved: HashMap<Uuid, Option<Uuid>> = HashMap::new();
        for change in changes {
            let lost = change.before.variants.iter().filter(|id| !change.after.variants.contains(id));
            for variant in lost {
                moved.entry(*variant).or_insert(None);
            }
            let won = change.after.variants.iter().filter(|id| !change.before.variants.contains(id));
            for variant in won {
                moved.insert(*variant, Some(change.picture));
            }
        }
        if moved.is_empty() {
            return Ok(());
        }
        for variant in &mut self.variants {
            if let Some(image) = moved.get(&variant.id) {
                variant.image = *image;
            }
        }
        let (ids, images): (Vec<Uuid>, Vec<Option<Uuid>>) = moved.into_iter().unzip();
        sqlx::query!(
            "update variants v set image_id = moved.image_id, version = version + 1, updated_at = now()
             from (
                 select v.id, m.image_id from unnest($1::uuid[], $2::uuid[]) m(id, image_id) join variants v on v.id = m.id
                 order by v.id
                 for update of v
             ) moved
             where v.id = moved.id",
            &ids,
            &images as &[Option<Uuid>]
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

pub(super) fn variants_changed() -> AppError {
    AppError::invalid("", "The product’s variants have changed meanwhile. Load the page again")
}

/// Those of pictures that are there, and of those that are being prepared.
async fn put_texts(connection: &mut PgConnection, changes: &[Change]) -> Result<(), sqlx::Error> {
    let pictures: Vec<Uuid> = changes.iter().map(|change| change.picture).collect();
    let alts: Vec<String> = changes.iter().map(|change| change.after.alt.clone()).collect();
    let decorative: Vec<bool> = changes.iter().map(|change| change.after.decorative).collect();
    sqlx::query!(
        "with words as (
             select id, alt, decorative from unnest($1::uuid[], $2::text[], $3::boolean[]) w(id, alt, decorative)
         ), there as (
             update product_images i set alt = w.alt, decorative = w.decorative from words w where i.id = w.id
         )
         update picture_jobs j set alt = w.alt, decorative = w.decorative
         from words w
         where j.id = w.id and j.state = 'waiting'",
        &pictures,
        &alts,
        &decorative
    )
    .execute(connection)
    .await?;
    Ok(())
}
