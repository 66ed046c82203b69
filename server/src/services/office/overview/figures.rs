//! The catalogue and the carts, counted.
//!
//! Each figure looks at every product or line, which no index spares. What is counted of products stands in narrow rows
//! of its own (`product_stock`), so that it is a few megabytes that are read. A process counts once for all who look, and
//! while that takes long shows what it had.

use super::people::whole;
use crate::error::ServiceError;
use crate::services::whole as to_its_end;
use app::admin::overview::host::{Goods, Wanted};
use app::domain::Money;
use app::error::AppError;
use sqlx::{PgConnection, PgPool};
use std::sync::Arc;
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::macros::format_description;
use tokio::sync::Mutex;
use tokio::time::timeout;
use uuid::Uuid;

/// For how long figures are as good as new.
const FRESH: Duration = Duration::from_secs(5);
/// For how long a page waits for newer ones. In a big shop they take longer, and are there for the next look.
const PATIENCE: Duration = Duration::from_millis(60);
/// For how long they are better than waiting. When they were counted is said beside them.
const GOOD: Duration = Duration::from_secs(60 * 60);

pub struct Figures {
    pool: PgPool,
    low_stock: u32,
    kept: std::sync::RwLock<Option<(Instant, Goods)>>,
    /// Held by whoever counts.
    counting: Mutex<()>,
}

impl Figures {
    pub fn new(pool: PgPool, low_stock: u32) -> Arc<Self> {
        Arc::new(Self { pool, low_stock, kept: std::sync::RwLock::default(), counting: Mutex::default() })
    }

    /// With how many pieces, or fewer, a product counts as low in stock.
    pub fn low_stock(&self) -> i32 {
        i32::try_from(self.low_stock).unwrap_or(i32::MAX)
    }

    pub async fn goods(self: &Arc<Self>) -> Result<Goods, AppError> {
        if let Some(goods) = self.kept(FRESH) {
            return Ok(goods);
        }
        let this = Arc::clone(self);
        let counting = to_its_end(async move { this.counted().await });
        match self.kept(GOOD) {
            Some(goods) => timeout(PATIENCE, counting).await.unwrap_or(Ok(goods)),
            None => counting.await,
        }
    }

    fn kept(&self, no_older_than: Duration) -> Option<Goods> {
        let kept = self.kept.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.as_ref().filter(|(at, _)| at.elapsed() < no_older_than).map(|(_, goods)| goods.clone())
    }

    /// Counts, or waits for whoever is at it.
    async fn counted(&self) -> Result<Goods, ServiceError> {
        let _counting = self.counting.lock().await;
        if let Some(goods) = self.kept(FRESH) {
            return Ok(goods);
        }
        let goods = self.count().await?;
        let mut kept = self.kept.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        *kept = Some((Instant::now(), goods.clone()));
        Ok(goods)
    }

    async fn count(&self) -> Result<Goods, ServiceError> {
        let mut transaction = self.pool.begin().await?;
        // All of one moment, and by reading the tables from end to end, which is what these few queries are for.
        sqlx::raw_sql(
            "set transaction isolation level repeatable read, read only;
             set local enable_seqscan = on",
        )
        .execute(&mut *transaction)
        .await?;
        let clock = format_description!("[hour]:[minute]:[second]");
        let mut goods = Goods {
            low_stock: self.low_stock,
            counted_at: OffsetDateTime::now_utc().format(clock).unwrap_or_default(),
            ..Goods::default()
        };
        count_products(&mut transaction, &mut goods).await?;
        count_carts(&mut transaction, &mut goods).await?;
        goods.most_carted = most_carted(&mut transaction).await?.into_iter().map(Wanted::from).collect();
        goods.most_wished = most_wished(&mut transaction).await?.into_iter().map(Wanted::from).collect();
        transaction.commit().await?;
        Ok(goods)
    }
}

async fn count_products(connection: &mut PgConnection, goods: &mut Goods) -> Result<(), sqlx::Error> {
    // What is beyond any currency's reach is still no error.
    let row = sqlx::query!(
        r#"select count(*) filter (where status = 'active') as "active!",
                  count(*) filter (where status = 'draft') as "draft!",
                  count(*) filter (where status = 'archived') as "archived!",
                  count(*) filter (where status = 'active' and on_hand = 0) as "out!",
                  count(*) filter (where status = 'active' and on_hand between 1 and $1) as "low!",
                  least(coalesce(sum(value), 0), 9000000000000000000)::bigint as "value!"
           from product_stock"#,
        i32::try_from(goods.low_stock).unwrap_or(i32::MAX)
    )
    .fetch_one(connection)
    .await?;
    goods.active = whole(row.active);
    goods.draft = whole(row.draft);
    goods.archived = whole(row.archived);
    goods.out = whole(row.out);
    goods.low = whole(row.low);
    goods.stock_value = Money::total(row.value).unwrap_or_default();
    Ok(())
}

async fn count_carts(connection: &mut PgConnection, goods: &mut Goods) -> Result<(), sqlx::Error> {
    let row = sqlx::query!(
        r#"select count(distinct l.cart_id) as "carts!",
                  least(coalesce(sum(v.price::numeric * l.quantity), 0), 9000000000000000000)::bigint as "value!"
           from cart_lines l
           join variants v on v.id = l.variant_id
           where not l.saved"#
    )
    .fetch_one(connection)
    .await?;
    goods.carts = whole(row.carts);
    goods.cart_value = Money::total(row.value).unwrap_or_default();
    Ok(())
}

struct WantedRow {
    id: Uuid,
    title: String,
    number: i64,
}

impl From<WantedRow> for Wanted {
    fn from(row: WantedRow) -> Self {
        Self { id: row.id.to_string(), title: row.title, number: whole(row.number) }
    }
}

async fn most_carted(connection: &mut PgConnection) -> Result<Vec<WantedRow>, sqlx::Error> {
    sqlx::query_as!(
        WantedRow,
        r#"select p.id, p.title, m.number as "number!"
           from (
               select v.product_id, sum(l.quantity) as number
               from cart_lines l
               join variants v on v.id = l.variant_id
               where not l.saved
               group by v.product_id
               order by number desc, v.product_id
               limit 10
           ) m
           join products p on p.id = m.product_id
           order by m.number desc, p.id"#
    )
    .fetch_all(connection)
    .await
}

async fn most_wished(connection: &mut PgConnection) -> Result<Vec<WantedRow>, sqlx::Error> {
    sqlx::query_as!(
        WantedRow,
        r#"select p.id, p.title, m.number as "number!"
           from (
               select v.product_id, count(distinct i.wishlist_id) as number
               from wishlist_items i
               join variants v on v.id = i.variant_id
               group by v.product_id
               order by number desc, v.product_id
               limit 10
           ) m
           join products p on p.id = m.product_id
           order by m.number desc, p.id"#
    )
    .fetch_all(connection)
    .await
}
