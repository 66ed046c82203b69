//! Whoever makes a request, as the services know them.

use super::sessions::{Fresh, Session};
use super::throttle::{Limit, Subject};
use crate::http::client::party;
use crate::http::{Answer, cookies};
use crate::secret::{Secret, token_hash};
use crate::services::shelf::GUEST_COOKIE;
use app::account::api::{Me, Visitor};
use app::error::AppError;
use base64::Engine;
use std::net::IpAddr;
use std::time::Duration;

pub const SESSION_COOKIE: &str = "session";
pub const FLOW_COOKIE: &str = "flow";
/// How long a browser may take from a form to its code.
pub const FLOW_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// Made by the middleware `http::visitor`, one for each request.
#[derive(Clone, Debug)]
pub struct Caller {
    pub session: Option<Session>,
    pub client: IpAddr,
    pub user_agent: String,
    /// The flow cookie's value.
    pub flow: Option<String>,
    /// The guest cookie's value.
    pub guest: Option<String>,
    pub answer: Answer,
    /// The request's id, for the audit log.
    pub request: String,
}

/// 256 random bits, for a cookie or a link.
pub fn new_token() -> String {
    let random: [u8; 32] = rand::random();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random)
}

impl Caller {
    /// What pages may know.
    pub fn visitor(&self) -> Visitor {
        Visitor {
            me: self.session.as_ref().map(|session| Me {
                username: session.username.clone(),
                name: if session.display_name.is_empty() { &session.username } else { &session.display_name }.clone(),
                role: session.role,
            }),
        }
    }

    /// # Errors
    /// `SignIn` without a session.
    pub fn signed_in(&self) -> Result<&Session, AppError> {
        self.session.as_ref().ok_or(AppError::SignIn)
    }

    /// The hash of this browser's flow token; a browser without one is given one.
    pub fn flow_hash(&self, https: bool) -> [u8; 32] {
        match &self.flow {
            Some(token) => token_hash(token),
            None => {
                let token = new_token();
                self.answer.cookie(FLOW_COOKIE, cookies::set(FLOW_COOKIE, &token, Some(FLOW_LIFE), https));
                token_hash(&token)
            }
        }
    }

    /// What was under way is done: the next thing begins with a token of its own.
    pub fn end_flow(&self, https: bool) {
        self.answer.cookie(FLOW_COOKIE, cookies::clear(FLOW_COOKIE, https));
    }

    pub fn enter(&self, fresh: &Fresh, https: bool) {
        self.answer.cookie(SESSION_COOKIE, cookies::set(SESSION_COOKIE, &fresh.token, fresh.max_age, https));
        if fresh.is_new && self.guest.is_some() {
            self.answer.cookie(GUEST_COOKIE, cookies::clear(GUEST_COOKIE, https));
        }
    }

    pub fn leave(&self, https: bool) {
        self.answer.cookie(SESSION_COOKIE, cookies::clear(SESSION_COOKIE, https));
        self.answer.forget_pages();
    }

    /// This client, as `limit` counts it.
    pub fn counted(&self, secret: &Secret, limit: Limit) -> (Limit, Subject) {
        (limit, secret.mac("throttle client", &[&party(self.client)]))
    }
}
