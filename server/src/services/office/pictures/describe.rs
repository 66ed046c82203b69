//! What a picture shows, and whose it is.

use super::words::{Album, Change, Place, Words, variants_changed};
use super::{MOST, PgPictures, id, lock};
use crate::error::ServiceError;
use crate::services::office::whole;
use crate::services::words;
use app::admin::pictures::host::Described;
use app::error::AppError;
use uuid::Uuid;

/// Characters.
const LONGEST: usize = 500;

/// What came of one of many texts: how its picture is called, if it was saved; nothing for one that is as it was.
pub type Saved = Result<Option<String>, AppError>;

impl PgPictures {
    /// Saves what a form says of many pictures of a product; what came of each, in their order. Says nothing of one that is
    /// described as it was when the form was made, even where it has no text yet, unless it is the one that `saves` names.
    ///
    /// # Errors
    /// `Invalid` for more than a product may have; `NotFound` for a product that there isn't. Of a single picture: as
    /// [`Pictures::describe`](app::admin::pictures::host::Pictures::describe).
    pub async fn describe_all(
        &self,
        product: &str,
        described: Vec<Described>,
        saves: &str,
    ) -> Result<Vec<Saved>, AppError> {
        self.must()?;
        if described.len() > MOST {
            return Err(AppError::invalid("alt", format!("A product has at most {MOST} pictures")));
        }
        let product = id(product)?;
        let (this, saves) = (self.clone(), saves.to_owned());
        whole(async move { this.set_words(product, &described, &saves).await }).await
    }

    /// How the picture is called.
    pub(super) async fn describe_one(&self, described: Described) -> Result<String, ServiceError> {
        let picture = id(&described.picture)?;
        let product = sqlx::query_scalar!(
            r#"select coalesce(
                   (select product_id from product_images where id = $1), (select product_id from picture_jobs where id = $1)
               )"#,
            picture
        )
        .fetch_one(&self.pool)
        .await?
        .ok_or(ServiceError::NotFound)?;
        let saves = described.picture.clone();
        let told = self.set_words(product, &[described], &saves).await?.pop();
        told.transpose()?.flatten().ok_or(ServiceError::NotFound)
    }

    async fn set_words(&self, product: Uuid, described: &[Described], saves: &str) -> Result<Vec<Saved>, ServiceError> {
        let pictures: Vec<Uuid> = described.iter().filter_map(|one| id(&one.picture).ok()).collect();
        let mut transaction = self.pool.begin().await?;
        let locked = lock(&mut transaction, product).await?;
        let mut album = Album::open(&mut transaction, (product, locked), &pictures).await?;
        let mut changes = Vec::new();
        let told = described.iter().map(|one| change(&mut album, one, one.picture == saves, &mut changes)).collect();
        album.put(&mut transaction, self.by(), &changes).await?;
        transaction.commit().await?;
        Ok(told)
    }
}

/// Adds what a form changes of a picture to `changes`. `asked`: also where nothing was typed.
fn change(album: &mut Album, described: &Described, asked: bool, changes: &mut Vec<Change>) -> Saved {
    let picture = id(&described.picture)?;
    let known = album.pictures.get(&picture).ok_or(AppError::NotFound)?;
    let coming = matches!(known.place, Place::Coming(_));
    // The form of a plain product has no variants to tick, nor has that of a picture that isn't there yet.
    let variants = match album.locked.plain || coming {
        true => known.words.variants.clone(),
        false => described.variants.iter().map(|one| id(one)).collect::<Result<Vec<_>, _>>()?,
    };
    let mut after = Words { alt: described.alt.clone(), decorative: !described.decorative.is_empty(), variants };
    let is_as_seen = after.seen() == described.seen;
    described.alt.trim().clone_into(&mut after.alt);
    if !asked && (is_as_seen || after.seen() == described.seen) {
        return Ok(None);
    }
    after.alt = checked(&after.alt, after.decorative)?;
    let (name, now) = (known.name(), known.words.seen());
    if after.seen() == now {
        return Ok(Some(name));
    }
    if described.seen != now {
        let shown = if album.locked.plain { Vec::new() } else { album.names(&known.words.variants) };
        return Err(AppError::invalid("alt", as_it_is(&known.words.alt, known.words.decorative, &shown)));
    }
    if !coming && !album.locked.plain && !album.has_all(&after.variants) {
        return Err(variants_changed());
    }
    // What the form says of it a second time is compared with this.
    let before = album.pictures.get_mut(&picture).map(|known| std::mem::replace(&mut known.words, after.clone()));
    changes.extend(before.map(|before| Change { picture, before, after, coming }));
    Ok(Some(name))
}

/// For whoever has described it from what somebody else has changed. `variants`: that show it first, by their names.
fn as_it_is(alt: &str, decorative: bool, variants: &[String]) -> String {
    let text = match (alt, decorative) {
        ("", true) => "It is decorative now".to_owned(),
        ("", false) => "It has no text now".to_owned(),
        (alt, _) => format!("It says “{alt}” now"),
    };
    let variants = match variants.is_empty() {
        true => String::new(),
        false => format!(", and is shown first for {}", variants.join(", ")),
    };
    format!(
        "Someone else changed this picture in the meantime. {text}{variants}. Save again to have it as you typed it"
    )
}

/// # Errors
/// `Invalid` for a picture that gets neither a text nor the word that it needs none.
fn checked(alt: &str, decorative: bool) -> Result<String, AppError> {
    let alt = alt.trim();
    if alt.chars().count() > LONGEST || alt.chars().any(words::misleads) {
        return Err(AppError::invalid("alt", format!("Use at most {LONGEST} ordinary characters")));
    }
    match (alt.is_empty(), decorative) {
        (true, false) => Err(AppError::invalid("alt", "Say what the picture shows, or tick that it is decorative")),
        (false, true) => Err(AppError::invalid("alt", "Clear this, or untick that the picture is decorative")),
        _ => Ok(alt.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_text_or_needs_none() {
        assert_eq!(checked(" A grey mug ", false).ok().as_deref(), Some("A grey mug"));
        assert_eq!(checked("", true).ok().as_deref(), Some(""));
        let too_long = "ä".repeat(LONGEST + 1);
        for (alt, decorative) in
            [("", false), ("  ", false), ("A mug", true), ("a\u{202e}b", false), (&too_long, false)]
        {
            assert!(checked(alt, decorative).is_err(), "{alt:.20}");
        }
    }
}
