//! What a cart and wishlists hold about somebody, for them to keep.

use crate::services::words::stamp;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// Prices are in the smallest unit of the shop's currency.
///
/// # Errors
/// The database's.
pub async fn own_data(connection: &mut PgConnection, user: Uuid) -> Result<Value, sqlx::Error> {
    let lines = sqlx::query!(
        "select l.name, l.quantity, l.price, l.saved, l.created_at
         from carts c join cart_lines l on l.cart_id = c.id
         where c.user_id = $1
         order by l.created_at, l.id",
        user
    )
    .fetch_all(&mut *connection)
    .await?;
    let lists = sqlx::query!(
        r#"select id, name, created_at, share_hash is not null as "shared!" from wishlists
           where user_id = $1
           order by created_at, id"#,
        user
    )
    .fetch_all(&mut *connection)
    .await?;
    let items = sqlx::query!(
        "select i.wishlist_id, i.name, i.note, i.price, i.created_at, i.alert_price, i.alert_stock, i.price_mailed_at,
                i.stock_mailed_at
         from wishlists w join wishlist_items i on i.wishlist_id = w.id
         where w.user_id = $1
         order by i.created_at, i.id",
        user
    )
    .fetch_all(&mut *connection)
    .await?;
    let removed =
        sqlx::query!("select kind, removed, created_at from undos where owner_id = $1 order by created_at", user)
            .fetch_all(connection)
            .await?;
    let items_of = |list: Uuid| {
        let of = items.iter().filter(|item| item.wishlist_id == list).map(|item| {
            json!({
                "name": item.name,
                "note": item.note,
                "price_when_added": item.price,
                "added": stamp(Some(item.created_at)),
                "mail_when_the_price_falls": item.alert_price,
                "mail_when_it_is_back": item.alert_stock,
                "last_mail_about_the_price": stamp(item.price_mailed_at),
                "last_mail_about_stock": stamp(item.stock_mailed_at),
            })
        });
        of.collect::<Vec<_>>()
    };
    Ok(json!({
        "cart": lines.iter().map(|line| json!({
            "name": line.name,
            "quantity": line.quantity,
            "price_agreed_to": line.price,
            "saved_for_later": line.saved,
            "added": stamp(Some(line.created_at)),
        })).collect::<Vec<_>>(),
        "wishlists": lists.iter().map(|list| json!({
            "name": list.name,
            "made": stamp(Some(list.created_at)),
            "shared_by_a_link": list.shared,
            "items": items_of(list.id),
        })).collect::<Vec<_>>(),
        "removed_and_kept_for_a_day": removed.iter().map(|removed| json!({
            "what": removed.kind,
            "removed": stamp(Some(removed.created_at)),
            "as_it_was": removed.removed,
        })).collect::<Vec<_>>(),
    }))
}
