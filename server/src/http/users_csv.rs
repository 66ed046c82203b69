//! Accounts as a file, for the staff.

use super::Host;
use crate::services::accounts::Caller;
use crate::services::office::users::PgUsers;
use crate::services::office::users_of;
use app::admin::users::query::{Place, Query};
use app::error::AppError;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{Response, StatusCode, Uri, header};
use axum::response::IntoResponse;
use futures::stream::{StreamExt, once, try_unfold};

/// `GET /admin/users.csv`, of the accounts that the table of the same query shows. It is read and sent in pieces, so that
/// it takes no more memory for more accounts, nor a connection while a slow client reads.
pub async fn users_csv(State(host): State<Host>, Extension(caller): Extension<Caller>, uri: Uri) -> Response<Body> {
    let query = Query::parse(uri.query().unwrap_or_default()).at(Place::First);
    let users = match users_of(&caller, &host) {
        Some(users) => users,
        // Strangers have been sent to log in.
        None => return refused(&AppError::Forbidden),
    };
    if let Err(error) = users.begin_export(&query).await {
        return refused(&error);
    }
    let lines = try_unfold((users, query, None), |(users, query, beyond)| async move {
        let piece = users.export(&query, beyond).await?;
        Ok::<_, AppError>(piece.map(|(lines, next)| (lines, (users, query, Some(next)))))
    });
    let file = once(async { Ok(PgUsers::export_head()) }).chain(lines);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"users.csv\""),
    ];
    (headers, Body::from_stream(file)).into_response()
}

/// Without a body: the envelope gives it its page.
pub fn refused(error: &AppError) -> Response<Body> {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}
