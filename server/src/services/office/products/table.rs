//! The table's rows: first which, by the fewest columns, then what they show.

use super::PgProducts;
use super::id;
use super::order::{Key, MOST, Start, micros};
use crate::error::ServiceError;
use crate::services::catalog::{PictureRow, picture};
use crate::services::office::counting::count;
use crate::services::words;
use app::admin::products::host::{CategoryName, NO_CATEGORY, Place, Query, Row, RowVariant, Status, Stock, Table};
use app::domain::Money;
use sqlx::types::Json;
use sqlx::{Postgres, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

/// A shorter search is for beginnings only: trigrams can't find it within a word.
const SHORT: usize = 3;

impl PgProducts {
    pub(super) async fn load_table(&self, query: &Query) -> Result<Table, ServiceError> {
        let size = i64::from(query.size);
        let Some(start) = Start::of(&query.place, size) else { return Ok(Table::default()) };
        let categories = match query.sorting.by {
            "category" => self.places().await?,
            _ => Vec::new(),
        };
        let Some(mut finding) = self.finding(query, &start, &categories, size + 1) else { return Ok(Table::default()) };
        let mut found: Vec<i32> = finding.build_query_scalar().fetch_all(&self.pool).await?;
        let is_more = found.len() > usize::try_from(size).unwrap_or(usize::MAX);
        found.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        if start.is_backwards {
            found.reverse();
        }
        let rows = self.rows(&found, query.sorting.by).await?;
        let first = || rows.first().map(|(_, key)| Place::Before(key.text()));
        let last = || rows.last().map(|(_, key)| Place::After(key.text()));
        let (before, after) = match query.place {
            Place::Number(number) => {
                let next = i64::from(number) * size;
                let next = if next < MOST { Some(Place::Number(number.saturating_add(1))) } else { last() };
                ((number > 1).then(|| Place::Number(number - 1)), next.filter(|_| is_more))
            }
            Place::After(_) => (first(), last().filter(|_| is_more)),
            Place::Before(_) => (first().filter(|_| is_more), last()),
            Place::Last => (first().filter(|_| is_more), None),
        };
        let mut rows: Vec<Row> = rows.into_iter().map(|(row, _)| row).collect();
        self.open(&mut rows, &query.open).await?;
        let counted = |statement: &mut QueryBuilder<Postgres>| {
            statement.push("products p where true");
            self.narrow(statement, query);
        };
        Ok(Table { rows, count: count(&self.pool, counted).await?, before, after })
    }

    /// Rows by their numbers, each with its place in the order.
    async fn rows(&self, found: &[i32], by: &str) -> Result<Vec<(Row, Key)>, ServiceError> {
        let rows = sqlx::query!(
            r#"
            select p.id, p.seq, p.version, p.title, p.status, p.category_id, p.price_min, p.price_max, p.on_hand,
                   p.updated_at, p.vendor, p.tags, p.compare_at, p.created_at, v.id as "variant?",
                   v.variants as "variants!", split_part(p.skus, E'\n', 1) as "sku!", plain_text(p.title) as "sorted_title!",
                   (
                       select jsonb_build_object('id', m.id, 'alt', i.alt, 'source', i.source, 'widths', m.widths,
                                                 'width', m.width, 'height', m.height)
                       from product_images i left join media m on m.id = i.media_id
                       where i.product_id = p.id
                       order by i.position
                       limit 1
                   ) as "picture: Json<PictureRow>"
            from unnest($1::integer[]) with ordinality f(seq, at)
            join products p on p.seq = f.seq
            left join lateral (
                select (array_agg(id order by position))[1] as id, count(*) as variants
                from variants
                where product_id = p.id
            ) v on true
            order by f.at
            "#,
            found
        )
        .fetch_all(&self.pool)
        .await?;
        let now = OffsetDateTime::now_utc();
        Ok(rows
            .into_iter()
            .map(|row| {
                let price = row.price_min.zip(row.price_max);
                let moment = || micros(row.updated_at);
                let (number, text) = match by {
                    "title" => (0, row.sorted_title),
                    "sku" => (0, row.sku.clone()),
                    "status" => (moment(), row.status.clone()),
                    "category" => (0, row.category_id.unwrap_or_default().to_string()),
                    "price" => (row.price_min.unwrap_or(-1), String::new()),
                    "stock" => (i64::from(row.on_hand), String::new()),
                    "created" => (0, String::new()),
                    _ => (moment(), String::new()),
                };
                let shown = Row {
                    picture: row.picture.and_then(|Json(one)| picture(one, &row.title, &self.image_hosts)),
                    id: row.id.to_string(),
                    version: row.version,
                    title: row.title,
                    sku: row.sku,
                    status: Status::parse(&row.status).unwrap_or(Status::Draft),
                    category: row.category_id.map(|id| id.to_string()).unwrap_or_default(),
                    price: price.and_then(|(low, high)| Some((Money::from_minor(low)?, Money::from_minor(high)?))),
                    on_hand: row.on_hand,
                    stock: self.is_little(row.on_hand),
                    variant: row.variant.filter(|_| row.variants == 1).map(|id| id.to_string()),
                    variants: u32::try_from(row.variants).unwrap_or(u32::MAX),
                    opened: None,
                    vendor: row.vendor,
                    tags: row.tags,
                    compare_at: row.compare_at.filter(|was| Some(*was) > row.price_min).and_then(Money::from_minor),
                    created: words::day(row.created_at),
                    updated: words::ago(now, row.updated_at),
                };
                (shown, Key { seq: row.seq, number, text })
            })
            .collect())
    }

    /// As the filters mean it.
    fn is_little(&self, on_hand: i32) -> Option<Stock> {
        match on_hand {
            ..=0 => Some(Stock::Out),
            some => (some <= self.low_stock).then_some(Stock::Low),
        }
    }

    /// Gives a product among the rows its variants.
    async fn open(&self, rows: &mut [Row], product: &str) -> Result<(), ServiceError> {
        let Some(row) = rows.iter_mut().find(|row| row.id == product && row.variants > 1) else { return Ok(()) };
        let variants = sqlx::query!(
            r#"select id, array_to_string(option_values, ' / ') as "name!", coalesce(sku, '') as "sku!", price, on_hand
               from variants where product_id = $1 order by position"#,
            id(product)?
        )
        .fetch_all(&self.pool)
        .await?;
        let variants = variants.into_iter().filter_map(|one| {
            Some(RowVariant {
                id: one.id.to_string(),
                name: one.name,
                sku: one.sku,
                price: Money::from_minor(one.price)?,
                on_hand: one.on_hand,
                stock: self.is_little(one.on_hand),
            })
        });
        row.opened = Some(variants.collect());
        Ok(())
    }

    pub(super) async fn load_categories(&self) -> Result<Vec<CategoryName>, ServiceError> {
        let rows = sqlx::query!(
            r#"
            with recursive tree as (
                select id, name as path, array[lpad(position::text, 10, '0'), name] as place
                from categories
                where parent_id is null
                union all
                select c.id, tree.path || ' › ' || c.name, tree.place || array[lpad(c.position::text, 10, '0'), c.name]
                from tree join categories c on c.parent_id = tree.id
                where cardinality(tree.place) < 40
            )
            select id as "id!", path as "path!" from tree order by place
            "#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|row| CategoryName { id: row.id.to_string(), path: row.path }).collect())
    }
}

impl PgProducts {
    /// Only the conditions that are asked for, so that each statement is planned for what it asks.
    pub(super) fn narrow(&self, statement: &mut QueryBuilder<Postgres>, query: &Query) {
        let words = query.words.replace('\0', "");
        if !words.is_empty() {
            statement.push(" and (").push(NAMES).push(" ilike ").push_bind(within_names(&words));
            let tagged = tagged(&words);
            if !tagged.is_empty() {
                statement.push(" or p.search @@ to_tsquery('english', plain_text(").push_bind(tagged).push("))");
            }
            statement.push(")");
        }
        if let Some(status) = query.status {
            statement.push(" and p.status = ").push_bind(status.key());
        }
        if query.category == NO_CATEGORY {
            statement.push(" and p.category_id is null");
        } else if let Ok(category) = Uuid::try_parse(&query.category) {
            statement
                .push(
                    " and p.category_id = any(array(
                      with recursive down as (
                          select id from categories where id = ",
                )
                .push_bind(category)
                .push(
                    "         union
                          select c.id from categories c join down on c.parent_id = down.id
                      )
                      select id from down
                  ))",
                );
        }
        match query.stock {
            Some(Stock::Out) => {
                statement.push(" and p.seq in (select s.seq from product_stock s where s.on_hand = 0)");
            }
            Some(Stock::Low) => {
                statement
                    .push(" and p.seq in (select s.seq from product_stock s where s.on_hand between 1 and ")
                    .push_bind(self.low_stock)
                    .push(")");
            }
            None => {}
        }
        if query.on_sale {
            statement.push(" and p.compare_at > p.price_min");
        }
        if query.no_picture {
            statement.push(" and not exists (select from product_images i where i.product_id = p.id)");
        }
    }
}

