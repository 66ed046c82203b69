//! What a shopper does to lines that are in the cart.

use super::add::{Outcome, held};
use super::{Owner, PgShelf, id, wishlists};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::domain::Quantity;
use app::error::AppError;
use sqlx::{PgConnection, PgTransaction};
use uuid::Uuid;

/// A line that is its owner's.
struct Own {
    cart: Uuid,
    variant: Option<Uuid>,
    saved: bool,
    quantity: i32,
    price: i64,
    name: String,
}

async fn own(connection: &mut PgConnection, owner: Owner, line: Uuid) -> Result<Own, ServiceError> {
    sqlx::query_as!(
        Own,
        "select l.cart_id as cart, l.variant_id as variant, l.saved, l.quantity, l.price, l.name
         from cart_lines l join carts c on c.id = l.cart_id
         where l.id = $1 and c.owner_id = $2",
        line,
        owner.id()
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::NotFound)
}

async fn delete(connection: &mut PgConnection, line: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from cart_lines where id = $1", line).execute(connection).await?;
    Ok(())
}

impl PgShelf {
    pub(super) async fn change_quantity(&self, line: &str, quantity: &str) -> Result<Done, ServiceError> {
        let quantity = Quantity::parse(quantity).map_err(|error| AppError::invalid("quantity", error))?;
        let asked = i32::try_from(quantity.get()).unwrap_or(i32::MAX);
        let mut connection = self.service.pool.acquire().await?;
        let owner = self.known_owner(&mut connection).await?;
        let row = sqlx::query!(
            r#"
            with cart as (
                select id from carts where owner_id = $2 for update
            ), line as (
                select l.id, l.cart_id, v.id as variant_id,
                       case when p.status = 'active' then least(v.on_hand, 99) else 0 end as most,
                       not l.saved and v.on_hand = 1 and $4::float8 > 0 as last
                from cart
                join cart_lines l on l.cart_id = cart.id
                left join variants v on v.id = l.variant_id
                left join products p on p.id = v.product_id
                where l.id = $1
                for update of l
            ), hold as (
                -- Who makes do with the last piece takes it, as who adds it does.
                insert into holds (variant_id, cart_id, until)
                select line.variant_id, line.cart_id, now() + make_interval(secs => $4)
                from line
                where line.last and line.most > 0
                on conflict (variant_id) do update
                set cart_id = excluded.cart_id, until = excluded.until
                where holds.cart_id = excluded.cart_id or holds.until <= now()
                returning variant_id
            ), changed as (
                update cart_lines l
                set quantity = least($3, line.most), short = greatest($3 - line.most, 0), merged = false
                from line
                where l.id = line.id and line.most > 0 and (not line.last or exists (select from hold))
                returning l.quantity
            )
            select line.most as "most!", changed.quantity as "quantity?" from line left join changed on true
            "#,
            id(line)?,
            owner.id(),
            asked,
            self.service.hold.as_secs_f64()
        )
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
        match row.quantity {
            None if row.most <= 0 => Err(AppError::invalid("quantity", "There are none left of this").into()),
            None => Err(held().into()),
            Some(quantity) if quantity == asked => Ok(Done::default()),
            Some(99) => Ok(Done::saying("A cart holds 99 of one thing at most, so that’s what you have now")),
            Some(1) => Ok(Done::saying("There is only 1, so that’s what you have now")),
            Some(quantity) => Ok(Done::saying(format!("There are only {quantity}, so that’s what you have now"))),
        }
    }

    pub(super) async fn remove_line(&self, line: &str) -> Result<Done, ServiceError> {
        let line = id(line)?;
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.known_owner(&mut transaction).await?;
        let done = self.take_out(&mut transaction, owner, Some(line)).await?;
        transaction.commit().await?;
        Ok(done)
    }

