//! The trail as a file to keep.

use super::Host;
use crate::services::accounts::Caller;
use crate::services::office::trail_of;
use app::admin::trail::host::Filter;
use app::error::AppError;
use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, RawQuery, State};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;

/// `GET /admin/audit.csv`, with the query string of the page that leads here. Strangers have been sent to log in.
pub async fn csv(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    RawQuery(search): RawQuery,
) -> Response<Body> {
    let filter = Filter::parse(&search.unwrap_or_default());
    let file = match trail_of(&caller, &host) {
        Some(trail) => trail.csv(&filter).await,
        None => Err(AppError::Forbidden),
    };
    match file {
        Ok(file) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"trail.csv\""),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, Body::from_stream(file)).into_response()
        }
        // The envelope gives it its page.
        Err(AppError::Forbidden) => StatusCode::FORBIDDEN.into_response(),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, Json(error)).into_response()
        }
    }
}
