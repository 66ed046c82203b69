//! A picture whose files are there becomes one of its product's.

use super::jobs::{has_it, too_many};
use super::place::{number, order_of};
use super::{By, MOST, lock, record};
use crate::error::ServiceError;
use crate::media::{self, Hash, Medium, NewFiles};
use crate::services::office::audit::Actor;
use crate::services::office::products::Locked;
use crate::services::office::rights::still_may;
use app::admin::host::May;
use app::error::AppError;
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A job that this process has claimed.
pub(super) struct Claim {
    pub id: Uuid,
    pub product: Uuid,
    pub hash: Hash,
    /// Whoever sent it.
    pub actor: Actor,
    /// Which claim this is.
    pub tries: i32,
    /// Processes that have died with it.
    pub deaths: i32,
}

const NOT_ANY_MORE: &str = "whoever sent it may not work on the catalogue any more";

/// Makes a claimed picture live. `files`: none for one that the shop has already. `false`, and nothing happens, for a job
/// that was removed meanwhile, or that another process has taken: it had given this one up.
///
/// # Errors
/// `Refused` for what the product can't have, in words; `NotReady` for a picture that was tidied away a moment ago.
pub(super) async fn show(pool: &PgPool, claim: &Claim, files: Option<NewFiles>) -> Result<bool, ServiceError> {
    let mut transaction = pool.begin().await?;
    let written = write(&mut transaction, claim, files.as_ref().map(NewFiles::medium)).await;
    let Ok(Some(medium)) = written else {
        transaction.rollback().await?;
        if let Some(files) = files {
            files.remove().await;
        }
        return Ok(written?.is_some());
    };
    let committed = transaction.commit().await;
    match files {
        // Whoever doesn't hear whether it was committed had better keep them: the sweep takes what no row names.
        Some(files) if committed.is_err() || files.medium().id == medium.id => files.keep(),
        // Somebody was faster with the same picture.
        Some(files) => files.remove().await,
        None => {}
    }
    committed?;
    Ok(true)
}

/// `None` for a claim that doesn't count any more.
async fn write(
    connection: &mut PgConnection,
    claim: &Claim,
    made: Option<&Medium>,
) -> Result<Option<Medium>, ServiceError> {
    // What waits doesn't outlive the right to ask for it.
    if !still_may(connection, &claim.actor, May::Catalogue).await? {
        return Err(AppError::invalid("", NOT_ANY_MORE).into());
    }
    let locked = lock(connection, claim.product).await?;
    let job = sqlx::query!(
        "update picture_jobs
         set state = 'done', claimed = false, disk_full = false, file_name = '', done_at = now()
         where id = $1 and tries = $2 and state = 'waiting'
         returning number, alt, decorative",
        claim.id,
        claim.tries
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(job) = job else { return Ok(None) };
    let medium = match made {
        Some(made) => media::insert(connection, &claim.hash, made).await?,
        None => media::find(connection, &claim.hash).await?.ok_or(ServiceError::NotReady)?,
    };
    let picture = Picture { id: claim.id, number: job.number, alt: &job.alt, decorative: job.decorative };
    insert(connection, claim.product, &locked, &medium, &picture, &claim.actor).await?;
    Ok(Some(medium))
}

/// What is known of a picture before it is one.
pub(super) struct Picture<'a> {
    pub id: Uuid,
    /// Its job's.
    pub number: i64,
    pub alt: &'a str,
    pub decorative: bool,
}

/// Puts a picture behind those that its locked product has, but for those that were sent after it: whichever is ready
/// first, they stand as they came.
pub(super) async fn insert(
    connection: &mut PgConnection,
    product: Uuid,
    locked: &Locked,
    medium: &Medium,
    picture: &Picture<'_>,
    actor: &Actor,
) -> Result<(), ServiceError> {
    let there = sqlx::query!(
        r#"select i.media_id, coalesce(j.number > $2, false) as "is_later!"
           from product_images i left join picture_jobs j on j.id = i.id
           where i.product_id = $1
           order by i.position"#,
        product,
        picture.number
    )
    .fetch_all(&mut *connection)
    .await?;
    if there.iter().any(|one| one.media_id == Some(medium.id)) {
        return Err(has_it());
    }
    if there.len() >= MOST {
        return Err(too_many());
    }
    let last = sqlx::query_scalar!(
        r#"insert into product_images (id, product_id, position, media_id, alt, decorative)
           select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5 from product_images where product_id = $2
           returning position"#,
        picture.id,
        product,
        medium.id,
        picture.alt,
        picture.decorative
    )
    .fetch_one(&mut *connection)
    .await?;
    let place = there.iter().position(|one| one.is_later);
    if let Some(place) = place {
        let mut order = order_of(connection, product).await?;
        order.retain(|one| *one != picture.id);
        order.insert(place, picture.id);
        number(connection, &order).await?;
    }
    let position = place.and_then(|place| i32::try_from(place + 1).ok()).unwrap_or(last);
    let mut after = json!({"picture": medium.id, "position": position, "picture_id": picture.id});
    if !picture.alt.is_empty() {
        after["shows"] = json!(picture.alt);
    }
    let by = By { actor, reason: "" };
    record(connection, by, "product.add_picture", (product, &locked.title), (json!({}), after)).await?;
    Ok(())
}
