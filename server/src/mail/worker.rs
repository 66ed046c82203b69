//! Sends what is in the outbox.
//!
//! A letter is claimed by moving its next try past the end of this one, and the claim is committed before anybody
//! speaks to a mail server: no connection or lock is held meanwhile, and no other worker takes it. A process that dies
//! in between leaves a letter that is tried again once its claim has run out. Whether the mail server had accepted it
//! by then can't be known, so such a letter may arrive twice, under the same `Message-ID`; it is never lost.

use super::compose::Composer;
use super::mailer::{Fault, Mailer, SEND_LIMIT};
use super::outbox::Envelope;
use crate::database::{Use, pool_of, ring};
use crate::metrics::Metrics;
use crate::secret::Secret;
use futures::future::join_all;
use sqlx::PgPool;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

const CHANNEL: &str = "outbox";
/// Letters sent at once, each over a connection of its own.
const BATCH: i64 = 4;
/// Rows removed by one statement, which must end within the database's time limit.
const PURGE: i64 = 1000;

/// How long the worker waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For how long a claim keeps others away: longer than sending takes, and than finishing does in a bad moment.
    pub lease: Duration,
    /// For one letter to leave.
    pub send_limit: Duration,
    /// After the first failure; each further one doubles it.
    pub first_pause: Duration,
    /// Short enough that mail arrives within a minute of a mail server's return, a hanging last try included.
    pub longest_pause: Duration,
    /// Between two looks when nothing is announced: a notice can be lost with its connection.
    pub tick: Duration,
    /// A letter that was refused for good is given up once it has been tried this often. The first refusals may be a
    /// mistake in the mail server's set-up that is mended a moment later.
    pub refused_tries: i32,
    /// How long a sent or dropped letter's row stays, without the letter.
    pub keep: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(45),
            send_limit: SEND_LIMIT,
            first_pause: Duration::from_secs(5),
            longest_pause: Duration::from_secs(30),
            tick: Duration::from_secs(5),
            refused_tries: 3,
            keep: Duration::from_secs(7 * 24 * 60 * 60),
        }
    }
}

impl Pace {
    fn pause(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause)
    }
}

pub struct Worker {
    pool: PgPool,
    secret: Secret,
    composer: Composer,
    mailer: Option<Mailer>,
    metrics: Arc<Metrics>,
    pace: Pace,
}

/// A letter that is this worker's to send, for now.
struct Claim {
    id: Uuid,
    kind: String,
    letter: Vec<u8>,
    tries: i32,
    /// Seconds until it is not worth sending any more.
    left: f64,
}

/// What to do after a look into the outbox.
struct Rest {
    length: Duration,
    /// Whether new mail is a reason to look sooner.
    may_be_woken: bool,
}

impl Worker {
    /// Without a mailer, letters wait, and only what has expired is dropped.
    ///
    /// `pool` names the database: the worker has two connections of its own, so that neither requests nor mail can
    /// keep the other waiting.
    pub fn new(
        pool: &PgPool,
        secret: Secret,
        composer: Composer,
        mailer: Option<Mailer>,
        metrics: Arc<Metrics>,
        pace: Pace,
    ) -> Self {
        let pool = pool_of((*pool.connect_options()).clone(), 2, Use::Requests);
        Self { pool, secret, composer, mailer, metrics, pace }
    }

    /// Works until told to leave, and finishes the letters in hand.
    pub async fn run(self, leave: watch::Receiver<bool>) {
        let bell = Notify::new();
        tokio::select! {
            () = self.work(&bell, leave) => {}
            () = ring(&self.pool, CHANNEL, &bell, self.pace.tick) => {}
        }
        // A database that hangs is no reason to stay.
        let _ = tokio::time::timeout(Duration::from_secs(2), self.pool.close()).await;
    }

