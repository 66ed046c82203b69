//! Options and the variants that they make, as a form has them. Nothing here asks the database.
//!
//! A variant names its values by what they were called when the form was made, so a value that is called otherwise by
//! now keeps its variants, and they their ids.

use super::checked::{LONGEST_LINE, line};
use crate::catalogue_file::split;
use app::admin::products::api::{Typed, TypedOption, TypedVariant};
use app::error::FieldError;
use std::collections::{HashMap, HashSet};

/// As the schema has it.
pub const MOST_OPTIONS: usize = 3;
/// A form shows them all at once. An import may have made more, which then may stay.
pub const MOST_VARIANTS: usize = 300;

/// A value of an option, and the field that it was typed into.
pub struct Value {
    pub was: String,
    pub now: String,
    pub field: String,
}

/// An option's values, those to be added last.
pub fn values(option: &TypedOption, at: usize) -> Vec<Value> {
    let there = option.values.iter().enumerate().map(|(value, now)| Value {
        was: option.was.get(value).cloned().unwrap_or_default(),
        now: now.trim().to_owned(),
        field: TypedOption::value_field(at, value),
    });
    let added = split(&option.more, ',').into_iter().filter(|now| !now.is_empty()).map(|now| Value {
        was: String::new(),
        now,
        field: TypedOption::field(at, "more"),
    });
    there.chain(added).collect()
}

/// Which value a text means that a variant has: by what it was called, or else by what it is to be called.
pub fn indexed(values: &[Value]) -> HashMap<&str, usize> {
    let named = |name: fn(&Value) -> &str| values.iter().enumerate().rev().map(move |(at, value)| (name(value), at));
    // Of two that are called the same the first, and what it was called before all: later ones take the place.
    let mut indexed: HashMap<&str, usize> = named(|value| &value.now).chain(named(|value| &value.was)).collect();
    indexed.remove("");
    indexed
}

/// What is wrong with the options themselves. `left_out`: an option, or a value of one, that doesn't count.
pub fn wrong_options(options: &[TypedOption], left_out: Option<(usize, Option<usize>)>) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let mut say = |field: String, message: &str| wrong.push(FieldError { field, message: message.to_owned() });
    if options.len() > MOST_OPTIONS {
        say("options".to_owned(), "A product has at most three options");
    }
    let too_long = format!("Use at most {LONGEST_LINE} ordinary characters");
    let mut names = HashSet::new();
    for (at, option) in options.iter().enumerate() {
        if left_out == Some((at, None)) {
            continue;
        }
        let name = option.name.trim();
        if name.is_empty() {
            say(TypedOption::field(at, "name"), "Name the option, such as Size");
        } else if line(name, LONGEST_LINE).is_err() {
            say(TypedOption::field(at, "name"), &too_long);
        } else if !names.insert(name.to_lowercase()) {
            say(TypedOption::field(at, "name"), "Another option has this name");
        }
        let mut seen: HashMap<String, Value> = HashMap::new();
        for (number, value) in values(option, at).into_iter().enumerate() {
            if left_out == Some((at, Some(number))) {
                continue;
            }
            let Value { now, field, .. } = &value;
            if now.is_empty() {
                say(field.clone(), "Write a value, or remove it");
            } else if line(now, LONGEST_LINE).is_err() {
                say(field.clone(), &too_long);
            } else if seen.get(&now.to_lowercase()).is_some_and(|other| !stay_apart(other, &value)) {
                say(field.clone(), &format!("{now} is there already"));
            } else {
                seen.insert(now.to_lowercase(), value);
            }
        }
    }
    wrong
}

/// An import tells values by their letters' case too. What it made may stay.
fn stay_apart(one: &Value, other: &Value) -> bool {
    one.now != other.now && one.was == one.now && other.was == other.now
}

/// Options as they are to be stored.
pub struct Grid {
    pub names: Vec<String>,
    /// Of each variant of the form, its values; empty for one that is to go.
    pub values: Vec<Vec<String>>,
}

/// `there`: variants that the product has.
///
/// # Errors
/// Everything that is wrong with options, or else with how the variants stand to them.
pub fn checked(typed: &Typed, there: usize) -> Result<Grid, Vec<FieldError>> {
    let mut wrong = wrong_options(&typed.options, None);
    let all: Vec<Vec<Value>> = typed.options.iter().enumerate().map(|(at, option)| values(option, at)).collect();
    for (at, _) in all.iter().enumerate().filter(|(_, values)| values.is_empty()) {
        let field = TypedOption::field(at, "more");
        wrong.push(FieldError { field, message: "Write at least one value, such as Small".to_owned() });
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let indexed: Vec<HashMap<&str, usize>> = all.iter().map(|values| indexed(values)).collect();
    let mut used: Vec<HashSet<usize>> = all.iter().map(|_| HashSet::new()).collect();
    let mut combinations = HashSet::new();
    let mut rows = Vec::new();
    for (at, variant) in typed.variants.iter().enumerate() {
        if variant.is_gone() {
            // A value that was some variant's goes with the last of them; one that was just written has none yet.
            for ((text, indexed), used) in variant.of.iter().zip(&indexed).zip(&mut used) {
                used.extend(indexed.get(text.as_str()));
            }
            rows.push(Vec::new());
            continue;
        }
        let mut say = |message: String| wrong.push(FieldError { field: TypedVariant::field(at, "gone"), message });
        let mut row = Vec::new();
        for (option, values) in all.iter().enumerate() {
            let text = variant.of.get(option).map_or("", String::as_str);
            match indexed[option].get(text).copied() {
                Some(index) => {
                    used[option].insert(index);
                    row.push(values[index].now.clone());
                }
                None if text.is_empty() => say("It has no value of each option. Update the grid".to_owned()),
                None => say(format!("{text} isn’t a value any more. Remove this variant, or add the value again")),
            }
        }
        if row.len() == all.len() && !combinations.insert(row.clone()) {
            say(match all.is_empty() {
                true => "Without options there is one variant. Remove this one, or give the product options".to_owned(),
                false => "Another variant has the same values. Remove one of them".to_owned(),
            });
        }
        rows.push(row);
    }
    if !typed.variants.is_empty() && typed.variants.iter().all(TypedVariant::is_gone) {
        let message = "Leave at least one variant. To take the whole product out of the shop, archive or delete it";
        return Err(vec![FieldError { field: String::new(), message: message.to_owned() }]);
    }
    let live = combinations.len();
    if live > MOST_VARIANTS.max(there) {
        wrong.push(FieldError { field: "options".to_owned(), message: too_many(live) });
    }
    for (values, used) in all.iter().zip(used) {
        for (_, value) in values.iter().enumerate().filter(|(index, _)| !used.contains(index)) {
            let message = format!("No variant has {}. Add the missing variants, or remove it", value.now);
            wrong.push(FieldError { field: value.field.clone(), message });
        }
    }
    let names = typed.options.iter().map(|option| option.name.trim().to_owned()).collect();
    if wrong.is_empty() { Ok(Grid { names, values: rows }) } else { Err(wrong) }
}

pub fn too_many(number: usize) -> String {
    format!("A product has at most {MOST_VARIANTS} variants, and this would make {number}")
}
