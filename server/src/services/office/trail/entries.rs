//! Entries as pages show them.

use super::wanted::{Row, Wanted};
use super::{PgTrail, moment, readable, revert, still_there};
use crate::error::ServiceError;
use crate::services::words::stamp;
use app::admin::trail::host::{Change, Entries, Entry, Filter};
use app::domain::{Currency, Money};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Entries on a page.
const PAGE: usize = 50;
const RECENT: usize = 10;
/// Letters of a value that are shown. The export has all of them.
const SHOWN: usize = 200;
/// Fields whose numbers are minor units.
const MONEY: [&str; 4] = ["price", "compare_at", "price_min", "price_max"];

impl PgTrail {
    pub(super) async fn load(&self, filter: &Filter) -> Result<Entries, ServiceError> {
        let kinds = readable(&self.me)?;
        let (acts, kinds) = self.occurring(kinds).await?;
        let (mut rows, errors) = match Wanted::parse(filter) {
            Ok(wanted) => (self.rows(&wanted, PAGE + 1).await?, Vec::new()),
            Err(errors) => (Vec::new(), errors),
        };
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        Ok(Entries { entries: self.shown(rows).await?, more, acts, kinds, errors })
    }

    pub(super) async fn load_recent(&self) -> Result<Vec<Entry>, ServiceError> {
        let rows = self.rows(&Wanted::default(), RECENT).await?;
        self.shown(rows).await
    }

    async fn rows(&self, wanted: &Wanted, limit: usize) -> Result<Vec<Row>, ServiceError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(wanted.query(readable(&self.me)?, limit).build_query_as().fetch_all(&self.pool).await?)
    }

    /// The acts and kinds that occur among those that may be read. Each step goes to the next of an index, so a long
    /// log takes no longer than a short one.
    async fn occurring(&self, readable: Option<&[&str]>) -> Result<(Vec<String>, Vec<String>), ServiceError> {
        let mut acts = sqlx::query_scalar!(
            r#"with recursive found as (
                   (select act from audit_log order by act limit 1)
                   union all
                   select (select l.act from audit_log l where l.act > found.act order by l.act limit 1)
                   from found where found.act is not null
               )
               select act as "act!" from found where act is not null"#
        )
        .fetch_all(&self.pool)
        .await?;
        let mut kinds = sqlx::query_scalar!(
            r#"with recursive found as (
                   (select subject_kind from audit_log order by subject_kind limit 1)
                   union all
                   select (
                       select l.subject_kind from audit_log l
                       where l.subject_kind > found.subject_kind order by l.subject_kind limit 1
                   )
                   from found where found.subject_kind is not null
               )
               select subject_kind as "kind!" from found where subject_kind is not null"#
        )
        .fetch_all(&self.pool)
        .await?;
        if let Some(readable) = readable {
            let kind_of = |act: &str| act.split('.').next().unwrap_or_default().to_owned();
            acts.retain(|act| readable.contains(&kind_of(act).as_str()));
            kinds.retain(|kind| readable.contains(&kind.as_str()));
        }
        Ok((acts, kinds))
    }

    async fn shown(&self, rows: Vec<Row>) -> Result<Vec<Entry>, ServiceError> {
        let ids: Vec<Uuid> = rows.iter().filter_map(|row| Uuid::try_parse(&row.subject_id).ok()).collect();
        let there = still_there(&self.pool, &ids).await?;
        let is_there = |row: &Row| match Uuid::try_parse(&row.subject_id) {
            // What an import came to stays readable when it has been undone.
            Ok(id) => row.subject_kind == "import" || there.contains(&id),
            Err(_) => false,
        };
        let can_revert = |row: &Row| revert::way_back(row).is_some_and(|way| self.me.role.may(way.needs()));
        let entry = |row: Row| Entry {
            is_there: is_there(&row),
            can_revert: is_there(&row) && can_revert(&row),
            at: moment(row.at),
            stamp: stamp(Some(row.at)).unwrap_or_default(),
            changes: changes(&row.before, &row.after, &self.currency),
            id: row.id.to_string(),
            actor: row.actor,
            act: row.act,
            kind: row.subject_kind,
            subject_id: row.subject_id,
            subject: row.subject,
            reason: row.reason,
            request: row.request_id,
        };
        Ok(rows.into_iter().map(entry).collect())
    }
}

fn changes(before: &Value, after: &Value, currency: &Currency) -> Vec<Change> {
    // An id is for the way back; beside it stands what people call the thing.
    let told = |field: &&String| !field.ends_with("_id");
    let fields: BTreeSet<&String> =
        [before, after].into_iter().filter_map(Value::as_object).flat_map(serde_json::Map::keys).filter(told).collect();
    let said = |from: &Value, field: &str| from.get(field).and_then(|value| said(field, value, currency));
    let change =
        |field: &String| Change { field: field.clone(), before: said(before, field), after: said(after, field) };
    fields.into_iter().map(change).filter(|change| change.before.is_some() || change.after.is_some()).collect()
}

/// A value as people read it; `None` where there is nothing to read.
fn said(field: &str, value: &Value, currency: &Currency) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => match number.as_i64().filter(|_| MONEY.contains(&field)).and_then(Money::from_minor) {
            Some(money) => currency.format(money),
            None => number.to_string(),
        },
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            values.iter().filter_map(|value| said(field, value, currency)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(fields) => fields
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}: {}", said(name, value, currency)?)))
            .collect::<Vec<_>>()
            .join("; "),
    };
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    (!shown.is_empty()).then_some(shown)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_read_as_people_say_them() {
        let eur = Currency::from_code("EUR").unwrap();
        let said = |field, value| said(field, &value, &eur);
        assert_eq!(said("price", json!(2400)).as_deref(), Some("€24.00"));
        assert_eq!(said("stock", json!(24)).as_deref(), Some("24"));
        assert_eq!(said("tags", json!(["a", "b"])).as_deref(), Some("a, b"));
        assert_eq!(said("shown", json!(false)).as_deref(), Some("no"));
        assert_eq!(said("note", json!("")), None);
        assert_eq!(said("body", json!("x".repeat(400))).map(|text| text.chars().count()), Some(SHOWN + 1));
    }
}
