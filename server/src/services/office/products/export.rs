//! The table's products as a file, as the command line writes them.

use super::PgProducts;
use crate::catalogue_file::{ExportError, export_some};
use crate::error::ServiceError;
use app::admin::products::host::Query;
use app::error::AppError;
use sqlx::QueryBuilder;

/// Products that are read at once: what an export holds in memory.
const BATCH: i64 = 500;

impl PgProducts {
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
        let mut finding = QueryBuilder::new("select p.seq from products p where p.seq > ");
        finding.push_bind(after);
        self.narrow(&mut finding, query);
        finding.push(" order by p.seq limit ").push_bind(BATCH);
        let numbers: Vec<i32> = finding.build_query_scalar().fetch_all(&self.pool).await?;
        let Some(last) = numbers.last() else { return Ok(None) };
        let mut connection = self.pool.acquire().await?;
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
