//! What was typed when a product was refused.

use super::PgProducts;
use crate::error::ServiceError;
use app::admin::products::api::Typed;
use sqlx::types::Json;

impl PgProducts {
    pub(super) async fn keep_refused(&self, typed: &Typed) -> Result<(), ServiceError> {
        // JSON in the database has no such character, and neither has a product.
        let mut typed = typed.clone();
        let Typed { product, version, title, slug, body, category, vendor, tags, status, variants } = &mut typed;
        let fields = [product, version, title, slug, body, category, vendor, tags, status];
        let of_variants = variants
            .iter_mut()
            .flat_map(|one| [&mut one.id, &mut one.sku, &mut one.price, &mut one.compare_at, &mut one.add]);
        for text in fields.into_iter().chain(of_variants) {
            text.retain(|c| c != '\0');
        }
        if typed.product.len() > 36 {
            return Ok(());
        }
        sqlx::query!(
            "insert into refused_products (user_id, product, typed) values ($1, $2, $3)
             on conflict (user_id, product) do update set typed = excluded.typed, at = now()",
            self.user,
            typed.product,
            Json(&typed) as _
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    pub(super) async fn load_refused(&self, product: &str) -> Result<Option<Typed>, ServiceError> {
        let typed = sqlx::query_scalar!(
            r#"select typed as "typed: Json<Typed>" from refused_products where user_id = $1 and product = $2"#,
            self.user,
            product
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(typed.map(|Json(typed)| typed))
    }
}
