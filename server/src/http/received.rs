//! Files on their way in, as parts of a form.

use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use std::time::{Duration, Instant};

/// For the next piece of a body. A line that is merely slow brings something meanwhile.
const STALLED: Duration = Duration::from_secs(15);
/// In which a sender brings at least [`LEAST`] bytes: who lets a byte drip now and then keeps others waiting for as long
/// as one who has stopped. Only time spent waiting for them counts.
const SPAN: Duration = Duration::from_secs(30);
/// A fifth of what a slow phone sends.
const LEAST: usize = 128 * 1024;

/// Why nothing more of a form comes.
pub enum Unreceived {
    /// The sender has stopped, or sent no form.
    Broken,
    /// The request is larger than any may be.
    TooLarge,
}

impl From<MultipartError> for Unreceived {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooLarge } else { Self::Broken }
    }
}

/// How fast a request brings what it has.
#[derive(Default)]
pub struct Pace {
    waited: Duration,
    bytes: usize,
}

impl Pace {
    /// # Errors
    /// When the sender lets wait for it too long.
    pub async fn next<T>(&mut self, reading: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Unreceived> {
        let asked = Instant::now();
        let piece = tokio::time::timeout(self.patience(), reading).await.map_err(|_| Unreceived::Broken)?;
        self.waited += asked.elapsed();
        Ok(piece?)
    }

    fn patience(&self) -> Duration {
        SPAN.saturating_sub(self.waited).min(STALLED)
    }

    fn got(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes >= LEAST {
            *self = Self::default();
        }
    }

    /// # Errors
    /// As [`next`](Self::next).
    pub async fn piece(&mut self, field: &mut Field<'_>) -> Result<Option<bytes::Bytes>, Unreceived> {
        let piece = self.next(field.chunk()).await?;
        self.got(piece.as_ref().map_or(0, bytes::Bytes::len));
        Ok(piece)
    }

    /// `None` for one of more than `most` bytes, which is read to its end: those behind it are still seen, and a browser
    /// that is cut off could say only that the connection was.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn whole_file(&mut self, field: &mut Field<'_>, most: usize) -> Result<Option<Vec<u8>>, Unreceived> {
        let mut bytes = Vec::new();
        let mut too_large = false;
        while let Some(piece) = self.piece(field).await? {
            too_large |= bytes.len() + piece.len() > most;
            if too_large {
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(&piece);
            }
        }
        Ok((!too_large).then_some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For how many seconds a sender of so many bytes, every so many seconds, is waited for; no longer than `most`.
    fn held(bytes: usize, every: Duration, most: Duration) -> Duration {
        let (mut pace, mut held) = (Pace::default(), Duration::ZERO);
        while held < most {
            let patience = pace.patience();
            if every > patience {
                return held + patience;
            }
            held += every;
            pace.waited += every;
            pace.got(bytes);
        }
        held
    }

    #[test]
    fn who_drips_is_waited_for_no_longer_than_who_stops() {
        let hour = Duration::from_secs(3600);
        for (bytes, every) in [(1, 14_000), (1, 1), (1000, 1000), (4096, 1000), (0, 16_000)] {
            let held = held(bytes, Duration::from_millis(every), hour);
            assert!(held <= SPAN, "{bytes} bytes every {every} ms: {held:?}");
        }
    }

    #[test]
    fn a_slow_phone_is_waited_for_to_its_end() {
        let hour = Duration::from_secs(3600);
        // 20 kB/s, also in gusts.
        for (bytes, every) in [(200, 10), (20_000, 1000), (200_000, 10_000)] {
            assert_eq!(held(bytes, Duration::from_millis(every), hour), hour, "{bytes} bytes every {every} ms");
        }
    }
}
