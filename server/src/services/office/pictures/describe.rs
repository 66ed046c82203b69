//! What a picture shows, and whose it is.

use super::{PgPictures, id, lock_of};
use crate::error::ServiceError;
use crate::services::office::audit;
use crate::services::words;
use app::admin::pictures::host::Described;
use app::cart::api::Done;
use app::error::AppError;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// Characters.
const LONGEST: usize = 500;

impl PgPictures {
    pub(super) async fn set_words(&self, described: &Described) -> Result<Done, ServiceError> {
        let picture = id(&described.picture)?;
        let decorative = !described.decorative.is_empty();
        let alt = checked(&described.alt, decorative)?;
        let mut transaction = self.pool.begin().await?;
        let changing = lock_of(&mut transaction, picture).await?;
        sqlx::query!("update product_images set alt = $2, decorative = $3 where id = $1", picture, alt, decorative)
            .execute(&mut *transaction)
            .await?;
        let before = names_of(&mut transaction, picture).await?;
        if !changing.locked.plain {
            let variants = described.variants.iter().map(|one| id(one)).collect::<Result<Vec<_>, _>>()?;
            belong(&mut transaction, changing.product, picture, &variants).await?;
        }
        let after = names_of(&mut transaction, picture).await?;
        let change = audit::difference(
            &json!({"shows": changing.alt, "decorative": changing.decorative, "variants": before}),
            &json!({"shows": alt, "decorative": decorative, "variants": after}),
        );
        let title = &changing.locked.title;
        self.record(&mut transaction, "product.describe_picture", changing.product, title, change).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Saved picture {}", changing.position)))
    }
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

/// Makes it the first picture of these variants, and of no others.
async fn belong(
    connection: &mut PgConnection,
    product: Uuid,
    picture: Uuid,
    variants: &[Uuid],
) -> Result<(), ServiceError> {
    let rows = sqlx::query!(
        r#"select id, image_id is not distinct from $2::uuid as "shows_it!" from variants where product_id = $1
           order by id for update"#,
        product,
        picture
    )
    .fetch_all(&mut *connection)
    .await?;
    if variants.iter().any(|wanted| rows.iter().all(|row| row.id != *wanted)) {
        return Err(AppError::invalid("", "The product’s variants have changed meanwhile. Load the page again").into());
    }
    let changed: Vec<Uuid> =
        rows.iter().filter(|row| row.shows_it != variants.contains(&row.id)).map(|row| row.id).collect();
    sqlx::query!(
        "update variants
         set image_id = case when id = any($2) then $3::uuid end, version = version + 1, updated_at = now()
         where id = any($1)",
        &changed,
        variants,
        picture
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The variants that show a picture first, by their option values.
async fn names_of(connection: &mut PgConnection, picture: Uuid) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select array_to_string(option_values, ' / ') as "name!" from variants where image_id = $1 order by position"#,
        picture
    )
    .fetch_all(connection)
    .await
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
