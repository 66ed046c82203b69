//! The pictures of a product.

use super::{PgPictures, id, state};
use crate::error::ServiceError;
use crate::services::catalog::{PictureRow, picture};
use app::admin::pictures::host::ProductPicture;
use uuid::Uuid;

impl PgPictures {
    pub(super) async fn load(&self, product: &str) -> Result<Vec<ProductPicture>, ServiceError> {
        let rows = sqlx::query!(
            r#"
            select i.id, i.alt, i.decorative, i.source,
                   m.id as "media?", m.widths as "widths?", m.width as "width?", m.height as "height?",
                   array(select v.id from variants v where v.image_id = i.id order by v.position) as "variants!: Vec<Uuid>"
            from product_images i left join media m on m.id = i.media_id
            where i.product_id = $1
            order by i.position
            "#,
            id(product)?
        )
        .fetch_all(&self.pool)
        .await?;
        let size = |pixels: i32| u16::try_from(pixels).unwrap_or(u16::MAX);
        Ok(rows
            .into_iter()
            .map(|row| {
                let shown = PictureRow {
                    id: row.media,
                    alt: row.alt.clone(),
                    decorative: row.decorative,
                    source: row.source,
                    widths: row.widths.map(|widths| widths.into_iter().map(size).collect()),
                    width: row.width.map(size),
                    height: row.height.map(size),
                };
                ProductPicture {
                    id: row.id.to_string(),
                    seen: state(&row.alt, row.decorative, &row.variants),
                    picture: picture(shown, "", &self.image_hosts),
                    decorative: row.decorative && row.alt.is_empty(),
                    alt: row.alt,
                    variants: row.variants.iter().map(Uuid::to_string).collect(),
                }
            })
            .collect())
    }
}
