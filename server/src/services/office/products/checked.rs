//! What a form sent, as values; everything that is wrong with it is found at once.

use super::grid;
use super::prose::{Prose, rendered};
use crate::catalogue_file::{clean_html, split};
use crate::services::words;
use app::admin::products::api::{Typed, TypedVariant};
use app::admin::products::host::Status;
use app::domain::{Currency, Money};
use app::error::{AppError, FieldError};
use std::collections::HashMap;
use uuid::Uuid;

/// Characters, as the schema has them.
const LONGEST_TITLE: usize = 500;
pub const LONGEST_LINE: usize = 255;
const LONGEST_BODY: usize = 50_000;
/// Bytes. Few characters of Markdown can come to much HTML, such as a table of empty cells.
const MOST_HTML: usize = 512 * 1024;
pub const MOST_TAGS: usize = 100;
/// Pieces, as the schema has them.
pub const MOST_STOCK: i64 = 1_000_000_000;

pub struct Checked {
    pub title: String,
    /// `None`: to be made from the title.
    pub slug: Option<String>,
    pub body: Prose,
    pub category: Option<Uuid>,
    pub vendor: String,
    pub tags: Vec<String>,
    pub status: Status,
    /// Names; empty for a plain product.
    pub options: Vec<String>,
    pub variants: Vec<CheckedVariant>,
    /// Variants to remove.
    pub gone: Vec<Uuid>,
}

pub struct CheckedVariant {
    /// Its place in the form, for what the database finds wrong with it.
    pub at: usize,
    /// `None` for a new one.
    pub id: Option<Uuid>,
    /// One of each option.
    pub values: Vec<String>,
    pub sku: Option<String>,
    pub price: Money,
    pub compare_at: Option<Money>,
    pub add: i32,
}

/// What a form may leave as it is, though it would not be taken anew.
#[derive(Default)]
pub struct Before<'a> {
    pub slug: &'a str,
    pub body: Prose,
    /// How many it has.
    pub variants: usize,
    /// What each costs and cost before.
    pub prices: HashMap<Uuid, (i64, Option<i64>)>,
}

/// # Errors
/// `Invalid`, with every field that is wrong.
pub fn check(typed: &Typed, before: &Before, currency: &Currency) -> Result<Checked, AppError> {
    let mut wrong = Wrong(Vec::new());
    let title = wrong.unless("title", line(&typed.title, LONGEST_TITLE).and_then(filled));
    let slug = wrong.unless("slug", slug(&typed.slug, before.slug));
    let body = wrong.unless("body", body(&typed.body, &before.body));
    let category = wrong.unless("category", category(&typed.category));
    let vendor = wrong.unless("vendor", line(&typed.vendor, LONGEST_LINE));
    let tags = wrong.unless("tags", tags(&typed.tags));
    let status = wrong.unless("status", Status::parse(&typed.status).ok_or_else(|| "Choose a status".to_owned()));
    let (mut variants, mut gone) = (Vec::new(), Vec::new());
    for (at, one) in typed.variants.iter().enumerate() {
        if !one.is_gone() {
            variants.extend(variant(at, one, before, currency, &mut wrong));
        } else if !one.id.is_empty() {
            gone.extend(wrong.unless("", Uuid::try_parse(&one.id).map_err(|_| GONE.to_owned())));
        }
    }
    let grid = grid::checked(typed, before.variants).map_err(|fields| wrong.0.extend(fields)).ok();
    let all = (title, slug, body, category, vendor, tags, status, grid);
    match all {
        (
            Some(title),
            Some(slug),
            Some(body),
            Some(category),
            Some(vendor),
            Some(tags),
            Some(status),
            Some(mut grid),
        ) if wrong.0.is_empty() => {
            for variant in &mut variants {
                variant.values = grid.values.get_mut(variant.at).map(std::mem::take).unwrap_or_default();
            }
            let options = grid.names;
            Ok(Checked { title, slug, body, category, vendor, tags, status, options, variants, gone })
        }
        _ => Err(AppError::Invalid { fields: wrong.0 }),
    }
}

struct Wrong(Vec<FieldError>);

impl Wrong {
    fn unless<T>(&mut self, field: &str, value: Result<T, String>) -> Option<T> {
        value.map_err(|message| self.0.push(FieldError { field: field.to_owned(), message })).ok()
    }
}

fn variant(
    at: usize,
    typed: &TypedVariant,
    before: &Before,
    currency: &Currency,
    wrong: &mut Wrong,
) -> Option<CheckedVariant> {
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
    if let (Some(price), Some(Some(was))) = (price, compare_at)
        && was <= price
    {
        // Files may have brought some, which nobody has to mend to change something else.
        let stored = id.flatten().and_then(|id| before.prices.get(&id));
        if stored != Some(&(price.minor(), Some(was.minor()))) {
            wrong.unless::<()>(&field("compare_at"), Err(NOT_HIGHER.to_owned()));
        }
    }
    let add = wrong.unless(&field("add"), delta(&typed.add));
    Some(CheckedVariant {
        at,
        id: id?,
        values: Vec::new(),
        sku: sku.map(|sku| (!sku.is_empty()).then_some(sku))?,
        price: price?,
        compare_at: compare_at?,
        add: add?,
    })
}