    pub(super) async fn empty_cart(&self) -> Result<Done, ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let Some(owner) = self.owner(&mut transaction).await? else { return Ok(Done::default()) };
        let done = self.take_out(&mut transaction, owner, None).await?;
        transaction.commit().await?;
        Ok(done)
    }

    /// One line, or all that aren't for later. It can be taken back; whoever asks twice gets the same offer again.
    async fn take_out(
        &self,
        connection: &mut PgConnection,
        owner: Owner,
        line: Option<Uuid>,
    ) -> Result<Done, ServiceError> {
        // First and by itself: what waits for the lock must afterwards see the hold that the act before it has taken.
        self.lock(connection, owner).await?;
        let removed = sqlx::query!(
            r#"
            with gone as (
                delete from cart_lines l using carts c
                where c.id = l.cart_id and c.owner_id = $1 and (l.id = $2 or $2 is null and not l.saved)
                returning l.*
            ), free as (
                -- In order: whoever brings several of them back into another cart asks for them in the same.
                delete from holds
                where variant_id in (
                    select h.variant_id
                    from holds h join gone on gone.variant_id = h.variant_id and gone.cart_id = h.cart_id
                    where not gone.saved
                    order by h.variant_id for update of h
                )
            )
            insert into undos (id, owner_id, kind, removed)
            select $3, $1, 'lines', jsonb_agg(to_jsonb(gone)) from gone having count(*) > 0
            returning id, jsonb_array_length(removed) as "lines!", removed -> 0 ->> 'name' as "name!",
                      (select sum((line ->> 'quantity')::integer) from jsonb_array_elements(removed) line) as "pieces!"
            "#,
            owner.id(),
            line,
            Uuid::now_v7()
        )
        .fetch_optional(&mut *connection)
        .await?;
        let (undo, lines, pieces, name) = match (removed, line) {
            (Some(removed), _) => (removed.id, removed.lines, removed.pieces, removed.name),
            (None, None) => return Ok(Done::default()),
            (None, Some(line)) => {
                let earlier = sqlx::query!(
                    r#"select id, removed -> 0 ->> 'name' as "name!" from undos
                       where owner_id = $1 and kind = 'lines'
                         and removed @> jsonb_build_array(jsonb_build_object('id', $2::uuid))
                       order by created_at desc limit 1"#,
                    owner.id(),
                    line
                )
                .fetch_optional(&mut *connection)
                .await?
                .ok_or(ServiceError::NotFound)?;
                (earlier.id, 1, 1, earlier.name)
            }
        };
        let notice = match line {
            Some(_) => format!("Removed: {name}"),
            None if lines == 1 => format!("Your cart is empty. Removed: {name}"),
            None => format!("Your cart is empty. Removed: {pieces} items"),
        };
        Ok(Done { notice: Some(notice), undo: Some(undo.to_string()) })
    }

    /// An act of several statements on a line: its cart is locked against all others.
    async fn begin_with(&self, line: Uuid) -> Result<(PgTransaction<'static>, Owner, Own), ServiceError> {
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.known_owner(&mut transaction).await?;
        self.lock(&mut transaction, owner).await?;
        let own = own(&mut transaction, owner, line).await?;
        Ok((transaction, owner, own))
    }

    pub(super) async fn put_aside(&self, line: &str) -> Result<Done, ServiceError> {
        let line = id(line)?;
        let (mut transaction, _, own) = self.begin_with(line).await?;
        if !own.saved {
            let joined = sqlx::query!(
                "update cart_lines
                 set quantity = least(quantity + $3, 99), price = least(price, $4), short = 0, merged = false
                 where cart_id = $1 and variant_id = $2 and saved",
                own.cart,
                own.variant,
                own.quantity,
                own.price
            )
            .execute(&mut *transaction)
            .await?;
            if joined.rows_affected() > 0 {
                delete(&mut transaction, line).await?;
            } else {
                sqlx::query!("update cart_lines set saved = true, short = 0, merged = false where id = $1", line)
                    .execute(&mut *transaction)
                    .await?;
            }
            sqlx::query!("delete from holds where variant_id = $1 and cart_id = $2", own.variant, own.cart)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(Done::saying(format!("Saved for later: {}", own.name)))
    }

    pub(super) async fn bring_back(&self, line: &str) -> Result<Done, ServiceError> {
        let line = id(line)?;
        let (mut transaction, owner, own) = self.begin_with(line).await?;
        if !own.saved {
            return Ok(Done::default());
        }
        let not_sold = || AppError::invalid("", "This isn’t sold any more");
        let variant = own.variant.ok_or_else(not_sold)?;
        let wanted = Quantity::parse(&own.quantity.to_string()).unwrap_or(Quantity::ONE);
        let added = self.put_in(&mut transaction, owner, variant, wanted, None).await?.ok_or_else(not_sold)?;
        let (put, alone) = match added.outcome {
            Outcome::Put { put, quantity, .. } => (i32::try_from(put).unwrap_or_default(), put == quantity),
            Outcome::SoldOut | Outcome::Held | Outcome::Full => (0, false),
        };
        let said = added.said()?;
        let whole = put == own.quantity;
        if whole {
            delete(&mut transaction, line).await?;
        } else {
            sqlx::query!("update cart_lines set quantity = quantity - $2 where id = $1", line, put)
                .execute(&mut *transaction)
                .await?;
        }
        // What has been agreed to before stays what is agreed to. A line that moves as it is keeps its name: whoever
        // asks twice finds it in the cart.
        sqlx::query!(
            "update cart_lines
             set price = case when $4 then $3 else least(price, $3) end, id = case when $5 then $6 else id end
             where cart_id = $1 and variant_id = $2 and not saved",
            own.cart,
            variant,
            own.price,
            alone,
            alone && whole,
            line
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Done::saying(said))
    }

    pub(super) async fn wish_for(&self, line: &str) -> Result<Done, ServiceError> {
        let line = id(line)?;
        let mut transaction = self.service.pool.begin().await?;
        let owner = self.locked_owner(&mut transaction).await?;
        self.lock(&mut transaction, owner).await?;
        let own = own(&mut transaction, owner, line).await?;
        let Some(variant) = own.variant else {
            return Err(AppError::invalid("", "This isn’t sold any more, so it can’t be wished for either").into());
        };
        let list = wishlists::default_list(&mut transaction, owner).await?;
        wishlists::put(&mut transaction, owner, list.id, variant).await?;
        delete(&mut transaction, line).await?;
        sqlx::query!("delete from holds where variant_id = $1 and cart_id = $2", variant, own.cart)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Moved to your wishlist: {}", own.name)))
    }

    pub(super) async fn agree_to_price(&self, line: &str, seen: &str) -> Result<Done, ServiceError> {
        let line = id(line)?;
        let seen: i64 = seen.parse().map_err(|_| AppError::Invalid { fields: Vec::new() })?;
        let mut connection = self.service.pool.acquire().await?;
        let owner = self.known_owner(&mut connection).await?;
        let agreed = sqlx::query!(
            "update cart_lines l set price = v.price
             from carts c, variants v
             where l.id = $1 and c.id = l.cart_id and c.owner_id = $2 and v.id = l.variant_id and v.price = $3",
            line,
            owner.id(),
            seen
        )
        .execute(&mut *connection)
        .await?;
        if agreed.rows_affected() == 0 {
            own(&mut connection, owner, line).await?;
            return Err(AppError::invalid("", "The price has just changed again. Look at it once more").into());
        }
        Ok(Done::default())
    }

    pub(super) async fn forget_note(&self, line: &str) -> Result<Done, ServiceError> {
        let mut connection = self.service.pool.acquire().await?;
        let owner = self.known_owner(&mut connection).await?;
        let forgot = sqlx::query!(
            "update cart_lines l set short = 0, merged = false
             from carts c where l.id = $1 and c.id = l.cart_id and c.owner_id = $2",
            id(line)?,
            owner.id()
        )
        .execute(&mut *connection)
        .await?;
        if forgot.rows_affected() == 0 { Err(ServiceError::NotFound) } else { Ok(Done::default()) }
    }
}
