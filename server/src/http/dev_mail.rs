//! `/dev/mail`: the letters of a shop under development. It shows codes to whoever asks, so there is no route unless
//! the shop is bound to a loopback address and was asked for it.

use crate::mail::{Kept, Mailbox};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::fmt::Write;
use std::net::IpAddr;
use time::macros::format_description;

/// A letter's HTML part is shown as a mail program would: with its own styles, and nothing else of its own.
const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; object-src 'none'; \
                             base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub fn router<S: Clone + Send + Sync + 'static>(mailbox: Mailbox) -> Router<S> {
    Router::new()
        .route("/dev/mail", get(list))
        .route("/dev/mail/{number}", get(letter))
        .route("/dev/mail/{number}/html", get(html))
        .layer(from_fn(for_this_machine))
        .with_state(mailbox)
}

/// A page elsewhere can give this machine a name of its own in its visitor's browser, and read what that name answers
/// (DNS rebinding). What it can't do is to ask for the machine by its loopback name.
async fn for_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    // HTTP/2 has the host in its target.
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    if !host.is_some_and(is_loopback) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

fn is_loopback(host: &str) -> bool {
    let Ok(uri) = format!("http://{host}/").parse::<Uri>() else { return false };
    let Some(name) = uri.host() else { return false };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

async fn list(State(mailbox): State<Mailbox>) -> Html<String> {
    let letters = mailbox.all();
    let mut body = String::from("<h1>Mail</h1>");
    if letters.is_empty() {
        body.push_str("<p>No letter has been sent yet. What the shop sends is kept here, for as long as it runs.</p>");
    } else {
        body.push_str("<ol class=\"letters\">");
        for Kept { number, at, to, subject, .. } in &letters {
            let (to, subject, at) = (escaped(to), escaped(subject), moment(*at));
            let _ =
                write!(body, "<li><a href=\"/dev/mail/{number}\">{subject}</a><span>{to}</span><span>{at}</span></li>");
        }
        body.push_str("</ol>");
    }
    Html(page("Mail", &body))
}

async fn letter(State(mailbox): State<Mailbox>, Path(number): Path<u64>) -> Response {
    let Some(kept) = mailbox.get(number) else { return StatusCode::NOT_FOUND.into_response() };
    let (subject, to, text) = (escaped(&kept.subject), escaped(&kept.to), escaped(&kept.text));
    let body = format!(
        "<h1>{subject}</h1><p>To {to}, {}</p><pre>{text}</pre>\
         <p><a href=\"/dev/mail/{number}/html\">Show it as HTML</a></p><p><a href=\"/dev/mail\">All mail</a></p>",
        moment(kept.at)
    );
    Html(page(&kept.subject, &body)).into_response()
}

async fn html(State(mailbox): State<Mailbox>, Path(number): Path<u64>) -> Response {
    let Some(kept) = mailbox.get(number) else { return StatusCode::NOT_FOUND.into_response() };
    ([(header::CONTENT_SECURITY_POLICY, LETTER_POLICY)], Html(kept.html)).into_response()
}

fn page(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"stylesheet\" href=\"/error.css\"></head><body><main>{body}</main></body></html>"
    )
}

fn moment(at: time::OffsetDateTime) -> String {
    at.format(format_description!("[hour]:[minute]:[second] UTC")).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_s_own_names_are_answered() {
        for host in ["127.0.0.1:3000", "127.1.2.3", "localhost:3000", "LOCALHOST", "[::1]:3000"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "192.168.0.1", "", "[::2]"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
