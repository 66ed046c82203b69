//! Mail about things on wishlists: a price has fallen, or there are pieces again.
//!
//! The database marks an item when there is something to tell, in the transaction that changes the price or the stock.
//! Here such items are gathered into one letter for each reader and kind, and the marks are taken away in the
//! transaction that writes the letter: none is told twice, however many processes look at once, and none is forgotten.

use super::wishlists::lock;
use super::{Owner, ShelfService};
use crate::database::{Use, pool_of, ring};
use crate::error::ServiceError;
use crate::mail::{Letter, Wished, enqueue};
use crate::services::accounts::mailbox;
use crate::services::whole;
use app::cart::api::Done;
use app::domain::Money;
use app::error::AppError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::PgConnection;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::Notify;
use uuid::Uuid;

const CHANNEL: &str = "alerts";
/// Between two looks when nothing is announced: a notice can be lost with its connection, and nobody announces that a
/// day has gone by.
const TICK: Duration = Duration::from_secs(60);
/// After a notice: prices that are changed one after another make one letter.
const GATHER: Duration = Duration::from_secs(2);
/// Prices of the day before yesterday are no news.
const LETTER_LIFE: time::Duration = time::Duration::days(1);
const PURPOSE: &str = "stop alerts";

/// What mail can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    PriceFell,
    BackInStock,
}

impl News {
    const ALL: [Self; 2] = [Self::PriceFell, Self::BackInStock];

    /// In a token.
    fn key(self) -> u8 {
        match self {
            Self::PriceFell => b'p',
            Self::BackInStock => b's',
        }
    }
}

/// An item that there is something to tell about.
struct Due {
    id: Uuid,
    variant: Uuid,
    name: String,
    slug: String,
    sku: Option<String>,
    price: i64,
    watch_price: Option<i64>,
    price_fell: bool,
    back_in_stock: bool,
}

impl Due {
    fn is_about(&self, news: News) -> bool {
        match news {
            News::PriceFell => self.price_fell,
            News::BackInStock => self.back_in_stock,
        }
    }
}

impl ShelfService {
    /// Writes at every notice and every minute, for as long as the shop runs.
    pub fn start_alerts(self: &Arc<Self>) -> tokio::task::JoinHandle<()> {
        let service = Arc::clone(self);
        tokio::spawn(async move {
            let bell = Notify::new();
            // A connection of its own, so that listening never takes one from a request.
            let own = pool_of((*service.pool.connect_options()).clone(), 1, Use::Requests);
            tokio::join!(service.write_alerts(&bell), ring(&own, CHANNEL, &bell, TICK));
        })
    }

    async fn write_alerts(&self, bell: &Notify) {
        loop {
            match self.send_alerts().await {
                Ok(0) => {}
                Ok(letters) => tracing::info!(letters, "wrote to people about their wishlists"),
                Err(error) => tracing::warn!(%error, "mail about wishlists could not be written; the next round will"),
            }
            if tokio::time::timeout(TICK, bell.notified()).await.is_ok() {
                tokio::time::sleep(GATHER).await;
            }
        }
    }

    /// Writes the letters that are due, and says how many. Each item is told about at most once a day for each kind of
    /// news; what has changed back by then is no news.
    ///
    /// # Errors
    /// The database's; what was written before stays written.
    pub async fn send_alerts(&self) -> Result<usize, ServiceError> {
        let readers = sqlx::query_scalar!(
            r#"
            select distinct u.id
            from wishlist_items i
            join wishlists w on w.id = i.wishlist_id
            join users u on u.id = w.user_id
            join variants v on v.id = i.variant_id
            join products p on p.id = v.product_id
            where (
                i.price_due and coalesce(i.price_mailed_at <= now() - interval '1 day', true)
                or i.stock_due and coalesce(i.stock_mailed_at <= now() - interval '1 day', true)
            )
            and p.status = 'active' and u.verified_at is not null and u.blocked_at is null
            "#
        )
        .fetch_all(&self.pool)
        .await?;
        let mut letters = 0;
        for reader in readers {
            letters += self.write_to(reader).await?;
        }
        Ok(letters)
    }

    async fn write_to(&self, reader: Uuid) -> Result<usize, ServiceError> {
        let mut transaction = self.pool.begin().await?;
        // One process at a time, and nothing is on its way from list to list meanwhile.
        lock(&mut transaction, Owner::User(reader)).await?;
        let email = sqlx::query_scalar!(
            "select email from users where id = $1 and verified_at is not null and blocked_at is null",
            reader
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(email) = email else { return Ok(0) };
        let due = due_items(&mut transaction, reader).await?;
        let mut letters = 0;
        for news in News::ALL {
            let about: Vec<&Due> = due.iter().filter(|item| item.is_about(news)).collect();
            if about.is_empty() {
                continue;
            }
            let letter = self.letter(reader, news, &about);
            let expires_at = OffsetDateTime::now_utc() + LETTER_LIFE;
            enqueue(&mut transaction, &self.secret, Some(&mailbox(&email)), &letter, expires_at).await?;
            mark_told(&mut transaction, news, &about).await?;
            letters += 1;
        }
        transaction.commit().await?;
        Ok(letters)
    }

    fn letter(&self, reader: Uuid, news: News, about: &[&Due]) -> Letter {
        // The same thing may be on several lists.
        let mut seen = HashSet::new();
        let money = |minor: i64| self.currency.format(Money::from_minor(minor).unwrap_or_default());
        let items = about
            .iter()
            .filter(|item| seen.insert(item.variant))
            .map(|item| Wished {
                name: item.name.clone(),
                path: path_of(item),
                price: money(item.price),
                was: item.watch_price.filter(|_| news == News::PriceFell).map(money),
            })
            .collect();
        let unsubscribe = self.stop_token(reader, news);
        match news {
            News::PriceFell => Letter::PriceFell { items, unsubscribe },
            News::BackInStock => Letter::BackInStock { items, unsubscribe },
        }
    }

    /// Says who wants no more of what, under the shop's key: nothing need be stored, and it is good for as long as the
    /// letter lies somewhere.
    fn stop_token(&self, reader: Uuid, news: News) -> String {
        let mac = self.secret.mac(PURPOSE, &[reader.as_bytes(), &[news.key()]]);
        URL_SAFE_NO_PAD.encode([reader.as_bytes(), &[news.key()][..], &mac].concat())
    }

    fn read_stop_token(&self, token: &str) -> Option<(Uuid, News)> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (reader, rest) = bytes.split_first_chunk::<16>()?;
        let (key, mac) = rest.split_first()?;
        let news = News::ALL.into_iter().find(|news| news.key() == *key)?;
        self.secret.is_mac(PURPOSE, &[reader, &[*key]], mac).then_some((Uuid::from_bytes(*reader), news))
    }

