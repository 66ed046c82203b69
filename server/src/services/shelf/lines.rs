//! Reading carts. What counts, and how much it comes to, is decided here and nowhere else.

use super::{PgShelf, merge};
use crate::error::ServiceError;
use crate::secret::token_hash;
use crate::services::catalog::{ImageHosts, PictureRow, picture};
use crate::services::whole;
use app::cart::api::{Cart, Line, LineState, Shelf};
use app::domain::{Money, Quantity, StockState};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

impl PgShelf {
    pub(super) async fn load_shelf(&self) -> Result<Shelf, ServiceError> {
        let user = self.caller.session.as_ref().map(|session| session.user_id);
        if let (Some(user), Some(token)) = (user, self.guest_token()) {
            self.bring_along(user, token.to_owned()).await;
        }
        let guest = self.guest_token().filter(|_| user.is_none()).map(token_hash);
        if user.is_none() && guest.is_none() {
            return Ok(Shelf::default());
        }
        let mut connection = self.connection().await?;
        let row = sqlx::query!(
            r#"
            with owner as (
                select $1::uuid as id, false as seen_long_ago where $1::uuid is not null
                union all
                select g.id, g.seen_at < now() - interval '1 day' from guests g where g.token_hash = $2
            )
            select owner.id as "id!", owner.seen_long_ago as "seen_long_ago!",
                   (
                       select coalesce(sum(l.quantity), 0)
                       from carts c join cart_lines l on l.cart_id = c.id
                       where c.owner_id = owner.id and not l.saved
                   ) as "count!",
                   array(
                       select distinct p.slug
                       from wishlists w
                       join wishlist_items i on i.wishlist_id = w.id
                       join variants v on v.id = i.variant_id
                       join products p on p.id = v.product_id
                       where w.owner_id = owner.id
                   ) as "wished!"
            from owner
            "#,
            user,
            guest.as_ref().map(<[u8; 32]>::as_slice)
        )
        .fetch_optional(&mut *connection)
        .await?;
        let Some(row) = row else {
            // Worth nothing, it would only keep its bearer from pages that are the same for all.
            self.clear_cookie();
            return Ok(Shelf::default());
        };
        if row.seen_long_ago {
            self.note_guest(&mut connection, row.id).await;
        }
        Ok(Shelf { count: u32::try_from(row.count).unwrap_or(u32::MAX), wished: row.wished.into_iter().collect() })
    }

    /// A guest who comes back stays a guest, here and in their browser.
    async fn note_guest(&self, connection: &mut PgConnection, guest: Uuid) {
        let seen = sqlx::query!("update guests set seen_at = now() where id = $1", guest);
        match (seen.execute(connection).await, self.guest_token()) {
            (Ok(_), Some(token)) => self.give_cookie(token),
            (Ok(_), None) => {}
            (Err(error), _) => tracing::warn!(%error, "a guest could not be noted as seen"),
        }
    }

    /// Who put something in, for the first time, while the log-in was on its way has become a guest beside it. The
    /// log-in couldn't know; so this is as if it had.
    async fn bring_along(&self, user: Uuid, token: String) {
        let pool = self.service.pool.clone();
        let merged = whole(async move {
            let mut transaction = pool.begin().await?;
            merge(&mut transaction, user, &token).await?;
            transaction.commit().await?;
            Ok(())
        });
        // If not, the next page tries again.
        if merged.await.is_ok() {
            self.clear_cookie();
        }
    }

    pub(super) async fn load_cart(&self) -> Result<Cart, ServiceError> {
        let mut connection = self.connection().await?;
        let is_guests = self.caller.session.is_none();
        let Some(owner) = self.owner(&mut connection).await? else { return Ok(Cart { is_guests, ..Cart::default() }) };
        let rows = sqlx::query_as!(
            LineRow,
            r#"
            select l.id, l.saved, l.quantity, l.short, l.merged, l.price as agreed, l.name,
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
                   ) as "picture: Json<PictureRow>",
                   exists (
                       select from holds h
                       where h.variant_id = v.id and h.cart_id <> l.cart_id and h.until > now() and v.on_hand = 1
                   ) as "held!",
                   exists (
                       select from wishlists w
                       join wishlist_items i on i.wishlist_id = w.id
                       join variants o on o.id = i.variant_id
                       where w.owner_id = c.owner_id and o.product_id = p.id
                   ) as "wished!"
            from carts c
            join cart_lines l on l.cart_id = c.id
            left join variants v on v.id = l.variant_id
            left join products p on p.id = v.product_id
            where c.owner_id = $1
            order by l.created_at, l.id
            "#,
            owner.id()
        )
        .fetch_all(&mut *connection)
        .await?;
        Ok(Cart { is_guests, ..cart_of(rows, &self.service.image_hosts) })
    }
}

struct LineRow {
    id: Uuid,
    saved: bool,
    quantity: i32,
    short: i32,
    merged: bool,
    agreed: i64,
    name: String,
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
    held: bool,
    wished: bool,
}

