//! The table's rows: first which, by the fewest columns, then what they show.

use super::PgProducts;
use crate::error::ServiceError;
use crate::services::catalog::{PictureRow, picture};
use crate::services::words;
use app::admin::products::host::{CategoryName, NO_CATEGORY, Query, Row, Status, Stock, Table};
use app::domain::Money;
use sqlx::types::Json;
use sqlx::{Postgres, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

/// Rows that are counted and can be paged through. Nobody reads more, and each page costs the rows before it.
const MOST: i64 = 10_000;
/// A shorter search is for beginnings only: trigrams can't find it within a word.
const SHORT: usize = 3;

impl PgProducts {
    pub(super) async fn load_table(&self, query: &Query) -> Result<Table, ServiceError> {
        let offset = i64::from(query.page - 1) * i64::from(query.size);
        if offset >= MOST {
            return Ok(Table::default());
        }
        let size = i64::from(query.size);
        let mut counting = QueryBuilder::new("select count(*) from (select 1 from products p where true");
        self.narrow(&mut counting, query);
        counting.push(" limit ").push_bind(MOST + 1).push(") counted");
        let total: i64 = counting.build_query_scalar().fetch_one(&self.pool).await?;
        let mut finding = QueryBuilder::new("select p.seq from products p where true");
        self.narrow(&mut finding, query);
        finding.push(order(query)).push(" limit ").push_bind(size).push(" offset ").push_bind(offset);
        let found: Vec<i32> = finding.build_query_scalar().fetch_all(&self.pool).await?;
        Ok(Table {
            rows: self.rows(&found).await?,
            total: u32::try_from(total.min(MOST)).unwrap_or_default(),
            capped: total > MOST,
            more: offset + size < total.min(MOST),
        })
    }

    async fn rows(&self, found: &[i32]) -> Result<Vec<Row>, ServiceError> {
        let rows = sqlx::query!(
            r#"
            select p.id, p.version, p.title, p.status, p.category_id, p.price_min, p.price_max, p.on_hand, p.updated_at,
                   p.option_names = '{}' as "plain!", v.id as "variant?", v.sku, v.variants as "variants!",
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
                select (array_agg(id order by position))[1] as id, (array_agg(sku order by position))[1] as sku,
                       count(*) as variants
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
                Row {
                    picture: row.picture.and_then(|Json(one)| picture(one, &row.title, &self.image_hosts)),
                    id: row.id.to_string(),
                    version: row.version,
                    title: row.title,
                    sku: row.sku.unwrap_or_default(),
                    status: Status::parse(&row.status).unwrap_or(Status::Draft),
                    category: row.category_id.map(|id| id.to_string()).unwrap_or_default(),
                    price: price.and_then(|(low, high)| Some((Money::from_minor(low)?, Money::from_minor(high)?))),
                    on_hand: row.on_hand,
                    variant: row.variant.filter(|_| row.plain && row.variants == 1).map(|id| id.to_string()),
                    variants: u32::try_from(row.variants).unwrap_or(u32::MAX),
                    updated: words::ago(now, row.updated_at),
                }
            })
            .collect())
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
            let part = like(&words);
            statement.push(" and (p.title ilike ").push_bind(part.clone());
            statement
                .push(" or p.id = any(array(select v.product_id from variants v where v.sku ilike ")
                .push_bind(part);
            statement.push("))");
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
                statement.push(" and p.on_hand = 0");
            }
            Some(Stock::Low) => {
                statement.push(" and p.on_hand between 1 and ").push_bind(self.low_stock);
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

fn order(query: &Query) -> String {
    let column = match query.sorting.by {
        "title" => "plain_text(p.title)",
        "price" => "p.price_min",
        "stock" => "p.on_hand",
        _ => "p.updated_at",
    };
    let way = if query.sorting.falls { "desc" } else { "asc" };
    format!(" order by {column} {way}, p.seq {way}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_means_what_it_says() {
        assert_eq!(like("50%_\\"), "%50\\%\\_\\\\%");
        assert_eq!(like("ab"), "ab%");
        assert_eq!(tagged("new & 'red' | x:*"), "new:*C & red:*C & x:*C");
        assert_eq!(tagged("&|!"), "");
    }
}
