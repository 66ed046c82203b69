//! Products as the staff work on them (rows 28, 29, 44 and 46 of the bar, and B7).

mod form;
mod table;

use crate::accounts::{ANN, Browser, Person};
use crate::shop::{Answer, Product, Shop, add, add_category};
use app::cart::api::Acted;
use app::error::AppError;
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use sqlx::PgPool;
use uuid::Uuid;

const EDITOR: Person = Person { username: "edith", email: "edith@example.com", password: "a heron at the weir" };

/// A form, as the shop's script posts it.
async fn act(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/admin/products/{form}"), &headers, &encoded(fields)).await
}

/// A form, as a browser posts it by itself.
async fn post(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/admin/products/{form}"), &headers, &encoded(fields)).await
}

fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn acted(answer: &Answer) -> Acted {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("an Acted")
}

fn refused(answer: &Answer) -> AppError {
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.body);
    serde_json::from_str(&answer.body).expect("an AppError")
}

/// Fields that are wrong, in order.
fn wrong(answer: &Answer) -> Vec<String> {
    match refused(answer) {
        AppError::Invalid { fields } => fields.into_iter().map(|one| one.field).collect(),
        other => panic!("{other:?}"),
    }
}

async fn staff<'a>(shop: &'a Shop, person: &Person, role: &str) -> Browser<'a> {
    shop.account(person, role).await;
    let browser = shop.browser();
    let answer = browser.log_in(person.email, person.password).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    browser
}

async fn text(pool: &PgPool, query: &'static str) -> String {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

/// What stands in a form's field: hidden ones, inputs and the like.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let name = format!(" name=\"{name}\"");
    let tag = page.split('<').filter_map(|tag| tag.split('>').next()).find(|tag| tag.contains(&name));
    let tag = tag.unwrap_or_else(|| panic!("{name} in {page}"));
    tag.split(" value=\"").nth(1).and_then(|value| value.split('"').next()).unwrap_or_default()
}

/// The fields of a plain product's form, as its page has them.
fn form_of(page: &str, id: &str) -> Vec<(String, String)> {
    let form = page.split("product-form").nth(1).expect("the form");
    let body = form.split("<textarea").nth(1).and_then(|rest| rest.split_once('>')).expect("a description").1;
    let body = body.split("</textarea>").next().unwrap().trim_start_matches('\n');
    let selected = |name: &str| {
        let select = form.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
        let option = select.split("<option ").find(|option| option.contains("selected")).unwrap();
        option.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let mut fields = vec![("product".to_owned(), id.to_owned()), ("page".to_owned(), format!("/admin/products/{id}"))];
    for name in ["version", "title", "slug", "vendor", "tags"] {
        fields.push((name.to_owned(), value(form, name).to_owned()));
    }
    for name in ["id", "price", "compare_at", "sku", "add"] {
        let name = format!("variants[0][{name}]");
        fields.push((name.clone(), value(form, &name).to_owned()));
    }
    fields.push(("body".to_owned(), body.replace("&lt;", "<").replace("&gt;", ">")));
    fields.push(("category".to_owned(), selected("category")));
    fields.push(("status".to_owned(), selected("status")));
    fields
}

fn with<'a>(fields: &'a [(String, String)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields
        .iter()
        .map(|(name, value)| {
            let changed = changes.iter().find(|(changed, _)| changed == name);
            (name.as_str(), changed.map_or(value.as_str(), |(_, value)| *value))
        })
        .collect()
}

const NEW: [(&str, &str); 8] = [
    ("title", "Tarn mug"),
    ("body", "A mug.\r\n\r\nOf clay."),
    ("status", "active"),
    ("tags", "new, kitchen"),
    ("variants[0][price]", "24"),
    ("variants[0][compare_at]", "30.00"),
    ("variants[0][sku]", "TARN"),
    ("variants[0][add]", "7"),
];
