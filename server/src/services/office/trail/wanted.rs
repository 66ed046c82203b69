//! Which entries are asked for, as a query.

use crate::services::words;
use app::admin::trail::host::Filter;
use app::error::FieldError;
use serde_json::Value;
use sqlx::{FromRow, Postgres, QueryBuilder};
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// An entry as it is stored.
#[derive(Debug, FromRow)]
pub struct Row {
    pub id: i64,
    pub at: OffsetDateTime,
    pub actor: String,
    pub act: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub subject: String,
    pub before: Value,
    pub after: Value,
    pub reason: String,
    pub request_id: String,
}

/// A filter that has been understood.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    who: String,
    act: String,
    kind: String,
    q: String,
    from: Option<OffsetDateTime>,
    /// The moment after the last.
    until: Option<OffsetDateTime>,
    pub before: Option<i64>,
}

impl Wanted {
    pub fn parse(filter: &Filter) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut day = |field: &str, label: &str, text: &str| {
            if text.is_empty() {
                return None;
            }
            let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok();
            if day.is_none() {
                let message = format!("{label}: write a day as year, month and day, such as 2026-11-25");
                errors.push(FieldError { field: field.to_owned(), message });
            }
            day
        };
        let from = day("from", "From", &filter.from).map(|day| day.midnight().assume_utc());
        let until = day("to", "To", &filter.to).and_then(Date::next_day).map(|day| day.midnight().assume_utc());
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            who: clean(&filter.who),
            act: clean(&filter.act),
            kind: clean(&filter.kind),
            q: clean(&filter.q),
            from,
            until,
            before: filter.before.parse().ok(),
        })
    }

    /// The entries among those of the kinds that `readable` names, newest first.
    ///
    /// The conditions that don't matter are left out rather than asked for with empty values, so that the plan fits
    /// those that do.
    pub fn query(&self, readable: Option<&[&str]>, limit: i64) -> QueryBuilder<Postgres> {
        const COLUMNS: &str = "l.id, l.at, l.actor, l.act, l.subject_kind, l.subject_id, l.subject, l.before, l.after, \
                               l.reason, l.request_id";
        // Of the few rows that are left: words about a person, for as long as there is their account.
        const TOLD: &str = "select l.id, l.at, l.actor, l.act, l.subject_kind, l.subject_id, l.subject, l.before, \
                            l.after || case when w.note <> '' then jsonb_build_object('note', w.note) else '{}' end \
                            as after, coalesce(w.reason, l.reason) as reason, l.request_id from (";
        let kinds: Option<Vec<String>> = match (readable, self.kind.as_str()) {
            (None, "") => None,
            (Some(all), "") => Some(all.iter().map(|kind| (*kind).to_owned()).collect()),
            (all, one) => Some(vec![one.to_owned()].into_iter().filter(|one| is_among(all, one)).collect()),
        };
        let mut query = QueryBuilder::new(TOLD);
        query.push("select * from ");
        if let Some(kinds) = &kinds {
            // Of each kind its newest, which one index finds, however many entries of other kinds lie between.
            query.push("unnest(").push_bind(kinds.clone()).push("::text[]) as k (kind) cross join lateral ");
        }
        query.push("(select ").push(COLUMNS).push(" from audit_log l where true");
        if kinds.is_some() {
            query.push(" and l.subject_kind = k.kind");
        }
        self.push_conditions(&mut query);
        query.push(" order by l.id desc limit ").push_bind(limit);
        query.push(") as l order by id desc limit ").push_bind(limit);
        query.push(") as l left join words_about_people w on w.entry_id = l.id order by l.id desc");
        query
    }

    fn push_conditions(&self, query: &mut QueryBuilder<Postgres>) {
        if let Some(before) = self.before {
            query.push(" and l.id < ").push_bind(before);
        }
        if !self.act.is_empty() {
            query.push(" and l.act = ").push_bind(self.act.clone());
        }
        if let Some(from) = self.from {
            query.push(" and l.at >= ").push_bind(from);
        }
        if let Some(until) = self.until {
            query.push(" and l.at < ").push_bind(until);
        }
        if !self.q.is_empty() {
            query.push(" and (l.actor || ' ' || l.subject) ilike ").push_bind(part(&self.q));
        }
        if !self.who.is_empty() {
            // The index has both names; the second condition keeps those who did it.
            query.push(" and (l.actor || ' ' || l.subject) ilike ").push_bind(part(&self.who));
            query.push(" and l.actor ilike ").push_bind(part(&self.who));
        }
    }
}

fn is_among(readable: Option<&[&str]>, kind: &str) -> bool {
    readable.is_none_or(|all| all.contains(&kind))
}

/// What PostgreSQL takes as text, and no longer than names are.
fn clean(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(200).collect()
}

/// A pattern for any text that has this one in it.
fn part(text: &str) -> String {
    ["%", &words::literal(text), "%"].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_patterns_are_letters_like_others() {
        assert_eq!(part("50%_\\"), "%50\\%\\_\\\\%");
    }

    #[test]
    fn days_that_there_arent_are_told() {
        let filter = Filter { from: "2026-02-30".to_owned(), to: "soon".to_owned(), ..Filter::default() };
        let fields: Vec<String> = Wanted::parse(&filter).unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["from", "to"]);
        assert!(Wanted::parse(&Filter { to: "2026-02-28".to_owned(), ..Filter::default() }).is_ok());
    }
}