    async fn work(&self, bell: &Notify, mut leave: watch::Receiver<bool>) {
        let mut failures = 0;
        let mut purged: Option<Instant> = None;
        while !*leave.borrow() {
            let looked = self.look(&mut failures, &leave).await;
            let rest = looked.unwrap_or_else(|error| {
                tracing::warn!(%error, "the outbox can’t be read; trying again");
                Rest { length: self.pace.tick, may_be_woken: false }
            });
            if purged.is_none_or(|purged| purged.elapsed() > Duration::from_secs(3600)) {
                match self.purge().await {
                    Ok(()) => purged = Some(Instant::now()),
                    Err(error) => tracing::warn!(%error, "old outbox rows could not be removed"),
                }
            }
            tokio::select! {
                _ = leave.wait_for(|leave| *leave) => return,
                () = bell.notified(), if rest.may_be_woken => {}
                () = tokio::time::sleep(rest.length) => {}
            }
        }
    }

    /// Sends what is due. While the mail server is away, one letter at a time tries whether it is back, so that a long
    /// queue costs no more than a short one and leaves at once when it is.
    async fn look(&self, failures: &mut u32, leave: &watch::Receiver<bool>) -> Result<Rest, sqlx::Error> {
        self.drop_unsendable().await?;
        let Some(mailer) = &self.mailer else { return Ok(Rest { length: self.pace.tick, may_be_woken: false }) };
        while !*leave.borrow() {
            let claims = self.claim(if *failures == 0 { BATCH } else { 1 }).await?;
            if claims.is_empty() {
                break;
            }
            let reached = join_all(claims.iter().map(|claim| self.deliver(mailer, claim))).await;
            if reached.contains(&true) {
                *failures = 0;
                continue;
            }
            *failures += 1;
            return Ok(Rest { length: self.pace.pause(*failures), may_be_woken: false });
        }
        Ok(Rest { length: self.until_next().await?, may_be_woken: true })
    }

    /// Letters to nobody are done as they are, and expired ones are not sent. A claimed row is left to its claimant.
    async fn drop_unsendable(&self) -> Result<(), sqlx::Error> {
        let expired: Vec<bool> = sqlx::query_scalar!(
            r#"
            update outbox
            set state = case when letter is null then 'sent' else 'expired' end, letter = null, done_at = now()
            where state = 'waiting' and next_try_at <= now() and (letter is null or expires_at <= now())
            returning state = 'expired' as "expired!"
            "#
        )
        .fetch_all(&self.pool)
        .await?;
        let expired = expired.into_iter().filter(|expired| *expired).count();
        if expired > 0 {
            self.metrics.mail_expired.add(expired as u64);
            tracing::warn!(letters = expired, "letters were not sent in time and are dropped");
        }
        Ok(())
    }

    async fn claim(&self, most: i64) -> Result<Vec<Claim>, sqlx::Error> {
        sqlx::query_as!(
            Claim,
            r#"
            with due as (
                select id
                from outbox
                where state = 'waiting' and next_try_at <= now() and expires_at > now() and letter is not null
                order by next_try_at
                limit $1
                for update skip locked
            )
            update outbox
            set tries = tries + 1, next_try_at = now() + make_interval(secs => $2)
            from due
            where outbox.id = due.id
            returning
                outbox.id, kind, letter as "letter!", tries,
                extract(epoch from expires_at - now())::float8 as "left!"
            "#,
            most,
            self.pace.lease.as_secs_f64()
        )
        .fetch_all(&self.pool)
        .await
    }

    /// Whether the mail server was there, whatever it said to this letter.
    async fn deliver(&self, mailer: &Mailer, claim: &Claim) -> bool {
        let claimed = Instant::now();
        let Claim { id, kind, tries, .. } = claim;
        let sent = match self.open(claim) {
            Ok(mail) => {
                // A code that arrives after its end would be worse than none.
                let left = Duration::try_from_secs_f64(claim.left).unwrap_or_default();
                mailer.send(&mail, self.pace.send_limit.min(left)).await
            }
            Err(unreadable) => {
                tracing::error!(%id, kind, "a letter can’t be sent: {unreadable}");
                self.metrics.mail_dead.add(1);
                self.finish(claim, claimed, &Outcome::Done { state: "dead", said: unreadable }).await;
                return true;
            }
        };
        let (outcome, reached) = match sent {
            Ok(()) => {
                self.metrics.mail_sent.add(1);
                tracing::debug!(%id, kind, tries, "mail sent");
                (Outcome::Done { state: "sent", said: String::new() }, true)
            }
            Err(Fault::Refused(said)) if *tries >= self.pace.refused_tries => {
                self.metrics.mail_dead.add(1);
                tracing::error!(%id, kind, tries, said, "mail was refused for good and is given up");
                (Outcome::Done { state: "dead", said }, true)
            }
            Err(fault) => {
                self.metrics.mail_failed.add(1);
                tracing::warn!(%id, kind, tries, said = %fault, "mail was not sent; trying again");
                let pause = self.pace.pause(tries.unsigned_abs());
                (Outcome::Again { pause, said: fault.to_string() }, !matches!(fault, Fault::Away(_)))
            }
        };
        self.finish(claim, claimed, &outcome).await;
        reached
    }

