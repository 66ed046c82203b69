//! Hashing of passwords: slow by design, so bounded in memory and kept off the threads that answer requests.

use app::domain::Password;
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordVerifier, Version};
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// KiB; with two passes and one lane the least that OWASP's cheat sheet names for argon2id.
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;
/// Who waits for a place beyond this many is told to come back: the last of them waits a second or so as it is.
const QUEUE: usize = 64;
/// On a machine that is busy with other things the queue is slower; past this its end would only get a fault's page.
const PATIENCE: Duration = Duration::from_secs(2);
/// Of the hash that is made where there is none to compare with.
const NO_SALT: &[u8] = b"nobody's own salt";

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let comment = |line: &&str| *line == "#" || line.starts_with("# ");
    include_str!("common_passwords.txt").lines().filter(|line| !comment(line)).collect()
});

/// Whether `word`, in lower case, is one of the most common passwords.
pub fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

/// As many hashes at once as there are places; each takes `MEMORY`.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    places: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

/// More are waiting than can be served in time.
#[derive(Debug, thiserror::Error)]
#[error("too many passwords are being checked")]
pub struct Busy;

/// What comparing with a hash says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub right: bool,
    /// Made with less effort than is asked for today.
    pub outdated: bool,
}

impl Hasher {
    /// One place for each core.
    pub fn per_core() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self::with(Params::new(MEMORY, PASSES, 1, None).unwrap_or_default(), cores)
    }

    fn with(params: Params, places: usize) -> Self {
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            places: Arc::new(Semaphore::new(places)),
            queue: Arc::new(Semaphore::new(places + QUEUE)),
        }
    }

    /// A hash in PHC notation, with a salt of its own.
    ///
    /// # Errors
    /// [`Busy`], at once or within two seconds.
    pub async fn hash(&self, password: Password) -> Result<String, Busy> {
        self.run(move |argon2| argon2.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|_| Busy))
            .await?
    }

    /// Compares with `hash`. Without one, or for a text that nobody's password can be, it takes as long and says no.
    ///
    /// # Errors
    /// [`Busy`], at once or within two seconds.
    pub async fn verify(&self, password: Option<Password>, hash: Option<String>) -> Result<Verdict, Busy> {
        self.run(move |argon2| {
            let typed = password.as_ref().map_or(&b""[..], Password::as_bytes);
            let known = hash.as_deref().and_then(|hash| PasswordHash::new(hash).ok()).filter(|_| password.is_some());
            let Some(known) = known else {
                let mut output = [0; 32];
                let _ = argon2.hash_password_into(typed, NO_SALT, &mut output);
                return Verdict { right: false, outdated: false };
            };
            // The hash says itself with how much effort it was made.
            let right = argon2.verify_password(typed, &known).is_ok();
            let outdated = match Params::try_from(&known) {
                Ok(params) => {
                    let today = argon2.params();
                    params.m_cost() < today.m_cost() || params.t_cost() < today.t_cost()
                }
                Err(_) => true,
            };
            Verdict { right, outdated }
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Argon2<'_>) -> T + Send + 'static) -> Result<T, Busy> {
        let waiting = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| Busy)?;
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned());
        let place = place.await.map_err(|_| Busy)?.map_err(|_| Busy)?;
        let argon2 = self.argon2.clone();
        // The places go with the work: whoever asked may be gone before it is done.
        let held: (OwnedSemaphorePermit, OwnedSemaphorePermit) = (waiting, place);
        tokio::task::spawn_blocking(move || {
            let done = work(&argon2);
            drop(held);
            done
        })
        .await
        .map_err(|_| Busy)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::typed(text).unwrap()
    }

    fn light(places: usize) -> Hasher {
        Hasher::with(Params::new(64, 1, 1, None).unwrap(), places)
    }

    #[test]
    fn the_most_common_passwords_are_in_the_binary() {
        assert!(COMMON.len() >= 3000);
        for word in ["password", "123456", "qwertyuiop", "correcthorsebatterystaple", "p@ssw0rd"] {
            assert!(is_common(word), "{word}");
        }
        assert!(COMMON.iter().all(|word| *word == word.to_lowercase() && !word.trim().is_empty()));
    }

    #[tokio::test]
    async fn hashes_are_argon2id_at_the_asked_effort() {
        let hasher = Hasher::per_core();
        let hash = hasher.hash(password("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hasher.hash(password("correct horse")).await.unwrap());
        let verdict = |typed: &str, hash: &str| hasher.verify(Some(password(typed)), Some(hash.to_owned()));
        assert_eq!(verdict("correct horse", &hash).await.unwrap(), Verdict { right: true, outdated: false });
        assert!(!verdict("correct house", &hash).await.unwrap().right);
        assert!(!hasher.verify(Some(password("")), None).await.unwrap().right);
        assert!(!hasher.verify(None, Some(hash)).await.unwrap().right);
        let old = light(1).hash(password("correct horse")).await.unwrap();
        assert_eq!(verdict("correct horse", &old).await.unwrap(), Verdict { right: true, outdated: true });
    }

    #[tokio::test]
    async fn the_last_character_of_a_long_password_counts() {
        let hasher = light(1);
        let long = "ü".repeat(127);
        let hash = hasher.hash(password(&format!("{long}a"))).await.unwrap();
        assert!(hasher.verify(Some(password(&format!("{long}a"))), Some(hash.clone())).await.unwrap().right);
        assert!(!hasher.verify(Some(password(&format!("{long}b"))), Some(hash)).await.unwrap().right);
    }

    #[tokio::test]
    async fn who_does_not_fit_in_the_queue_is_told_at_once() {
        let hasher = light(2);
        let all = (0..200).map(|_| hasher.hash(password("correct horse")));
        let done = futures::future::join_all(all).await;
        let served = done.iter().filter(|hash| hash.is_ok()).count();
        assert_eq!(served, 2 + QUEUE);
        assert!(hasher.hash(password("correct horse")).await.is_ok(), "the places are free again");
    }
}
