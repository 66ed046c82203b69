//! A person's own data as a file.

use super::Host;
use crate::services::accounts::{Caller, PgAccounts};
use app::error::AppError;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::{Form, Json};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub struct DownloadForm {
    #[serde(default)]
    password: String,
}

/// `POST /api/account/download`. It is no server function because a browser saves what a form's answer attaches, and
/// nothing that a script has fetched.
pub async fn download(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    Form(form): Form<DownloadForm>,
) -> Response<Body> {
    let accounts = PgAccounts::new(Arc::clone(&host.accounts), caller);
    match accounts.download(form.password).await {
        Ok(data) => {
            let text = serde_json::to_string_pretty(&data).unwrap_or_default();
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""),
            ];
            (headers, text).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, Json::<AppError>(error)).into_response()
        }
    }
}
