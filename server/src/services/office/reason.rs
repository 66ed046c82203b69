//! Why somebody did something, in their own words.

use crate::services::words::misleads;
use app::error::{AppError, FieldError};

/// Characters of a reason or a note.
const LONGEST: usize = 500;

/// What somebody wrote, if it is ordinary and short enough.
///
/// # Errors
/// Beside `field`.
pub fn written(field: &str, text: &str) -> Result<String, FieldError> {
    let text = text.trim().replace("\r\n", "\n");
    let message = match () {
        () if text.chars().count() > LONGEST => format!("Use at most {LONGEST} characters"),
        () if text.chars().any(|c| c != '\n' && misleads(c)) => "Use ordinary characters only".to_owned(),
        () => return Ok(text),
    };
    Err(FieldError { field: field.to_owned(), message })
}

/// A reason that may be left out.
///
/// # Errors
/// `Invalid` for the field `reason`.
pub fn optional(reason: &str) -> Result<String, AppError> {
    written("reason", reason).map_err(|error| AppError::Invalid { fields: vec![error] })
}
