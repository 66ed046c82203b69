//! Answers for what goes wrong outside a page: plain words, a request id, nothing of the inside. They need neither
//! the database nor the browser's code, since either may be what is missing.

use app::error::AppError;
use axum::body::Body;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Response, StatusCode};

/// What the client can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Page,
    Json,
}

impl Wants {
    pub fn of(headers: &HeaderMap, path: &str) -> Self {
        let browser = headers
            .get(header::ACCEPT)
            .is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")));
        if path.starts_with("/api/") && !browser { Self::Json } else { Self::Page }
    }
}

pub fn answer(status: StatusCode, id: &str, wants: Wants) -> Response<Body> {
    let (kind, body) = match wants {
        Wants::Json => {
            let error = match status {
                StatusCode::FORBIDDEN => AppError::Forbidden,
                StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => AppError::NotFound,
                status if status.is_client_error() => AppError::Invalid { fields: Vec::new() },
                _ => AppError::Unavailable { request_id: Some(id.to_owned()) },
            };
            ("application/json", serde_json::to_string(&error).unwrap_or_default())
        }
        Wants::Page => ("text/html; charset=utf-8", page(status, id)),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// What a page says for itself. Whatever else a refusal says, such as `Allow`, belongs to it.
const OF_THE_PAGE: [HeaderName; 4] =
    [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::CACHE_CONTROL];

/// Gives a real page to errors that a layer or the router answered with an empty or one-line body.
pub fn dress(response: Response<Body>, id: &str, wants: Wants) -> Response<Body> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let bare = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/plain")));
    if !bare {
        return response;
    }
    let mut dressed = answer(status, id, wants);
    let headers = dressed.headers_mut();
    for name in response.headers().keys().filter(|name| !OF_THE_PAGE.contains(name)) {
        headers.remove(name);
        for value in response.headers().get_all(name) {
            headers.append(name, value.clone());
        }
    }
    dressed
}

fn page(status: StatusCode, id: &str) -> String {
    let (title, advice) = match status {
        StatusCode::FORBIDDEN => ("That didn’t come from this shop", "Open the shop and try again from its own page."),
        StatusCode::NOT_FOUND => ("This page isn’t here", "It may have moved. Start again from the shop’s front page."),
        StatusCode::METHOD_NOT_ALLOWED => ("That isn’t possible here", "Go back and try again from the page itself."),
        StatusCode::PAYLOAD_TOO_LARGE => ("That is too large to send", "Send something smaller."),
        StatusCode::TOO_MANY_REQUESTS => ("Too many tries", "Wait a moment, then try again."),
        status if status.is_client_error() => {
            ("The shop couldn’t read that", "Go back, check what was entered, and try again.")
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            ("The shop can’t answer right now", "Nothing you did was lost. Try again in a moment.")
        }
        StatusCode::INSUFFICIENT_STORAGE => {
            ("The shop’s disk is full", "Nothing of it was kept. Tell whoever runs the shop, then try again.")
        }
        _ => ("Something went wrong here", "It is the shop’s fault, not yours. Try again in a moment."),
    };
    let reference = match status.is_server_error() {
        true => format!("<p>If it goes on, tell us this number: <code>{id}</code></p>"),
        false => String::new(),
    };
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"stylesheet\" href=\"/error.css\"></head>\
         <body><main><h1>{title}</h1><p>{advice}</p>{reference}<p><a href=\"/\">Go to the front page</a></p></main>\
         </body></html>"
    )
}
