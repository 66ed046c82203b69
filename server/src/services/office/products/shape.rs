//! What the form's buttons do to options and variants before anything is saved.

use super::grid::{MOST_OPTIONS, MOST_VARIANTS, Value, indexed, too_many, values, wrong_options};
use app::admin::products::api::{Typed, TypedOption, TypedVariant};
use app::admin::products::host::Press;
use app::error::AppError;
use std::collections::{HashMap, HashSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Button {
    Update,
    /// Gives a product without any its first variant.
    First,
    AddOption,
    DropOption(usize),
    RaiseOption(usize),
    DropValue(usize, usize),
    RaiseValue(usize, usize),
    /// Makes all variants that there could be.
    Missing,
    /// Makes the one that was picked.
    One,
}

impl Button {
    /// As the view names them.
    fn parse(text: &str) -> Self {
        let mut parts = text.split('-');
        let name = parts.next().unwrap_or_default();
        let mut numbers = parts.map_while(|part| part.parse::<usize>().ok());
        match (name, numbers.next(), numbers.next()) {
            ("first", None, _) => Self::First,
            ("option", None, _) => Self::AddOption,
            ("missing", None, _) => Self::Missing,
            ("one", None, _) => Self::One,
            ("drop", Some(option), None) => Self::DropOption(option),
            ("drop", Some(option), Some(value)) => Self::DropValue(option, value),
            ("raise", Some(option), None) => Self::RaiseOption(option),
            ("raise", Some(option), Some(value)) => Self::RaiseValue(option, value),
            _ => Self::Update,
        }
    }

    fn leaves_out(self) -> Option<(usize, Option<usize>)> {
        match self {
            Self::DropOption(option) => Some((option, None)),
            Self::DropValue(option, value) => Some((option, Some(value))),
            _ => None,
        }
    }
}

/// Another form, in which every value is called what it is to be called.
///
/// # Errors
/// `Invalid`: options that the variants couldn't be told apart by, or more than there may be.
pub fn shape(typed: &Typed, press: &Press) -> Result<Typed, AppError> {
    let button = Button::parse(&press.button);
    let wrong = wrong_options(&typed.options, button.leaves_out());
    if !wrong.is_empty() {
        return Err(AppError::Invalid { fields: wrong });
    }
    if button == Button::AddOption && typed.options.len() >= MOST_OPTIONS {
        return Err(AppError::invalid("options", "A product has at most three options"));
    }
    let mut next = typed.clone();
    rename(&mut next, button.leaves_out());
    match button {
        Button::AddOption => {
            if next.variants.is_empty() {
                next.variants.push(TypedVariant::default());
            }
            next.options.push(TypedOption::default());
            next.variants.iter_mut().for_each(|row| row.of.push(String::new()));
        }
        Button::First if next.variants.is_empty() => next.variants.push(TypedVariant::default()),
        Button::DropOption(option) if option < next.options.len() => {
            next.options.remove(option);
            next.variants.iter_mut().for_each(|row| drop(row.of.remove(option)));
            keep_first_of_each(&mut next.variants);
        }
        Button::RaiseOption(option) if (1..next.options.len()).contains(&option) => {
            next.options.swap(option - 1, option);
            next.variants.iter_mut().for_each(|row| row.of.swap(option - 1, option));
        }
        Button::RaiseValue(option, value) => {
            if let Some(option) = next.options.get_mut(option)
                && (1..option.values.len()).contains(&value)
            {
                option.values.swap(value - 1, value);
                option.was.swap(value - 1, value);
            }
        }
        Button::Missing => make_missing(&mut next)?,
        Button::One => make(&mut next, &press.pick)?,
        _ => {}
    }
    // Of a variant that was never saved nothing is left to remove.
    next.variants.retain(|row| !row.is_gone() || !row.id.is_empty());
    in_order(&mut next);
    Ok(next)
}

/// Calls values what they are to be called, in options and variants. A variant whose value is left out goes; one that
/// has no value of an option yet gets the first.
fn rename(typed: &mut Typed, left_out: Option<(usize, Option<usize>)>) {
    let all: Vec<Vec<Value>> = typed.options.iter().enumerate().map(|(at, option)| values(option, at)).collect();
    let indexed: Vec<_> = all.iter().map(|values| indexed(values)).collect();
    let is_left_out = |option: usize, value: usize| left_out == Some((option, Some(value)));
    for row in &mut typed.variants {
        let mut of = Vec::new();
        for (option, values) in all.iter().enumerate() {
            let text = row.of.get(option).map_or("", String::as_str);
            let index = indexed[option].get(text).copied().filter(|index| !is_left_out(option, *index));
            let first = || (0..values.len()).find(|index| !is_left_out(option, *index));
            let index = if text.is_empty() { first() } else { index };
            match index {
                Some(index) => of.push(values[index].now.clone()),
                None => {
                    if !text.is_empty() {
                        row.gone = "on".to_owned();
                    }
                    of.push(text.to_owned());
                }
            }
        }
        row.of = of;
    }
    for (at, (option, values)) in typed.options.iter_mut().zip(all).enumerate() {
        let left = values.into_iter().enumerate().filter(|(value, _)| !is_left_out(at, *value));
        option.values = left.map(|(_, value)| value.now).collect();
        option.was.clone_from(&option.values);
        option.name = option.name.trim().to_owned();
        option.more.clear();
    }
}

/// With an option gone some variants have nothing more to be told apart by.
fn keep_first_of_each(variants: &mut [TypedVariant]) {
    let mut seen = HashSet::new();
    for row in variants.iter_mut().filter(|row| !row.is_gone()) {
        if !seen.insert(row.of.clone()) {
            row.gone = "on".to_owned();
        }
    }
}

/// What somebody has chosen to remove isn't missing.
fn make_missing(typed: &mut Typed) -> Result<(), AppError> {
    if let Some(at) = typed.options.iter().position(|option| option.values.is_empty()) {
        return Err(AppError::invalid(&TypedOption::field(at, "more"), "Write at least one value, such as Small"));
    }
    let possible = typed.options.iter().map(|option| option.values.len()).try_fold(1_usize, usize::checked_mul);
    let possible = possible.unwrap_or(usize::MAX);
    // Not to be counted out before it is refused.
    if possible > MOST_VARIANTS.max(typed.variants.len()) {
        let words = [&too_many(possible), ". Remove values first, or add variants one by one"].concat();
        return Err(AppError::invalid("options", words));
    }
    let mut combinations: Vec<Vec<String>> = vec![Vec::new()];
    for option in &typed.options {
        combinations = combinations
            .iter()
            .flat_map(|head| option.values.iter().map(|value| [head.as_slice(), std::slice::from_ref(value)].concat()))
            .collect();
    }
    let there: HashSet<Vec<String>> =
        typed.variants.iter().filter(|row| !row.id.is_empty() || !row.is_gone()).map(|row| row.of.clone()).collect();
    let price = first_price(&typed.variants);
    let missing = combinations.into_iter().filter(|of| !there.contains(of));
    typed.variants.extend(missing.map(|of| TypedVariant { of, price: price.clone(), ..TypedVariant::default() }));
    Ok(())
}

fn make(typed: &mut Typed, pick: &[String]) -> Result<(), AppError> {
    let named = typed.options.iter().zip(pick).all(|(option, value)| option.values.contains(value));
    if typed.options.is_empty() || pick.len() != typed.options.len() || !named {
        return Err(AppError::invalid("pick", "Choose a value of each option"));
    }
    if typed.variants.iter().any(|row| !row.is_gone() && row.of == pick) {
        return Err(AppError::invalid("pick", "This variant is there already"));
    }
    let live = typed.variants.iter().filter(|row| !row.is_gone()).count();
    if live >= MOST_VARIANTS {
        return Err(AppError::invalid("pick", too_many(live + 1)));
    }
    // Whoever adds what was to be removed wants to keep it.
    match typed.variants.iter_mut().find(|row| row.of == pick && !row.id.is_empty()) {
        Some(row) => row.gone.clear(),
        None => {
            let price = first_price(&typed.variants);
            typed.variants.push(TypedVariant { of: pick.to_vec(), price, ..TypedVariant::default() });
        }
    }
    Ok(())
}

fn first_price(variants: &[TypedVariant]) -> String {
    let first = variants.iter().find(|row| !row.is_gone()).or(variants.first());
    first.map(|row| row.price.clone()).unwrap_or_default()
}

/// Variants in the order of their values; what has none any more comes last.
fn in_order(typed: &mut Typed) {
    let places: Vec<HashMap<&str, usize>> = typed
        .options
        .iter()
        .map(|option| option.values.iter().enumerate().map(|(at, value)| (value.as_str(), at)).collect())
        .collect();
    typed.variants.sort_by_cached_key(|row| {
        let place = |(places, value): (&HashMap<&str, usize>, &String)| places.get(value.as_str()).copied();
        places.iter().zip(&row.of).map(|pair| place(pair).unwrap_or(usize::MAX)).collect::<Vec<_>>()
    });
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn option(name: &str, values: &[&str]) -> TypedOption {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        TypedOption { name: name.to_owned(), was: values.clone(), values, more: String::new() }
    }

    fn variant(id: &str, of: &[&str]) -> TypedVariant {
        let of = of.iter().map(|value| (*value).to_owned()).collect();
        TypedVariant { id: id.to_owned(), of, price: "20".to_owned(), ..TypedVariant::default() }
    }

    fn pressed(typed: &Typed, button: &str) -> Typed {
        shape(typed, &Press { button: button.to_owned(), pick: Vec::new() }).unwrap()
    }

    /// Ids and values, a removed one's in brackets.
    fn rows(typed: &Typed) -> Vec<String> {
        let row = |row: &TypedVariant| format!("{}:{}", row.id, row.of.join("/"));
        typed.variants.iter().map(|one| if one.is_gone() { format!("({})", row(one)) } else { row(one) }).collect()
    }

    fn shirt() -> Typed {
        Typed {
            options: vec![option("Size", &["S", "M"]), option("Colour", &["Red", "Blue"])],
            variants: vec![variant("1", &["S", "Red"]), variant("2", &["M", "Red"]), variant("3", &["M", "Blue"])],
            ..Typed::default()
        }
    }

    #[test]
    fn a_plain_product_gets_options_and_loses_them_again() {
        let plain = Typed { variants: vec![variant("1", &[])], ..Typed::default() };
        let mut asked = pressed(&plain, "option");
        assert_eq!((asked.options.len(), rows(&asked)), (1, vec!["1:".to_owned()]));
        asked.options[0].name = "Size".to_owned();
        asked.options[0].more = "S, M,L".to_owned();
        let made = pressed(&asked, "missing");
        assert_eq!(rows(&made), ["1:S", ":M", ":L"]);
        assert!(made.variants.iter().all(|row| row.price == "20") && made.options[0].more.is_empty());
        let back = pressed(&made, "drop-0");
        assert_eq!(
            (back.options.len(), rows(&back)),
            (0, vec!["1:".to_owned()]),
            "what was never saved is gone at once"
        );
    }

    #[test]
    fn what_is_renamed_and_put_elsewhere_keeps_its_ids() {
        let mut shirt = shirt();
        shirt.options[0].values = vec!["M".to_owned(), "Large".to_owned()];
        assert_eq!(rows(&pressed(&shirt, "update")), ["1:M/Red", "2:Large/Red", "3:Large/Blue"], "names are exchanged");
        assert_eq!(rows(&pressed(&shirt, "raise-1")), ["1:Red/M", "2:Red/Large", "3:Blue/Large"]);
        assert_eq!(rows(&pressed(&shirt, "raise-0-1")), ["2:Large/Red", "3:Large/Blue", "1:M/Red"]);
    }

    #[test]
    fn variants_go_with_their_value_and_with_what_told_them_apart() {
        assert_eq!(rows(&pressed(&shirt(), "drop-0-1")), ["1:S/Red", "(2:M/Red)", "(3:M/Blue)"]);
        assert_eq!(rows(&pressed(&shirt(), "drop-1")), ["1:S", "2:M", "(3:M)"]);
        assert_eq!(rows(&pressed(&shirt(), "missing")), ["1:S/Red", ":S/Blue", "2:M/Red", "3:M/Blue"]);
        let pick = Press { button: "one".to_owned(), pick: vec!["S".to_owned(), "Blue".to_owned()] };
        assert_eq!(rows(&shape(&shirt(), &pick).unwrap())[1], ":S/Blue");
        assert!(shape(&shape(&shirt(), &pick).unwrap(), &pick).is_err(), "twice");
    }

    #[test]
    fn buttons_that_mean_nothing_do_nothing() {
        for button in ["", "drop-7", "drop-0-9", "raise-0", "raise-0-0", "raise-9-9", "drop-x", "drop--1"] {
            assert_eq!(rows(&pressed(&shirt(), button)), rows(&shirt()), "{button}");
        }
        let many: Vec<String> = (0..301).map(|number| number.to_string()).collect();
        let mut much = shirt();
        much.options[0].more = many.join(",");
        assert!(shape(&much, &Press { button: "missing".to_owned(), pick: Vec::new() }).is_err());
        let mut twice = shirt();
        twice.options[0].more = "s".to_owned();
        assert!(shape(&twice, &Press::default()).is_err());
    }
}
