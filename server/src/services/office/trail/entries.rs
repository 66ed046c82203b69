//! Entries as pages show them.

use super::differ::{around, description};
use super::wanted::{Found, Row, Wanted};
use super::why_not::why_not;
use super::{PgTrail, moment, readable, revert, still_there};
use crate::error::ServiceError;
use crate::services::words::stamp;
use app::admin::trail::host::{Change, Entries, Entry, Filter, Whole};
use app::domain::{Currency, Money};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Entries on a page.
const PAGE: usize = 50;
const RECENT: usize = 10;
/// Letters of a value that are shown. The export has all of them.
const SHOWN: usize = 200;
/// A description, and what was written to make it: one change, for people.
const DESCRIPTION: [&str; 2] = ["description", "description_source"];
/// Fields whose numbers are minor units, by themselves or of a variant: `price of Red`.
const MONEY: [&str; 4] = ["price", "compare_at", "price_min", "price_max"];

impl PgTrail {
    pub(super) async fn load(&self, filter: &Filter) -> Result<Entries, ServiceError> {
        let kinds = readable(&self.me)?;
        let (acts, kinds) = self.occurring(kinds).await?;
        let (mut rows, errors) = match Wanted::parse(filter, &self.currency) {
            Ok(mut wanted) => {
                wanted.find_people(&self.pool).await?;
                (self.rows(&wanted, PAGE + 1).await?, Vec::new())
            }
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

    async fn rows(&self, wanted: &Wanted, limit: usize) -> Result<Vec<Found>, ServiceError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(wanted.query(readable(&self.me)?, limit).build_query_as().fetch_all(&self.pool).await?)
    }

    /// The acts and kinds that occur among those that may be read. Each step goes to the next of an index, so a long
    /// log takes no longer than a short one.
    async fn occurring(&self, readable: Option<&[&str]>) -> Result<(Vec<String>, Vec<String>), ServiceError> {
        let mut acts = sqlx::query_scalar!(
            r#"with recursive found as (
                   (select act from audit_log where part_of is null order by act limit 1)
                   union all
                   select (
                       select l.act from audit_log l
                       where l.act > found.act and l.part_of is null order by l.act limit 1
                   )
                   from found where found.act is not null
               )
               select act as "act!" from found where act is not null"#
        )
        .fetch_all(&self.pool)
        .await?;
        let mut kinds = sqlx::query_scalar!(
            r#"with recursive found as (
                   (select subject_kind from audit_log where part_of is null order by subject_kind limit 1)
                   union all
                   select (
                       select l.subject_kind from audit_log l
                       where l.subject_kind > found.subject_kind and l.part_of is null
                       order by l.subject_kind limit 1
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

    async fn shown(&self, found: Vec<Found>) -> Result<Vec<Entry>, ServiceError> {
        let ids: Vec<Uuid> = found.iter().filter_map(|one| Uuid::try_parse(&one.row.subject_id).ok()).collect();
        let there = still_there(&self.pool, &ids).await?;
        let is_there = |row: &Row| match Uuid::try_parse(&row.subject_id) {
            // What an import or a bulk edit came to stays readable when it has been undone.
            Ok(id) => row.subject_kind == "import" || row.act.starts_with("product.bulk_") || there.contains(&id),
            Err(_) => false,
        };
        let way = |row: &Row| match revert::way_back(row) {
            None => Err(why_not(&row.act)),
            Some(way) if !self.me.role.may(way.needs()) => Err("Your role doesn’t take this back"),
            Some(way) if way.brings_back() && is_there(row) => Err("It is there again"),
            Some(way) if !way.brings_back() && !is_there(row) => Err("What it was done to isn’t there any more"),
            Some(way) => Ok(way),
        };
        let entry = |Found { row, part_of, whole_act, whole_id, whole, has_parts }: Found| Entry {
            has_parts,
            part_of: part_of.map(|id| Whole {
                id: id.to_string(),
                act: whole_act.unwrap_or_default(),
                subject_id: whole_id.unwrap_or_default(),
                subject: whole.unwrap_or_default(),
            }),
            is_there: is_there(&row),
            no_revert: way(&row).err().unwrap_or_default().to_owned(),
            takes_password: way(&row).is_ok_and(|way| way.is_dangerous()),
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
        Ok(found.into_iter().map(entry).collect())
    }
}

fn changes(before: &Value, after: &Value, currency: &Currency) -> Vec<Change> {
    // An id is for the way back; beside it stands what people call the thing.
    let told = |field: &&String| !field.ends_with("_id") && !DESCRIPTION.contains(&field.as_str());
    let fields: BTreeSet<&String> =
        [before, after].into_iter().filter_map(Value::as_object).flat_map(serde_json::Map::keys).filter(told).collect();
    let said = |from: &Value, field: &str| from.get(field).and_then(|value| said(field, value, currency));
    let change =
        |field: &String| Change { field: field.clone(), before: said(before, field), after: said(after, field) };
    let mut changes: Vec<Change> = fields.into_iter().map(change).collect();
    if DESCRIPTION.iter().any(|field| before.get(field).is_some() || after.get(field).is_some()) {
        let (before, after) = description(before, after);
        let at = changes.partition_point(|change| change.field.as_str() < DESCRIPTION[0]);
        changes.insert(at, Change { field: DESCRIPTION[0].to_owned(), before, after });
    }
    changes.into_iter().map(shortened).filter(|change| change.before.is_some() || change.after.is_some()).collect()
}

/// Of long texts what differs, which may be far from where they begin.
fn shortened(change: Change) -> Change {
    let is_long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().nth(SHOWN).is_some());
    let (before, after) = match (change.before, change.after) {
        (Some(before), Some(after)) if is_long(&Some(before.clone())) || is_long(&Some(after.clone())) => {
            let (before, after) = around(&before, &after);
            (Some(before), Some(after))
        }
        sides => sides,
    };
    let cut = |text: Option<String>| text.map(|text| cut(&text)).filter(|text| !text.is_empty());
    Change { before: cut(before), after: cut(after), ..change }
}

/// No more than is shown of one value.
fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// A value as people read it; `None` where there is nothing to read.
fn said(field: &str, value: &Value, currency: &Currency) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => {
            let name = field.split_once(" of ").map_or(field, |(name, _)| name);
            match number.as_i64().filter(|_| MONEY.contains(&name)).and_then(Money::from_minor) {
                Some(money) => currency.format(money),
                None if field == "bytes" => number.as_u64().map_or_else(|| number.to_string(), size),
                None => number.to_string(),
            }
        }
        // The name of a file that the shop has made, which tells people nothing.
        Value::String(text) if field == "picture" && Uuid::try_parse(text).is_ok() => return None,
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
    (!text.is_empty()).then_some(text)
}

/// `7.5 kB`.
fn size(bytes: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = (bytes * 10 + unit / 2) / unit;
        match tenths % 10 {
            0 => (tenths / 10).to_string(),
            rest => format!("{}.{rest}", tenths / 10),
        }
    };
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
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
        assert_eq!(said("price of L / Blue", json!(1200)).as_deref(), Some("€12.00"));
        assert_eq!(said("compare_at of Price", json!(1500)).as_deref(), Some("€15.00"));
        assert_eq!(said("stock of price", json!(24)).as_deref(), Some("24"));
        assert_eq!(said("stock", json!(24)).as_deref(), Some("24"));
        assert_eq!(said("bytes", json!(7515)).as_deref(), Some("7.5 kB"));
        assert_eq!(said("bytes", json!(3_000_000)).as_deref(), Some("3 MB"));
        assert_eq!(said("picture", json!("268ea71e-0000-7000-8000-000000000000")), None);
        assert_eq!(
            said("picture", json!("https://cdn.example/mug.jpg")).as_deref(),
            Some("https://cdn.example/mug.jpg")
        );
        assert_eq!(said("tags", json!(["a", "b"])).as_deref(), Some("a, b"));
        assert_eq!(said("shown", json!(false)).as_deref(), Some("no"));
        assert_eq!(said("note", json!("")), None);
    }

    #[test]
    fn long_texts_are_cut_to_what_differs() {
        let eur = Currency::from_code("EUR").unwrap();
        let side = |end: &str| json!({"description": format!("<p>{}{end}</p>", "clay ".repeat(100)), "slug": end});
        let told = changes(&side("grey"), &side("blue"), &eur);
        let fields: Vec<&str> = told.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields, ["description", "slug"]);
        assert_eq!(told[0].before.as_deref(), Some("…clay clay clay clay clay clay grey"));
        let long = changes(&json!({}), &json!({"note": "x".repeat(400)}), &eur);
        assert_eq!(long[0].after.as_ref().map(|text| text.chars().count()), Some(SHOWN + 1));
        let source =
            changes(&json!({"description_source": "A *mug*."}), &json!({"description_source": "A _mug_."}), &eur);
        assert_eq!((source.len(), source[0].after.as_deref()), (1, Some("A _mug_.")));
    }
}
