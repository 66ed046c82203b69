//! Pictures on their way: what a request leaves to be done, and how it learns what has come of it.

use super::MOST;
use crate::error::ServiceError;
use crate::media::Hash;
use crate::services::office::audit::Actor;
use app::error::AppError;
use sqlx::{PgConnection, PgPool};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// Between two looks at jobs that another process may have done.
const LOOK: Duration = Duration::from_millis(250);

/// What requests and the encoder of one process tell each other.
#[derive(Debug)]
pub struct PictureJobs {
    /// Rung when there is something to do.
    pub(super) bell: Notify,
    /// Counts what this process has done.
    ended: watch::Sender<u64>,
    /// For how long a request waits for what it has sent.
    patience: Duration,
}

impl PictureJobs {
    pub fn new(patience: Duration) -> Self {
        Self { bell: Notify::new(), ended: watch::Sender::new(0), patience }
    }

    /// Something has been decided about a job.
    pub(super) fn tell(&self) {
        self.ended.send_modify(|ended| *ended = ended.wrapping_add(1));
    }

    /// What has come of some jobs by the end of a request's patience, in their order. What was refused leaves no row.
    ///
    /// # Errors
    /// Of the database; the jobs are done all the same.
    pub(super) async fn settle(&self, pool: &PgPool, jobs: &[Uuid]) -> Result<Vec<Outcome>, sqlx::Error> {
        let until = Instant::now() + self.patience;
        let mut ended = self.ended.subscribe();
        let mut outcomes = vec![Outcome::Coming; jobs.len()];
        loop {
            ended.borrow_and_update();
            for (job, outcome) in jobs.iter().zip(&mut outcomes) {
                if *outcome == Outcome::Coming {
                    *outcome = look(pool, *job).await?;
                }
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || !outcomes.contains(&Outcome::Coming) {
                return Ok(outcomes);
            }
            // This process or another: of the latter nobody tells.
            let _ = tokio::time::timeout(left.min(LOOK), ended.changed()).await;
        }
    }
}

/// What has come of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Shoppers see it.
    There,
    /// It is being prepared.
    Coming,
    /// In words.
    Refused(String),
    DiskFull,
}

/// Takes a job back that its sender is told the failure of: they have it before their eyes, and can send it again.
async fn look(pool: &PgPool, job: Uuid) -> Result<Outcome, sqlx::Error> {
    let found = sqlx::query!("select state, reason, disk_full from picture_jobs where id = $1", job)
        .fetch_optional(pool)
        .await?;
    let Some(found) = found else { return Ok(Outcome::Refused("it was removed before it was ready".to_owned())) };
    match found.state.as_str() {
        "done" => Ok(Outcome::There),
        "waiting" if !found.disk_full => Ok(Outcome::Coming),
        state => {
            let gone = sqlx::query!("delete from picture_jobs where id = $1 and state = $2", job, state)
                .execute(pool)
                .await?
                .rows_affected();
            match (gone, state) {
                // It has just been tried again.
                (0, _) => Ok(Outcome::Coming),
                (_, "failed") => Ok(Outcome::Refused(found.reason)),
                _ => Ok(Outcome::DiskFull),
            }
        }
    }
}

/// A picture that has been received, before it is one.
pub(super) struct Received<'a> {
    pub product: Uuid,
    pub hash: &'a Hash,
    /// As its sender calls it.
    pub file: &'a str,
}

/// Writes a job down, within the transaction that has locked its product. Returns its number.
///
/// # Errors
/// `Invalid` for a picture that the product has, or is about to have, and for one too many.
pub(super) async fn enqueue(
    connection: &mut PgConnection,
    job: Uuid,
    received: &Received<'_>,
    actor: &Actor,
) -> Result<i64, ServiceError> {
    let Received { product, hash, file } = *received;
    let there = sqlx::query!(
        r#"select (select count(*) from product_images where product_id = $1)
                  + (select count(*) from picture_jobs where product_id = $1 and state = 'waiting') as "pictures!",
                  exists (
                      select from product_images i join media m on m.id = i.media_id
                      where i.product_id = $1 and m.hash = $2
                  )
                  or exists (
                      select from picture_jobs where product_id = $1 and hash = $2 and state = 'waiting'
                  ) as "has_it!""#,
        product,
        &hash[..]
    )
    .fetch_one(&mut *connection)
    .await?;
    if there.has_it {
        return Err(has_it());
    }
    if usize::try_from(there.pictures).is_ok_and(|there| there >= MOST) {
        return Err(too_many());
    }
    let number = sqlx::query_scalar!(
        "insert into picture_jobs (id, product_id, hash, file_name, actor_id, request_id)
         values ($1, $2, $3, $4, $5, $6)
         returning number",
        job,
        product,
        &hash[..],
        file,
        actor.id,
        actor.request
    )
    .fetch_one(connection)
    .await?;
    Ok(number)
}

pub(super) fn has_it() -> ServiceError {
    AppError::invalid("", "the product has this picture already").into()
}

pub(super) fn too_many() -> ServiceError {
    AppError::invalid("", format!("a product has at most {MOST} pictures")).into()
}
