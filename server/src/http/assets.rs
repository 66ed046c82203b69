//! Files: the browser's code and styles, fonts, and the pictures of the products.

use super::{Host, media};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use std::path::Path;
use tower_http::services::{ServeDir, ServeFile};

pub fn router(site_root: &Path) -> Router<Host> {
    // Names carry a hash or a random id, so what is behind one never changes.
    let forever = Router::new()
        .nest_service("/pkg", directory(&site_root.join("pkg")))
        .route("/media/{id}/{file}", get(media::file))
        .layer(map_response(|response| async { keep(response, "public, max-age=31536000, immutable") }));
    // The rest of the site's root by name, so that an unknown address gets the shop's own page.
    let mut named = Router::new();
    for entry in std::fs::read_dir(site_root).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name == "pkg" || name == "media" || name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        named = if path.is_dir() {
            named.nest_service(&format!("/{name}"), directory(&path))
        } else {
            named.route_service(&format!("/{name}"), ServeFile::new(&path).precompressed_br())
        };
    }
    let named = named.layer(map_response(|response| async { keep(response, "public, max-age=86400") }));
    forever.merge(named).layer(from_fn(nameable))
}

/// Bytes of a name that a file system takes, also with what a compressed file's ends with.
const LONGEST_NAME: usize = 255 - ".br".len();
/// Bytes of a path; none of these comes near it, and a file system takes no more than 4096.
const LONGEST_PATH: usize = 1024;

/// A file that no file system could have isn't there, rather than a failure to read it.
async fn nameable(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let fits = |segment: &str| percent_decode_str(segment).count() <= LONGEST_NAME;
    if path.len() > LONGEST_PATH || percent_decode_str(path).any(|byte| byte == 0) || !path.split('/').all(fits) {
        return StatusCode::NOT_FOUND.into_response();
    }
    next.run(request).await
}

fn directory(path: &Path) -> ServeDir {
    ServeDir::new(path).append_index_html_on_directories(false).precompressed_br().precompressed_gzip()
}

/// What isn't there today may be there tomorrow, so only what is there is kept.
fn keep(mut response: Response, how_long: &'static str) -> Response {
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(how_long));
    }
    response
}
