//! Makes pictures of what has come in.
//!
//! A job is claimed by moving its next try past the end of this one, and the claim is committed before anything is
//! decoded: no connection or lock is held meanwhile, and no other process takes it. A process that dies in between leaves
//! a job that is taken again once its claim has run out; should the first be alive after all, its claim doesn't count
//! any more, and its files go. A picture that processes die with is given up.

use super::PictureJobs;
use super::ready::{Claim, show};
use crate::database::{Use, pool_of, ring};
use crate::error::ServiceError;
use crate::media::{Hash, MediaError, MediaStore};
use crate::services::office::audit::Actor;
use app::error::AppError;
use sqlx::PgPool;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

const CHANNEL: &str = "picture_jobs";
/// One hears, the others claim and finish; neither takes long.
const CONNECTIONS: u32 = 4;
/// In which a process that is told to leave finishes what it has in hand. The rest is taken by another.
const LEAVING: Duration = Duration::from_secs(20);
const TIDY: Duration = Duration::from_secs(3600);

/// How long the encoder waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For how long a claim keeps others away: much longer than the largest picture takes on a busy machine.
    pub lease: Duration,
    /// After the first failure that isn't the picture's; each further one doubles it.
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// Between two looks when nothing is announced: a notice can be lost with its connection.
    pub tick: Duration,
    /// A job is given up once it has been tried this often: with the pauses, after half an hour.
    pub most_tries: i32,
    /// As often as this many processes die with it, or find nothing wrong and yet can't encode it.
    pub most_deaths: i32,
    /// How long the row of a picture that is there stays, for the order of those that were sent after it.
    pub keep_done: Duration,
    /// How long the staff are told of a failed one.
    pub keep_failed: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 3600);
        Self {
            lease: Duration::from_secs(120),
            first_pause: Duration::from_secs(2),
            longest_pause: Duration::from_secs(300),
            tick: Duration::from_secs(5),
            most_tries: 14,
            most_deaths: 3,
            keep_done: DAY,
            keep_failed: DAY * 30,
        }
    }
}

impl Pace {
    fn pause(&self, tries: i32) -> Duration {
        let doublings = tries.saturating_sub(1).clamp(0, 16);
        self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause)
    }
}

/// Why a try came to nothing.
enum Fault {
    /// No further try would do better: in words for the staff.
    ForGood(String),
    Again {
        disk_full: bool,
    },
}

const UNABLE: &str = "the shop could not prepare this picture. Save it anew from a picture program";
const TROUBLE: &str = "the shop could not keep this picture. Tell whoever runs the shop, and send it again";
const DISK_FULL: &str = "the shop’s disk was full for too long. Send it again once there is room";
const LOST: &str = "the file got lost before it was prepared. Send it again";

impl From<ServiceError> for Fault {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Refused(AppError::Invalid { fields }) => {
                Self::ForGood(fields.into_iter().map(|one| one.message).collect::<Vec<_>>().join(". "))
            }
            error => {
                tracing::warn!(%error, "a picture was not made; trying again");
                Self::Again { disk_full: false }
            }
        }
    }
}

/// Works on the jobs of all processes, for one of them.
pub struct Encoder {
    pool: PgPool,
    media: MediaStore,
    jobs: Arc<PictureJobs>,
    pace: Pace,
}

impl Encoder {
    /// `pool` names the database: the encoder has a few connections of its own, so that neither requests nor pictures
    /// can keep the other waiting.
    pub fn new(pool: &PgPool, media: MediaStore, jobs: Arc<PictureJobs>, pace: Pace) -> Self {
        let pool = pool_of((*pool.connect_options()).clone(), CONNECTIONS, Use::Requests);
        Self { pool, media, jobs, pace }
    }

    /// Works until told to leave, and finishes the pictures in hand.
    pub async fn run(self, leave: watch::Receiver<bool>) {
        let this = Arc::new(self);
        tokio::select! {
            () = Arc::clone(&this).work(leave) => {}
            () = ring(&this.pool, CHANNEL, &this.jobs.bell, this.pace.tick) => {}
        }
        // A database that hangs is no reason to stay.
        let _ = tokio::time::timeout(Duration::from_secs(2), this.pool.close()).await;
    }

