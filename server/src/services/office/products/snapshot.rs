//! A product as the audit log has it: its own fields, its options, and the fields of each variant under its name.

use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Fields of each variant, which stand alone for a plain product and before ` of ` and its options for another.
const OF_VARIANTS: [&str; 4] = ["price", "compare_at", "sku", "stock"];

/// The field of an entry that has the ids of the variants that it tells of, by their options.
pub const VARIANTS: &str = "variants_id";

/// A variant's field, and the options of the variant that it is of; `None` for a field of another kind.
pub fn of_variant(field: &str) -> Option<(&str, &str)> {
    let (name, options) = field.split_once(" of ").unwrap_or((field, ""));
    OF_VARIANTS.contains(&name).then_some((name, options))
}

pub struct Snapshot {
    own: Map<String, Value>,
    variants: Vec<Variant>,
}

struct Variant {
    id: Uuid,
    name: String,
    fields: [(&'static str, Value); 4],
}

impl Snapshot {
    pub async fn of(connection: &mut PgConnection, product: Uuid) -> Result<Self, sqlx::Error> {
        let row = sqlx::query!(
            r#"select p.title, p.slug, p.body_html, p.body_source, p.category_id, p.vendor, p.tags, p.status, p.option_names,
                      category_path(p.category_id) as "category!"
               from products p where p.id = $1"#,
            product
        )
        .fetch_one(&mut *connection)
        .await?;
        let variants = sqlx::query!(
            "select id, sku, price, compare_at, on_hand, option_values from variants where product_id = $1
             order by position",
            product
        )
        .fetch_all(connection)
        .await?;
        let mut own = Map::new();
        let mut put = |name: &str, value: Value| {
            own.insert(name.to_owned(), value);
        };
        put("title", json!(row.title));
        put("slug", json!(row.slug));
        put("description", json!(row.body_html));
        put("description_source", json!(row.body_source));
        put("category", json!(row.category));
        put("category_id", json!(row.category_id));
        put("vendor", json!(row.vendor));
        put("tags", json!(row.tags));
        put("status", json!(row.status));
        if !row.option_names.is_empty() {
            let options = row.option_names.iter().enumerate().map(|(at, name)| {
                let values = distinct(variants.iter().filter_map(|variant| variant.option_values.get(at)));
                [name, ": ", &values.join(", ")].concat()
            });
            put("options", json!(options.collect::<Vec<_>>()));
        }
        let variants = variants.into_iter().map(|variant| Variant {
            id: variant.id,
            name: variant.option_values.join(" / "),
            fields: [
                ("price", json!(variant.price)),
                ("compare_at", json!(variant.compare_at)),
                ("sku", json!(variant.sku)),
                ("stock", json!(variant.on_hand)),
            ],
        });
        let variants = variants.collect();
        Ok(Self { own, variants })
    }

    pub fn text(&self, field: &str) -> &str {
        self.own.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// What the description was written as; `None` where nobody has written it here.
    pub fn source(&self) -> Option<String> {
        self.own.get("description_source").and_then(Value::as_str).map(str::to_owned)
    }

    /// Which variants the fields of an entry mean, by their options as they are in it: they may be called otherwise by the
    /// time that somebody takes it back.
    pub fn identified(&self, (mut before, mut after): (Value, Value)) -> (Value, Value) {
        let fields = [&before, &after].into_iter().filter_map(Value::as_object).flat_map(Map::keys);
        let named: HashSet<&str> = fields.filter_map(|field| of_variant(field)).map(|(_, options)| options).collect();
        let ids: BTreeMap<&str, Uuid> = self
            .variants
            .iter()
            .filter(|variant| named.contains(variant.name.as_str()))
            .map(|variant| (variant.name.as_str(), variant.id))
            .collect();
        if !ids.is_empty() {
            before[VARIANTS] = json!(ids);
            after[VARIANTS] = json!(ids);
        }
        (before, after)
    }

    pub fn variants(&self) -> usize {
        self.variants.len()
    }

    /// What each variant costs and cost before.
    pub fn prices(&self) -> HashMap<Uuid, (i64, Option<i64>)> {
        let number = |one: &Variant, field: &str| {
            one.fields.iter().find(|(name, _)| *name == field).and_then(|(_, value)| value.as_i64())
        };
        self.variants
            .iter()
            .map(|one| (one.id, (number(one, "price").unwrap_or(0), number(one, "compare_at"))))
            .collect()
    }

    pub fn fields(&self) -> Value {
        self.with(|variant| variant.name.clone())
    }

    /// The fields of both, in which a variant is called what it is called after: a value with another name changes the
    /// options, not every price.
    pub fn compared(&self, after: &Self) -> (Value, Value) {
        let names: HashMap<Uuid, &str> = after.variants.iter().map(|one| (one.id, one.name.as_str())).collect();
        let taken: HashSet<&str> = names.values().copied().collect();
        let before = self.with(|variant| match names.get(&variant.id) {
            Some(name) => (*name).to_owned(),
            None if taken.contains(variant.name.as_str()) => [&variant.name, " (removed)"].concat(),
            None => variant.name.clone(),
        });
        (before, after.fields())
    }

    fn with(&self, name: impl Fn(&Variant) -> String) -> Value {
        let mut fields = self.own.clone();
        for variant in &self.variants {
            let name = name(variant);
            let of = if name.is_empty() { String::new() } else { [" of ", &name].concat() };
            for (field, value) in &variant.fields {
                fields.insert([field, of.as_str()].concat(), value.clone());
            }
        }
        Value::Object(fields)
    }
}

/// Each once, in the order in which they come.
pub fn distinct<'a>(values: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = HashSet::new();
    values.filter(|value| seen.insert(value.as_str())).cloned().collect()
}

/// The fields of a product as they are now.
pub async fn snapshot(connection: &mut PgConnection, product: Uuid) -> Result<Value, sqlx::Error> {
    Ok(Snapshot::of(connection, product).await?.fields())
}