const NOT_HIGHER: &str = "This isn’t higher than the price, so shoppers would see no reduction. Leave it empty, or enter what \
                          it cost before";

/// Said when a form has a variant that the product hasn't.
pub const GONE: &str = "Its variants have changed meanwhile. Load the page again";

/// Text on one line.
pub fn line(text: &str, longest: usize) -> Result<String, String> {
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

/// A description. What nobody has changed stays as it is, also where it would come to something else today.
fn body(text: &str, before: &Prose) -> Result<Prose, String> {
    let text = ended(text);
    let text = text.trim();
    if text == before.shown().trim() {
        return Ok(before.clone());
    }
    Ok(Prose { html: described(text)?, source: (!text.is_empty()).then(|| text.to_owned()) })
}

/// Text with line ends of one kind, and without what no database keeps.
fn ended(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "")
}

/// What a description as typed comes to.
///
/// # Errors
/// In words, where it is too long.
pub fn described(text: &str) -> Result<String, String> {
    let text = ended(text);
    if text.chars().count() > LONGEST_BODY {
        return Err(format!("Use at most {LONGEST_BODY} characters"));
    }
    let html = rendered(&text).filter(|html| html.len() <= MOST_HTML);
    let html = html.ok_or("This comes to a page that is too long or too deep. Make it shorter or simpler")?;
    Ok(clean_html(&html).into_owned())
}

fn category(text: &str) -> Result<Option<Uuid>, String> {
    match text {
        "" => Ok(None),
        id => Uuid::try_parse(id).map(Some).map_err(|_| NO_SUCH_CATEGORY.to_owned()),
    }
}

pub const NO_SUCH_CATEGORY: &str = "This category isn’t there any more. Choose another";

pub fn tags(text: &str) -> Result<Vec<String>, String> {
    let mut tags: Vec<String> = Vec::new();
    let text = text.trim();
    if text.chars().any(words::misleads) {
        return Err("Use ordinary characters only".to_owned());
    }
    for tag in split(text, ',') {
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
        ..0 => Err(match on_hand {
            0 => "There are none".to_owned(),
            1 => "There is only 1".to_owned(),
            on_hand => format!("There are only {on_hand}"),
        }),
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
    fn a_description_keeps_its_source_and_what_nobody_changed_stays() {
        let from_a_file = Prose { html: "<p>A <b>mug</b>.</p>".to_owned(), source: None };
        assert_eq!(body("<p>A <b>mug</b>.</p>\r\n", &from_a_file).unwrap(), from_a_file);
        let written = body(" A *mug*.\r\n\r\nOf clay.", &from_a_file).unwrap();
        assert_eq!(written.html, "<p>A <em>mug</em>.</p>\n<p>Of clay.</p>");
        assert_eq!(written.source.as_deref(), Some("A *mug*.\n\nOf clay."));
        assert_eq!(body("", &written).unwrap(), Prose::default());
        assert!(body(&"a".repeat(LONGEST_BODY + 1), &written).is_err());
        let wide = ["|a".repeat(10_000), "|-".repeat(10_000), "|b\n".repeat(3_000)].join("\n");
        assert!(body(&wide, &written).is_err(), "a table of empty cells");
        assert!(body(&">".repeat(10_000), &written).is_err(), "quotes in quotes");
        assert!(body(&"<div>".repeat(9_000), &written).is_err(), "elements in elements");
    }

    #[test]
    fn a_price_before_is_higher_unless_it_has_always_been_so() {
        let id = Uuid::from_u128(1);
        let typed = |price: &str, was: &str, id: &str| {
            let variant = TypedVariant {
                id: id.to_owned(),
                price: price.to_owned(),
                compare_at: was.to_owned(),
                ..Default::default()
            };
            let (title, status) = ("Mug".to_owned(), "draft".to_owned());
            Typed { title, status, variants: vec![variant], ..Typed::default() }
        };
        let before = || Before { prices: HashMap::from([(id, (1000, Some(900)))]), variants: 1, ..Before::default() };
        let currency = Currency::from_code("EUR").unwrap();
        let fields = |typed: &Typed| match check(typed, &before(), &currency) {
            Ok(_) => Vec::new(),
            Err(AppError::Invalid { fields }) => fields.into_iter().map(|one| one.field).collect(),
            Err(error) => panic!("{error:?}"),
        };
        let id = id.to_string();
        let none: Vec<String> = Vec::new();
        assert_eq!(fields(&typed("10.00", "10.01", &id)), none);
        assert_eq!(fields(&typed("10.00", "", &id)), none);
        assert_eq!(fields(&typed("10.00", "9.00", &id)), none, "as it came");
        for (price, was, id) in [("10.00", "10.00", id.as_str()), ("11.00", "9.00", &id), ("10.00", "9.00", "")] {
            assert_eq!(fields(&typed(price, was, id)), ["variants[0][compare_at]"], "{price} {was} {id}");
        }
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
