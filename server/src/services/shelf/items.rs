//! What a shopper does to things on wishlists.

use super::add::not_sold;
use super::wishlists::{has_room, no_room, own_list, put};
use super::{Owner, PgShelf, id};
use crate::error::ServiceError;
use crate::services::words;
use app::cart::api::Done;
use app::error::AppError;
use sqlx::PgConnection;
use uuid::Uuid;

/// Characters.
const LONGEST_NOTE: usize = 500;

/// An item that is its owner's.
struct Own {
    list: Uuid,
    variant: Option<Uuid>,
    name: String,
}

async fn own(connection: &mut PgConnection, owner: Owner, item: Uuid) -> Result<Own, ServiceError> {
    sqlx::query_as!(
        Own,
        "select i.wishlist_id as list, i.variant_id as variant, i.name
         from wishlist_items i join wishlists w on w.id = i.wishlist_id
         where i.id = $1 and w.owner_id = $2",
        item,
        owner.id()
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::NotFound)
}

/// A variant that is sold, by its id, or of a product by its slug: the first that is there, or else the first.
async fn on_sale(connection: &mut PgConnection, variant: &str, product: &str) -> Result<Uuid, ServiceError> {
    let found = if variant.is_empty() {
        sqlx::query_scalar!(
            "select v.id from variants v join products p on p.id = v.product_id
             where p.slug = $1 and p.status = 'active'
             order by v.on_hand > 0 desc, v.position
             limit 1",
            slug(product)
        )
        .fetch_optional(connection)
        .await?
    } else {
        sqlx::query_scalar!(
            "select v.id from variants v join products p on p.id = v.product_id
             where v.id = $1 and p.status = 'active'",
            Uuid::try_parse(variant).map_err(|_| not_sold())?
        )
        .fetch_optional(connection)
        .await?
    };
    found.ok_or_else(not_sold)
}

/// As a form sends it; no product has an empty one. The database takes no text with NUL in it.
fn slug(text: &str) -> &str {
    if text.contains('\0') { "" } else { text }
}

impl PgShelf {
    pub(super) async fn save_item(&self, variant: &str, product: &str, list: &str) -> Result<Done, ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let variant = on_sale(&mut transaction, variant, product).await?;
        let owner = self.locked_owner_of(&mut transaction, list).await?;
        let list = own_list(&mut transaction, owner, list).await?;
        let name = put(&mut transaction, owner, list.id, variant).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Saved to {}: {name}", list.name)))
    }

    pub(super) async fn drop_wished(&self, product: &str) -> Result<Done, ServiceError> {
        self.take_off(None, Some(slug(product))).await
    }

    pub(super) async fn remove_item(&self, item: &str) -> Result<Done, ServiceError> {
        self.take_off(Some(id(item)?), None).await
    }

    /// One item, or a product wherever it is wished for. It can be taken back; whoever asks twice gets the same offer
    /// again.
    async fn take_off(&self, item: Option<Uuid>, product: Option<&str>) -> Result<Done, ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let owner = match self.locked_owner(&mut transaction).await {
            // A stranger wishes for nothing already.
            Err(ServiceError::NotFound) if item.is_none() => return Ok(Done::default()),
            owner => owner?,
        };
        let removed = sqlx::query!(
            r#"
            with found as (
                select i.id
                from wishlists w
                join wishlist_items i on i.wishlist_id = w.id
                left join variants v on v.id = i.variant_id
                left join products p on p.id = v.product_id
                where w.owner_id = $1 and (i.id = $2 or p.slug = $3)
                order by i.id
                for update of i
            ), gone as (
                delete from wishlist_items i using found where i.id = found.id returning i.*
            )
            insert into undos (id, owner_id, kind, removed)
            select $4, $1, 'items', jsonb_build_object('items', jsonb_agg(to_jsonb(gone)))
            from gone having count(*) > 0
            returning id, jsonb_array_length(removed -> 'items') as "items!",
                      removed -> 'items' -> 0 ->> 'name' as "name!"
            "#,
            owner.id(),
            item,
            product,
            Uuid::now_v7()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let (undo, items, name) = match removed {
            Some(removed) => (removed.id, removed.items, removed.name),
            None => match earlier_offer(&mut transaction, owner, item, product).await? {
                Some(earlier) => (earlier.id, earlier.items, earlier.name),
                None if item.is_none() => return Ok(Done::default()),
                None => return Err(ServiceError::NotFound),
            },
        };
        transaction.commit().await?;
        let notice = match items {
            1 => format!("Removed from your wishlist: {name}"),
            items => format!("Removed from your wishlists: {name} and {} more", items - 1),
        };
        Ok(Done { notice: Some(notice), undo: Some(undo.to_string()) })
    }

    /// The other list keeps what it has already.
    pub(super) async fn put_on_list(&self, item: &str, list: &str, moves: bool) -> Result<Done, ServiceError> {
        let item = id(item)?;
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner(&mut transaction).await?;
        let own = own(&mut transaction, owner, item).await?;
        let list = own_list(&mut transaction, owner, list).await?;
        if own.list != list.id && moves {
            move_to(&mut transaction, item, list.id).await?;
        } else if own.list != list.id {
            copy_to(&mut transaction, owner, item, list.id).await?;
        }
        transaction.commit().await?;
        let did = if moves { "Moved" } else { "Copied" };
        Ok(Done::saying(format!("{did} to {}: {}", list.name, own.name)))
    }

    pub(super) async fn note_item(&self, item: &str, note: &str) -> Result<Done, ServiceError> {
        let item = id(item)?;
        // Browsers end the lines of a text with two characters, of which people have typed none.
        let note = note.replace("\r\n", "\n");
        let note = note.trim();
        let is_odd = |c: char| !matches!(c, '\n' | '\t') && words::misleads(c);
        if note.chars().count() > LONGEST_NOTE || note.chars().any(is_odd) {
            return Err(AppError::invalid("note", format!("Use at most {LONGEST_NOTE} ordinary characters")).into());
        }
        let mut connection = self.service.pool.acquire().await?;
        let owner = self.known_owner(&mut connection).await?;
        let noted = sqlx::query!(
            "update wishlist_items i set note = $3
             from wishlists w where i.id = $1 and w.id = i.wishlist_id and w.owner_id = $2",
            item,
            owner.id(),
            note
        )
        .execute(&mut *connection)
        .await?;
        match noted.rows_affected() {
            0 => Err(ServiceError::NotFound),
            _ if note.is_empty() => Ok(Done::saying("The note is gone")),
            _ => Ok(Done::saying("The note is saved")),
        }
    }

    pub(super) async fn watch_item(&self, item: &str, price: bool, stock: bool) -> Result<Done, ServiceError> {
        self.caller.signed_in()?;
        let item = id(item)?;
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner(&mut transaction).await?;
        let own = own(&mut transaction, owner, item).await?;
        // A change that is under way is let finish, and the next one finds what is asked for here: none falls in
        // between. The item is not locked yet, as who changes a variant locks it before its items.
        let now = sqlx::query_scalar!("select price from variants where id = $1 for share", own.variant)
            .fetch_optional(&mut *transaction)
            .await?;
        if now.is_none() && (price || stock) {
            return Err(AppError::invalid("", "This isn’t sold any more, so there will be nothing to tell").into());
        }
        sqlx::query!(
            "update wishlist_items
             set alert_price = $2, alert_stock = $3,
                 watch_price = case when $2 and alert_price then watch_price when $2 then $4::bigint end,
                 price_due = price_due and $2, stock_due = stock_due and $3
             where id = $1",
            item,
            price,
            stock,
            now
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Done::saying(match (price, stock) {
            (true, true) => "We’ll write to you when the price falls, and when it’s back in stock",
            (true, false) => "We’ll write to you when the price falls",
            (false, true) => "We’ll write to you when it’s back in stock",
            (false, false) => "We won’t write to you about this",
        }))
    }
}

