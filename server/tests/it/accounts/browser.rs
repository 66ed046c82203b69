//! A browser that keeps its cookies, and the shop's verbs.

use crate::shop::{Answer, Shop, secret};
use app::error::AppError;
use app::form::Next;
use axum::http::{Method, StatusCode};
use serde::Deserialize;
use server::mail::Letter;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

pub struct Person {
    pub username: &'static str,
    pub email: &'static str,
    pub password: &'static str,
}

pub const ANN: Person = Person { username: "ann.lee", email: "ann@example.com", password: "a heron at the weir" };

pub struct Browser<'a> {
    shop: &'a Shop,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    /// Said by a proxy; believed where the shop trusts the test's own address.
    address: Option<String>,
}

impl Shop {
    pub fn browser(&self) -> Browser<'_> {
        Browser { shop: self, cookies: Arc::default(), address: None }
    }

    pub fn browser_at(&self, address: &str) -> Browser<'_> {
        Browser { address: Some(address.to_owned()), ..self.browser() }
    }

    /// A browser in which somebody has just signed up and entered their code.
    pub async fn signed_up(&self, person: &Person) -> Browser<'_> {
        let browser = self.browser();
        next(&browser.sign_up(person).await);
        let code = newest_code(&self.pool, person.email).await.expect("a code in the mail");
        next(&browser.verify(&code).await);
        assert!(browser.is_signed_in().await);
        browser
    }

    /// A verified account, made without its forms.
    pub async fn account(&self, person: &Person, role: &str) -> uuid::Uuid {
        let service = server::services::accounts::AccountService::new(self.pool.clone(), secret(), "Fieldstone", false);
        let id = service.create(person.username, person.email, false, Some(person.password)).await.unwrap();
        sqlx::query("update users set role = $2 where id = $1").bind(id).bind(role).execute(&self.pool).await.unwrap();
        id
    }
}

impl<'a> Browser<'a> {
    /// The same browser, before another process.
    pub fn at<'b>(&self, shop: &'b Shop) -> Browser<'b> {
        Browser { shop, cookies: Arc::clone(&self.cookies), address: self.address.clone() }
    }

    /// Another browser, with the cookies that this one has now.
    pub fn twin(&self) -> Self {
        let cookies = self.cookies.lock().unwrap().clone();
        Browser { shop: self.shop, cookies: Arc::new(Mutex::new(cookies)), address: self.address.clone() }
    }

    pub fn shop(&self) -> &'a Shop {
        self.shop
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Answer {
        let cookies = self.cookie_header();
        let mut all = headers.to_vec();
        if !cookies.is_empty() {
            all.push(("cookie", &cookies));
        }
        if let Some(address) = &self.address {
            all.push(("x-forwarded-for", address));
        }
        all.push(("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"));
        let answer = self.shop.send(method, path, &all, body).await;
        let mut cookies = self.cookies.lock().unwrap();
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", "text/html")], "").await
    }

    /// A form, as the shop's script posts it.
    pub async fn post(&self, form: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, &format!("/api/account/{form}"), &headers, &body).await
    }

    pub async fn sign_up(&self, person: &Person) -> Answer {
        self.get("/signup").await;
        let Person { username, email, password } = person;
        self.post("sign_up", &[("username", username), ("email", email), ("password", password)]).await
    }

    pub async fn log_in(&self, login: &str, password: &str) -> Answer {
        self.post("log_in", &[("login", login), ("password", password)]).await
    }

    pub async fn verify(&self, code: &str) -> Answer {
        self.post("verify", &[("code", code)]).await
    }

    pub async fn forgot(&self, email: &str) -> Answer {
        self.get("/forgot-password").await;
        self.post("forgot_password", &[("email", email)]).await
    }

    pub async fn is_signed_in(&self) -> bool {
        let answer = self.send(Method::GET, "/api/account/profile", &[("accept", "application/json")], "").await;
        match answer.status {
            StatusCode::OK => true,
            StatusCode::UNAUTHORIZED => false,
            other => panic!("{other}: {}", answer.body),
        }
    }
}

/// Where an accepted form leads.
pub fn next(answer: &Answer) -> Next {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("a Next")
}

pub fn refused(answer: &Answer) -> AppError {
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.body);
    serde_json::from_str(&answer.body).expect("an AppError")
}

/// What is said beside a field; empty if nothing is.
pub fn said(answer: &Answer, field: &str) -> String {
    match refused(answer) {
        AppError::Invalid { fields } => {
            fields.into_iter().find(|one| one.field == field).map(|one| one.message).unwrap_or_default()
        }
        other => panic!("{other:?}"),
    }
}

/// The status and everything that a stranger sees of an answer, but for what differs each time.
pub fn seen(answer: &Answer) -> (StatusCode, Vec<(String, String)>, String) {
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id", "content-security-policy"].contains(&name.as_str()))
        .map(|(name, value)| {
            let value = value.to_str().unwrap();
            // A cookie's value is random; its name and attributes are what can be told apart.
            let value = match (name.as_str(), value.split_once('='), value.split_once(';')) {
                ("set-cookie", Some((cookie, _)), Some((_, attributes))) => format!("{cookie}=…;{attributes}"),
                _ => value.to_owned(),
            };
            (name.to_string(), value)
        })
        .collect();
    headers.sort();
    (answer.status, headers, answer.body.clone())
}

/// All that was mailed to an address, the newest last.
pub async fn letters(pool: &PgPool, address: &str) -> Vec<Letter> {
    #[derive(Deserialize)]
    struct Envelope {
        to: String,
        letter: Letter,
    }
    let sealed: Vec<Vec<u8>> = sqlx::query_scalar("select letter from outbox where letter is not null order by id")
        .fetch_all(pool)
        .await
        .unwrap();
    sealed
        .iter()
        .map(|sealed| serde_json::from_slice(&secret().open(sealed).unwrap()).unwrap())
        .filter(|envelope: &Envelope| envelope.to == address)
        .map(|envelope| envelope.letter)
        .collect()
}

pub async fn newest_code(pool: &PgPool, address: &str) -> Option<String> {
    letters(pool, address).await.into_iter().rev().find_map(|letter| match letter {
        Letter::SignUpCode { code } | Letter::ResetCode { code } | Letter::NewEmailCode { code } => Some(code),
        _ => None,
    })
}

/// Another six digits.
pub fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

/// Lets so many seconds pass, as far as the database can tell.
pub async fn later(pool: &PgPool, seconds: f64) {
    for statement in [
        "update one_time_codes set created_at = created_at - make_interval(secs => $1), expires_at = expires_at - make_interval(secs => $1)",
        "update flows set created_at = created_at - make_interval(secs => $1), expires_at = expires_at - make_interval(secs => $1)",
        "update sessions set created_at = created_at - make_interval(secs => $1), last_seen_at = last_seen_at - make_interval(secs => $1),
         expires_at = expires_at - make_interval(secs => $1)",
        // By way of another century, so that no span lands on another's beginning while both move.
        "update throttles set window_start = window_start - make_interval(secs => $1) - interval '36500 days'",
        "update throttles set window_start = window_start + interval '36500 days' where $1::float8 is not null",
        "update users set created_at = created_at - make_interval(secs => $1)",
        "update unlock_tokens set expires_at = expires_at - make_interval(secs => $1)",
    ] {
        sqlx::query(statement).bind(seconds).execute(pool).await.unwrap();
    }
}

pub async fn count(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}
