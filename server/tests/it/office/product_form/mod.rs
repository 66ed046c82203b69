//! The form of a product: its options and variants, and what is typed and not saved.

mod grid;
mod preview;
mod renamed;
mod saving;

use super::staff::{ADA, EDD, SUE, act, beside, done, signed_in};
use crate::accounts::Browser;
use crate::shop::{Answer, Product, Shop, add, until_somebody_waits};
use app::error::AppError;
use axum::http::{Method, StatusCode};
use server::services::office::tidy_drafts;
use sqlx::PgPool;

type Fields = Vec<(String, String)>;

/// What a browser would send of a product's form, its buttons aside.
fn fields(page: &str) -> Fields {
    let form = page.split("product-form").nth(1).unwrap_or_else(|| panic!("no form in {page}"));
    let form = form.split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.map(unescaped)
    };
    let mut fields = Fields::new();
    let mut select: Option<(String, Option<String>)> = None;
    for part in form.split('<') {
        let (tag, after) = part.split_once('>').unwrap_or((part, ""));
        if tag.starts_with("input ") {
            let unticked = tag.contains("type=\"checkbox\"") && !tag.contains(" checked=");
            if let Some(name) = attribute(tag, "name").filter(|_| !unticked) {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea ") {
            fields.push((attribute(tag, "name").unwrap(), unescaped(after.trim_start_matches('\n'))));
        } else if tag.starts_with("select ") {
            select = Some((attribute(tag, "name").unwrap(), None));
        } else if tag.starts_with("option ") {
            if let Some((_, chosen)) = &mut select
                && (chosen.is_none() || tag.contains(" selected="))
            {
                *chosen = attribute(tag, "value");
            }
        } else if tag == "/select"
            && let Some((name, Some(chosen))) = select.take()
        {
            fields.push((name, chosen));
        }
    }
    fields
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fn set(fields: &mut Fields, name: &str, value: &str) {
    match fields.iter_mut().find(|(one, _)| one == name) {
        Some((_, now)) => value.clone_into(now),
        None => fields.push((name.to_owned(), value.to_owned())),
    }
}

fn get<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
}

fn pairs(fields: &Fields) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The place of the variant with these values, such as `S / Red`, in the form.
fn at(fields: &Fields, values: &str) -> usize {
    let values: Vec<&str> = values.split(" / ").collect();
    let is_it = |row: usize| {
        values
            .iter()
            .enumerate()
            .all(|(option, value)| get(fields, &format!("variants[{row}][of][{option}]")) == *value)
    };
    (0..400).find(|row| is_it(*row)).unwrap_or_else(|| panic!("{values:?} in {fields:?}"))
}

fn cell(fields: &mut Fields, values: &str, name: &str, value: &str) {
    let row = at(fields, values);
    set(fields, &format!("variants[{row}][{name}]"), value);
}

async fn open(browser: &Browser<'_>, path: &str) -> Fields {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    fields(&answer.body)
}

/// The form after one of its buttons has been pressed.
async fn press(browser: &Browser<'_>, mut fields: Fields, button: &str) -> Fields {
    set(&mut fields, "press", button);
    let path = done(browser, "products/grid", &pairs(&fields)).await.next.path;
    open(browser, &path).await
}

async fn save(browser: &Browser<'_>, fields: &Fields) -> Answer {
    act(browser, "products/save", &pairs(fields)).await
}

async fn saved(browser: &Browser<'_>, fields: &Fields) -> String {
    done(browser, "products/save", &pairs(fields)).await.next.path
}

/// A form, as a browser posts it without JavaScript.
async fn by_itself(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/admin/products/{form}"), &headers, &body).await
}

fn wrong(answer: &Answer) -> Vec<String> {
    match serde_json::from_str(&answer.body).expect("an AppError") {
        AppError::Invalid { fields } => fields.into_iter().map(|one| one.field).collect(),
        other => panic!("{other:?}"),
    }
}

async fn text(pool: &PgPool, query: &'static str) -> String {
    sqlx::query_scalar::<_, Option<String>>(query).fetch_one(pool).await.unwrap().unwrap_or_default()
}

/// Variants in their order.
async fn rows(pool: &PgPool) -> String {
    let rows =
        "select string_agg(concat_ws(' ', array_to_string(option_values, '/'), price, on_hand), ', ' order by position)
                from variants";
    text(pool, rows).await
}

async fn ids(pool: &PgPool) -> Vec<(String, String)> {
    let rows = "select array_to_string(option_values, '/'), id::text from variants order by id";
    sqlx::query_as(rows).fetch_all(pool).await.unwrap()
}
