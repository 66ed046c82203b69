//! What was typed into a product's form and isn't saved.

use super::{PgProducts, id};
use crate::error::ServiceError;
use crate::services::{housekeeping, words};
use app::admin::products::api::Typed;
use app::admin::products::host::{Draft, Tab};
use app::cart::api::Done;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use tokio::task::JoinHandle;

/// Bytes, as the schema has it.
const LONGEST_TAB: usize = 64;

/// What asks for a draft to be kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// The page's script while somebody types. It may come after the same tab has saved.
    Typing,
    /// Somebody who pressed a button and gets the form back: also one who had saved, and went back to the form.
    Pressing,
}

impl PgProducts {
    /// For a form that somebody is typing into. Answers nothing when the tab has saved it meanwhile.
    pub(super) async fn put_draft(&self, typed: Typed, tab: &Tab) -> Result<Done, ServiceError> {
        self.must_be_there(&typed.product).await?;
        let Some((at, other)) = self.keep(typed, &tab.name, Keeping::Typing).await? else { return Ok(Done::default()) };
        let mut notice = format!("Draft kept {}", words::clock(OffsetDateTime::now_utc(), at));
        if other.is_some_and(|other| other != tab.name && other != tab.continues) {
            notice.push_str(". It takes the place of what was kept in another tab");
        }
        Ok(Done::saying(notice))
    }

    /// For a form that is going to be looked at. Says whether it has anything that isn't saved.
    pub(super) async fn keep_what_differs(&self, mut typed: Typed, tab: &str) -> Result<bool, ServiceError> {
        clean(&mut typed);
        if !typed.product.is_empty() && self.load_product(&typed.product).await?.typed == typed {
            return Ok(false);
        }
        Ok(self.keep(typed, tab, Keeping::Pressing).await?.is_some())
    }

    /// Says when, and which tab's it takes the place of.
    pub(super) async fn keep(
        &self,
        mut typed: Typed,
        tab: &str,
        keeping: Keeping,
    ) -> Result<Option<(OffsetDateTime, Option<String>)>, ServiceError> {
        clean(&mut typed);
        if typed.product.len() > 36 || !is_tab(tab) {
            return Ok(None);
        }
        let kept = sqlx::query!(
            "with old as (
                 select tab from product_drafts where user_id = $1 and product = $2 and typed is not null
             )
             insert into product_drafts (user_id, product, typed, tab) values ($1, $2, $3, $4)
             on conflict (user_id, product) do update set typed = excluded.typed, tab = excluded.tab, at = now()
             where $5 or product_drafts.typed is not null or product_drafts.tab <> excluded.tab
             returning at, (select tab from old) as other",
            self.user,
            typed.product,
            Json(&typed) as _,
            tab,
            keeping == Keeping::Pressing
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(kept.map(|row| (row.at, row.other)))
    }

    pub(super) async fn load_draft(&self, product: &str) -> Result<Option<Draft>, ServiceError> {
        let row = sqlx::query!(
            r#"select typed as "typed!: Json<Typed>", at, tab from product_drafts
               where user_id = $1 and product = $2 and typed is not null"#,
            self.user,
            product
        )
        .fetch_optional(&self.pool)
        .await?;
        let now = OffsetDateTime::now_utc();
        Ok(row.map(|row| Draft { typed: row.typed.0, at: words::clock(now, row.at), tab: row.tab }))
    }

    pub(super) async fn drop_draft(&self, product: &str) -> Result<Done, ServiceError> {
        self.must_be_there(product).await?;
        sqlx::query!("delete from product_drafts where user_id = $1 and product = $2", self.user, product)
            .execute(&self.pool)
            .await?;
        Ok(Done::saying("Your unsaved changes are discarded"))
    }

    /// What is saved is no draft any more. A tab's draft may be overtaken by its own save, and then is to stay away.
    pub(super) async fn settle_draft(
        &self,
        connection: &mut PgConnection,
        product: &str,
        tab: &str,
    ) -> Result<(), sqlx::Error> {
        if tab.is_empty() || !is_tab(tab) {
            sqlx::query!("delete from product_drafts where user_id = $1 and product = $2", self.user, product)
                .execute(connection)
                .await?;
            return Ok(());
        }
        sqlx::query!(
            "insert into product_drafts (user_id, product, typed, tab) values ($1, $2, null, $3)
             on conflict (user_id, product) do update set typed = null, tab = excluded.tab, at = now()",
            self.user,
            product,
            tab
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    pub(super) async fn must_be_there(&self, product: &str) -> Result<(), ServiceError> {
        if product.is_empty() {
            return Ok(());
        }
        let there =
            sqlx::query_scalar!(r#"select exists (select from products where id = $1) as "there!""#, id(product)?)
                .fetch_one(&self.pool)
                .await?;
        if there { Ok(()) } else { Err(ServiceError::NotFound) }
    }
}

/// Whether a page of the shop may call itself so.
fn is_tab(name: &str) -> bool {
    name.len() <= LONGEST_TAB && !name.contains(char::is_control)
}

/// Line ends as they are stored, so that a draft can be told from what is saved; and without the one character that
/// JSON in the database hasn't, and no product has.
fn clean(typed: &mut Typed) {
    typed.body = typed.body.replace("\r\n", "\n");
    let Typed { product, version, title, slug, body, category, vendor, tags, status, options, variants } = typed;
    let own = [product, version, title, slug, body, category, vendor, tags, status];
    let of_options = options
        .iter_mut()
        .flat_map(|one| [&mut one.name, &mut one.more].into_iter().chain(&mut one.was).chain(&mut one.values));
    let of_variants = variants.iter_mut().flat_map(|one| {
        let own = [&mut one.id, &mut one.gone, &mut one.sku, &mut one.price, &mut one.compare_at, &mut one.add];
        own.into_iter().chain(&mut one.of)
    });
    for text in own.into_iter().chain(of_options).chain(of_variants) {
        text.retain(|c| c != '\0');
    }
}

/// See [`housekeeping::start`].
pub fn start_drafts_housekeeping(pool: PgPool) -> JoinHandle<()> {
    housekeeping::start("drafts", move || {
        let pool = pool.clone();
        async move { tidy_drafts(&pool).await }
    })
}

/// What nobody has come back for in a month is thrown away; what forms were answered with, after a day, since those that
/// are sent twice come within minutes.
///
/// # Errors
/// The database's.
pub async fn tidy_drafts(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from product_drafts where at < now() - interval '30 days'").execute(pool).await?;
    sqlx::query!("delete from product_idempotency_keys where at < now() - interval '1 day'").execute(pool).await?;
    Ok(())
}
