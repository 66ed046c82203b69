//! Errors run one way: a service's error is logged here, once, and what leaves the host is an `AppError`.

use crate::services::accounts::Busy;
use app::error::AppError;

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("not found")]
    NotFound,
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the catalogue's index is not loaded yet")]
    NotReady,
    /// Nothing is wrong here: the visitor is told what to do.
    #[error("refused: {0}")]
    Refused(#[from] AppError),
    #[error(transparent)]
    Busy(#[from] Busy),
}

impl ServiceError {
    /// The constraint that the database found broken, if that is what happened.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Database(sqlx::Error::Database(error)) => error.constraint(),
            _ => None,
        }
    }

    /// What the database calls the error, if it is one of its own: five letters or digits of the SQL standard.
    pub fn sql_state(&self) -> Option<String> {
        match self {
            Self::Database(sqlx::Error::Database(error)) => error.code().map(|code| code.into_owned()),
            _ => None,
        }
    }
}

impl From<ServiceError> for AppError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => Self::NotFound,
            ServiceError::Refused(error) => error,
            ServiceError::Busy(_) => Self::TooMany { retry_after: 2 },
            ServiceError::Database(_) | ServiceError::NotReady => {
                // The span of the request carries its id.
                tracing::error!(error = %error, "a request could not be served");
                Self::Unavailable { request_id: None }
            }
        }
    }
}
