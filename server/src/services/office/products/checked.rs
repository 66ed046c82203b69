//! What a form sent, as values; everything that is wrong with it is found at once.

use crate::catalogue_file::{clean_html, split};
use crate::services::words;
use app::admin::products::api::{Typed, TypedVariant};
use app::admin::products::host::Status;
use app::domain::{Currency, Money};
use app::error::{AppError, FieldError};
use uuid::Uuid;

/// Characters, as the schema has them.
const LONGEST_TITLE: usize = 500;
const LONGEST_LINE: usize = 255;
const LONGEST_BODY: usize = 50_000;
const MOST_TAGS: usize = 100;
/// Pieces, as the schema has them.
const MOST_STOCK: i64 = 1_000_000_000;

pub struct Checked {
    pub title: String,
    /// `None`: to be made from the title.
    pub slug: Option<String>,
    pub body: String,
    pub category: Option<Uuid>,
    pub vendor: String,
    pub tags: Vec<String>,
    pub status: Status,
    pub variants: Vec<CheckedVariant>,
}

pub struct CheckedVariant {
    /// Its place in the form, for what the database finds wrong with it.
    pub at: usize,
    /// `None` for a new one.
    pub id: Option<Uuid>,
    pub sku: Option<String>,
    pub price: Money,
    pub compare_at: Option<Money>,
    pub add: i32,
}

/// What a form may leave as it is, though it would not be taken anew.
#[derive(Default)]
pub struct Before<'a> {
    pub slug: &'a str,
    pub body: &'a str,
}

/// # Errors
/// `Invalid`, with every field that is wrong.
pub fn check(typed: &Typed, before: &Before, currency: &Currency) -> Result<Checked, AppError> {
    let mut wrong = Wrong(Vec::new());
    let title = wrong.unless("title", line(&typed.title, LONGEST_TITLE).and_then(filled));
    let slug = wrong.unless("slug", slug(&typed.slug, before.slug));
    let body = wrong.unless("body", body(&typed.body, before.body));
    let category = wrong.unless("category", category(&typed.category));
    let vendor = wrong.unless("vendor", line(&typed.vendor, LONGEST_LINE));
    let tags = wrong.unless("tags", tags(&typed.tags));
    let status = wrong.unless("status", Status::parse(&typed.status).ok_or_else(|| "Choose a status".to_owned()));
    let variants: Vec<Option<CheckedVariant>> =
        typed.variants.iter().enumerate().map(|(at, one)| variant(at, one, currency, &mut wrong)).collect();
    let all = (title, slug, body, category, vendor, tags, status, variants.into_iter().collect::<Option<Vec<_>>>());
    match all {
        (
            Some(title),
            Some(slug),
            Some(body),
            Some(category),
            Some(vendor),
            Some(tags),
            Some(status),
            Some(variants),
        ) => Ok(Checked { title, slug, body, category, vendor, tags, status, variants }),
        _ => Err(AppError::Invalid { fields: wrong.0 }),
    }
}

struct Wrong(Vec<FieldError>);

impl Wrong {
    fn unless<T>(&mut self, field: &str, value: Result<T, String>) -> Option<T> {
        value.map_err(|message| self.0.push(FieldError { field: field.to_owned(), message })).ok()
    }
}

fn variant(at: usize, typed: &TypedVariant, currency: &Currency, wrong: &mut Wrong) -> Option<CheckedVariant> {
    let field = |name: &str| TypedVariant::field(at, name);
    let money = |text: &str| Money::parse(text, currency).map_err(|error| error.to_string());
    let id = match typed.id.as_str() {
        "" => Some(None),
        id => wrong.unless("", Uuid::try_parse(id).map(Some).map_err(|_| GONE.to_owned())),
    };
    let sku = wrong.unless(&field("sku"), line(&typed.sku, LONGEST_LINE));
    let price = wrong.unless(&field("price"), money(&typed.price));
    let compare_at = match typed.compare_at.trim() {
        "" => Some(None),
        text => wrong.unless(&field("compare_at"), money(text)).map(Some),
    };
    let add = wrong.unless(&field("add"), delta(&typed.add));
    Some(CheckedVariant {
        at,
        id: id?,
        sku: sku.map(|sku| (!sku.is_empty()).then_some(sku))?,
        price: price?,
        compare_at: compare_at?,
        add: add?,
    })
}

/// Said when a form has a variant that the product hasn't.
pub const GONE: &str = "Its variants have changed meanwhile. Load the page again";

/// Text on one line.
fn line(text: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > longest || text.chars().any(words::misleads) {
        return Err(format!("Use at most {longest} ordinary characters"));
    }
    Ok(text.to_owned())
}

fn filled(text: String) -> Result<String, String> {
    if text.is_empty() { Err("Enter a title".to_owned()) } else { Ok(text) }
}

