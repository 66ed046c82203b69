//! What an act does to one product or variant.

use super::act::{BulkAct, same_tag, stocked};
use crate::services::office::products::MOST_TAGS;
use app::admin::products::host::Status;
use app::domain::repricing::{Rounding, Unpriced, Way, reprice};
use app::domain::{Currency, Money};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// What becomes of a product or variant.
#[derive(Debug, PartialEq)]
pub enum Fate {
    Changes { before: Value, after: Value },
    Stays(String),
    Refused(String),
}

pub struct Product {
    pub id: Uuid,
    pub title: String,
    pub status: String,
    pub category_id: Option<Uuid>,
    pub tags: Vec<String>,
}

pub struct Variant {
    pub product: Uuid,
    pub title: String,
    pub variant: Option<Uuid>,
    pub options: Option<Vec<String>>,
    pub price: Option<i64>,
    pub compare_at: Option<i64>,
    pub on_hand: Option<i32>,
}

/// `names`: the paths of all categories.
pub fn of_product(act: &BulkAct, row: &Product, names: &HashMap<Uuid, String>) -> Fate {
    match act {
        BulkAct::Status(to) if *to == row.status => Fate::Stays(format!(
            "the status is {} already",
            Status::parse(to).map_or(to.as_str(), |status| status.label())
        )),
        BulkAct::Status(to) => {
            Fate::Changes { before: json!({ "status": row.status }), after: json!({ "status": to }) }
        }
        BulkAct::Category { to: None, .. } if row.category_id.is_none() => {
            Fate::Stays("there is no category already".to_owned())
        }
        BulkAct::Category { to, path } if *to == row.category_id => {
            Fate::Stays(format!("the category is {path} already"))
        }
        BulkAct::Category { to, .. } => {
            let side = |id: Option<Uuid>| {
                let path = id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
                json!({ "category_id": id, "category": path })
            };
            Fate::Changes { before: side(row.category_id), after: side(*to) }
        }
        BulkAct::Tags { add, remove } => of_tags(&row.tags, add, remove),
        BulkAct::Price { .. } | BulkAct::EndSale | BulkAct::AddStock(_) | BulkAct::SetStock(_) => {
            Fate::Refused("it has no such field".to_owned())
        }
    }
}

fn of_tags(now: &[String], add: &[String], remove: &[String]) -> Fate {
    let kept = now.iter().filter(|tag| !remove.iter().any(|gone| same_tag(gone, tag)));
    let mut tags: Vec<String> = kept.cloned().collect();
    for tag in add {
        if !tags.iter().any(|other| same_tag(other, tag)) {
            tags.push(tag.clone());
        }
    }
    if tags == now {
        Fate::Stays("the tags are like that already".to_owned())
    } else if tags.len() > MOST_TAGS && tags.len() > now.len() {
        Fate::Refused(format!("there would be more than {MOST_TAGS} tags"))
    } else {
        Fate::Changes { before: json!({ "tags": now }), after: json!({ "tags": tags }) }
    }
}