    async fn work(self: Arc<Self>, mut leave: watch::Receiver<bool>) {
        // Claimed is what can be begun at once: what waits here could be another process's.
        let slots = Arc::new(Semaphore::new(self.media.at_once()));
        let mut in_hand = JoinSet::new();
        let mut tidied: Option<Instant> = None;
        loop {
            while in_hand.try_join_next().is_some() {}
            let slot = tokio::select! {
                _ = leave.wait_for(|leave| *leave) => break,
                slot = Arc::clone(&slots).acquire_owned() => slot,
            };
            // Nobody closes it.
            let Ok(slot) = slot else { break };
            match self.claim().await {
                Ok(Some(claim)) => {
                    in_hand.spawn(Arc::clone(&self).prepare(claim, slot));
                    continue;
                }
                Ok(None) => drop(slot),
                Err(error) => {
                    drop(slot);
                    tracing::warn!(%error, "the pictures that wait can’t be read; trying again");
                    tokio::select! {
                        _ = leave.wait_for(|leave| *leave) => break,
                        () = tokio::time::sleep(self.pace.tick) => continue,
                    }
                }
            }
            if tidied.is_none_or(|tidied| tidied.elapsed() > TIDY) {
                match self.tidy().await {
                    Ok(()) => tidied = Some(Instant::now()),
                    Err(error) => tracing::warn!(%error, "rows of pictures that were made could not be removed"),
                }
            }
            let rest = self.until_next().await.unwrap_or(self.pace.tick);
            tokio::select! {
                _ = leave.wait_for(|leave| *leave) => break,
                () = self.jobs.bell.notified() => {}
                () = tokio::time::sleep(rest) => {}
            }
        }
        let _ = tokio::time::timeout(LEAVING, async { while in_hand.join_next().await.is_some() {} }).await;
    }

