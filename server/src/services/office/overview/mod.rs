//! The overview, implemented.

mod figures;
mod people;

pub use figures::Figures;

use app::admin::host::{May, Staff};
use app::admin::overview::host::{Overview, Summary};
use app::error::AppError;
use async_trait::async_trait;
use sqlx::PgPool;
use std::sync::Arc;

pub struct PgOverview {
    pub pool: PgPool,
    pub me: Staff,
    pub figures: Arc<Figures>,
}

#[async_trait]
impl Overview for PgOverview {
    async fn overview(&self) -> Result<Summary, AppError> {
        let goods = match self.me.must(May::Catalogue) {
            Ok(()) => Some(self.figures.goods().await?),
            Err(_) => None,
        };
        let people = match self.me.must(May::Support) {
            Ok(()) => Some(people::load(&self.pool).await?),
            Err(_) => None,
        };
        Ok(Summary { goods, people })
    }
}
