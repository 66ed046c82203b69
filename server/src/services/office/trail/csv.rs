//! The trail as a file.

use super::wanted::{Found, Wanted};
use super::{PgTrail, readable};
use crate::catalogue_file::neutralise;
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::rights::role_now;
use crate::services::words::stamp;
use app::account::api::Role;
use app::admin::trail::host::Filter;
use app::error::AppError;
use futures::Stream;
use futures::stream::try_unfold;
use serde_json::json;
use sqlx::PgPool;
use std::collections::VecDeque;

/// Rows per query: what an export holds in memory.
const BATCH: usize = 1000;
const LIMIT: i64 = 1000;
const COLUMNS: [&str; 12] =
    ["Id", "At", "Who", "Act", "Kind", "Subject id", "Subject", "Before", "After", "Reason", "Part of", "Request"];

/// An export that is under way.
struct Export {
    pool: PgPool,
    actor: Actor,
    /// By which it goes what may be read.
    role: Role,
    kinds: Option<&'static [&'static str]>,
    wanted: Wanted,
    /// Read, and still to be written.
    found: VecDeque<Found>,
    /// The entry whose parts come next, and the last of them that is written.
    parts: Option<(i64, i64)>,
    /// Whether there may be more than what is read.
    goes_on: bool,
}

impl PgTrail {
    /// The entries that a filter leaves, newest first and each followed by its parts, to the last, in pieces of a CSV
    /// file. That it was made is an act, too, with an entry that isn't in it.
    ///
    /// # Errors
    /// `Forbidden`, and `Invalid` for a filter that can't be understood; the database's.
    pub async fn csv(
        &self,
        filter: &Filter,
    ) -> Result<impl Stream<Item = Result<Vec<u8>, ServiceError>> + use<>, AppError> {
        let kinds = readable(&self.me)?;
        let mut wanted = Wanted::parse(filter, &self.currency).map_err(|fields| AppError::Invalid { fields })?;
        wanted.find_people(&self.pool).await?;
        let entry = self.write_export(filter).await?;
        wanted.before = Some(wanted.before.map_or(entry, |before| before.min(entry)));
        let export = Export {
            pool: self.pool.clone(),
            actor: self.actor.clone(),
            role: self.me.role,
            kinds,
            wanted,
            found: VecDeque::new(),
            parts: None,
            goes_on: true,
        };
        Ok(try_unfold((export, true), |(mut export, first)| async move {
            let rows = export.next().await?;
            // The heading stands over nothing, too.
            Ok((first || !rows.is_empty()).then(|| (written(&rows, first), (export, false))))
        }))
    }

    /// Names and words that were searched for stay out of it: they may be somebody’s.
    async fn write_export(&self, filter: &Filter) -> Result<i64, ServiceError> {
        let after = json!({
            "act": filter.act,
            "kind": filter.kind,
            "of": filter.of,
            "from": filter.from,
            "to": filter.to,
            "searched": !filter.q.is_empty() || !filter.who.is_empty(),
        });
        let act =
            Act { act: "trail.export", kind: "trail", id: "", name: "trail.csv", before: json!({}), after, reason: "" };
        let mut connection = self.pool.acquire().await?;
        Ok(audit::numbered(&mut connection, &self.actor, act).await?)
    }
}

impl Export {
    /// The next rows of the file; none past its end.
    async fn next(&mut self) -> Result<Vec<Found>, ServiceError> {
        // A slow client may have been at it since before its reader became another.
        let mut connection = self.pool.acquire().await?;
        if role_now(&mut connection, &self.actor).await? != Some(self.role) {
            return Err(AppError::SignIn.into());
        }
        if let Some((entry, after)) = self.parts {
            let rows: Vec<Found> =
                Wanted::parts(entry, after, LIMIT).build_query_as().fetch_all(&mut *connection).await?;
            self.parts = rows.last().filter(|_| rows.len() == BATCH).map(|last| (entry, last.row.id));
            if !rows.is_empty() {
                return Ok(rows);
            }
        }
        if self.found.is_empty() && self.goes_on {
            let mut query = self.wanted.query(self.kinds, LIMIT);
            let found: Vec<Found> = query.build_query_as().fetch_all(&mut *connection).await?;
            self.goes_on = found.len() == BATCH;
            self.wanted.before = found.last().map(|last| last.row.id);
            self.found = found.into();
        }
        let mut rows = Vec::new();
        while let Some(found) = self.found.pop_front() {
            self.parts = found.has_parts.then_some((found.row.id, 0));
            rows.push(found);
            if self.parts.is_some() {
                break;
            }
        }
        Ok(rows)
    }
}

fn written(rows: &[Found], with_heading: bool) -> Vec<u8> {
    let mut file = csv::Writer::from_writer(Vec::new());
    // Writing to memory can't fail.
    if with_heading {
        drop(file.write_record(COLUMNS));
    }
    for Found { row, part_of, .. } in rows {
        let cells = [
            row.id.to_string(),
            stamp(Some(row.at)).unwrap_or_default(),
            row.actor.clone(),
            row.act.clone(),
            row.subject_kind.clone(),
            row.subject_id.clone(),
            row.subject.clone(),
            row.before.to_string(),
            row.after.to_string(),
            row.reason.clone(),
            part_of.map(|entry| entry.to_string()).unwrap_or_default(),
            row.request_id.clone(),
        ];
        drop(file.write_record(cells.iter().map(|cell| neutralise(cell).into_owned())));
    }
    file.into_inner().unwrap_or_default()
}
