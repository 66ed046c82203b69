//! What a guest set aside becomes the account's, in the transaction of the log-in.

use super::{Owner, wishlists};
use crate::secret::token_hash;
use sqlx::PgConnection;
use uuid::Uuid;

/// Puts the guest's cart and wishlists together with the user's. Once: the guest is gone afterwards, and whoever logs
/// in at the same moment with the same cookie waits here and finds nobody.
///
/// # Errors
/// The database's.
pub async fn merge(connection: &mut PgConnection, user: Uuid, guest_token: &str) -> Result<(), sqlx::Error> {
    // Before everything else, as whatever else acts on the user's wishlists.
    wishlists::lock(&mut *connection, Owner::User(user)).await?;
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

/// A guest's list joins the user's list of the same standing or name, or else becomes the user's as it is. A list that
/// is shared never joins another: those who have its link see what they saw, and nothing of the user's.
async fn merge_wishlists(connection: &mut PgConnection, user: Uuid, guest: Uuid) -> Result<(), sqlx::Error> {
    let lists = sqlx::query!(
        r#"select g.id, g.name, (
               select o.id from wishlists o
               where o.owner_id = $1 and (o.is_default and g.is_default or lower(o.name) = lower(g.name))
               order by o.is_default and g.is_default desc
               limit 1
           ) as ours, g.share_hash is not null as "shared!"
           from wishlists g
           where g.guest_id = $2
           order by g.is_default desc, g.id"#,
        user,
        guest
    )
    .fetch_all(&mut *connection)
    .await?;
    for list in lists {
        match list.ours.filter(|_| !list.shared) {
            Some(ours) => join_lists(&mut *connection, ours, list.id).await?,
            None => take_over(&mut *connection, user, list.id, &list.name).await?,
        }
    }
    Ok(())
}

async fn take_over(connection: &mut PgConnection, user: Uuid, list: Uuid, name: &str) -> Result<(), sqlx::Error> {
    let name = wishlists::free_name(&mut *connection, user, name).await?;
    sqlx::query!(
        "update wishlists g
         set guest_id = null, user_id = $1, name = $3,
             is_default = g.is_default and not exists (select from wishlists o where o.owner_id = $1 and o.is_default)
         where g.id = $2",
        user,
        list,
        name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What is on both stays as the user has it, with the guest's note where there is none.
async fn join_lists(connection: &mut PgConnection, ours: Uuid, theirs: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with noted as (
             select o.id, g.note
             from wishlist_items o join wishlist_items g on g.variant_id = o.variant_id
             where o.wishlist_id = $1 and g.wishlist_id = $2 and o.note = '' and g.note <> ''
             order by o.id
             for update of o
         )
         update wishlist_items o set note = noted.note from noted where o.id = noted.id",
        ours,
        theirs
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update wishlist_items g set wishlist_id = $1
         where g.wishlist_id = $2 and not exists (
             select from wishlist_items o where o.wishlist_id = $1 and o.variant_id = g.variant_id
         )",
        ours,
        theirs
    )
    .execute(connection)
    .await?;
    Ok(())
}
