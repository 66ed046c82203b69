//! The table's products as a file, as the command line writes them.

use super::{PgProducts, about};
use crate::catalogue_file::{ExportError, export_some};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act};
use crate::services::office::rights::must_still;
use app::admin::host::May;
use app::admin::products::host::{Query, Status, Stock};
use app::error::AppError;
use serde_json::json;
use sqlx::QueryBuilder;

/// Products that are read at once: what an export holds in memory.
const BATCH: i64 = 500;

impl PgProducts {
    /// Writes into the trail that a file of these products was made.
    ///
    /// # Errors
    /// `Forbidden`; the database's.
    pub async fn begin_export(&self, query: &Query) -> Result<(), AppError> {
        self.must()?;
        let stock = query.stock.map(|stock| match stock {
            Stock::Low => "low",
            Stock::Out => "out",
        });
        let after = json!({
            "searched_for": query.words,
            "status": query.status.map(Status::key),
            "category_id": query.category,
            "stock": stock,
            "on_sale": query.on_sale.then_some(true),
            "without_picture": query.no_picture.then_some(true),
        });
        let mut connection = self.pool.acquire().await.map_err(ServiceError::from)?;
        let act = Act { after, ..about("product.export", "", "products.csv") };
        audit::write(&mut connection, &self.actor, act).await.map_err(ServiceError::from)?;
        Ok(())
    }

    /// The next lines of the file of all products that a query means, in the order in which they were made, and the
    /// number of the last; nothing past the end. `after`: the number of the last before.
    ///
    /// # Errors
    /// `Forbidden`; the database's.
    pub async fn export(&self, query: &Query, after: i32) -> Result<Option<(Vec<u8>, i32)>, AppError> {
        self.must()?;
        Ok(self.some_lines(query, after).await?)
    }

    async fn some_lines(&self, query: &Query, after: i32) -> Result<Option<(Vec<u8>, i32)>, ServiceError> {
        let mut connection = self.pool.acquire().await?;
        // A slow client may have been at it since before a block.
        must_still(&mut connection, &self.actor, May::Catalogue).await?;
        let mut finding = QueryBuilder::new("select p.seq from products p where p.seq > ");
        finding.push_bind(after);
        self.narrow(&mut finding, query);
        finding.push(" order by p.seq limit ").push_bind(BATCH);
        let numbers: Vec<i32> = finding.build_query_scalar().fetch_all(&mut *connection).await?;
        let Some(last) = numbers.last() else { return Ok(None) };
        match export_some(&mut connection, &self.currency, &numbers).await {
            Ok(lines) => Ok(Some((lines, *last))),
            Err(ExportError::Database(error)) => Err(error.into()),
            Err(error) => {
                tracing::error!(%error, "products could not be written as lines");
                Err(AppError::Unavailable { request_id: None }.into())
            }
        }
    }
}
