//! Many products changed at once, for those who may work on the catalogue.
//!
//! What an edit would do is planned into rows; applying plans it again with the products under lock, and does it if it is
//! what was looked at. Products are locked in the order of their ids, then their variants in theirs, as imports do. Each
//! statement is of all rows, so ten thousand take as many as ten.

mod act;
mod apply;
mod fate;
mod housekeeping;
mod parts;
mod plan;
mod read;
mod rows;
mod undo;

pub use housekeeping::{start_housekeeping, tidy};

use super::audit::Actor;
use super::products::{PgProducts, id, sign};
use super::proof::Proof;
use super::whole;
use crate::error::ServiceError;
use crate::http::Host;
use crate::services::accounts::Caller;
use act::BulkAct;
use app::admin::bulk::host::{Bulk, Chosen, Edit, History, MOST, State, Typed};
use app::admin::host::{May, Staff};
use app::cart::api::Done;
use app::domain::Currency;
use app::error::AppError;
use async_trait::async_trait;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Bulk edits as one member of the staff may make them.
#[derive(Clone)]
pub struct PgBulk {
    pool: PgPool,
    currency: Currency,
    products: PgProducts,
    me: Staff,
    user: Uuid,
    actor: Actor,
    proof: Proof,
}

/// An edit under a lock.
struct Locked {
    id: Uuid,
    state: State,
    act: Option<BulkAct>,
    chosen: Vec<Uuid>,
    what: String,
    /// Of the preview that is kept.
    digest: String,
    products: i32,
    rows: i32,
    is_swept: bool,
}

fn refusal(words: &str) -> ServiceError {
    AppError::invalid("", words).into()
}

/// What the database would not wait for is nobody's fault, and goes by.
fn in_time(error: ServiceError) -> ServiceError {
    match error.sql_state().as_deref() {
        Some("55P03" | "40P01") => {
            refusal("Some of these products are being changed just now. Nothing has been done: try again in a moment")
        }
        Some("57014") => refusal("This took too long, and nothing has been done. Choose fewer products"),
        _ => error,
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

async fn lock(connection: &mut PgConnection, edit: Uuid) -> Result<Locked, ServiceError> {
    let row = sqlx::query!(
        r#"select state, act as "act: Json<BulkAct>", chosen, what, digest, products, rows,
                  swept_at is not null as "is_swept!"
           from bulk_edits where id = $1 for update"#,
        edit
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::NotFound)?;
    Ok(Locked {
        id: edit,
        state: State::parse(&row.state).ok_or(ServiceError::NotFound)?,
        act: row.act.map(|Json(act)| act),
        chosen: row.chosen,
        what: row.what,
        digest: row.digest,
        products: row.products,
        rows: row.rows,
        is_swept: row.is_swept,
    })
}

/// Keeps all others from changing these products, and where variants change, from changing those. Shoppers who put one
/// into a cart don't wait for products.
async fn hold(connection: &mut PgConnection, products: &[Uuid], variants: bool) -> Result<(), sqlx::Error> {
    sqlx::query!("select from products where id = any($1) order by id for no key update", products)
        .execute(&mut *connection)
        .await?;
    if variants {
        sqlx::query!("select from variants where product_id = any($1) order by id for no key update", products)
            .execute(connection)
            .await?;
    }
    Ok(())
}

impl PgBulk {
    /// `None` for a stranger.
    pub fn new(host: &Host, products: PgProducts, me: Staff, caller: &Caller, proof: Proof) -> Option<Self> {
        let actor = Actor::of(caller);
        Some(Self {
            pool: host.pool.clone(),
            currency: host.shop.currency.clone(),
            products,
            me,
            user: actor.id?,
            actor,
            proof,
        })
    }

    fn must(&self) -> Result<(), AppError> {
        self.me.must(May::Catalogue)
    }

    /// A transaction that may take longer than a page's, whose stock movements say who made them.
    async fn transaction(&self, reason: &str) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        sqlx::raw_sql("set local statement_timeout = '90s'; set local lock_timeout = '10s'")
            .execute(&mut *transaction)
            .await?;
        sign(&mut transaction, &self.actor, reason).await?;
        Ok(transaction)
    }

    async fn keep(&self, chosen: Chosen) -> Result<String, ServiceError> {
        let mut transaction = self.transaction("bulk edit").await?;
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        let (ids, by_filter) = match chosen {
            Chosen::Ids(ids) => {
                let ids: BTreeSet<Uuid> = ids.iter().filter_map(|id| Uuid::try_parse(id).ok()).collect();
                (ids.into_iter().collect(), false)
            }
            Chosen::All(query) => (self.products.matching(&mut transaction, &query, i64::from(MOST) + 1).await?, true),
        };
        let ids: Vec<Uuid> = ids;
        if ids.is_empty() {
            let words = if by_filter { "No product matches any more" } else { "Select some products first" };
            return Err(refusal(words));
        }
        if ids.len() > most {
            return Err(refusal(
                "That is more than the 50,000 products that can be changed at once. Narrow the filter",
            ));
        }
        let edit = Uuid::now_v7();
        sqlx::query!(
            "insert into bulk_edits (id, actor_id, chosen, chosen_count, by_filter)
             values ($1, $2, $3, $4, $5)",
            edit,
            self.user,
            &ids,
            count(ids.len()),
            by_filter
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(edit.to_string())
    }

    async fn make_preview(&self, edit: &str, typed: &Typed) -> Result<(), ServiceError> {
        let edit = id(edit)?;
        let act = self.read_act(typed).await?;
        let mut transaction = self.transaction("bulk edit").await?;
        let locked = lock(&mut transaction, edit).await?;
        if matches!(locked.state, State::Applied | State::Undone) {
            return Err(refusal("This edit has been applied. Select the products again to change more"));
        }
        let plan = plan::plan(&mut transaction, &locked.chosen, &act, &self.currency).await?;
        rows::store(&mut transaction, edit, &act, &act.words(&self.currency), "", &plan).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn read_act(&self, typed: &Typed) -> Result<BulkAct, ServiceError> {
        use app::admin::products::host::Products;
        let categories = match typed {
            Typed::Category { .. } => self.products.categories().await?,
            _ => Vec::new(),
        };
        Ok(act::read(typed, &categories, &self.currency)?)
    }
}

#[async_trait]
impl Bulk for PgBulk {
    async fn begin(&self, chosen: Chosen) -> Result<String, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.keep(chosen).await.map_err(in_time) }).await
    }

    async fn edit(&self, id: &str, page: u32, size: u32) -> Result<Edit, AppError> {
        self.must()?;
        Ok(self.load_edit(id, page, size).await?)
    }

    async fn history(&self, page: u32, size: u32) -> Result<History, AppError> {
        self.must()?;
        Ok(self.load_history(page, size).await?)
    }

    async fn preview(&self, edit: String, typed: Typed) -> Result<(), AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.make_preview(&edit, &typed).await.map_err(in_time) }).await
    }

    async fn apply(&self, edit: String, seen: String, reason: String, password: String) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.apply_edit(&edit, &seen, &reason, &password).await.map_err(in_time) }).await
    }

    async fn undo(&self, edit: String, password: String) -> Result<Done, AppError> {
        self.must()?;
        let this = self.clone();
        whole(async move { this.take_back(&edit, &password).await.map_err(in_time) }).await
    }
}
