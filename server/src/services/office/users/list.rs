//! The table, a page at a time, and the whole of it as a file.
//!
//! A page begins where another ended, in the index of its order, so that the last is as near as the first. The statement
//! is put together of the conditions that are asked for: one that has them all, each switched by a parameter, is planned
//! for none of them.

use super::PgUsers;
use crate::catalogue_file::neutralise;
use crate::error::ServiceError;
use crate::services::accounts::role_of;
use crate::services::office::audit::Act;
use crate::services::office::counting::count;
use crate::services::words::{ago, day, literal, stamp};
use app::account::api::Role;
use app::admin::host::May;
use app::admin::users::host::{Listing, Row, Status};
use app::admin::users::query::{Place, Query, Sort};
use app::admin::view::table::Count;
use app::error::AppError;
use serde_json::json;
use sqlx::{Postgres, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

/// Rows of a file that are read at once.
const BATCH: i64 = 2_000;

/// Characters without which the index of texts has nothing to look for.
const TRIGRAM: usize = 3;

/// A row as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct Stored {
    id: Uuid,
    username: String,
    display_name: String,
    email: String,
    role: String,
    /// Empty too for who was invited and hasn't followed the link.
    verified_at: Option<OffsetDateTime>,
    blocked: bool,
    created_at: OffsetDateTime,
    last_seen_at: Option<OffsetDateTime>,
    /// The value that the order goes by, as text.
    key: String,
}

/// A row to begin after: by what it was, since it may be gone by then, or have another place.
pub struct Beyond {
    key: String,
    id: Uuid,
}

/// Where rows begin, and the way that they are read.
enum Start {
    Beginning,
    End,
    After(Uuid),
    Before(Uuid),
    Beyond(Beyond),
}

impl Start {
    fn of(place: &Place) -> Result<Self, ServiceError> {
        let parse = |id: &str| id.parse().map_err(|_| ServiceError::NotFound);
        Ok(match place {
            Place::First => Self::Beginning,
            Place::Last => Self::End,
            Place::After(id) => Self::After(parse(id)?),
            Place::Before(id) => Self::Before(parse(id)?),
        })
    }
}

pub(super) fn status_of(verified: bool, blocked: bool) -> Status {
    match (blocked, verified) {
        (true, _) => Status::Blocked,
        (false, true) => Status::Active,
        (false, false) => Status::Unverified,
    }
}

impl Stored {
    fn row(self, now: OffsetDateTime) -> Row {
        Row {
            id: self.id.to_string(),
            role: role_of(&self.role),
            status: status_of(self.verified_at.is_some(), self.blocked),
            verified: self.verified_at.map(day).unwrap_or_default(),
            created: day(self.created_at),
            last_seen: self.last_seen_at.map(|seen| ago(now, seen)).unwrap_or_default(),
            username: self.username,
            display_name: self.display_name,
            email: self.email,
        }
    }

    fn record(&self) -> [String; 8] {
        let text = |text: &str| neutralise(text).into_owned();
        [
            text(&self.username),
            text(&self.display_name),
            text(&self.email),
            role_of(&self.role).key().to_owned(),
            status_of(self.verified_at.is_some(), self.blocked).key().to_owned(),
            stamp(self.verified_at).unwrap_or_default(),
            stamp(Some(self.created_at)).unwrap_or_default(),
            stamp(self.last_seen_at).unwrap_or_default(),
        ]
    }
}

const COLUMNS: [&str; 8] = ["Username", "Display name", "E-mail", "Role", "Status", "Verified", "Created", "Last seen"];

/// The value that an order goes by, as its index has it. Nobody is last seen before who never was.
fn ordered_by(sort: Sort) -> &'static str {
    match sort {
        Sort::Created => "created_at",
        Sort::Username => "lower(username)",
        Sort::LastSeen => "coalesce(last_seen_at, '-infinity')",
        Sort::Email => "lower(email)",
        Sort::Role => "role",
        Sort::Status => {
            "(case when blocked_at is not null then 'blocked' when verified_at is null then 'unverified' else 'active' end)"
        }
    }
}

/// What a value's text is read as, to be compared with that of the order.
fn type_of(sort: Sort) -> &'static str {
    match sort {
        Sort::Created | Sort::LastSeen => "timestamptz",
        Sort::Username | Sort::Email | Sort::Role | Sort::Status => "text",
    }
}

fn push_filter(sql: &mut QueryBuilder<Postgres>, query: &Query) {
    sql.push(" where true");
    if !query.text.is_empty() {
        let literal = literal(&query.text);
        const NAMES: &str = "(username || ' ' || display_name || ' ' || email) ilike ";
        if query.text.chars().count() < TRIGRAM {
            // Within a word the index has nothing to look for; at its beginning it has.
            sql.push(" and (").push(NAMES).push_bind(format!("{literal}%"));
            sql.push(" or ").push(NAMES).push_bind(format!("% {literal}%")).push(")");
        } else {
            sql.push(" and ").push(NAMES).push_bind(format!("%{literal}%"));
        }
    }
    match query.role {
        // Its index is for those few.
        Some(role) if role != Role::Shopper => {
            sql.push(" and role <> 'shopper' and role = ").push_bind(role.key());
        }
        Some(_) => {
            sql.push(" and role = 'shopper'");
        }
        None => {}
    }
    match query.status {
        Some(Status::Active) => {
            sql.push(" and blocked_at is null and verified_at is not null and password_hash is not null")
        }
        Some(Status::Unverified) => {
            sql.push(" and (verified_at is null or password_hash is null) and blocked_at is null")
        }
        Some(Status::Blocked) => sql.push(" and blocked_at is not null"),
        None => sql,
    };
}