    /// Ends the kind of mail that `token` came with, for all that its reader wishes for.
    ///
    /// # Errors
    /// `Invalid` for what is no token of this shop's.
    pub async fn unsubscribe(self: &Arc<Self>, token: String) -> Result<Done, AppError> {
        let service = Arc::clone(self);
        whole(async move { service.stop_alerts(&token).await }).await
    }

    async fn stop_alerts(&self, token: &str) -> Result<Done, ServiceError> {
        let Some((reader, news)) = self.read_stop_token(token) else {
            return Err(AppError::invalid("", "This link isn’t whole. Open it from the letter once more").into());
        };
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction, Owner::User(reader)).await?;
        stop(&mut transaction, reader, news).await?;
        transaction.commit().await?;
        tracing::info!(user = %reader, ?news, "somebody wants no more mail about their wishlists");
        Ok(Done::saying(match news {
            News::PriceFell => "You’ll get no more mail about prices of what is on your wishlists",
            News::BackInStock => "You’ll get no more mail about what is back in stock",
        }))
    }
}

/// As the page of the product has it in its address.
fn path_of(item: &Due) -> String {
    let id = item.variant.to_string();
    let mut search = form_urlencoded::Serializer::new(String::new());
    search.append_pair("variant", item.sku.as_deref().unwrap_or(&id));
    ["/products/", &item.slug, "?", &search.finish()].concat()
}

/// What a long transaction holds just now comes with the next round.
async fn due_items(connection: &mut PgConnection, reader: Uuid) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as!(
        Due,
        r#"
        select i.id, v.id as variant, line_name(p.title, v.option_values) as "name!", p.slug, v.sku, v.price,
               i.watch_price,
               i.price_due and v.price < i.watch_price
                   and coalesce(i.price_mailed_at <= now() - interval '1 day', true) as "price_fell!",
               i.stock_due and v.on_hand > 0
                   and coalesce(i.stock_mailed_at <= now() - interval '1 day', true) as "back_in_stock!"
        from wishlists w
        join wishlist_items i on i.wishlist_id = w.id
        join variants v on v.id = i.variant_id
        join products p on p.id = v.product_id
        where w.user_id = $1 and (i.price_due or i.stock_due) and p.status = 'active'
        order by i.id
        for update of i skip locked
        "#,
        reader
    )
    .fetch_all(connection)
    .await
}

/// The price that was told is the one to fall below from now on, even if it has changed again since it was read.
async fn mark_told(connection: &mut PgConnection, news: News, about: &[&Due]) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = about.iter().map(|item| item.id).collect();
    let query = match news {
        News::PriceFell => {
            let prices: Vec<i64> = about.iter().map(|item| item.price).collect();
            sqlx::query!(
                "update wishlist_items i
                 set price_due = false, price_mailed_at = now(), watch_price = told.price
                 from unnest($1::uuid[], $2::bigint[]) told (id, price)
                 where i.id = told.id",
                &ids,
                &prices
            )
            .execute(connection)
            .await
        }
        News::BackInStock => {
            sqlx::query!(
                "update wishlist_items set stock_due = false, stock_mailed_at = now() where id = any($1)",
                &ids
            )
            .execute(connection)
            .await
        }
    };
    query.map(|_| ())
}

/// What was removed and can be brought back is not to bring the mail back with it.
async fn stop(connection: &mut PgConnection, reader: Uuid, news: News) -> Result<(), sqlx::Error> {
    let off = match news {
        News::PriceFell => serde_json::json!({ "alert_price": false, "price_due": false }),
        News::BackInStock => serde_json::json!({ "alert_stock": false, "stock_due": false }),
    };
    sqlx::query!(
        "update undos u
         set removed = jsonb_set(removed, '{items}', (
             select coalesce(jsonb_agg(i || $2), '[]') from jsonb_array_elements(u.removed -> 'items') i
         ))
         where owner_id = $1 and kind in ('items', 'list')",
        reader,
        off
    )
    .execute(&mut *connection)
    .await?;
    let (price, stock) = (news == News::PriceFell, news == News::BackInStock);
    sqlx::query!(
        "with watched as (
             select i.id
             from wishlists w join wishlist_items i on i.wishlist_id = w.id
             where w.user_id = $1 and ($2 and i.alert_price or $3 and i.alert_stock)
             order by i.id
             for update of i
         )
         update wishlist_items i
         set alert_price = i.alert_price and not $2, price_due = i.price_due and not $2,
             watch_price = case when not $2 then i.watch_price end,
             alert_stock = i.alert_stock and not $3, stock_due = i.stock_due and not $3
         from watched
         where i.id = watched.id",
        reader,
        price,
        stock
    )
    .execute(connection)
    .await?;
    Ok(())
}
