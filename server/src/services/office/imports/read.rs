//! The history, and what one import would do or did.

use super::{PgImports, id, seen};
use crate::catalogue_file::hindrances;
use crate::error::ServiceError;
use crate::services::office::paging::{count, cut, offset};
use crate::services::words::{moment, stamp};
use app::admin::imports::host::{
    Counts, Field, Hindrance, History, Import, Kind, Part, Problem, Product, State, Summary,
};
use serde::Deserialize;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

/// Products that keep an import from being undone, as far as they are named.
const HINDRANCES: i64 = 20;

/// Said of work whose process is gone.
pub(super) const GONE: &str = "The server stopped before it was done. Nothing was changed: you can do it again.";

struct Row {
    id: Uuid,
    created_at: OffsetDateTime,
    actor: String,
    file_name: String,
    state: String,
    rows: i32,
    created: i32,
    updated: i32,
    unchanged: i32,
    refused: i32,
    categories_created: i32,
}

impl Row {
    fn summary(self) -> Result<Summary, ServiceError> {
        Ok(Summary {
            id: self.id.to_string(),
            file: self.file_name,
            by: self.actor,
            at: moment(self.created_at),
            stamp: stamp(Some(self.created_at)).unwrap_or_default(),
            state: State::parse(&self.state).ok_or(ServiceError::NotFound)?,
            counts: Counts {
                rows: count(self.rows),
                new: count(self.created),
                changed: count(self.updated),
                unchanged: count(self.unchanged),
                refused: count(self.refused),
                categories: count(self.categories_created),
            },
        })
    }
}

/// As it is kept.
#[derive(Debug, Deserialize)]
struct KeptField {
    part: Option<String>,
    column: String,
    old: String,
    new: String,
}

impl From<KeptField> for Field {
    fn from(field: KeptField) -> Self {
        let label = match field.part {
            Some(part) => [&part, ", ", &field.column].concat(),
            None => field.column,
        };
        Self { label, old: field.old, new: field.new }
    }
}

impl PgImports {
    pub(super) async fn load_history(&self, page: u32, size: u32) -> Result<History, ServiceError> {
        let mut rows = sqlx::query_as!(
            Row,
            r#"select id, created_at, coalesce(person(actor_id), actor) as "actor!", file_name, import_state(state, beat_at) as "state!", rows, created, updated,
                      unchanged, refused, categories_created
               from imports
               order by created_at desc, id desc
               limit $1 offset $2"#,
            i64::from(size) + 1,
            offset(page, size)
        )
        .fetch_all(self.pool())
        .await?;
        let more = cut(&mut rows, size);
        Ok(History { imports: rows.into_iter().map(Row::summary).collect::<Result<_, _>>()?, more })
    }

    pub(super) async fn load_import(
        &self,
        import: &str,
        part: Option<Part>,
        page: u32,
        size: u32,
    ) -> Result<Import, ServiceError> {
        let import = id(import)?;
        let row = sqlx::query!(
            r#"select id, created_at, coalesce(person(actor_id), actor) as "actor!", file_name, import_state(state, beat_at) as "state!", rows, created, updated,
                      unchanged, refused, categories_created, state <> import_state(state, beat_at) as "is_dead!", note,
                      phase, done, total, planned_at, more_problems, applied_at,
                      coalesce(person(applied_by), actor) as applied_by, undone_at, person(undone_by) as undone_by,
                      swept_at is not null as "is_swept!",
                      (select count(*) from import_problems p where p.import_id = imports.id) as "problems!"
               from imports
               where id = $1"#,
            import
        )
        .fetch_optional(self.pool())
        .await?
        .ok_or(ServiceError::NotFound)?;
        let by = |at: Option<OffsetDateTime>, by: Option<String>| at.map(|at| (moment(at), by.unwrap_or_default()));
        let percent = |(done, total): (i64, i64)| u32::try_from((done * 100 / total.max(1)).clamp(0, 100)).ok();
        let summary = Row {
            id: row.id,
            created_at: row.created_at,
            actor: row.actor,
            file_name: row.file_name,
            state: row.state,
            rows: row.rows,
            created: row.created,
            updated: row.updated,
            unchanged: row.unchanged,
            refused: row.refused,
            categories_created: row.categories_created,
        }
        .summary()?;
        let counts = summary.counts;
        let part = part.unwrap_or(match counts {
            Counts { refused: 1.., .. } => Part::Refused,
            Counts { changed: 1.., .. } => Part::Of(Kind::Changed),
            Counts { new: 1.., .. } => Part::Of(Kind::New),
            _ => Part::Of(Kind::Unchanged),
        });
        let (mut products, mut problems) = (Vec::new(), Vec::new());
        let more = match part {
            Part::Of(kind) => {
                products = self.products(import, kind, page, size).await?;
                cut(&mut products, size)
            }
            Part::Refused => {
                problems = self.problems(import, page, size).await?;
                cut(&mut problems, size)
            }
        };
        let hindrances = match summary.state {
            State::Applied if !row.is_swept => self.hindrances(import).await?,
            _ => Vec::new(),
        };
        Ok(Import {
            summary,
            note: if row.is_dead { GONE.to_owned() } else { row.note },
            seen: seen(row.planned_at),
            phase: row.phase,
            percent: row.total.and_then(|total| percent((row.done, total))),
            applied: by(row.applied_at, row.applied_by),
            undone: by(row.undone_at, row.undone_by),
            is_swept: row.is_swept,
            part,
            products,
            problems,
            problem_count: u32::try_from(row.problems).unwrap_or(u32::MAX),
            more_problems: count(row.more_problems),
            more,
            hindrances,
        })
    }

    /// One more than a page has, if there are.
    async fn products(&self, import: Uuid, kind: Kind, page: u32, size: u32) -> Result<Vec<Product>, ServiceError> {
        let rows = sqlx::query!(
            r#"select i.line, i.handle, i.title, p.id as "product?", i.fields as "fields: Json<Vec<KeptField>>"
               from import_products i
               left join products p on p.id = i.product_id
               where i.import_id = $1 and i.kind = $2
               order by i.number
               limit $3 offset $4"#,
            import,
            kind.key(),
            i64::from(size) + 1,
            offset(page, size)
        )
        .fetch_all(self.pool())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Product {
                line: u32::try_from(row.line).unwrap_or_default(),
                handle: row.handle,
                title: row.title,
                id: row.product.map(|id| id.to_string()),
                fields: row.fields.0.into_iter().map(Field::from).collect(),
            })
            .collect())
    }

    async fn problems(&self, import: Uuid, page: u32, size: u32) -> Result<Vec<Problem>, ServiceError> {
        let rows = sqlx::query!(
            r#"select line, "column", reason
               from import_problems
               where import_id = $1
               order by number
               limit $2 offset $3"#,
            import,
            i64::from(size) + 1,
            offset(page, size)
        )
        .fetch_all(self.pool())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Problem {
                line: u32::try_from(row.line).unwrap_or_default(),
                column: row.column.unwrap_or_default(),
                reason: row.reason,
            })
            .collect())
    }

    async fn hindrances(&self, import: Uuid) -> Result<Vec<Hindrance>, ServiceError> {
        let mut connection = self.pool().acquire().await?;
        // What takes longer to find out, the undo itself looks for.
        let found = hindrances(&mut connection, import, false, HINDRANCES).await?;
        Ok(found
            .into_iter()
            .map(|one| Hindrance { id: one.product.map(|id| id.to_string()), title: one.title, reason: one.reason })
            .collect())
    }
}
