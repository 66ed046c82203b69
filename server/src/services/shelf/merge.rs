//! What a guest set aside becomes the account's, in the transaction of the log-in.

use crate::secret::token_hash;
use sqlx::PgConnection;
use uuid::Uuid;

/// Puts the guest's cart and wishlists together with the user's. Once: the guest is gone afterwards, and whoever logs
/// in at the same moment with the same cookie waits here and finds nobody.
///
/// # Errors
/// The database's.
pub async fn merge(connection: &mut PgConnection, user: Uuid, guest_token: &str) -> Result<(), sqlx::Error> {
    let guest = sqlx::query_scalar!("select id from guests where token_hash = $1 for update", &token_hash(guest_token))
        .fetch_optional(&mut *connection)
        .await?;
    let Some(guest) = guest else { return Ok(()) };
    merge_carts(&mut *connection, user, guest).await?;
    merge_wishlists(&mut *connection, user, guest).await?;
    sqlx::query!("update undos set owner_id = $1 where owner_id = $2", user, guest).execute(&mut *connection).await?;
    sqlx::query!("delete from guests where id = $1", guest).execute(connection).await?;
    Ok(())
}

async fn merge_carts(connection: &mut PgConnection, user: Uuid, guest: Uuid) -> Result<(), sqlx::Error> {
    // Whoever still adds to the guest's cart is let finish, and then finds it gone.
    let theirs = sqlx::query_scalar!("select id from carts where guest_id = $1 for update", guest)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(theirs) = theirs else { return Ok(()) };
    let ours = sqlx::query_scalar!(
        "insert into carts (id, user_id) values ($1, $2)
         on conflict (owner_id) do update set touched_at = now()
         returning id",
        Uuid::now_v7(),
        user
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query!(
        "update cart_lines l
         set quantity = least(l.quantity + g.quantity, most), short = greatest(l.quantity + g.quantity - most, 0),
             merged = true, price = least(l.price, g.price)
         from cart_lines g join variants v on v.id = g.variant_id cross join lateral cart_limit(v.on_hand, g.saved) most
         where l.cart_id = $1 and g.cart_id = $2 and l.variant_id = g.variant_id and l.saved = g.saved",
        ours,
        theirs
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update cart_lines g
         set cart_id = $1, quantity = least(g.quantity, most), short = greatest(g.quantity - most, 0),
             merged = g.quantity > most
         from cart_lines o left join variants v on v.id = o.variant_id
              cross join lateral cart_limit(v.on_hand, o.saved) most
         where o.id = g.id and g.cart_id = $2
           and not exists (
               select from cart_lines l where l.cart_id = $1 and l.variant_id = g.variant_id and l.saved = g.saved
           )",
        ours,
        theirs
    )
    .execute(&mut *connection)
    .await?;
    // In order, as everybody who asks for several.
    sqlx::query!(
        "update holds set cart_id = $1
         where variant_id in (select variant_id from holds where cart_id = $2 order by variant_id for update)",
        ours,
        theirs
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A guest's list joins the user's list of the same standing or name, or else becomes the user's as it is.
async fn merge_wishlists(connection: &mut PgConnection, user: Uuid, guest: Uuid) -> Result<(), sqlx::Error> {
    let pairs = sqlx::query!(
        r#"select g.id, (
               select o.id from wishlists o
               where o.owner_id = $1 and (o.is_default and g.is_default or lower(o.name) = lower(g.name))
               order by o.is_default and g.is_default desc
               limit 1
           ) as ours
           from wishlists g where g.guest_id = $2 order by g.id for update of g"#,
        user,
        guest
    )
    .fetch_all(&mut *connection)
    .await?;
    for pair in pairs {
        let Some(ours) = pair.ours else {
            sqlx::query!("update wishlists set guest_id = null, user_id = $1 where id = $2", user, pair.id)
                .execute(&mut *connection)
                .await?;
            continue;
        };
        sqlx::query!(
            "update wishlist_items o set note = g.note
             from wishlist_items g
             where o.wishlist_id = $1 and g.wishlist_id = $2 and o.variant_id = g.variant_id and o.note = ''",
            ours,
            pair.id
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query!(
            "update wishlist_items g set wishlist_id = $1
             where g.wishlist_id = $2 and not exists (
                 select from wishlist_items o where o.wishlist_id = $1 and o.variant_id = g.variant_id
             )",
            ours,
            pair.id
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
