//! Which products a query of the table means, on all its pages.

use super::PgProducts;
use app::admin::products::host::Query;
use sqlx::{PgConnection, QueryBuilder};
use uuid::Uuid;

impl PgProducts {
    /// Their ids, but no more than `most`.
    pub(in crate::services::office) async fn matching(
        &self,
        connection: &mut PgConnection,
        query: &Query,
        most: i64,
    ) -> Result<Vec<Uuid>, sqlx::Error> {
        let mut finding = QueryBuilder::new("select p.id from products p where true");
        self.narrow(&mut finding, query);
        finding.push(" order by p.id limit ").push_bind(most);
        finding.build_query_scalar().fetch_all(connection).await
    }
}
