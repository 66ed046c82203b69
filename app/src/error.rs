//! The one error that crosses the wire. It carries words for people and nothing of the inside.

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
#[cfg(feature = "ssr")]
use leptos::server_fn::http_export::StatusCode;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A field of a form, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Only for somebody who is signed in.
    SignIn,
    Forbidden,
    NotFound,
    Conflict {
        current: String,
    },
    Invalid {
        fields: Vec<FieldError>,
    },
    TooMany {
        /// Seconds.
        retry_after: u32,
    },
    /// The host is in trouble; the request id leads from a shopper's message to the log.
    Unavailable {
        request_id: Option<String>,
    },
    /// The browser could not reach the shop at all.
    Offline,
}

impl AppError {
    pub fn invalid(field: &str, message: impl fmt::Display) -> Self {
        Self::Invalid { fields: vec![FieldError { field: field.to_owned(), message: message.to_string() }] }
    }

    /// The HTTP status of a page or an answer with this error.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignIn => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict { .. } => 409,
            Self::Invalid { .. } => 400,
            Self::TooMany { .. } => 429,
            Self::Unavailable { .. } | Self::Offline => 503,
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn => f.write_str("Log in to see this"),
            Self::Forbidden => f.write_str("You can’t open this page"),
            Self::NotFound => f.write_str("This page isn’t here"),
            Self::Conflict { .. } => f.write_str("Someone else changed this in the meantime"),
            Self::Invalid { fields } => match fields.first() {
                Some(first) => f.write_str(&first.message),
                None => f.write_str("Please check what you entered"),
            },
            Self::TooMany { retry_after } => write!(f, "Too many tries. Try again in {}", in_words(*retry_after)),
            Self::Unavailable { .. } => f.write_str("The shop can’t answer right now. Try again in a moment"),
            Self::Offline => f.write_str("The shop can’t be reached. Check your connection and try again"),
        }
    }
}

impl std::error::Error for AppError {}

/// A wait as a person would say it, rounded up: `1 second`, `5 minutes`, `2 hours`.
pub fn in_words(seconds: u32) -> String {
    let (number, unit) = match seconds {
        0..=90 => (seconds.max(1), "second"),
        91..=5400 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3600), "hour"),
    };
    let mut words = number.to_string();
    words.push(' ');
    words.push_str(unit);
    if number > 1 {
        words.push('s');
    }
    words
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Invalid { fields: Vec::new() }
            }
            // Driver and framework texts stay on this side.
            _ => Self::Unavailable { request_id: None },
        }
    }

    // Only the server answers with it, and only there is the type re-exported.
    #[cfg(feature = "ssr")]
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_never_said_shorter_than_they_are() {
        for (seconds, words) in [
            (0, "1 second"),
            (1, "1 second"),
            (90, "90 seconds"),
            (91, "2 minutes"),
            (300, "5 minutes"),
            (301, "6 minutes"),
            (5401, "2 hours"),
        ] {
            assert_eq!(in_words(seconds), words, "{seconds}");
        }
    }
}