fn cart_of(rows: Vec<LineRow>, hosts: &ImageHosts) -> Cart {
    let mut cart = Cart::default();
    for row in rows {
        let saved = row.saved;
        let line = line_of(row, hosts);
        if saved {
            cart.saved.push(line);
            continue;
        }
        // Within `i64`, by the limits on lines, quantities and prices.
        if let Some(total) = line.total {
            cart.pieces += line.quantity;
            cart.subtotal = cart.subtotal.checked_add(total).unwrap_or(cart.subtotal);
            let before = line.compare_at.max(line.was).unwrap_or(line.price);
            if let Some(saving) = before.checked_sub(line.price).and_then(|saving| saving.checked_mul(line.quantity)) {
                cart.savings = cart.savings.checked_add(saving).unwrap_or(cart.savings);
            }
        }
        cart.lines.push(line);
    }
    cart
}

fn line_of(row: LineRow, hosts: &ImageHosts) -> Line {
    let pieces = |number: i32| u32::try_from(number).unwrap_or_default();
    let money = |minor: i64| Money::from_minor(minor).unwrap_or_default();
    let (quantity, agreed) = (pieces(row.quantity), money(row.agreed));
    let on_hand = row.on_hand.unwrap_or_default();
    let sold = row.active == Some(true);
    let most = if sold { pieces(on_hand).min(Quantity::MOST) } else { 0 };
    let price = row.price.map_or(agreed, money);
    let state = if !sold {
        LineState::Gone
    } else if most == 0 {
        LineState::SoldOut
    } else if row.held {
        LineState::Held
    } else if quantity > most {
        LineState::Reduced { left: most }
    } else if price > agreed {
        LineState::Raised { from: agreed }
    } else {
        LineState::Fine
    };
    let title = row.title.unwrap_or_else(|| row.name.clone());
    let variant = row.variant_id.map(|id| id.to_string()).unwrap_or_default();
    Line {
        id: row.id.to_string(),
        key: row.sku.unwrap_or_else(|| variant.clone()),
        variant,
        slug: row.slug.filter(|_| sold),
        picture: row.picture.and_then(|Json(found)| picture(found, &title, hosts)),
        options: row.option_values.unwrap_or_default(),
        quantity,
        most,
        price,
        was: (agreed > price).then_some(agreed),
        compare_at: row.compare_at.map(money).filter(|before| *before > price),
        total: (state == LineState::Fine).then(|| price.checked_mul(quantity)).flatten(),
        state,
        stock: StockState::of(on_hand),
        short: pieces(row.short),
        merged: row.merged,
        wished: row.wished,
        title,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn row(quantity: i32, agreed: i64, price: i64, on_hand: i32) -> LineRow {
        LineRow {
            id: Uuid::nil(),
            saved: false,
            quantity,
            short: 0,
            merged: false,
            agreed,
            name: "Tarn mug".to_owned(),
            variant_id: Some(Uuid::nil()),
            sku: None,
            price: Some(price),
            compare_at: None,
            on_hand: Some(on_hand),
            option_values: Some(Vec::new()),
            slug: Some("tarn-mug".to_owned()),
            title: Some("Tarn mug".to_owned()),
            active: Some(true),
            picture: None,
            held: false,
            wished: false,
        }
    }

    fn money(minor: i64) -> Money {
        Money::from_minor(minor).unwrap()
    }

    #[test]
    fn only_what_can_be_had_at_a_price_agreed_to_is_counted() {
        let gone = LineRow { active: Some(false), ..row(1, 100, 100, 5) };
        let vanished = LineRow { variant_id: None, price: None, on_hand: None, active: None, ..row(1, 100, 100, 5) };
        let held = LineRow { held: true, ..row(1, 100, 100, 1) };
        let rows = vec![
            row(2, 2400, 2400, 5),
            row(3, 500, 400, 3),
            row(1, 400, 500, 3),
            row(4, 100, 100, 3),
            row(1, 100, 100, 0),
            gone,
            vanished,
            held,
        ];
        let cart = cart_of(rows, &ImageHosts::default());
        let states: Vec<LineState> = cart.lines.iter().map(|line| line.state).collect();
        use LineState::{Fine, Gone, Held, Raised, Reduced, SoldOut};
        assert_eq!(states, [Fine, Fine, Raised { from: money(400) }, Reduced { left: 3 }, SoldOut, Gone, Gone, Held]);
        assert_eq!((cart.pieces, cart.subtotal, cart.savings), (5, money(2 * 2400 + 3 * 400), money(300)));
        assert_eq!(cart.lines[1].was, Some(money(500)));
    }

    #[test]
    fn the_fullest_cart_still_adds_up() {
        let dear = Money::MAX.minor();
        let cart = cart_of((0..300).map(|_| row(99, dear, dear, 1000)).collect(), &ImageHosts::default());
        assert_eq!(cart.subtotal.minor(), 300 * 99 * dear);
        assert_eq!(cart.pieces, 300 * 99);
    }

    #[test]
    fn savings_are_against_the_dearer_of_the_old_price_and_the_one_agreed_to() {
        let reduced = LineRow { compare_at: Some(700), ..row(2, 600, 500, 9) };
        assert_eq!(cart_of(vec![reduced], &ImageHosts::default()).savings, money(400));
    }
}
