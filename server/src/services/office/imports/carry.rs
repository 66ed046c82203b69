//! What applying an import comes to, wherever it was asked for: the catalogue changed, what an undo needs kept, and the
//! trail written.

use super::parts;
use crate::catalogue_file::{ImportReport, Planned, keep_after, keep_before, refresh_statistics};
use crate::services::office::audit::{self, Act, Actor};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Products that change, from which on the database's statistics are renewed at once.
const MANY: u64 = 1000;

/// Who does something to an import.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    pub actor: &'a Actor,
    /// As they put it; empty for nothing.
    pub reason: &'a str,
}

/// Does what a plan says that is kept under this import's id, and isn't refused.
///
/// # Errors
/// The database's; the caller rolls back.
pub(super) async fn carry_out(
    conn: &mut PgConnection,
    import: Uuid,
    planned: &Planned,
    by: By<'_>,
) -> Result<(), sqlx::Error> {
    planned.hold(conn).await?;
    keep_before(conn, import).await?;
    planned.carry_out(conn).await?;
    keep_after(conn, import).await?;
    let report = &planned.report;
    let counts = json!({
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "categories": report.categories_created,
    });
    let entry = write(conn, import, by, "import.apply", counts).await?;
    parts::write_applied(conn, by.actor, entry, import).await?;
    sqlx::query!(
        "update imports set file = null, categories = $2, applied_at = now(), applied_by = $3 where id = $1",
        import,
        &planned.added_categories(),
        by.actor.id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes into an import's row what its plan comes to.
///
/// # Errors
/// The database's.
pub(super) async fn keep_counts(
    conn: &mut PgConnection,
    import: Uuid,
    report: &ImportReport,
) -> Result<(), sqlx::Error> {
    let number = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
    sqlx::query!(
        "update imports
         set planned_at = now(), rows = $2, created = $3, updated = $4, unchanged = $5, refused = $6,
             more_problems = $7, categories_created = $8
         where id = $1",
        import,
        number(report.rows),
        number(report.created),
        number(report.updated),
        number(report.unchanged),
        number(report.refused.max(u64::from(report.is_refused()))),
        number(report.more_problems),
        number(report.categories_created)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what was done to an import as a whole; answers with the entry's number.
///
/// # Errors
/// The database's.
pub(super) async fn write(
    conn: &mut PgConnection,
    import: Uuid,
    by: By<'_>,
    act: &'static str,
    counts: Value,
) -> Result<i64, sqlx::Error> {
    let name = sqlx::query_scalar!("select file_name from imports where id = $1", import).fetch_one(&mut *conn).await?;
    let id = import.to_string();
    let act = Act { act, kind: "import", id: &id, name: &name, before: json!({}), after: counts, reason: by.reason };
    audit::numbered(conn, by.actor, act).await
}

/// Renews the database's statistics once an import that matters to them is committed.
pub(super) async fn refresh_after(pool: &PgPool, report: &ImportReport) {
    if report.created + report.updated >= MANY {
        refresh_statistics(pool).await;
    }
}
