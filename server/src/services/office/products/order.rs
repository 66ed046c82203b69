//! The orders of the table, and where its pages begin: each order is an index's, so that a page which begins at a row costs
//! no more at the end than at the beginning.
//!
//! What is searched for is one expression with one index (`products.skus` has the variants' numbers beside the title), so
//! that the planner knows whether a search means few products or most. What each sale changes, and the overview adds up,
//! stands in narrow rows of its own (`product_stock`): an index on the stock in `products` would make every sale write all
//! the others.

use super::PgProducts;
use crate::error::ServiceError;
use app::admin::products::host::{Place, Query};
use sqlx::{Postgres, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

/// Rows that can be paged through by number: each such page costs the rows before it.
pub const MOST: i64 = 10_000;
/// No sort key of a row is longer.
const LONGEST: usize = 2_000;

/// A row's place in the order of its table: what it is sorted by, as it was when the page was made, so that the next page
/// goes on there even where the row has moved or gone meanwhile.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    pub seq: i32,
    /// A price, a stock or a moment, where it is sorted by one.
    pub number: i64,
    /// A name, where it is sorted by one.
    pub text: String,
}

impl Key {
    /// As an address has it.
    pub fn text(&self) -> String {
        [&self.seq.to_string(), ".", &self.number.to_string(), ".", &self.text].concat()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (seq, number, text) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
        let fits = text.chars().count() <= LONGEST && !text.contains('\0');
        fits.then(|| Self { seq, number, text: text.to_owned() })
    }
}

/// Where to look for a page.
pub struct Start {
    skipped: i64,
    beyond: Option<Key>,
    /// Its rows are found from the last to the first.
    pub is_backwards: bool,
}

impl Start {
    /// `None` for a place that there isn't.
    pub fn of(place: &Place, size: i64) -> Option<Self> {
        let beyond = |key: &String| Key::parse(key).map(Some);
        Some(match place {
            Place::Number(number) => {
                let skipped = i64::from(number - 1) * size;
                (skipped < MOST).then_some(Self { skipped, beyond: None, is_backwards: false })?
            }
            Place::After(key) => Self { skipped: 0, beyond: beyond(key)?, is_backwards: false },
            Place::Before(key) => Self { skipped: 0, beyond: beyond(key)?, is_backwards: true },
            Place::Last => Self { skipped: 0, beyond: None, is_backwards: true },
        })
    }
}

/// As a sort key has a moment.
pub fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1000).unwrap_or_default()
}

fn moment(micros: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).ok()
}

