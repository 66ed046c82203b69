//! Files: the browser's code and styles, fonts, and the pictures of the products.

use super::Host;
use axum::Router;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::http::{Response, StatusCode};
use std::path::Path;
use tower::ServiceBuilder;
use tower_http::services::{ServeDir, ServeFile};
use tower::util::MapResponseLayer;

/// Names carry a hash or a random id, so what is behind one never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

pub fn router(site_root: &Path, media_dir: &Path) -> Router<Host> {
    let mut router = Router::new()
        .nest_service("/pkg", kept(FOREVER).service(directory(&site_root.join("pkg"))))
        .nest_service("/media", kept(FOREVER).service(directory(media_dir)));
    // The rest of the site's root by name, so that an unknown address gets the shop's own page.
    for entry in std::fs::read_dir(site_root).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name == "pkg" || name == "media" || name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        router = if path.is_dir() {
            router.nest_service(&format!("/{name}"), kept(A_DAY).service(directory(&path)))
        } else {
            router.route_service(&format!("/{name}"), kept(A_DAY).service(ServeFile::new(&path).precompressed_br()))
        };
    }
    router
}

fn directory(path: &Path) -> ServeDir {
    ServeDir::new(path).append_index_html_on_directories(false).precompressed_br().precompressed_gzip()
}

fn kept<B: 'static>(
    value: HeaderValue,
) -> ServiceBuilder<
    tower::layer::util::Stack<
        MapResponseLayer<impl Fn(Response<B>) -> Response<B> + Clone + Send + Sync + 'static>,
        tower::layer::util::Identity,
    >,
> {
    ServiceBuilder::new().map_response(move |mut response: Response<B>| {
        // What isn't there today may be there tomorrow.
        if response.status() != StatusCode::NOT_FOUND {
            response.headers_mut().insert(CACHE_CONTROL, value.clone());
        }
        response
    })
}
