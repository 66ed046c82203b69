//! The trail as a file.

use super::wanted::{Row, Wanted};
use super::{PgTrail, readable};
use crate::catalogue_file::neutralise;
use crate::error::ServiceError;
use crate::services::words::stamp;
use app::admin::trail::host::Filter;
use app::error::AppError;
use futures::Stream;
use futures::stream::try_unfold;

/// Rows that a file has, at most.
const MOST: usize = 50_000;
/// Rows per query: what an export holds in memory.
const BATCH: usize = 1000;
const COLUMNS: [&str; 11] =
    ["Id", "At", "Who", "Act", "Kind", "Subject id", "Subject", "Before", "After", "Reason", "Request"];

impl PgTrail {
    /// The entries that a filter leaves, newest first, in pieces of a CSV file.
    ///
    /// # Errors
    /// `Forbidden`, and `Invalid` for a filter that can't be understood.
    pub fn csv(&self, filter: &Filter) -> Result<impl Stream<Item = Result<Vec<u8>, ServiceError>> + use<>, AppError> {
        let kinds = readable(&self.me)?;
        let wanted = Wanted::parse(filter).map_err(|fields| AppError::Invalid { fields })?;
        let pool = self.pool.clone();
        // What is still to come; `None` once there is no more.
        let begin = Some((wanted, MOST));
        Ok(try_unfold((begin, true), move |(rest, first)| {
            let pool = pool.clone();
            async move {
                let Some((mut wanted, room)) = rest else { return Ok(None) };
                let limit = room.min(BATCH);
                let mut query = wanted.query(kinds, i64::try_from(limit).unwrap_or_default());
                let rows: Vec<Row> = query.build_query_as().fetch_all(&pool).await?;
                wanted.before = rows.last().map(|row| row.id);
                let room = room - rows.len();
                let rest = (rows.len() == limit && room > 0).then_some((wanted, room));
                Ok(Some((written(&rows, first), (rest, false))))
            }
        }))
    }
}

fn written(rows: &[Row], with_heading: bool) -> Vec<u8> {
    let mut file = csv::Writer::from_writer(Vec::new());
    // Writing to memory can't fail.
    if with_heading {
        drop(file.write_record(COLUMNS));
    }
    for row in rows {
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
            row.request_id.clone(),
        ];
        drop(file.write_record(cells.iter().map(|cell| neutralise(cell).into_owned())));
    }
    file.into_inner().unwrap_or_default()
}
