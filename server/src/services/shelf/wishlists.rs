//! Wishlists: which there are, and what they are called.
//!
//! Every act on an owner's lists begins by locking the owner's row, so that one act sees what the one before has left.
//! What is counted or found free stays so, whatever else is sent at the same moment, and a log-in that takes over a
//! guest's lists comes before an act or after it. Locks are taken in this order: the owner, the cart, lists, items.

use super::{Owner, PgShelf, id};
use crate::error::ServiceError;
use crate::services::words;
use app::cart::api::Done;
use app::error::AppError;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// Things on all lists of an owner.
const MOST_ITEMS: i64 = 1000;
const MOST_LISTS: i64 = 50;
/// Characters.
const LONGEST_NAME: usize = 60;
pub const DEFAULT_NAME: &str = "Wishlist";

pub struct List {
    pub id: Uuid,
    pub name: String,
}

/// Keeps all others from an owner's lists until the transaction ends; says whether the owner is still there.
pub async fn lock(connection: &mut PgConnection, owner: Owner) -> Result<bool, sqlx::Error> {
    let there = match owner {
        Owner::User(user) => sqlx::query!("select from users where id = $1 for no key update", user)
            .fetch_optional(connection)
            .await?
            .is_some(),
        Owner::Guest(guest) => sqlx::query!("select from guests where id = $1 for no key update", guest)
            .fetch_optional(connection)
            .await?
            .is_some(),
    };
    Ok(there)
}

impl PgShelf {
    async fn find_and_lock(&self, connection: &mut PgConnection) -> Result<Option<Owner>, ServiceError> {
        let Some(owner) = self.owner(&mut *connection).await? else { return Ok(None) };
        Ok(lock(connection, owner).await?.then_some(owner))
    }

    /// The visitor, [locked](lock).
    pub(super) async fn locked_owner(&self, connection: &mut PgConnection) -> Result<Owner, ServiceError> {
        self.find_and_lock(connection).await?.ok_or(ServiceError::NotFound)
    }

    /// As [`PgShelf::locked_owner`]; a stranger becomes a guest, also one who was a guest until a log-in a moment ago.
    pub(super) async fn locked_owner_or_guest(&self, connection: &mut PgConnection) -> Result<Owner, ServiceError> {
        match self.find_and_lock(&mut *connection).await? {
            Some(owner) => Ok(owner),
            None => {
                let guest = self.new_guest(connection).await?;
                Ok(self.welcome(guest))
            }
        }
    }

    /// As [`PgShelf::locked_owner`], for acts on `list`. A stranger can have but the default list, which has no id
    /// before it is stored.
    pub(super) async fn locked_owner_of(
        &self,
        connection: &mut PgConnection,
        list: &str,
    ) -> Result<Owner, ServiceError> {
        if list.is_empty() { self.locked_owner_or_guest(connection).await } else { self.locked_owner(connection).await }
    }
}

/// The list that hearts mean, made when it is first needed. Whoever has any list has this one.
pub async fn default_list(connection: &mut PgConnection, owner: Owner) -> Result<List, sqlx::Error> {
    let there = sqlx::query_as!(List, "select id, name from wishlists where owner_id = $1 and is_default", owner.id())
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(list) = there {
        return Ok(list);
    }
    let name = free_name(&mut *connection, owner.id(), DEFAULT_NAME).await?;
    sqlx::query_as!(
        List,
        "insert into wishlists (id, user_id, guest_id, name, is_default) values ($1, $2, $3, $4, true)
         returning id, name",
        Uuid::now_v7(),
        owner.user(),
        owner.guest(),
        name
    )
    .fetch_one(connection)
    .await
}

/// A list of the owner's by its id; the default one for an empty id.
pub async fn own_list(connection: &mut PgConnection, owner: Owner, list: &str) -> Result<List, ServiceError> {
    if list.is_empty() {
        return Ok(default_list(connection, owner).await?);
    }
    sqlx::query_as!(List, "select id, name from wishlists where id = $1 and owner_id = $2", id(list)?, owner.id())
        .fetch_optional(connection)
        .await?
        .ok_or(ServiceError::NotFound)
}

/// `wanted`, or a variation of it that no other list of the owner's has.
pub async fn free_name(connection: &mut PgConnection, owner: Uuid, wanted: &str) -> Result<String, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        select c.name as "name!"
        from (
            select $2::text as name, 1 as number
            union all
            select concat(rtrim(left($2, $3 - 3 - length(n::text))), ' (', n, ')'), n
            from generate_series(2, 2 + (select count(*) from wishlists where owner_id = $1)) n
        ) c
        where not exists (select from wishlists w where w.owner_id = $1 and lower(w.name) = lower(c.name))
        order by c.number
        limit 1
        "#,
        owner,
        wanted,
        i32::try_from(LONGEST_NAME).unwrap_or(i32::MAX)
    )
    .fetch_one(connection)
    .await
}