impl PgUsers {
    /// Up to `most` rows in the query's order, from a place on; of those before a place the nearest, last first.
    async fn rows(&self, query: &Query, start: Start, most: i64) -> Result<Vec<Stored>, ServiceError> {
        let key = ordered_by(query.sort);
        let mut sql = QueryBuilder::new(format!(
            "select id, username, display_name, email, role,
                    case when password_hash is not null then verified_at end as verified_at,
                    blocked_at is not null as blocked, created_at, last_seen_at, ({key})::text as key
             from users"
        ));
        push_filter(&mut sql, query);
        let descends = query.descending != matches!(start, Start::Before(_) | Start::End);
        let beyond = if descends { "<" } else { ">" };
        match start {
            Start::Beginning | Start::End => {}
            Start::After(id) | Start::Before(id) => {
                sql.push(format!(" and ({key}, id) {beyond} ((select {key} from users where id = "))
                    .push_bind(id)
                    .push("), ")
                    .push_bind(id)
                    .push(")");
            }
            Start::Beyond(last) => {
                sql.push(format!(" and ({key}, id) {beyond} ("))
                    .push_bind(last.key)
                    .push(format!("::text::{}, ", type_of(query.sort)))
                    .push_bind(last.id)
                    .push(")");
            }
        }
        let way = if descends { "desc" } else { "asc" };
        sql.push(format!(" order by {key} {way}, id {way} limit ")).push_bind(most);
        Ok(sql.build_query_as().fetch_all(&self.pool).await?)
    }

    async fn counted(&self, query: &Query) -> Result<Option<Count>, ServiceError> {
        if (1..TRIGRAM).contains(&query.text.chars().count()) {
            return Ok(None);
        }
        let rows = |sql: &mut QueryBuilder<Postgres>| {
            sql.push("users");
            push_filter(sql, query);
        };
        Ok(Some(count(&self.pool, rows).await?))
    }

    pub(super) async fn load_list(&self, query: &Query) -> Result<Listing, ServiceError> {
        self.me.must(May::Support)?;
        let size = usize::try_from(query.size).unwrap_or(0);
        let mut rows = self.rows(query, Start::of(&query.place)?, i64::from(query.size) + 1).await?;
        let more = rows.len() > size;
        rows.truncate(size);
        let (has_before, has_after) = match query.place {
            Place::First => (false, more),
            Place::After(_) => (true, more),
            Place::Before(_) => {
                rows.reverse();
                (more, true)
            }
            Place::Last => {
                rows.reverse();
                (more, false)
            }
        };
        let now = OffsetDateTime::now_utc();
        let rows = rows.into_iter().map(|row| row.row(now)).collect();
        Ok(Listing { rows, count: self.counted(query).await?, has_before, has_after })
    }

    /// Writes into the trail that a file of these accounts was made. What was searched for stays out of it: it may be
    /// somebody's address.
    ///
    /// # Errors
    /// `Forbidden`; the database's.
    pub async fn begin_export(&self, query: &Query) -> Result<(), AppError> {
        self.me.must(May::Support)?;
        let filter = json!({
            "role": query.role.map(Role::key),
            "status": query.status.map(Status::key),
            "searched": !query.text.is_empty(),
        });
        let mut connection = self.pool.acquire().await.map_err(ServiceError::from)?;
        let act = Act { kind: "users", ..Act::on_user("user.export", "") }.changing(json!({}), filter);
        self.write(&mut connection, act).await.map_err(ServiceError::from)?;
        Ok(())
    }

    /// The next lines of that file, and where those after them begin; nothing past the end. `beyond`: where the ones
    /// before ended, by what that row was, or a file that is long on its way would end with an account that is deleted
    /// meanwhile, and begin again with one that is seen.
    ///
    /// # Errors
    /// `Forbidden`; the database's.
    pub async fn export(&self, query: &Query, beyond: Option<Beyond>) -> Result<Option<(Vec<u8>, Beyond)>, AppError> {
        self.me.must(May::Support)?;
        self.must_still(May::Support).await?;
        let rows = self.rows(query, beyond.map_or(Start::Beginning, Start::Beyond), BATCH).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        let next = Beyond { key: last.key.clone(), id: last.id };
        let mut lines = csv::Writer::from_writer(Vec::new());
        for row in &rows {
            // Into memory: there is nothing to fail.
            let _ = lines.write_record(row.record());
        }
        Ok(lines.into_inner().ok().map(|lines| (lines, next)))
    }

    /// The first line of that file.
    pub fn export_head() -> Vec<u8> {
        let mut line = csv::Writer::from_writer(Vec::new());
        let _ = line.write_record(COLUMNS);
        line.into_inner().unwrap_or_default()
    }
}
