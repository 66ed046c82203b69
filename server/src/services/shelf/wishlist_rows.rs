//! Reading wishlists.

use super::wishlists::DEFAULT_NAME;
use super::{PgShelf, id};
use crate::error::ServiceError;
use crate::secret::token_hash;
use crate::services::catalog::{ImageHosts, PictureRow, picture};
use crate::services::words::day;
use app::domain::{Money, StockState};
use app::wishlist::api::{Item, ListName, SharedList, Sort, Wishlist};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::cmp::Reverse;
use time::OffsetDateTime;
use uuid::Uuid;

impl PgShelf {
    pub(super) async fn load_wishlist(&self, list: &str, sort: &str) -> Result<Wishlist, ServiceError> {
        let wanted = if list.is_empty() { None } else { Some(id(list)?) };
        let sort = sort_of(sort);
        let mut connection = self.service.pool.acquire().await?;
        let may_alert = self.caller.session.is_some();
        let lists = match self.owner(&mut connection).await? {
            Some(owner) => lists_of(&mut connection, owner.id()).await?,
            None => Vec::new(),
        };
        if lists.is_empty() && wanted.is_none() {
            let lists = vec![ListName { id: String::new(), name: DEFAULT_NAME.to_owned(), items: 0, is_default: true }];
            return Ok(Wishlist { lists, at: 0, items: Vec::new(), sort, shared: None, may_alert });
        }
        let at = wanted.map_or(Some(0), |id| lists.iter().position(|list| list.id == id));
        let (at, shown) = at.and_then(|at| Some((at, lists.get(at)?))).ok_or(ServiceError::NotFound)?;
        let shared =
            shown.is_shared.then(|| ["/wishlists/", &self.service.share_token(shown.id, shown.share_number)].concat());
        let mut items = items_of(&mut connection, shown.id, &self.service.image_hosts).await?;
        order(&mut items, sort);
        Ok(Wishlist { lists: lists.into_iter().map(ListRow::name).collect(), at, items, sort, shared, may_alert })
    }

    /// Of its owner nothing but the list's name: not even when something was added, nor for how much.
    pub(super) async fn load_shared(&self, token: &str) -> Result<SharedList, ServiceError> {
        let mut connection = self.service.pool.acquire().await?;
        let list = sqlx::query!("select id, name from wishlists where share_hash = $1", &token_hash(token))
            .fetch_optional(&mut *connection)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let items = items_of(&mut connection, list.id, &self.service.image_hosts).await?;
        let public = |item: Item| Item {
            id: String::new(),
            note: String::new(),
            price_then: item.price,
            added: String::new(),
            alert_price: false,
            alert_stock: false,
            ..item
        };
        Ok(SharedList { name: list.name, items: items.into_iter().map(public).collect() })
    }
}

/// As in the address; what isn't known there is the usual order.
fn sort_of(text: &str) -> Sort {
    match text {
        "name" => Sort::Name,
        "price" => Sort::Price,
        "fall" => Sort::Fall,
        _ => Sort::Added,
    }
}

/// `items`: the latest first.
fn order(items: &mut [Item], sort: Sort) {
    match sort {
        Sort::Added => {}
        Sort::Name => items.sort_by_cached_key(|item| (item.title.to_lowercase(), item.options.clone())),
        Sort::Price => items.sort_by_key(|item| item.price),
        Sort::Fall => items.sort_by_key(|item| Reverse(item.price_then.minor() - item.price.minor())),
    }
}

struct ListRow {
    id: Uuid,
    name: String,
    is_default: bool,
    is_shared: bool,
    share_number: i32,
    items: i64,
}

impl ListRow {
    fn name(self) -> ListName {
        ListName {
            id: self.id.to_string(),
            name: self.name,
            items: u32::try_from(self.items).unwrap_or(u32::MAX),
            is_default: self.is_default,
        }
    }
}

async fn lists_of(connection: &mut PgConnection, owner: Uuid) -> Result<Vec<ListRow>, sqlx::Error> {
    sqlx::query_as!(
        ListRow,
        r#"select w.id, w.name, w.is_default, w.share_hash is not null as "is_shared!", w.share_number,
                  (select count(*) from wishlist_items i where i.wishlist_id = w.id) as "items!"
           from wishlists w
           where w.owner_id = $1
           order by w.is_default desc, lower(w.name)"#,
        owner
    )
    .fetch_all(connection)
    .await
}

