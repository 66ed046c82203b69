//! Files on their way in, as parts of a form.

use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use std::time::Duration;

/// For the next piece of a body. A line that is merely slow brings something meanwhile.
const STALLED: Duration = Duration::from_secs(15);

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

/// # Errors
/// When the sender lets wait for it too long.
pub async fn in_time<T>(reading: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Unreceived> {
    tokio::time::timeout(STALLED, reading).await.map_err(|_| Unreceived::Broken)?.map_err(Unreceived::from)
}

/// `None` for one of more than `most` bytes, which is read to its end: those behind it are still seen, and a browser that
/// is cut off could say only that the connection was.
///
/// # Errors
/// As [`in_time`].
pub async fn whole_file(field: &mut Field<'_>, most: usize) -> Result<Option<Vec<u8>>, Unreceived> {
    let mut bytes = Vec::new();
    let mut too_large = false;
    while let Some(chunk) = in_time(field.chunk()).await? {
        too_large |= bytes.len() + chunk.len() > most;
        if too_large {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((!too_large).then_some(bytes))
}
