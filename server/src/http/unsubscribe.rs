//! Ending mail with one click of a mail program's own (RFC 8058): it posts to the address in a letter's head, from its
//! provider's servers, without cookies.

use super::Host;
use app::error::AppError;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// `POST /api/wishlist/unsubscribe/{token}`. Once more is as good as once.
pub async fn one_click(State(host): State<Host>, Path(token): Path<String>) -> Response {
    match host.shelf.unsubscribe(token).await {
        Ok(done) => done.notice.unwrap_or_default().into_response(),
        Err(AppError::Invalid { .. }) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => StatusCode::from_u16(error.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE).into_response(),
    }
}

/// `GET` at the same address, which some mail programs open for their readers: leads to the page that asks.
pub async fn ask(Path(token): Path<String>) -> Response {
    let is_one = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    match is_one {
        true => Redirect::to(&["/unsubscribe?token=", &token].concat()).into_response(),
        false => StatusCode::NOT_FOUND.into_response(),
    }
}