pub fn of_variant(act: &BulkAct, row: &Variant, currency: &Currency) -> Fate {
    let (Some(price), Some(on_hand)) = (row.price, row.on_hand) else {
        return Fate::Refused("there are no variants".to_owned());
    };
    let stock = |then: i32| match then == on_hand {
        true => Fate::Stays(format!("the stock is {on_hand} already")),
        false => Fate::Changes { before: json!({ "stock": on_hand }), after: json!({ "stock": then }) },
    };
    match act {
        BulkAct::AddStock(add) => match stocked(on_hand, *add) {
            Ok(then) => stock(then),
            Err(why) => Fate::Refused(why.to_owned()),
        },
        BulkAct::SetStock(then) => stock(*then),
        BulkAct::EndSale => match row.compare_at.filter(|was| *was > price) {
            Some(was) => priced((price, row.compare_at), (was, None)),
            None => Fate::Stays("there is no sale".to_owned()),
        },
        BulkAct::Price { lowers, by, rounding, starts_sale } => {
            let way = if *lowers { Way::Lower } else { Way::Raise };
            let known = Money::from_minor(price).zip(by.by()).zip(Rounding::of(rounding, currency));
            let then = match known {
                Some(((price, by), rounding)) => reprice(price, way, by, rounding),
                None => Err(Unpriced::TooLarge),
            };
            match then.map(Money::minor) {
                Err(why) => Fate::Refused(why.to_string()),
                Ok(then) if then == price => Fate::Stays("the price is the same after rounding".to_owned()),
                Ok(then) => {
                    let was = if *starts_sale { row.compare_at.max(Some(price)) } else { row.compare_at };
                    priced((price, row.compare_at), (then, was))
                }
            }
        }
        BulkAct::Status(_) | BulkAct::Category { .. } | BulkAct::Tags { .. } => {
            Fate::Refused("it has no such field".to_owned())
        }
    }
}

fn priced(before: (i64, Option<i64>), after: (i64, Option<i64>)) -> Fate {
    let side = |(price, compare_at): (i64, Option<i64>)| json!({ "price": price, "compare_at": compare_at });
    Fate::Changes { before: side(before), after: side(after) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::act::Size;
    use super::*;

    fn variant(price: i64, compare_at: Option<i64>, on_hand: i32) -> Variant {
        Variant {
            product: Uuid::nil(),
            title: "Mug".to_owned(),
            variant: Some(Uuid::nil()),
            options: None,
            price: Some(price),
            compare_at,
            on_hand: Some(on_hand),
        }
    }

    fn fate(act: &BulkAct, row: &Variant) -> Fate {
        of_variant(act, row, &Currency::from_code("EUR").unwrap())
    }

    #[test]
    fn a_sale_keeps_the_price_before_and_ends_with_it() {
        let sale = |hundredths| BulkAct::Price {
            lowers: true,
            by: Size::Percent(hundredths),
            rounding: "exact".to_owned(),
            starts_sale: true,
        };
        assert_eq!(fate(&sale(1000), &variant(2400, None, 0)), priced((2400, None), (2160, Some(2400))));
        assert_eq!(fate(&sale(1000), &variant(2400, Some(3000), 0)), priced((2400, Some(3000)), (2160, Some(3000))));
        assert_eq!(
            fate(&sale(1), &variant(10, None, 0)),
            Fate::Stays("the price is the same after rounding".to_owned())
        );
        assert_eq!(fate(&BulkAct::EndSale, &variant(2160, Some(2400), 0)), priced((2160, Some(2400)), (2400, None)));
        assert!(matches!(fate(&BulkAct::EndSale, &variant(2400, Some(2400), 0)), Fate::Stays(_)));
    }

    #[test]
    fn stock_never_falls_below_nothing() {
        assert!(matches!(fate(&BulkAct::AddStock(-3), &variant(1, None, 2)), Fate::Refused(_)));
        assert!(matches!(fate(&BulkAct::AddStock(-2), &variant(1, None, 2)), Fate::Changes { .. }));
        assert!(matches!(fate(&BulkAct::AddStock(1_000_000_000), &variant(1, None, 2)), Fate::Refused(_)));
        assert!(matches!(fate(&BulkAct::SetStock(2), &variant(1, None, 2)), Fate::Stays(_)));
    }

    #[test]
    fn tags_are_added_once_and_removed_in_any_case() {
        let own = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        let fate = of_tags(&own(&["Red", "new"]), &own(&["NEW", "mug"]), &own(&["red"]));
        let expected =
            Fate::Changes { before: json!({"tags": ["Red", "new"]}), after: json!({"tags": ["new", "mug"]}) };
        assert_eq!(fate, expected);
        assert!(matches!(of_tags(&own(&["a"]), &own(&["A"]), &own(&["b"])), Fate::Stays(_)));
    }
}
