//! People who work here, and how their browser acts.

use crate::accounts::{Browser, Person};
use crate::shop::{Answer, Shop};
use app::cart::api::Acted;
use app::error::AppError;
use axum::http::{Method, StatusCode};

pub const ADA: Person = Person { username: "ada", email: "ada@example.com", password: "a heron at the weir" };
pub const EDD: Person = Person { username: "edd", email: "edd@example.com", password: "an otter in the reeds" };
pub const SUE: Person = Person { username: "sue", email: "sue@example.com", password: "a kestrel on the wire" };
pub const SAM: Person = Person { username: "sam", email: "sam@example.com", password: "a badger in the lane" };

/// A browser in which somebody of this role has just logged in.
pub async fn signed_in<'a>(shop: &'a Shop, person: &Person, role: &str) -> Browser<'a> {
    shop.account(person, role).await;
    let browser = shop.browser();
    assert_eq!(browser.log_in(person.email, person.password).await.status, StatusCode::OK);
    browser
}

/// A form, as the shop's script posts it. `form`: such as `categories/create`.
pub async fn act(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/admin/{form}"), &headers, &body).await
}

pub async fn done(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Acted {
    let answer = act(browser, form, fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{form}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("an Acted")
}

/// What is said beside a field.
pub fn beside(answer: &Answer, field: &str) -> String {
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.body);
    match serde_json::from_str(&answer.body).expect("an AppError") {
        AppError::Invalid { fields } => {
            fields.into_iter().find(|one| one.field == field).map(|one| one.message).unwrap_or_default()
        }
        other => panic!("{other:?}"),
    }
}
