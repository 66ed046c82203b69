//! Which entries are asked for, as a query.

use super::names::{People, part};
use crate::error::ServiceError;
use app::admin::trail::host::Filter;
use app::domain::{Currency, Money};
use app::error::FieldError;
use serde_json::Value;
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder};
use std::ops::RangeInclusive;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// Those that are written in four digits; PostgreSQL has no day of many before.
const YEARS: RangeInclusive<i32> = 1..=9999;

/// An entry as it is read.
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

/// An entry with what it is part of, and whether others are part of it.
#[derive(Debug, FromRow)]
pub struct Found {
    #[sqlx(flatten)]
    pub row: Row,
    pub part_of: Option<i64>,
    /// Of that entry.
    pub whole_act: Option<String>,
    pub whole_id: Option<String>,
    pub whole: Option<String>,
    pub has_parts: bool,
}

const COLUMNS: &str = "l.id, l.part_of";
/// Of the few rows that are left: as they are read, with names, and with what each is part of.
const TOLD: &str = "select t.id, t.at, t.actor, t.act, t.subject_kind, t.subject_id, t.subject, t.before, t.after, \
                    t.reason, t.request_id, l.part_of, s.act as whole_act, s.subject_id as whole_id, s.subject as whole, \
                    exists (select from audit_log p where p.part_of = l.id) as has_parts from (";
const AND_BESIDE: &str = ") as l join trail t on t.id = l.id left join audit_log s on s.id = l.part_of order by l.id";
/// All that an entry says, as its index has it.
const TEXT: &str = "(l.actor || ' ' || l.subject || ' ' || l.reason || ' ' || l.request_id || ' ' || l.before::text \
                    || ' ' || l.after::text)";

/// A filter that has been understood.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    who: String,
    act: String,
    kind: String,
    /// A thing by its kind and id: its whole history is wanted.
    of: Option<(String, String)>,
    /// The parts of this entry are wanted. Without either, parts are left out: what they are part of stands for them.
    part_of: Option<i64>,
    q: String,
    /// What is searched for, if it is an amount.
    amount: Option<i64>,
    from: Option<OffsetDateTime>,
    /// The moment after the last.
    until: Option<OffsetDateTime>,
    pub before: Option<i64>,
    /// Whom `who` and `q` mean.
    doers: People,
    named: People,
}

impl Wanted {
    /// Looks up whom the names mean, which comes before the first query.
    pub async fn find_people(&mut self, pool: &PgPool) -> Result<(), ServiceError> {
        if !self.who.is_empty() {
            self.doers = People::called(pool, &self.who).await?;
        }
        if !self.q.is_empty() {
            self.named = People::called(pool, &self.q).await?;
        }
        Ok(())
    }