struct ItemRow {
    id: Uuid,
    note: String,
    price_then: i64,
    name: String,
    created_at: OffsetDateTime,
    alert_price: bool,
    alert_stock: bool,
    variant_id: Option<Uuid>,
    sku: Option<String>,
    price: Option<i64>,
    compare_at: Option<i64>,
    on_hand: Option<i32>,
    option_values: Option<Vec<String>>,
    slug: Option<String>,
    title: Option<String>,
    active: Option<bool>,
    picture: Option<Json<PictureRow>>,
}

async fn items_of(connection: &mut PgConnection, list: Uuid, hosts: &ImageHosts) -> Result<Vec<Item>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ItemRow,
        r#"
        select i.id, i.note, i.price as price_then, i.name, i.created_at, i.alert_price, i.alert_stock,
               v.id as "variant_id?", v.sku as "sku?", v.price as "price?", v.compare_at as "compare_at?",
               v.on_hand as "on_hand?", v.option_values as "option_values?",
               p.slug as "slug?", p.title as "title?", p.status = 'active' as "active?",
               (
                   select to_jsonb(i)
                   from (
                       select m.id, i.alt, i.source, m.widths, m.width, m.height
                       from product_images i left join media m on m.id = i.media_id
                       where i.product_id = p.id
                       order by i.id = v.image_id desc nulls last, i.position
                       limit 1
                   ) i
               ) as "picture: Json<PictureRow>"
        from wishlist_items i
        left join variants v on v.id = i.variant_id
        left join products p on p.id = v.product_id
        where i.wishlist_id = $1
        order by i.created_at desc, i.id desc
        "#,
        list
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| item_of(row, hosts)).collect())
}

fn item_of(row: ItemRow, hosts: &ImageHosts) -> Item {
    let money = |minor: i64| Money::from_minor(minor).unwrap_or_default();
    let sold = row.active == Some(true);
    let price_then = money(row.price_then);
    let price = row.price.map_or(price_then, money);
    let title = row.title.unwrap_or(row.name);
    let variant = row.variant_id.map(|id| id.to_string()).unwrap_or_default();
    Item {
        id: row.id.to_string(),
        key: row.sku.unwrap_or_else(|| variant.clone()),
        variant,
        slug: row.slug.filter(|_| sold),
        picture: row.picture.and_then(|Json(found)| picture(found, &title, hosts)),
        options: row.option_values.unwrap_or_default(),
        note: row.note,
        price,
        price_then,
        compare_at: row.compare_at.map(money).filter(|before| *before > price),
        stock: StockState::of(row.on_hand.unwrap_or_default()),
        gone: !sold,
        added: day(row.created_at),
        alert_price: row.alert_price,
        alert_stock: row.alert_stock,
        title,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn item(title: &str, price_then: i64, price: Option<i64>) -> Item {
        let row = ItemRow {
            id: Uuid::nil(),
            note: String::new(),
            price_then,
            name: "As it was".to_owned(),
            created_at: datetime!(2026-11-24 12:00 UTC),
            alert_price: false,
            alert_stock: false,
            variant_id: price.map(|_| Uuid::nil()),
            sku: None,
            price,
            compare_at: None,
            on_hand: price.map(|_| 3),
            option_values: price.map(|_| Vec::new()),
            slug: price.map(|_| "slug".to_owned()),
            title: price.map(|_| title.to_owned()),
            active: price.map(|_| true),
            picture: None,
        };
        item_of(row, &ImageHosts::default())
    }

    #[test]
    fn things_stand_in_the_order_that_was_asked_for() {
        let mut items = vec![item("bowl", 500, Some(900)), item("Apron", 700, Some(600)), item("cup", 900, Some(100))];
        for (asked, first) in [("", "bowl"), ("x", "bowl"), ("name", "Apron"), ("price", "cup"), ("fall", "cup")] {
            let mut ordered = items.clone();
            order(&mut ordered, sort_of(asked));
            assert_eq!(ordered[0].title, first, "{asked}");
        }
        items.truncate(1);
        assert_eq!(items[0].added, "24 November 2026");
    }

    #[test]
    fn what_has_left_the_catalogue_keeps_its_name_and_price() {
        let gone = item("", 500, None);
        assert!(gone.gone && gone.slug.is_none() && gone.variant.is_empty());
        assert_eq!((gone.title.as_str(), gone.price.minor()), ("As it was", 500));
    }
}