/// A title and the variants' numbers, a line each: as their index has them.
const NAMES: &str = "(E'\\n' || p.title || E'\\n' || p.skus)";

/// The pattern of names with a part in a title or a number, or, for a short one, at the beginning of either.
pub fn within_names(text: &str) -> String {
    let before = if text.chars().count() >= SHORT { "%" } else { "%\n" };
    [before, &words::literal(text), "%"].concat()
}

/// The pattern of a part, none of whose characters means anything else.
pub fn like(text: &str) -> String {
    let before = if text.chars().count() >= SHORT { "%" } else { "" };
    [before, &words::literal(text), "%"].concat()
}

/// Tags that have all the words, each of which may go on: in the products' search text they have their own weight.
fn tagged(words: &str) -> String {
    let words: Vec<String> = words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(12)
        .map(|word| format!("{word}:*C"))
        .collect();
    words.join(" & ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_means_what_it_says() {
        assert_eq!(like("50%_\\"), "%50\\%\\_\\\\%");
        assert_eq!(like("ab"), "ab%");
        assert_eq!(within_names("50%"), "%50\\%%");
        assert_eq!(within_names("ab"), "%\nab%");
        assert_eq!(tagged("new & 'red' | x:*"), "new:*C & red:*C & x:*C");
        assert_eq!(tagged("&|!"), "");
    }
}