/// Puts a variant on a list of the owner's, unless it is there; answers with its name.
pub async fn put(
    connection: &mut PgConnection,
    owner: Owner,
    list: Uuid,
    variant: Uuid,
) -> Result<String, ServiceError> {
    let row = sqlx::query!(
        r#"
        with item as (
            select v.id, v.price, line_name(p.title, v.option_values) as name
            from variants v join products p on p.id = v.product_id
            where v.id = $3
        ), added as (
            insert into wishlist_items (id, wishlist_id, variant_id, price, name)
            select $4, $2, item.id, item.price, item.name
            from item
            where (
                select count(*) from wishlists w join wishlist_items i on i.wishlist_id = w.id where w.owner_id = $1
            ) < $5
            on conflict (wishlist_id, variant_id) do nothing
            returning id
        )
        select item.name as "name!",
               exists (select from added)
               or exists (select from wishlist_items i where i.wishlist_id = $2 and i.variant_id = $3) as "there!"
        from item
        "#,
        owner.id(),
        list,
        variant,
        Uuid::now_v7(),
        MOST_ITEMS
    )
    .fetch_optional(connection)
    .await
    .map_err(|error| {
        let error = ServiceError::from(error);
        // It has been taken out of the shop while this waited for it.
        if error.constraint() == Some("wishlist_items_variant_id_fkey") { super::add::not_sold() } else { error }
    })?;
    match row {
        Some(row) if row.there => Ok(row.name),
        Some(_) => Err(no_room().into()),
        None => Err(super::add::not_sold()),
    }
}

pub fn no_room() -> AppError {
    AppError::invalid("", "Your wishlists are full: they hold 1,000 things. Remove some first")
}

/// Whether one more thing may go on any of the owner's lists.
pub async fn has_room(connection: &mut PgConnection, owner: Owner) -> Result<bool, sqlx::Error> {
    Ok(count_items(connection, owner).await? < MOST_ITEMS)
}

async fn count_items(connection: &mut PgConnection, owner: Owner) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "items!"
           from wishlists w join wishlist_items i on i.wishlist_id = w.id where w.owner_id = $1"#,
        owner.id()
    )
    .fetch_one(connection)
    .await
}

async fn count_lists(connection: &mut PgConnection, owner: Owner) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "lists!" from wishlists where owner_id = $1"#, owner.id())
        .fetch_one(connection)
        .await
}

/// A name as people type it.
fn named(text: &str) -> Result<&str, AppError> {
    let name = text.trim();
    if name.is_empty() {
        Err(AppError::invalid("name", "Give the list a name"))
    } else if name.chars().count() > LONGEST_NAME || name.chars().any(words::misleads) {
        Err(AppError::invalid("name", format!("Use at most {LONGEST_NAME} ordinary characters")))
    } else {
        Ok(name)
    }
}

