//! Pictures, from wherever they are kept.

use super::Host;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use uuid::Uuid;

/// Up to this a file is read at once, which is quicker than in pieces; most are far smaller.
const SMALL: u64 = 256 * 1024;

/// `GET /media/{id}/{width}.webp`. Names are random and what is behind one never changes, so the name tells one from
/// another.
pub async fn file(
    State(host): State<Host>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    let Some((id, width)) = named(&id, &file) else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{id}-{width}\"");
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    let opened = match host.media.open(id, width).await {
        Ok(Some(opened)) => opened,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return failed(&error),
    };
    let size = opened.meta.size;
    let body = match size <= SMALL {
        true => match opened.bytes().await {
            Ok(bytes) => Body::from(bytes),
            Err(error) => return failed(&error),
        },
        false => Body::from_stream(opened.into_stream()),
    };
    let headers = [(CONTENT_TYPE, "image/webp".to_owned()), (CONTENT_LENGTH, size.to_string()), (ETAG, tag)];
    (headers, body).into_response()
}

/// Only names that the shop gives, so that nothing else that may lie there is served.
fn named(id: &str, file: &str) -> Option<(Uuid, u32)> {
    let width: u32 = file.strip_suffix(".webp")?.parse().ok()?;
    let id = Uuid::try_parse(id).ok().filter(|parsed| parsed.to_string() == id)?;
    (format!("{width}.webp") == file).then_some((id, width))
}

fn failed(error: &dyn std::error::Error) -> Response<Body> {
    tracing::error!(%error, "a picture could not be read");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shop_s_own_names_are_looked_for() {
        let id = "5b2cbd4e-0f0e-4b9c-9d53-5a4f0c3f8a11";
        assert!(named(id, "240.webp").is_some());
        for (id, file) in
            [(id, "240.webp#1"), (id, "0240.webp"), (id, "+240.webp"), (id, "240.png"), ("..", "240.webp")]
        {
            assert_eq!(named(id, file), None, "{id}/{file}");
        }
        assert_eq!(named(&id.to_uppercase(), "240.webp"), None);
    }
}