    pub fn parse(filter: &Filter, currency: &Currency) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut day = |field: &str, label: &str, text: &str| {
            if text.is_empty() {
                return None;
            }
            let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok();
            let day = day.filter(|day| YEARS.contains(&day.year()));
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
            of: thing(&filter.of),
            part_of: (!filter.part_of.is_empty()).then(|| filter.part_of.parse().unwrap_or_default()),
            q: clean(&filter.q),
            amount: Money::parse(&filter.q, currency).ok().map(Money::minor),
            from,
            until,
            before: filter.before.parse().ok(),
            ..Self::default()
        })
    }

    /// The entries among those of the kinds that `readable` names, newest first.
    ///
    /// The conditions that don't matter are left out rather than asked for with empty values, so that the plan fits
    /// those that do.
    pub fn query(&self, readable: Option<&[&str]>, limit: i64) -> QueryBuilder<Postgres> {
        let kind = match (&self.of, self.kind.as_str()) {
            (Some((kind, _)), "") => kind,
            (Some((kind, _)), other) if kind != other => "",
            (_, kind) => kind,
        };
        let kinds: Option<Vec<String>> = match (readable, kind) {
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
        query.push(AND_BESIDE).push(" desc");
        query
    }

    /// The parts of an entry, in their order, from one on.
    pub fn parts(entry: i64, after: i64, limit: i64) -> QueryBuilder<Postgres> {
        let mut query = QueryBuilder::new(TOLD);
        query.push("select ").push(COLUMNS).push(" from audit_log l where l.part_of = ").push_bind(entry);
        query.push(" and l.id > ").push_bind(after).push(" order by l.id limit ").push_bind(limit);
        query.push(AND_BESIDE);
        query
    }

    fn push_conditions(&self, query: &mut QueryBuilder<Postgres>) {
        if let Some((kind, id)) = &self.of {
            query.push(" and l.subject_kind = ").push_bind(kind.clone());
            query.push(" and l.subject_id = ").push_bind(id.clone());
        }
        if let Some(entry) = self.part_of {
            query.push(" and l.part_of = ").push_bind(entry);
        }
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
        self.push_search(query);
        if !self.who.is_empty() {
            // The index has all of an entry; the second condition keeps what did it.
            query.push(" and (").push(TEXT).push(" ilike ").push_bind(part(&self.who));
            query.push(" and l.actor ilike ").push_bind(part(&self.who)).push(" or ");
            self.doers.push_actor(query);
            query.push(")");
        }
    }

    /// What is searched for, among the entries that stand for their parts; or an entry by its number, whatever it is.
    fn push_search(&self, query: &mut QueryBuilder<Postgres>) {
        query.push(" and (");
        let number = self.q.strip_prefix("Entry ").or_else(|| self.q.strip_prefix("entry ")).unwrap_or(&self.q);
        if let Ok(number) = number.trim().parse::<i64>() {
            query.push("l.id = ").push_bind(number).push(" or ");
        }
        query.push(if self.of.is_none() && self.part_of.is_none() { "l.part_of is null" } else { "true" });
        if !self.q.is_empty() {
            query.push(" and (").push(TEXT).push(" ilike ").push_bind(part(&self.q)).push(" or ");
            self.named.push_actor(query);
            query.push(" or ");
            self.named.push_subject(query);
            // Words about a person stand beside their entry.
            query.push(" or l.id = any(array(select w.entry_id from words_about_people w where (w.reason || ' ' || w.note) ilike ");
            query.push_bind(part(&self.q)).push("))");
            if let Some(amount) = self.amount {
                // As it is kept, in minor units.
                for end in [",", "}"] {
                    query.push(" or ").push(TEXT).push(" ilike ").push_bind(format!("%: {amount}{end}%"));
                }
            }
            query.push(")");
        }
        query.push(")");
    }
}

/// `product:018f…`.
fn thing(text: &str) -> Option<(String, String)> {
    let (kind, id) = text.split_once(':').unwrap_or((text, ""));
    (!text.is_empty()).then(|| (clean(kind), clean(id)))
}

fn is_among(readable: Option<&[&str]>, kind: &str) -> bool {
    readable.is_none_or(|all| all.contains(&kind))
}

/// What PostgreSQL takes as text, and no longer than names are.
fn clean(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(200).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn days_that_there_arent_are_told() {
        let eur = Currency::from_code("EUR").unwrap();
        let filter = Filter { from: "2026-02-30".to_owned(), to: "soon".to_owned(), ..Filter::default() };
        let fields: Vec<String> =
            Wanted::parse(&filter, &eur).unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["from", "to"]);
        for (day, is_one) in [
            ("2026-02-28", true),
            ("0001-01-01", true),
            ("9999-12-31", true),
            ("0000-12-31", false),
            ("-0001-01-01", false),
            ("-4713-01-01", false),
            ("-9999-01-01", false),
        ] {
            let wanted = |filter: Filter| Wanted::parse(&filter, &eur).is_ok();
            assert_eq!(wanted(Filter { from: day.to_owned(), ..Filter::default() }), is_one, "from {day}");
            assert_eq!(wanted(Filter { to: day.to_owned(), ..Filter::default() }), is_one, "to {day}");
        }
    }
}
