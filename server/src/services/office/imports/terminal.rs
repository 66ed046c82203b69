//! What the operator imports and exports before a terminal: in the history and in the trail like what the staff does.

use super::carry::{By, carry_out, keep_counts, refresh_after};
use super::file_name;
use crate::catalogue_file::{
    CatalogueFile, ExportError, ExportReport, Finish, ImportError, ImportOptions, ImportReport, Phase, commit, export,
    keep_plan, plan_in,
};
use crate::media::MediaStore;
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::products::about;
use app::domain::Currency;
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// Imports a file: all of it, or nothing. What it changed can be looked at, and taken back, in the browser; of a file
/// that changes nothing nothing is kept, nor of one that is refused. `name`: the file's.
///
/// # Errors
/// [`ImportError::Refused`] with a report of every bad row; the other errors are not the file's fault. The shop is then
/// as it was before.
pub async fn import(
    pool: &PgPool,
    media: &MediaStore,
    currency: &Currency,
    (file, name): (CatalogueFile, &str),
    options: &ImportOptions,
) -> Result<ImportReport, ImportError> {
    let _finish = Finish(Arc::clone(&options.progress));
    let actor = Actor::at_terminal();
    let options = ImportOptions { actor: actor.key(), ..options.clone() };
    let bytes = i32::try_from(file.bytes.unwrap_or_default()).unwrap_or(i32::MAX);
    let mut transaction = pool.begin().await?;
    let mut planned = plan_in(&mut transaction, Some(media), currency, file, &options).await?;
    if planned.report.is_refused() {
        return Err(ImportError::Refused(Box::new(planned.report)));
    }
    if options.dry_run || planned.report.created + planned.report.updated == 0 {
        transaction.rollback().await?;
        return Ok(planned.report);
    }
    options.progress.phase(Phase::Writing, None);
    let import = begin(&mut transaction, &actor, name, bytes).await?;
    keep_plan(&mut transaction, import, &planned, currency).await?;
    keep_counts(&mut transaction, import, &planned.report).await?;
    carry_out(&mut transaction, import, &planned, By { actor: &actor, reason: "" }).await?;
    commit(transaction, planned.take_files()).await?;
    refresh_after(pool, &planned.report).await;
    Ok(planned.report)
}

/// Gives an import its place in the history, as one that is applied.
async fn begin(conn: &mut PgConnection, actor: &Actor, name: &str, bytes: i32) -> Result<Uuid, sqlx::Error> {
    let import = Uuid::now_v7();
    sqlx::query!(
        "insert into imports (id, actor, file_name, bytes, state) values ($1, $2, $3, $4, 'applied')",
        import,
        &*actor.name,
        file_name(name),
        bytes
    )
    .execute(conn)
    .await?;
    Ok(import)
}

/// Writes all products to a file, as [`crate::catalogue_file::export`] does, and into the trail that it was made.
///
/// # Errors
/// Those of the export; the database's.
pub async fn export_all(
    pool: &PgPool,
    media: &MediaStore,
    currency: &Currency,
    path: &Path,
) -> Result<ExportReport, ExportError> {
    let report = export(pool, media, currency, path).await?;
    let name = file_name(&path.to_string_lossy());
    let after = json!({ "products": report.products, "rows": report.rows, "pictures": report.pictures });
    let act = Act { after, ..about("product.export", "", &name) };
    let mut connection = pool.acquire().await?;
    audit::write(&mut connection, &Actor::at_terminal(), act).await?;
    Ok(report)
}
