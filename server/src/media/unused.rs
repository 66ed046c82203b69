//! What nobody will look at again is thrown away.

use super::place::Shelf;
use super::{MediaError, MediaStore};
use sqlx::PgPool;
use std::time::Duration;
use tokio::task::JoinHandle;
use uuid::Uuid;

const OFTEN: Duration = Duration::from_secs(6 * 3600);
/// Longer than anybody waits between a picture's files and its row, and than a removal can be taken back.
const AGE: Duration = Duration::from_secs(24 * 3600);

impl MediaStore {
    /// Tidies now and every few hours, for as long as the shop runs. Several processes may do so at once.
    pub fn start_tidying(&self, pool: PgPool) -> JoinHandle<()> {
        let media = self.clone();
        tokio::spawn(async move {
            let mut rounds = tokio::time::interval(OFTEN);
            loop {
                rounds.tick().await;
                match media.tidy(&pool, AGE).await {
                    Ok(0) => {}
                    Ok(removed) => tracing::info!(removed, "pictures that nothing shows were removed"),
                    Err(error) => tracing::warn!(%error, "pictures could not be tidied; the next round will"),
                }
            }
        })
    }

    /// Removes media that nothing has shown for `age`, and files without a row. Returns of how many the files are gone.
    ///
    /// # Errors
    /// Of the database and of the store.
    pub async fn tidy(&self, pool: &PgPool, age: Duration) -> Result<usize, MediaError> {
        sqlx::query!(
            "delete from removed_pictures where removed_at <= now() - make_interval(secs => $1)",
            age.as_secs_f64()
        )
        .execute(pool)
        .await?;
        // Marked first and deleted a day later: an import may be about to use again what nothing shows just now.
        sqlx::query!(
            "update media m set unused_since = case when u.id is null then null else now() end
             from media o left join unused_media u on u.id = o.id
             where o.id = m.id and (u.id is null) <> (m.unused_since is null)"
        )
        .execute(pool)
        .await?;
        sqlx::query!(
            "delete from media m using unused_media u
             where u.id = m.id and m.unused_since <= now() - make_interval(secs => $1)",
            age.as_secs_f64()
        )
        .execute(pool)
        .await?;
        self.sweep(pool, age).await
    }

    /// Removes files that no row names, which a process that was killed while it stored pictures leaves behind. What
    /// is younger than `age` may belong to a row that is still to come.
    ///
    /// # Errors
    /// Of the database and of the store. Returns of how many media, and of how many files as they came in.
    pub async fn sweep(&self, pool: &PgPool, age: Duration) -> Result<usize, MediaError> {
        let mut removed = 0;
        for shelf in [Shelf::Ready, Shelf::Incoming] {
            for some in self.place.ids(shelf).await?.chunks(1000) {
                for id in nobodys(pool, shelf, some).await? {
                    let written = self.place.written(shelf, id).await?;
                    if written.and_then(|written| written.elapsed().ok()).is_some_and(|since| since >= age) {
                        self.place.remove(shelf, id).await?;
                        removed += 1;
                    }
                }
            }
        }
        Ok(removed)
    }
}

/// Those of some ids that no row needs.
async fn nobodys(pool: &PgPool, shelf: Shelf, ids: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
    match shelf {
        Shelf::Ready => {
            sqlx::query_scalar!(
                r#"select id as "id!" from unnest($1::uuid[]) as kept (id)
                   where not exists (select from media where media.id = kept.id)"#,
                ids
            )
            .fetch_all(pool)
            .await
        }
        Shelf::Incoming => {
            sqlx::query_scalar!(
                r#"select id as "id!" from unnest($1::uuid[]) as kept (id)
                   where not exists (select from picture_jobs j where j.id = kept.id and j.state = 'waiting')"#,
                ids
            )
            .fetch_all(pool)
            .await
        }
    }
}