    async fn claim(&self) -> Result<Option<Claim>, sqlx::Error> {
        let found = sqlx::query!(
            r#"
            with due as (
                select id
                from picture_jobs
                where state = 'waiting' and next_try_at <= now()
                order by next_try_at, number
                limit 1
                for update skip locked
            )
            update picture_jobs j
            set tries = tries + 1, deaths = deaths + claimed::integer, claimed = true,
                next_try_at = now() + make_interval(secs => $1)
            from due
            where j.id = due.id
            returning j.id, product_id, hash, actor_id, request_id, tries, deaths
            "#,
            self.pace.lease.as_secs_f64()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|row| Claim {
            id: row.id,
            product: row.product_id,
            hash: Hash::try_from(row.hash.as_slice()).unwrap_or_default(),
            actor: Actor { id: row.actor_id, session: None, name: "".into(), request: row.request_id },
            tries: row.tries,
            deaths: row.deaths,
        }))
    }

    async fn prepare(self: Arc<Self>, claim: Claim, slot: OwnedSemaphorePermit) {
        let ended = match self.attempt(&claim).await {
            Ok(is_ours) => {
                if is_ours {
                    self.media.forget_original(claim.id).await;
                }
                Ok(())
            }
            Err(fault) => self.failed(&claim, self.at_last(&claim, fault)).await,
        };
        if let Err(error) = ended {
            tracing::warn!(%error, job = %claim.id, "what became of a picture could not be written; it is tried again");
        }
        drop(slot);
        self.jobs.tell();
    }

    /// `false` where the claim didn't count any more: then another process may need the file.
    async fn attempt(&self, claim: &Claim) -> Result<bool, Fault> {
        if claim.deaths >= self.pace.most_deaths {
            return Err(Fault::ForGood(UNABLE.to_owned()));
        }
        if self.is_known(claim).await? {
            return Ok(show(&self.pool, claim, None).await?);
        }
        let read = self.media.original(claim.id).await.map_err(|error| self.fault(claim, error))?;
        let original = read.ok_or_else(|| Fault::ForGood(LOST.to_owned()))?;
        let files = self.media.store(original).await.map_err(|error| self.fault(claim, error))?;
        Ok(show(&self.pool, claim, Some(files)).await?)
    }

    /// Whether the shop has the picture already, from elsewhere.
    async fn is_known(&self, claim: &Claim) -> Result<bool, ServiceError> {
        let known =
            sqlx::query_scalar!(r#"select exists (select from media where hash = $1) as "known!""#, &claim.hash[..]);
        Ok(known.fetch_one(&self.pool).await?)
    }

    fn fault(&self, claim: &Claim, error: MediaError) -> Fault {
        if error.is_about_the_file() {
            return Fault::ForGood(error.to_string());
        }
        tracing::error!(%error, job = %claim.id, tries = claim.tries, "a picture could not be made");
        match error {
            MediaError::Encoding | MediaError::Worker if claim.tries >= self.pace.most_deaths => {
                Fault::ForGood(UNABLE.to_owned())
            }
            error => Fault::Again { disk_full: matches!(error, MediaError::DiskFull) },
        }
    }

    /// What was tried often enough is not tried again.
    fn at_last(&self, claim: &Claim, fault: Fault) -> Fault {
        match fault {
            Fault::Again { disk_full } if claim.tries >= self.pace.most_tries => {
                Fault::ForGood(if disk_full { DISK_FULL } else { TROUBLE }.to_owned())
            }
            fault => fault,
        }
    }

    /// `tries` tells whether the claim is still ours.
    async fn failed(&self, claim: &Claim, fault: Fault) -> Result<(), sqlx::Error> {
        match fault {
            Fault::ForGood(reason) => {
                let failed = sqlx::query!(
                    "update picture_jobs
                     set state = 'failed', reason = $3, claimed = false, disk_full = false, done_at = now()
                     where id = $1 and tries = $2 and state = 'waiting'",
                    claim.id,
                    claim.tries,
                    reason
                )
                .execute(&self.pool)
                .await?;
                if failed.rows_affected() > 0 {
                    self.media.forget_original(claim.id).await;
                }
            }
            Fault::Again { disk_full } => {
                sqlx::query!(
                    "update picture_jobs
                     set next_try_at = now() + make_interval(secs => $3), claimed = false, disk_full = $4
                     where id = $1 and tries = $2 and state = 'waiting'",
                    claim.id,
                    claim.tries,
                    self.pace.pause(claim.tries).as_secs_f64(),
                    disk_full
                )
                .execute(&self.pool)
                .await?;
                // Due long before its claim would have run out, which is when it was to be looked at again.
                self.jobs.bell.notify_one();
            }
        }
        Ok(())
    }

    /// Until a job is due, within the tick.
    async fn until_next(&self) -> Result<Duration, sqlx::Error> {
        let seconds = sqlx::query_scalar!(
            "select extract(epoch from min(j.next_try_at) - now())::float8 from picture_jobs j where state = 'waiting'"
        )
        .fetch_one(&self.pool)
        .await?;
        let due = seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
        // Due at once, but another process has it: it needs a moment.
        Ok(due.unwrap_or(self.pace.tick).clamp(Duration::from_millis(20), self.pace.tick))
    }

    async fn tidy(&self) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from picture_jobs
             where state = 'done' and done_at < now() - make_interval(secs => $1)
                or state = 'failed' and done_at < now() - make_interval(secs => $2)",
            self.pace.keep_done.as_secs_f64(),
            self.pace.keep_failed.as_secs_f64()
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_waited_for_half_an_hour() {
        let pace = Pace::default();
        let waited: u64 = (1..pace.most_tries).map(|tries| pace.pause(tries).as_secs()).sum();
        assert!((20 * 60..40 * 60).contains(&waited), "{waited}");
        assert_eq!(pace.pause(1), pace.first_pause);
        assert_eq!(pace.pause(i32::MAX), pace.longest_pause);
    }
}