struct Offer {
    id: Uuid,
    items: i32,
    name: String,
}

/// The offer to take back the removal of an item, or of a product.
async fn earlier_offer(
    connection: &mut PgConnection,
    owner: Owner,
    item: Option<Uuid>,
    product: Option<&str>,
) -> Result<Option<Offer>, sqlx::Error> {
    sqlx::query_as!(
        Offer,
        r#"
        select u.id, jsonb_array_length(u.removed -> 'items') as "items!",
               u.removed -> 'items' -> 0 ->> 'name' as "name!"
        from undos u
        where u.owner_id = $1 and u.kind = 'items' and exists (
            select from jsonb_array_elements(u.removed -> 'items') i
            left join variants v on v.id = (i ->> 'variant_id')::uuid
            left join products p on p.id = v.product_id
            where i ->> 'id' = $2::uuid::text or p.slug = $3
        )
        order by u.created_at desc
        limit 1
        "#,
        owner.id(),
        item,
        product
    )
    .fetch_optional(connection)
    .await
}

async fn move_to(connection: &mut PgConnection, item: Uuid, list: Uuid) -> Result<(), sqlx::Error> {
    let moved = sqlx::query!(
        "update wishlist_items i set wishlist_id = $2
         where i.id = $1 and not exists (
             select from wishlist_items o where o.wishlist_id = $2 and o.variant_id = i.variant_id
         )",
        item,
        list
    )
    .execute(&mut *connection)
    .await?;
    if moved.rows_affected() == 0 {
        sqlx::query!("delete from wishlist_items where id = $1", item).execute(connection).await?;
    }
    Ok(())
}

/// Mail that was asked for about the one is not asked for about the other, or it would come twice.
async fn copy_to(connection: &mut PgConnection, owner: Owner, item: Uuid, list: Uuid) -> Result<(), ServiceError> {
    if !has_room(&mut *connection, owner).await? {
        return Err(no_room().into());
    }
    sqlx::query!(
        "insert into wishlist_items (id, wishlist_id, variant_id, note, price, name, created_at)
         select $3, $2, i.variant_id, i.note, i.price, i.name, i.created_at
         from wishlist_items i
         where i.id = $1 and not exists (
             select from wishlist_items o
             where o.wishlist_id = $2 and o.variant_id is not distinct from i.variant_id
               and (i.variant_id is not null or o.name = i.name)
         )",
        item,
        list,
        Uuid::now_v7()
    )
    .execute(connection)
    .await?;
    Ok(())
}
