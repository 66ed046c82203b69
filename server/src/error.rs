//! Errors run one way: a service's error is logged here, once, and what leaves the host is an `AppError`.

use app::error::AppError;

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("not found")]
    NotFound,
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the catalogue's index is not loaded yet")]
    NotReady,
}

impl From<ServiceError> for AppError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => Self::NotFound,
            ServiceError::Database(_) | ServiceError::NotReady => {
                // The span of the request carries its id.
                tracing::error!(error = %error, "a request could not be served");
                Self::Unavailable { request_id: None }
            }
        }
    }
}
