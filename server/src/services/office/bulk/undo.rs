//! An edit taken back: all of it, and only while nothing else has touched what it changed.

use super::act::BulkAct;
use super::apply::is_dangerous;
use super::{PgBulk, hold, id, lock, parts, refusal, rows};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use crate::services::office::products::about;
use crate::services::office::rights::must_still;
use app::admin::bulk::host::State;
use app::admin::host::May;
use app::cart::api::Done;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// Products that are named when an undo is refused.
const NAMED: i64 = 5;
const DONE: &str = "The edit is undone";

/// Why a product keeps an edit from being taken back.
pub struct Hindrance {
    pub product: Option<Uuid>,
    pub title: String,
    pub reason: String,
    /// Of all.
    pub count: i64,
}

/// The first `most` products that keep an edit from being taken back, one reason each.
pub async fn hindrances(connection: &mut PgConnection, edit: Uuid, most: i64) -> Result<Vec<Hindrance>, sqlx::Error> {
    sqlx::query_as!(
        Hindrance,
        r#"
        with looked as (
            select r.number, r.product_id, p.id as product, r.title,
                   case
                       when p.id is null then 'it was deleted'
                       when p.version is distinct from r.after_version then 'it was changed'
                       when r.after ? 'price'
                           and ((r.after ->> 'price')::bigint, (r.after ->> 'compare_at')::bigint)
                               is distinct from (v.price, v.compare_at) then 'its price was changed'
                       when r.after ? 'stock'
                           and v.on_hand + (r.before ->> 'stock')::integer - (r.after ->> 'stock')::integer < 0
                           then 'so many pieces were sold that the stock would fall below nothing'
                       when r.after ? 'stock'
                           and v.on_hand::bigint + (r.before ->> 'stock')::integer - (r.after ->> 'stock')::integer
                               > 1000000000 then 'its stock would be more than can be kept'
                       when r.before ->> 'category_id' is not null
                           and not exists (select from categories c where c.id = (r.before ->> 'category_id')::uuid)
                           then 'its category is gone'
                   end as reason
            from bulk_edit_rows r
            left join products p on p.id = r.product_id
            left join variants v on v.id = r.variant_id
            where r.edit_id = $1
        ), hindered as (
            select distinct on (product_id) number, product, title, reason
            from looked
            where reason is not null
            order by product_id, number
        )
        select product as "product?", title, reason as "reason!", count(*) over () as "count!"
        from hindered
        order by number
        limit $2
        "#,
        edit,
        most
    )
    .fetch_all(connection)
    .await
}

/// Keeps the categories that products go back to from being deleted meanwhile: those that are gone already hinder.
async fn keep_categories(connection: &mut PgConnection, edit: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select from categories
         where id in (select (before ->> 'category_id')::uuid from bulk_edit_rows where edit_id = $1)
         order by id
         for key share",
        edit
    )
    .execute(connection)
    .await?;
    Ok(())
}

impl PgBulk {
    pub(super) async fn take_back(&self, edit: &str, password: &str) -> Result<Done, ServiceError> {
        let edit = id(edit)?;
        // Before the transaction: whoever holds a connection waits for no second one. Rows of what is applied stay.
        let rows = sqlx::query_scalar!("select rows from bulk_edits where id = $1 and state = 'applied'", edit)
            .fetch_optional(&self.pool)
            .await?;
        if rows.is_some_and(is_dangerous) {
            self.proof.of(password).await?;
        }
        let mut transaction = self.transaction("bulk undo").await?;
        let locked = lock(&mut transaction, edit).await?;
        let act = match (locked.state, &locked.act) {
            // Whoever asks a second time finds it done.
            (State::Undone, _) => return Ok(Done::saying(DONE)),
            (State::Applied, Some(act)) if !locked.is_swept && rows.is_some() => act,
            _ => return Err(refusal("There is nothing to undo")),
        };
        hold(&mut transaction, &locked.chosen, act.is_of_variants()).await?;
        must_still(&mut transaction, &self.actor, May::Catalogue).await?;
        if let BulkAct::Category { .. } = act {
            keep_categories(&mut transaction, edit).await?;
        }
        let found = hindrances(&mut transaction, edit, NAMED).await?;
        if let Some(first) = found.first() {
            return Err(refusal(&words(first.count, &found)));
        }
        rows::write(&mut transaction, edit, act, true).await?;
        sqlx::query!(
            "update bulk_edits set state = 'undone', undone_at = now(), undone_by = $2 where id = $1",
            locked.id,
            self.user
        )
        .execute(&mut *transaction)
        .await?;
        let subject = edit.to_string();
        let after = json!({ "products": locked.products });
        let entry = Act { after, ..about("product.bulk_undo", &subject, &locked.what) };
        let entry = audit::numbered(&mut transaction, &self.actor, entry).await?;
        parts::write(&mut transaction, &self.actor, entry, edit, true).await?;
        transaction.commit().await?;
        Ok(Done::saying(DONE))
    }
}

/// `It can’t be undone any more, because of 3 products: Mug (it was changed), …`.
fn words(count: i64, found: &[Hindrance]) -> String {
    let named: Vec<String> = found.iter().map(|one| format!("{} ({})", one.title, one.reason)).collect();
    let more = count - i64::try_from(found.len()).unwrap_or(i64::MAX);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let products = if count == 1 { "1 product".to_owned() } else { format!("{count} products") };
    format!("It can’t be undone any more, because of {products}: {}{rest}", named.join(", "))
}
