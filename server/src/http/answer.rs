//! What a service adds to its request's answer, whoever makes the answer.

use axum::body::Body;
use axum::http::Response;
use axum::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use std::sync::{Arc, Mutex, PoisonError};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Shared between the middleware, which applies it, and the services of one request.
#[derive(Clone, Debug, Default)]
pub struct Answer(Arc<Mutex<Additions>>);

#[derive(Debug, Default)]
struct Additions {
    cookies: Vec<(&'static str, HeaderValue)>,
    forget: bool,
}

impl Answer {
    /// The last word on a cookie counts.
    pub fn cookie(&self, name: &'static str, value: HeaderValue) {
        let mut additions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        additions.cookies.retain(|(other, _)| *other != name);
        additions.cookies.push((name, value));
    }

    /// The browser forgets what it has kept of the shop: nothing private comes back with its back button.
    pub fn forget_pages(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).forget = true;
    }

    pub fn apply(&self, response: &mut Response<Body>) {
        let mut additions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, value) in additions.cookies.drain(..) {
            response.headers_mut().append(SET_COOKIE, value);
        }
        if additions.forget {
            response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""));
        }
    }
}
