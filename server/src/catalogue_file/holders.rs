//! Whoever has a variant in a cart or on a wishlist, locked before the variant is.
//!
//! Carts and wishlists keep their line of a variant that is removed, without the variant. Whoever acts on one has it
//! locked before a variant; so whoever removes variants must wait for the carts first, or each would wait for the other.
//! Whoever acts on both a cart and a wishlist, in this order or the other, has locked their owner before, and so has a
//! log-in that puts two carts together: owners come before all.

use sqlx::{Connection, PgConnection};
use uuid::Uuid;

/// What is about to happen to variants, and to what waits for them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Leaving<'a> {
    pub removed: &'a [Uuid],
    /// Those that get another SKU, which is part of their key: what refers to a variant waits for that, too.
    pub renamed: &'a [Uuid],
    /// An import whose lines and items get back what they were of.
    pub brought_back: Option<Uuid>,
}

/// Tries before it gives up. Each waits for those that were there at the one before.
const TRIES: usize = 20;

/// Locks owners, then carts, then items of wishlists, then the variants.
///
/// # Errors
/// The database's; that of a lock that couldn't be had while shoppers go on putting these very variants into new carts.
pub(crate) async fn wait_for_holders(conn: &mut PgConnection, leaving: Leaving<'_>) -> Result<(), sqlx::Error> {
    let mut last = None;
    for _ in 0..TRIES {
        let mut attempt = conn.begin().await?;
        hold(&mut attempt, leaving).await?;
        // Nobody can put one of them into a cart any more, but somebody may have before that: their cart may be locked
        // by who waits for the variant, so it is asked for without waiting.
        match hold_the_others(&mut attempt, leaving).await {
            Ok(()) => return attempt.commit().await,
            Err(error) if is_taken(&error) => last = Some(error),
            Err(error) => return Err(error),
        }
        // With it go the locks, so that the other comes to an end.
        attempt.rollback().await?;
    }
    last.map_or(Ok(()), Err)
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).as_deref() == Some("55P03")
}

async fn hold(conn: &mut PgConnection, leaving: Leaving<'_>) -> Result<(), sqlx::Error> {
    hold_owners(conn, leaving).await?;
    sqlx::query!(
        "select id from carts
         where id in (
             select cart_id from cart_lines where variant_id = any($1)
             union all
             select l.cart_id from import_lines i join cart_lines l on l.id = i.line_id where i.import_id = $2
         )
         order by id
         for update",
        leaving.removed,
        leaving.brought_back
    )
    .fetch_all(&mut *conn)
    .await?;
    // Of a variant that is only renamed those, too: a change of its price marks them.
    sqlx::query!(
        "select id from wishlist_items
         where variant_id = any($1)
            or variant_id = any($3) and (alert_price or alert_stock)
            or id in (select line_id from import_lines where import_id = $2)
         order by id
         for update",
        leaving.removed,
        leaving.brought_back,
        leaving.renamed
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "select id from variants where id = any($1) or id = any($2) order by id for update",
        leaving.removed,
        leaving.renamed
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// Owners first, all users before all guests.
async fn hold_owners(conn: &mut PgConnection, leaving: Leaving<'_>) -> Result<(), sqlx::Error> {
    let owners = sqlx::query!(
        r#"select c.user_id as "user?", c.guest_id as "guest?" from cart_lines l join carts c on c.id = l.cart_id
           where l.variant_id = any($1) or l.id in (select line_id from import_lines where import_id = $2)
           union
           select w.user_id, w.guest_id from wishlist_items i join wishlists w on w.id = i.wishlist_id
           where i.variant_id = any($1) or i.id in (select line_id from import_lines where import_id = $2)"#,
        leaving.removed,
        leaving.brought_back
    )
    .fetch_all(&mut *conn)
    .await?;
    let users: Vec<Uuid> = owners.iter().filter_map(|owner| owner.user).collect();
    let guests: Vec<Uuid> = owners.iter().filter_map(|owner| owner.guest).collect();
    sqlx::query!("select from users where id = any($1) order by id for no key update", &users)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("select from guests where id = any($1) order by id for no key update", &guests).execute(conn).await?;
    Ok(())
}

async fn hold_the_others(conn: &mut PgConnection, leaving: Leaving<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select id from carts where id in (select cart_id from cart_lines where variant_id = any($1))
         order by id
         for update nowait",
        leaving.removed
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "select id from wishlist_items
         where variant_id = any($1) or variant_id = any($2) and (alert_price or alert_stock)
         order by id
         for update nowait",
        leaving.removed,
        leaving.renamed
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}