    fn open(&self, claim: &Claim) -> Result<super::compose::Mail, String> {
        let plain = self.secret.open(&claim.letter).ok_or("it was sealed under another key")?;
        // serde's error would quote the letter.
        let Envelope { to, letter } = serde_json::from_slice(&plain).map_err(|_| "another version wrote it")?;
        self.composer.compose(claim.id, &to, &letter).map_err(|error| error.to_string())
    }

    /// Tries again until the claim is about to run out: a letter that was sent and isn't marked would be sent twice.
    async fn finish(&self, claim: &Claim, claimed: Instant, outcome: &Outcome) {
        loop {
            match self.finish_once(claim, outcome).await {
                Ok(()) => return,
                Err(error) if claimed.elapsed() + Duration::from_secs(1) >= self.pace.lease => {
                    tracing::error!(id = %claim.id, %error, "what became of a letter could not be written down");
                    return;
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }

    /// `tries` tells whether the claim is still ours.
    async fn finish_once(&self, claim: &Claim, outcome: &Outcome) -> Result<(), sqlx::Error> {
        let query = match outcome {
            Outcome::Done { state, said } => sqlx::query!(
                "update outbox set state = $3, last_error = $4, letter = null, done_at = now()
                 where id = $1 and tries = $2 and state = 'waiting'",
                claim.id,
                claim.tries,
                state,
                said
            ),
            Outcome::Again { pause, said } => sqlx::query!(
                "update outbox set next_try_at = now() + make_interval(secs => $3), last_error = $4
                 where id = $1 and tries = $2 and state = 'waiting'",
                claim.id,
                claim.tries,
                pause.as_secs_f64(),
                said
            ),
        };
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// Until a letter is due, within the tick.
    async fn until_next(&self) -> Result<Duration, sqlx::Error> {
        let seconds = sqlx::query_scalar!(
            r#"select extract(epoch from min(next_try_at) - now())::float8 from outbox where state = 'waiting'"#
        )
        .fetch_one(&self.pool)
        .await?;
        let due = seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
        // Due at once, but another worker has it: it needs a moment.
        Ok(due.unwrap_or(self.pace.tick).clamp(Duration::from_millis(20), self.pace.tick))
    }

    async fn purge(&self) -> Result<(), sqlx::Error> {
        loop {
            let removed = sqlx::query!(
                "delete from outbox where id in (
                     select id from outbox
                     where state <> 'waiting' and done_at < now() - make_interval(secs => $1)
                     limit $2
                 )",
                self.pace.keep.as_secs_f64(),
                PURGE
            )
            .execute(&self.pool)
            .await?
            .rows_affected();
            if removed < PURGE.unsigned_abs() {
                return Ok(());
            }
        }
    }
}

enum Outcome {
    Done { state: &'static str, said: String },
    Again { pause: Duration, said: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_arrives_within_a_minute_of_a_mail_server_s_return() {
        let pace = Pace::default();
        let pauses: Vec<u64> = (1..=6).map(|failures| pace.pause(failures).as_secs()).collect();
        assert_eq!(pauses, [5, 10, 20, 30, 30, 30]);
        assert!(pace.longest_pause + pace.send_limit + pace.tick < Duration::from_secs(60));
        assert!(pace.send_limit * 2 < pace.lease, "a claim outlives sending and finishing");
    }
}