fn slug(text: &str, before: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.is_empty() || text == before {
        return Ok((!text.is_empty()).then(|| text.to_owned()));
    }
    let fits = text.len() <= LONGEST_LINE
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    match fits {
        true => Ok(Some(text.to_owned())),
        false => Err("Use letters without accents, digits and hyphens, beginning with a letter or digit".to_owned()),
    }
}

/// Cleaned HTML. Text without any is put into paragraphs.
fn body(text: &str, before: &str) -> Result<String, String> {
    let text = text.replace("\r\n", "\n").replace('\0', "");
    let text = text.trim();
    if text == before.trim() {
        return Ok(before.to_owned());
    }
    if text.chars().count() > LONGEST_BODY {
        return Err(format!("Use at most {LONGEST_BODY} characters"));
    }
    if text.contains('<') {
        return Ok(clean_html(text).into_owned());
    }
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let html: Vec<String> =
        paragraphs.map(|paragraph| format!("<p>{}</p>", clean_html(paragraph).replace('\n', "<br>"))).collect();
    Ok(html.join("\n"))
}

fn category(text: &str) -> Result<Option<Uuid>, String> {
    match text {
        "" => Ok(None),
        id => Uuid::try_parse(id).map(Some).map_err(|_| NO_SUCH_CATEGORY.to_owned()),
    }
}

pub const NO_SUCH_CATEGORY: &str = "This category isn’t there any more. Choose another";

fn tags(text: &str) -> Result<Vec<String>, String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in split(&line(text, usize::MAX)?, ',') {
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > MOST_TAGS || tags.iter().any(|tag| tag.chars().count() > LONGEST_LINE) {
        return Err(format!("Use at most {MOST_TAGS} tags of at most {LONGEST_LINE} characters"));
    }
    Ok(tags)
}

/// Pieces to add, or with a minus to take; nothing for an empty field.
pub fn delta(text: &str) -> Result<i32, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    pieces(digits).map(|number| sign * number)
}

/// A whole number of pieces.
pub fn pieces(text: &str) -> Result<i32, String> {
    let text = text.trim();
    let number = match text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => return Err("Write a whole number in digits, such as 12 or -3".to_owned()),
        false => text.parse::<i64>().ok().filter(|number| *number <= MOST_STOCK),
    };
    number.and_then(|number| i32::try_from(number).ok()).ok_or_else(|| "That is more than can be kept".to_owned())
}

/// The stock after a change.
pub fn stocked(on_hand: i32, add: i32) -> Result<i32, String> {
    match i64::from(on_hand) + i64::from(add) {
        ..0 => Err(format!("There are only {on_hand}")),
        sum if sum > MOST_STOCK => Err("That is more than can be kept".to_owned()),
        sum => i32::try_from(sum).map_err(|error| error.to_string()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_added_and_taken() {
        for (text, number) in [("", 0), (" 12 ", 12), ("+3", 3), ("-3", -3), ("−3", -3), ("0", 0)] {
            assert_eq!(delta(text), Ok(number), "{text}");
        }
        for text in ["1e9", "１", "2147483648", "9223372036854775808", "1.5", "--1", "+-1", "x", "1 000"] {
            assert!(delta(text).is_err(), "{text}");
        }
        assert_eq!(stocked(2, -2), Ok(0));
        assert!(stocked(2, -3).is_err() && stocked(1, 1_000_000_000).is_err());
    }

    #[test]
    fn a_description_is_cleaned_and_plain_text_becomes_paragraphs() {
        assert_eq!(body("One & two\r\nlines\r\n\r\nTwo", "").unwrap(), "<p>One &amp; two<br>lines</p>\n<p>Two</p>");
        assert_eq!(body("<p onclick=x>A<script>alert(1)</script></p>", "").unwrap(), "<p>A</p>");
        assert_eq!(body("A mug.\r\n", "A mug.").unwrap(), "A mug.", "what nobody has changed stays");
        assert_eq!(body("", "x").unwrap(), "");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let typed = Typed {
            title: " ".to_owned(),
            slug: "a/b".to_owned(),
            category: "x".to_owned(),
            status: "admin".to_owned(),
            tags: "a\u{202e}b".to_owned(),
            variants: vec![TypedVariant { price: "1,000.00".to_owned(), add: "1e9".to_owned(), ..Default::default() }],
            ..Typed::default()
        };
        let Err(AppError::Invalid { fields }) = check(&typed, &Before::default(), &Currency::from_code("EUR").unwrap())
        else {
            panic!("it is wrong");
        };
        let fields: Vec<&str> = fields.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["title", "slug", "category", "tags", "status", "variants[0][price]", "variants[0][add]"]);
    }
}