/// What the rows are looked for in, and the columns of their order, each as its index has it.
fn columns(by: &str) -> (&'static str, &'static [&'static str]) {
    match by {
        "title" => ("products p", &["plain_text(p.title)", "p.seq"]),
        "sku" => ("products p", &["split_part(p.skus, E'\\n', 1)", "p.seq"]),
        "status" => ("products p", &["p.status", "p.updated_at", "p.seq"]),
        "price" => ("products p", &["coalesce(p.price_min, -1)", "p.seq"]),
        "stock" => ("product_stock k join products p on p.seq = k.seq", &["k.on_hand", "k.seq"]),
        // Products are numbered as they are made.
        "created" => ("products p", &["p.seq"]),
        _ => ("products p", &["p.updated_at", "p.seq"]),
    }
}

/// What a row is compared with; `None` for what no row can have.
fn push_key(statement: &mut QueryBuilder<Postgres>, by: &str, key: &Key) -> Option<()> {
    match by {
        "title" | "sku" => {
            statement.push_bind(key.text.clone()).push(", ");
        }
        "status" => {
            statement.push_bind(key.text.clone()).push(", ").push_bind(moment(key.number)?).push(", ");
        }
        "price" => {
            statement.push_bind(key.number).push(", ");
        }
        "stock" => {
            statement.push_bind(i32::try_from(key.number).ok()?).push(", ");
        }
        "created" => {}
        _ => {
            statement.push_bind(moment(key.number)?).push(", ");
        }
    }
    statement.push_bind(key.seq);
    Some(())
}

impl PgProducts {
    /// Finds the numbers of a page's products. `categories`: as [`Self::places`] has them, for the order by them.
    /// `None` for a place that there isn't.
    pub(super) fn finding(
        &self,
        query: &Query,
        start: &Start,
        categories: &[Uuid],
        most: i64,
    ) -> Option<QueryBuilder<Postgres>> {
        let falls = query.sorting.falls != start.is_backwards;
        if query.sorting.by == "category" {
            return self.finding_by_category(query, start, categories, most, falls);
        }
        let (way, beyond) = if falls { ("desc", "<") } else { ("asc", ">") };
        let (from, columns) = columns(query.sorting.by);
        let mut finding = QueryBuilder::new(format!("select p.seq from {from} where true"));
        self.narrow(&mut finding, query);
        if let Some(key) = &start.beyond {
            finding.push(format!(" and ({}) {beyond} (", columns.join(", ")));
            push_key(&mut finding, query.sorting.by, key)?;
            finding.push(")");
        }
        let order: Vec<String> = columns.iter().map(|column| format!("{column} {way}")).collect();
        finding.push(format!(" order by {} limit ", order.join(", "))).push_bind(most);
        finding.push(" offset ").push_bind(start.skipped);
        Some(finding)
    }

    /// Category by category, in the order of their tree: an index on that order would have to be written anew for all
    /// products of a category that is moved.
    fn finding_by_category(
        &self,
        query: &Query,
        start: &Start,
        categories: &[Uuid],
        most: i64,
        falls: bool,
    ) -> Option<QueryBuilder<Postgres>> {
        let (way, beyond, end) = if falls { ("desc", "<", i32::MAX) } else { ("asc", ">", i32::MIN) };
        let at = match &start.beyond {
            Some(key) => {
                let category = Uuid::try_parse(&key.text).ok()?;
                let place = categories.iter().position(|one| *one == category)?;
                Some((i64::try_from(place + 1).ok()?, key.seq))
            }
            None => None,
        };
        let mut finding = QueryBuilder::new("select f.seq from (select id, place from unnest(");
        finding.push_bind(categories.to_vec()).push("::uuid[]) with ordinality c(id, place)");
        if let Some((place, _)) = at {
            finding.push(format!(" where place {beyond}= ")).push_bind(place);
        }
        finding.push(format!(" order by place {way}) c cross join lateral (select p.seq from products p where "));
        finding.push("coalesce(p.category_id, '00000000-0000-0000-0000-000000000000'::uuid) = c.id");
        if let Some((place, seq)) = at {
            finding.push(format!(" and p.seq {beyond} case when c.place = ")).push_bind(place);
            finding.push(" then ").push_bind(seq).push(" else ").push_bind(end).push(" end");
        }
        self.narrow(&mut finding, query);
        finding.push(format!(" order by p.seq {way} limit ")).push_bind(most + start.skipped);
        finding.push(format!(") f order by c.place {way}, f.seq {way} limit ")).push_bind(most);
        finding.push(" offset ").push_bind(start.skipped);
        Some(finding)
    }

    /// All categories in the order of their tree, and the nil one, which stands for none.
    pub(super) async fn places(&self) -> Result<Vec<Uuid>, ServiceError> {
        let categories = self.load_categories().await?;
        Ok(categories.iter().filter_map(|one| Uuid::try_parse(&one.id).ok()).chain([Uuid::nil()]).collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_its_address() {
        for key in [
            Key { seq: 7, number: 0, text: "a mug. of clay".to_owned() },
            Key { seq: 1, number: -1, text: String::new() },
        ] {
            assert_eq!(Key::parse(&key.text()), Some(key));
        }
        for text in ["", "7", "7.1", "x.1.a", "7.x.a", "99999999999.1.a", "7.1.a\0"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
        let at = OffsetDateTime::from_unix_timestamp_nanos(1_764_000_000_123_456_000).unwrap();
        assert_eq!(moment(micros(at)), Some(at));
        assert_eq!(moment(i64::MAX), None);
    }

    #[test]
    fn what_is_far_has_no_number() {
        assert!(Start::of(&Place::Number(200), 50).is_some());
        assert!(Start::of(&Place::Number(201), 50).is_none());
        assert!(Start::of(&Place::After("x".to_owned()), 50).is_none());
    }
}
