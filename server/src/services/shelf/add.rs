//! Putting something into a cart.

use super::{MOST_LINES, Owner, PgShelf};
use crate::error::ServiceError;
use app::cart::api::Done;
use app::domain::Quantity;
use app::error::AppError;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

/// What became of pieces that were to go into a cart.
pub struct Added {
    /// As the cart names it.
    pub name: String,
    pub outcome: Outcome,
}

pub enum Outcome {
    /// `short`: pieces that were asked for and aren't there. `quantity`: of the line now, as far as they are there.
    Put {
        put: u32,
        short: u32,
        quantity: u32,
    },
    SoldOut,
    /// Another cart has the last piece.
    Held,
    /// The cart has no room for another line.
    Full,
}

impl Added {
    /// # Errors
    /// `Invalid`, in words, when nothing was put in.
    pub fn said(self) -> Result<String, AppError> {
        let name = self.name;
        let refused = |message: String| Err(AppError::invalid("quantity", message));
        match self.outcome {
            Outcome::Put { put: 0, quantity, .. } if quantity >= Quantity::MOST => {
                refused(format!("A cart holds {quantity} of one thing at most, and yours has them"))
            }
            Outcome::Put { put: 0, quantity: 1, .. } => {
                refused("There is only 1, and it is in your cart already".to_owned())
            }
            Outcome::Put { put: 0, quantity, .. } => {
                refused(format!("There are only {quantity}, and they are in your cart already"))
            }
            Outcome::Put { put, short: 0, .. } if put > 1 => Ok(format!("Added to your cart: {put} × {name}")),
            Outcome::Put { short: 0, .. } => Ok(format!("Added to your cart: {name}")),
            Outcome::Put { put, quantity, .. } if quantity >= Quantity::MOST => {
                Ok(format!("Added {put} × {name}: a cart holds {quantity} of one thing at most"))
            }
            Outcome::Put { put, quantity: 1, .. } => Ok(format!("Added {put} × {name}: there is only 1")),
            Outcome::Put { put, quantity, .. } => Ok(format!("Added {put} × {name}: there are only {quantity}")),
            Outcome::SoldOut => refused("This is out of stock".to_owned()),
            Outcome::Held => Err(held()),
            Outcome::Full => Err(full()),
        }
    }
}

pub fn held() -> AppError {
    let message = "The last one is in somebody else’s cart just now. Try again in a while: it may come back";
    AppError::invalid("quantity", message)
}

pub fn full() -> AppError {
    AppError::invalid("quantity", format!("Your cart is full: it holds {MOST_LINES} different items"))
}

impl PgShelf {
    pub(super) async fn add_to_cart(
        &self,
        variant: &str,
        product: &str,
        quantity: &str,
        key: &str,
    ) -> Result<Done, ServiceError> {
        let quantity = match quantity {
            "" => Quantity::ONE,
            typed => Quantity::parse(typed).map_err(|error| AppError::invalid("quantity", error))?,
        };
        let key = match key {
            "" => None,
            key => Some(Uuid::try_parse(key).map_err(|_| AppError::Invalid { fields: Vec::new() })?),
        };
        let mut connection = self.service.pool.acquire().await?;
        let variant = match variant {
            "" => only_variant(&mut connection, product).await?,
            variant => Uuid::try_parse(variant).map_err(|_| not_sold())?,
        };
        if let Some(owner) = self.owner(&mut connection).await? {
            let added = self.put_in(&mut connection, owner, variant, quantity, key).await?;
            return Ok(Done::saying(added.ok_or_else(not_sold)?.said()?));
        }
        // Whoever is refused has not become a guest for it.
        let mut transaction = connection.begin().await?;
        let guest = self.new_guest(&mut transaction).await?;
        let added = self.put_in(&mut transaction, guest.owner(), variant, quantity, key).await?;
        let said = added.ok_or_else(not_sold)?.said()?;
        transaction.commit().await?;
        self.welcome(guest);
        Ok(Done::saying(said))
    }

