//! What is to be done, read from a form, kept, and said in words.

use crate::services::office::products::{MOST_STOCK, NO_SUCH_CATEGORY, pieces, tags};
use app::admin::bulk::host::Typed;
use app::admin::products::host::{CategoryName, Status};
use app::domain::repricing::{By, Rounding, Way, parse_percent, percent};
use app::domain::{Currency, Money};
use app::error::{AppError, FieldError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAct {
    /// The status's key.
    Status(String),
    Category {
        to: Option<Uuid>,
        /// Of names; empty for none.
        path: String,
    },
    Tags {
        add: Vec<String>,
        remove: Vec<String>,
    },
    Price {
        lowers: bool,
        by: Size,
        /// The rounding's key.
        rounding: String,
        /// Whether the price of now becomes the price before.
        starts_sale: bool,
    },
    EndSale,
    AddStock(i32),
    SetStock(i32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Hundredths of a percent.
    Percent(u32),
    /// Minor units.
    Amount(i64),
}

impl Size {
    pub fn by(self) -> Option<By> {
        match self {
            Self::Percent(hundredths) => Some(By::Percent(hundredths)),
            Self::Amount(minor) => Money::from_minor(minor).map(By::Amount),
        }
    }
}

impl BulkAct {
    /// Whether variants change rather than products themselves.
    pub fn is_of_variants(&self) -> bool {
        match self {
            Self::Price { .. } | Self::EndSale | Self::AddStock(_) | Self::SetStock(_) => true,
            Self::Status(_) | Self::Category { .. } | Self::Tags { .. } => false,
        }
    }

    /// `Price: lowered by 10 %, to the nearest ending in .99, as a sale`.
    pub fn words(&self, currency: &Currency) -> String {
        match self {
            Self::Status(key) => ["Status: ", Status::parse(key).map_or(key, |status| status.label())].concat(),
            Self::Category { path, .. } if path.is_empty() => "Category: none".to_owned(),
            Self::Category { path, .. } => ["Category: ", path].concat(),
            Self::Tags { add, remove } => {
                let part = |words: &str, tags: &[String]| {
                    (!tags.is_empty()).then(|| [words, &shortened(&tags.join(", "))].concat())
                };
                let parts = [part("added ", add), part("removed ", remove)];
                ["Tags: ", &parts.into_iter().flatten().collect::<Vec<_>>().join("; ")].concat()
            }
            Self::Price { lowers, by, rounding, starts_sale } => {
                let size = match *by {
                    Size::Percent(hundredths) => percent(hundredths),
                    Size::Amount(minor) => Money::from_minor(minor).map(|one| currency.format(one)).unwrap_or_default(),
                };
                let rounded = Rounding::all(currency)
                    .into_iter()
                    .find(|(key, _, _)| key == rounding && *key != "exact")
                    .map(|(_, label, _)| [", ", &lower(&label)].concat())
                    .unwrap_or_default();
                let sale = if *starts_sale { ", as a sale" } else { "" };
                ["Price: ", if *lowers { "lowered" } else { "raised" }, " by ", &size, &rounded, sale].concat()
            }
            Self::EndSale => "Price: end of the sale".to_owned(),
            Self::AddStock(number) if *number < 0 => format!("Stock: {} taken away", number.unsigned_abs()),
            Self::AddStock(number) => format!("Stock: {number} added"),
            Self::SetStock(number) => format!("Stock: set to {number}"),
        }
    }
}

fn lower(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// As much of a long list as a heading takes.
fn shortened(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => [&text[..end], "…"].concat(),
        None => text.to_owned(),
    }
}

/// Whether two tags are the same to people.
pub fn same_tag(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// # Errors
/// `Invalid`, with every field that is wrong.
pub fn read(typed: &Typed, categories: &[CategoryName], currency: &Currency) -> Result<BulkAct, AppError> {
    let one = |field: &str, message: &str| AppError::invalid(field, message);
    match typed {
        Typed::Status { status } => Status::parse(status)
            .map(|status| BulkAct::Status(status.key().to_owned()))
            .ok_or_else(|| one("status", "Choose a status")),
        Typed::Category { category } if category.is_empty() => Ok(BulkAct::Category { to: None, path: String::new() }),
        Typed::Category { category } => {
            let found = categories.iter().find(|one| one.id == *category);
            let named = found.and_then(|found| Some((Uuid::try_parse(&found.id).ok()?, &found.path)));
            let (id, path) = named.ok_or_else(|| one("category", NO_SUCH_CATEGORY))?;
            Ok(BulkAct::Category { to: Some(id), path: path.clone() })
        }
        Typed::Tags { add, remove } => read_tags(add, remove),
        Typed::Price { change, .. } if change == "end_sale" => Ok(BulkAct::EndSale),
        Typed::Price { change, by, rounding, sale } => read_price(change, by, rounding, !sale.is_empty(), currency),
        Typed::Stock { change, pieces: number } => {
            let number = pieces(number).map_err(|message| one("pieces", &message))?;
            match (change.as_str(), number) {
                ("set", number) => Ok(BulkAct::SetStock(number)),
                ("add" | "take", 0) => Err(one("pieces", "Enter more than nothing")),
                ("add", number) => Ok(BulkAct::AddStock(number)),
                ("take", number) => Ok(BulkAct::AddStock(-number)),
                _ => Err(one("change", "Choose what to do with the stock")),
            }
        }
    }
}

fn read_tags(add: &str, remove: &str) -> Result<BulkAct, AppError> {
    let mut wrong = Vec::new();
    let mut list = |field: &str, text: &str| {
        tags(text).unwrap_or_else(|message| {
            wrong.push(FieldError { field: field.to_owned(), message });
            Vec::new()
        })
    };
    let (added, remove) = (list("add", add), list("remove", remove));
    if !wrong.is_empty() {
        return Err(AppError::Invalid { fields: wrong });
    }
    let mut add: Vec<String> = Vec::new();
    for tag in added {
        if !add.iter().any(|other| same_tag(other, &tag)) {
            add.push(tag);
        }
    }
    if add.is_empty() && remove.is_empty() {
        return Err(AppError::invalid("add", "Write the tags to add, or those to remove"));
    }
    match remove.iter().find(|tag| add.iter().any(|other| same_tag(other, tag))) {
        Some(both) => Err(AppError::invalid("remove", format!("{both} is to be added as well"))),
        None => Ok(BulkAct::Tags { add, remove }),
    }
}

fn read_price(
    change: &str,
    by: &str,
    rounding: &str,
    starts_sale: bool,
    currency: &Currency,
) -> Result<BulkAct, AppError> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: String| wrong.push(FieldError { field: field.to_owned(), message });
    let lowers = match change {
        "lower_percent" | "lower_amount" => true,
        "raise_percent" | "raise_amount" => false,
        _ => return Err(AppError::invalid("change", "Choose what to do with the price")),
    };
    let way = if lowers { Way::Lower } else { Way::Raise };
    let size = match change.ends_with("percent") {
        true => parse_percent(by, way).map(Size::Percent).map_err(str::to_owned),
        false => match Money::parse(by, currency) {
            Ok(Money::ZERO) => Err("Enter more than nothing".to_owned()),
            Ok(money) => Ok(Size::Amount(money.minor())),
            Err(error) => Err(error.to_string()),
        },
    };
    let size = size.map_err(|message| say("by", message)).ok();
    if Rounding::of(rounding, currency).is_none() {
        say("rounding", "Choose a rounding".to_owned());
    }
    if starts_sale && !lowers {
        say("sale", "A sale lowers the price".to_owned());
    }
    match size.filter(|_| wrong.is_empty()) {
        Some(by) => Ok(BulkAct::Price { lowers, by, rounding: rounding.to_owned(), starts_sale }),
        None => Err(AppError::Invalid { fields: wrong }),
    }
}

/// The stock after a change.
pub fn stocked(on_hand: i32, add: i32) -> Result<i32, &'static str> {
    match i64::from(on_hand) + i64::from(add) {
        ..0 => Err("there are fewer pieces than are to be taken away"),
        sum if sum > MOST_STOCK => Err("the stock would be more than can be kept"),
        sum => i32::try_from(sum).map_err(|_| "the stock would be more than can be kept"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(typed: Typed) -> Result<BulkAct, Vec<String>> {
        super::read(&typed, &[], &Currency::from_code("EUR").unwrap()).map_err(|error| match error {
            AppError::Invalid { fields } => fields.into_iter().map(|one| one.field).collect(),
            other => panic!("{other:?}"),
        })
    }

    fn price(change: &str, by: &str, rounding: &str, sale: &str) -> Typed {
        let own = str::to_owned;
        Typed::Price { change: own(change), by: own(by), rounding: own(rounding), sale: own(sale) }
    }

    #[test]
    fn acts_are_read_and_said() {
        let eur = Currency::from_code("EUR").unwrap();
        for (typed, words) in [
            (Typed::Status { status: "archived".to_owned() }, "Status: Archived"),
            (Typed::Category { category: String::new() }, "Category: none"),
            (Typed::Tags { add: "a, B, b".to_owned(), remove: "c".to_owned() }, "Tags: added a, B; removed c"),
            (
                price("lower_percent", "12.5", "99", "yes"),
                "Price: lowered by 12.5 %, to the nearest ending in .99, as a sale",
            ),
            (price("raise_amount", "2", "exact", ""), "Price: raised by €2.00"),
            (price("end_sale", "", "", ""), "Price: end of the sale"),
            (Typed::Stock { change: "take".to_owned(), pieces: "3".to_owned() }, "Stock: 3 taken away"),
            (Typed::Stock { change: "set".to_owned(), pieces: "0".to_owned() }, "Stock: set to 0"),
        ] {
            assert_eq!(read(typed).unwrap().words(&eur), words);
        }
    }

    #[test]
    fn what_is_wrong_is_said_beside_its_field() {
        let own = str::to_owned;
        for (typed, fields) in [
            (Typed::Status { status: own("x") }, vec!["status"]),
            (Typed::Category { category: own("018f0000-0000-7000-8000-000000000000") }, vec!["category"]),
            (Typed::Tags { add: own(" "), remove: own("") }, vec!["add"]),
            (Typed::Tags { add: own("red"), remove: own("RED") }, vec!["remove"]),
            (price("raise_percent", "-1", "none", "yes"), vec!["by", "rounding", "sale"]),
            (price("lower_amount", "0", "exact", ""), vec!["by"]),
            (price("", "1", "exact", ""), vec!["change"]),
            (Typed::Stock { change: own("add"), pieces: own("0") }, vec!["pieces"]),
            (Typed::Stock { change: own(""), pieces: own("1") }, vec!["change"]),
        ] {
            assert_eq!(read(typed.clone()).unwrap_err(), fields, "{typed:?}");
        }
    }
}