impl PgShelf {
    pub(super) async fn new_list(&self, name: &str) -> Result<(Done, String), ServiceError> {
        let name = named(name)?;
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner_or_guest(&mut transaction).await?;
        default_list(&mut transaction, owner).await?;
        let there = sqlx::query_scalar!(
            "select id from wishlists where owner_id = $1 and lower(name) = lower($2)",
            owner.id(),
            name
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(id) = there {
            transaction.commit().await?;
            return Ok((Done::default(), id.to_string()));
        }
        if count_lists(&mut transaction, owner).await? >= MOST_LISTS {
            let message = format!("You have {MOST_LISTS} lists, and that is the most. Delete one first");
            return Err(AppError::invalid("name", message).into());
        }
        let id = Uuid::now_v7();
        sqlx::query!(
            "insert into wishlists (id, user_id, guest_id, name) values ($1, $2, $3, $4)",
            id,
            owner.user(),
            owner.guest(),
            name
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok((Done::saying(format!("Created: {name}")), id.to_string()))
    }

    pub(super) async fn name_list(&self, list: &str, name: &str) -> Result<Done, ServiceError> {
        let name = named(name)?;
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner_of(&mut transaction, list).await?;
        let list = own_list(&mut transaction, owner, list).await?;
        let renamed = sqlx::query!("update wishlists set name = $2 where id = $1", list.id, name)
            .execute(&mut *transaction)
            .await;
        match renamed.map_err(ServiceError::from) {
            Err(error) if error.constraint() == Some("wishlists_name_key") => {
                return Err(AppError::invalid("name", "You have another list of this name").into());
            }
            done => done?,
        };
        transaction.commit().await?;
        Ok(Done::saying(format!("Renamed: {name}")))
    }

    /// It can be taken back; whoever asks twice gets the same offer again.
    pub(super) async fn drop_list(&self, list: &str) -> Result<Done, ServiceError> {
        let stays = || AppError::invalid("", "This list stays: it is the one that hearts mean. You can rename it");
        if list.is_empty() {
            return Err(stays().into());
        }
        let list = id(list)?;
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner(&mut transaction).await?;
        let found =
            sqlx::query!("select name, is_default from wishlists where id = $1 and owner_id = $2", list, owner.id())
                .fetch_optional(&mut *transaction)
                .await?;
        let (undo, name) = match found {
            Some(found) if found.is_default => return Err(stays().into()),
            Some(found) => (remove_list(&mut transaction, owner, list).await?, found.name),
            None => {
                let earlier = sqlx::query!(
                    r#"select id, removed -> 'list' ->> 'name' as "name!"
                       from undos
                       where owner_id = $1 and kind = 'list' and removed -> 'list' ->> 'id' = $2::uuid::text
                       order by created_at desc
                       limit 1"#,
                    owner.id(),
                    list
                )
                .fetch_optional(&mut *transaction)
                .await?
                .ok_or(ServiceError::NotFound)?;
                (earlier.id, earlier.name)
            }
        };
        transaction.commit().await?;
        Ok(Done { notice: Some(format!("Deleted: {name}")), undo: Some(undo.to_string()) })
    }
}

/// The link to it is gone for good: whoever deletes a list takes it away from those who could look at it.
async fn remove_list(connection: &mut PgConnection, owner: Owner, list: Uuid) -> Result<Uuid, sqlx::Error> {
    let undo = Uuid::now_v7();
    sqlx::query!(
        "with items as (
             select * from wishlist_items where wishlist_id = $2 order by id for update
         )
         insert into undos (id, owner_id, kind, removed)
         select $3, $1, 'list', jsonb_build_object(
             'list', to_jsonb(w) - 'share_hash',
             'items', coalesce((select jsonb_agg(to_jsonb(items)) from items), '[]')
         )
         from wishlists w where w.id = $2",
        owner.id(),
        list,
        undo
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from wishlists where id = $1", list).execute(connection).await?;
    Ok(undo)
}

/// Brings back what was removed: `items`, or a whole `list`. Answers in words. The owner must be locked.
pub async fn restore(
    connection: &mut PgConnection,
    owner: Owner,
    kind: &str,
    removed: &Value,
) -> Result<&'static str, ServiceError> {
    let default = default_list(&mut *connection, owner).await?;
    if kind == "list" {
        restore_list(&mut *connection, owner, &removed["list"]).await?;
    }
    // Onto the lists that they were on, or else onto the default one. What has been put there anew stays as it is.
    sqlx::query!(
        "insert into wishlist_items (id, wishlist_id, variant_id, note, price, name, created_at, alert_price,
                                     alert_stock, watch_price, price_due, stock_due, price_mailed_at, stock_mailed_at)
         select r.id, coalesce(w.id, $2), v.id, r.note, r.price, r.name, r.created_at, r.alert_price,
                r.alert_stock, r.watch_price, r.price_due, r.stock_due, r.price_mailed_at, r.stock_mailed_at
         from jsonb_populate_recordset(null::wishlist_items, $3) r
         left join wishlists w on w.id = r.wishlist_id and w.owner_id = $1
         left join variants v on v.id = r.variant_id
         order by r.created_at
         on conflict do nothing",
        owner.id(),
        default.id,
        &removed["items"]
    )
    .execute(&mut *connection)
    .await?;
    if count_items(connection, owner).await? > MOST_ITEMS {
        return Err(no_room().into());
    }
    Ok(if kind == "list" { "Your list is back" } else { "It’s back on your wishlist" })
}

async fn restore_list(connection: &mut PgConnection, owner: Owner, list: &Value) -> Result<(), ServiceError> {
    if count_lists(&mut *connection, owner).await? >= MOST_LISTS {
        let message = format!("You have {MOST_LISTS} lists by now, and that is the most. Delete another one first");
        return Err(AppError::invalid("", message).into());
    }
    let name = free_name(&mut *connection, owner.id(), list["name"].as_str().unwrap_or(DEFAULT_NAME)).await?;
    sqlx::query!(
        "insert into wishlists (id, user_id, guest_id, name, share_number, created_at)
         select r.id, $1, $2, $3, r.share_number, r.created_at
         from jsonb_populate_record(null::wishlists, $4) r",
        owner.user(),
        owner.guest(),
        name,
        list
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_something_to_be_read() {
        assert_eq!(named("  Kitchen ").unwrap(), "Kitchen");
        assert_eq!(named(&"ä".repeat(60)).unwrap().chars().count(), 60);
        for refused in ["", "  ", &"ä".repeat(61), "a\0b", "a\nb", "a\u{202e}b"] {
            assert!(named(refused).is_err(), "{refused:?}");
        }
    }
}