    /// Puts pieces into the owner's cart, as many as there are; `None` for what isn't sold.
    ///
    /// One statement, so that however many arrive at once, each sees what the one before has left: the cart's row is
    /// locked by the upsert, the line's quantity is computed from the row as it is then, and of those who want the
    /// last piece one gets its row in `holds`.
    pub(super) async fn put_in(
        &self,
        connection: &mut PgConnection,
        owner: Owner,
        variant: Uuid,
        quantity: Quantity,
        key: Option<Uuid>,
    ) -> Result<Option<Added>, ServiceError> {
        let asked = i32::try_from(quantity.get()).unwrap_or(i32::MAX);
        let row = sqlx::query!(
            r#"
            with item as (
                select v.id, v.price, least(v.on_hand, 99) as most, line_name(p.title, v.option_values) as name
                from variants v join products p on p.id = v.product_id
                where v.id = $5 and p.status = 'active'
            ), cart as (
                insert into carts (id, user_id, guest_id)
                select $1, $2::uuid, $3::uuid from item where item.most > 0
                on conflict (owner_id) do update set touched_at = now()
                returning id
            ), fresh as (
                select cart.id from cart
                where not exists (select from cart_acts a where a.cart_id = cart.id and a.key = $7)
            ), room as (
                -- `has`: when the statement began. It is enough to refuse by; what is put in is computed from the
                -- line's row as it is by then.
                select fresh.id,
                       coalesce((
                           select o.quantity from cart_lines o
                           where o.cart_id = fresh.id and o.variant_id = $5 and not o.saved
                       ), 0) as has
                from fresh
                where (select count(*) from cart_lines o where o.cart_id = fresh.id) < $9
                   or exists (select from cart_lines o where o.cart_id = fresh.id and o.variant_id = $5)
            ), last as (
                -- Locked before its hold, as whoever deletes it does.
                select v.id from variants v, item, room
                where v.id = item.id and item.most = 1 and room.has = 0 and $8::float8 > 0
                for key share of v
            ), hold as (
                insert into holds (variant_id, cart_id, until)
                select last.id, room.id, now() + make_interval(secs => $8)
                from last, room
                on conflict (variant_id) do update
                set cart_id = excluded.cart_id, until = excluded.until
                where holds.cart_id = excluded.cart_id or holds.until <= now()
                returning variant_id
            ), may as (
                select room.id, room.has < item.most as put from item, room
                where room.has >= item.most or item.most > 1 or $8 <= 0 or exists (select from hold)
            ), act as (
                -- Of an act that is refused the name stays free: it may be tried again.
                insert into cart_acts (cart_id, key)
                select may.id, $7::uuid from may where may.put and $7::uuid is not null
                on conflict do nothing
                returning key
            ), line as (
                insert into cart_lines as l (id, cart_id, variant_id, quantity, short, price, name)
                select $4, may.id, item.id, least($6, item.most), greatest($6 - item.most, 0), item.price, item.name
                from item, may
                where may.put and ($7::uuid is null or exists (select from act))
                on conflict (cart_id, variant_id, saved) do update
                -- What is in the cart stays, also where there is less by now: that is told on its page.
                set quantity = greatest(l.quantity, least(l.quantity + $6, (select most from item))),
                    short = l.quantity + $6 - greatest(l.quantity, least(l.quantity + $6, (select most from item))),
                    merged = false
                returning quantity, short
            )
            select item.name as "name!", item.most as "most!", line.quantity as "quantity?", line.short as "short?",
                   not exists (select from room) as "full!",
                   not exists (select from fresh) or coalesce(may.put, false) as "again!",
                   may.put is not null as "may!"
            from item left join line on true left join may on true
            "#,
            Uuid::now_v7(),
            owner.user(),
            owner.guest(),
            Uuid::now_v7(),
            variant,
            asked,
            key,
            self.service.hold.as_secs_f64(),
            MOST_LINES
        )
        .fetch_optional(connection)
        .await
        .map_err(|error| self.overtaken(error))?;
        let Some(row) = row else { return Ok(None) };
        let pieces = |number: i32| u32::try_from(number).unwrap_or_default();
        let outcome = match (row.quantity, row.short) {
            _ if row.most <= 0 => Outcome::SoldOut,
            (Some(quantity), Some(short)) => {
                let quantity = pieces(quantity.min(row.most));
                Outcome::Put { put: pieces(asked - short), short: pieces(short), quantity }
            }
            // The first time was answered, or is being.
            _ if row.again => Outcome::Put { put: quantity.get(), short: 0, quantity: quantity.get() },
            _ if row.full => Outcome::Full,
            _ if row.may => Outcome::Put { put: 0, short: quantity.get(), quantity: pieces(row.most) },
            _ => Outcome::Held,
        };
        Ok(Some(Added { name: row.name, outcome }))
    }

    /// What was there when the statement began may be gone when its references are checked.
    fn overtaken(&self, error: sqlx::Error) -> ServiceError {
        let error = ServiceError::from(error);
        match error.constraint() {
            Some("carts_guest_id_fkey") => self.moved_on(),
            Some("carts_user_id_fkey") => AppError::SignIn.into(),
            Some("cart_lines_variant_id_fkey" | "holds_variant_id_fkey") => not_sold(),
            _ => error,
        }
    }
}

pub(super) fn not_sold() -> ServiceError {
    AppError::invalid("", "This isn’t sold any more").into()
}

/// The variant of a product that has nothing to choose.
async fn only_variant(connection: &mut PgConnection, slug: &str) -> Result<Uuid, ServiceError> {
    let found = sqlx::query!(
        r#"select v.id, p.option_names = '{}' as "plain!"
           from variants v join products p on p.id = v.product_id
           where p.slug = $1 and p.status = 'active'
           order by v.position limit 1"#,
        slug
    )
    .fetch_optional(connection)
    .await?;
    match found {
        Some(found) if found.plain => Ok(found.id),
        Some(_) => Err(AppError::invalid("", "This comes in several kinds: choose one on its page").into()),
        None => Err(not_sold()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn said(outcome: Outcome) -> Result<String, String> {
        Added { name: "Tarn mug, Sage".to_owned(), outcome }.said().map_err(|error| error.to_string())
    }

    #[test]
    fn whoever_asks_for_more_than_there_is_gets_what_there_is_and_is_told() {
        let put = |put, short, quantity| said(Outcome::Put { put, short, quantity });
        assert_eq!(put(1, 0, 1).unwrap(), "Added to your cart: Tarn mug, Sage");
        assert_eq!(put(2, 0, 5).unwrap(), "Added to your cart: 2 × Tarn mug, Sage");
        assert_eq!(put(2, 3, 5).unwrap(), "Added 2 × Tarn mug, Sage: there are only 5");
        assert_eq!(put(1, 3, 1).unwrap(), "Added 1 × Tarn mug, Sage: there is only 1");
        assert!(put(9, 3, 99).unwrap().contains("holds 99"));
        assert!(put(0, 1, 1).unwrap_err().contains("only 1, and it is"));
        assert!(put(0, 1, 5).unwrap_err().contains("only 5, and they are"));
        assert!(put(0, 1, 99).unwrap_err().contains("99 of one thing"));
        assert!(said(Outcome::Held).unwrap_err().contains("somebody else’s cart"));
    }
}
