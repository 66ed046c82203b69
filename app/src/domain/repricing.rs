//! Prices raised and lowered by a share or an amount, and rounded to how a shop's prices look. Whole numbers throughout.

use super::{Currency, Money};
use std::fmt;

/// Hundredths of a percent in the whole.
const WHOLE: i128 = 10_000;
/// The most that a price is raised by, in hundredths of a percent: tenfold is a slip of the hand.
const MOST: u32 = 100_000;

/// What is done to a price, before rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Hundredths of a percent.
    Percent(u32),
    Amount(Money),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Raise,
    Lower,
}

/// The prices that are allowed: those that leave `rest` when divided by `step`, both in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    step: i64,
    rest: i64,
}

/// Why a price stays what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpriced {
    BelowZero,
    TooLarge,
    /// Rounding would raise a price that was to fall, or the other way round.
    WrongWay(Way),
}

impl fmt::Display for Unpriced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BelowZero => "the price would fall below zero",
            Self::TooLarge => "the price would be larger than prices can be",
            Self::WrongWay(Way::Lower) => "rounding would raise the price",
            Self::WrongWay(Way::Raise) => "rounding would lower the price",
        })
    }
}

impl Rounding {
    pub const EXACT: Self = Self { step: 1, rest: 0 };

    /// The roundings that make sense in a currency: the key that forms send, what people call it, and the rounding.
    pub fn all(currency: &Currency) -> Vec<(&'static str, String, Self)> {
        let unit = 10_i64.pow(u32::from(currency.exponent));
        let mut all = vec![("exact", "No rounding".to_owned(), Self::EXACT)];
        let amount = |minor: i64| Money::from_minor(minor).map(|money| currency.plain(money)).unwrap_or_default();
        let nearest = |minor: i64| ["To the nearest ", &amount(minor)].concat();
        let step = |step: i64| Self { step, rest: 0 };
        // A currency without decimals, or with one, has no endings such as .99.
        if unit < 100 {
            for (key, minor) in [("five", 5), ("ten", 10), ("hundred", 100)] {
                all.push((key, nearest(minor * unit), step(minor * unit)));
            }
            return all;
        }
        let cent = unit / 100;
        let whole = amount(0);
        let zeros = whole.get(1..).unwrap_or_default();
        all.push(("whole", ["To whole amounts, ending in ", zeros].concat(), step(unit)));
        for (key, cents) in [("99", 99), ("95", 95), ("90", 90)] {
            let rest = cents * cent;
            let ending = amount(rest);
            let label = ["To the nearest ending in ", ending.get(1..).unwrap_or_default()].concat();
            all.push((key, label, Self { step: unit, rest }));
        }
        for (key, cents) in [("five", 5), ("ten", 10), ("fifty", 50)] {
            all.push((key, nearest(cents * cent), step(cents * cent)));
        }
        all
    }

    pub fn of(key: &str, currency: &Currency) -> Option<Self> {
        Self::all(currency).into_iter().find(|(name, _, _)| *name == key).map(|(_, _, rounding)| rounding)
    }

    /// The allowed price nearest to `share / WHOLE` minor units, of two equally near ones the higher. What is free stays
    /// free.
    fn nearest(self, share: i128) -> i128 {
        if share == 0 {
            return 0;
        }
        let (step, rest) = (i128::from(self.step), i128::from(self.rest));
        let times = (2 * (share - rest * WHOLE) + step * WHOLE).div_euclid(2 * step * WHOLE);
        rest + step * times.max(0)
    }
}

/// A price after the change. Rounding is done once, on the exact amount.
///
/// # Errors
/// When there is no such price, or rounding would turn the change round.
pub fn reprice(price: Money, way: Way, by: By, rounding: Rounding) -> Result<Money, Unpriced> {
    let now = i128::from(price.minor());
    let change = match by {
        By::Percent(hundredths) => now * i128::from(hundredths),
        By::Amount(amount) => i128::from(amount.minor()) * WHOLE,
    };
    let share = match way {
        Way::Raise => now * WHOLE + change,
        Way::Lower => now * WHOLE - change,
    };
    if share < 0 {
        return Err(Unpriced::BelowZero);
    }
    let rounded = rounding.nearest(share);
    let then = i64::try_from(rounded).ok().and_then(Money::from_minor).ok_or(Unpriced::TooLarge)?;
    let wrong_way = match way {
        Way::Raise => then < price,
        Way::Lower => then > price,
    };
    if wrong_way { Err(Unpriced::WrongWay(way)) } else { Ok(then) }
}

/// Reads `12`, `12.5` or `12.25 %` as hundredths of a percent.
///
/// # Errors
/// In words, what is wrong with it.
pub fn parse_percent(text: &str, way: Way) -> Result<u32, &'static str> {
    const SHAPE: &str = "Write a percentage in digits, such as 10 or 12.5";
    let text = text.trim();
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    if text.is_empty() {
        return Err("Enter by how much");
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || (text.contains('.') && fraction.is_empty()) {
        return Err(SHAPE);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 2 {
        return Err("A percentage has at most two decimals");
    }
    let hundredths = [whole, fraction, &"00"[fraction.len()..]].concat().parse::<u32>().unwrap_or(u32::MAX);
    match (hundredths, way) {
        (0, _) => Err("Enter more than nothing"),
        (10_001.., Way::Lower) => Err("A price can’t be lowered by more than 100 percent"),
        (more, Way::Raise) if more > MOST => Err("That is more than ten times the price: check it"),
        (hundredths, _) => Ok(hundredths),
    }
}

/// `12.5 %`.
pub fn percent(hundredths: u32) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    let fraction = format!("{rest:02}");
    match fraction.trim_end_matches('0') {
        "" => format!("{whole} %"),
        fraction => format!("{whole}.{fraction} %"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur() -> Currency {
        Currency::from_code("EUR").unwrap()
    }

    fn after(price: i64, way: Way, by: By, rounding: &str) -> Result<i64, Unpriced> {
        let rounding = Rounding::of(rounding, &eur()).unwrap();
        reprice(Money::from_minor(price).unwrap(), way, by, rounding).map(Money::minor)
    }

    #[test]
    fn prices_are_changed_and_rounded_half_up() {
        let amount = |minor| By::Amount(Money::from_minor(minor).unwrap());
        for (price, way, by, rounding, expected) in [
            (2400, Way::Lower, By::Percent(1000), "exact", 2160),
            (2495, Way::Lower, By::Percent(1000), "exact", 2246),
            (2400, Way::Raise, By::Percent(1250), "exact", 2700),
            (1, Way::Lower, By::Percent(5000), "exact", 1),
            (2400, Way::Lower, amount(150), "exact", 2250),
            (2400, Way::Lower, By::Percent(1000), "99", 2199),
            (2400, Way::Lower, By::Percent(1500), "99", 1999),
            (2400, Way::Lower, By::Percent(1000), "95", 2195),
            (2400, Way::Lower, By::Percent(1000), "90", 2190),
            (2450, Way::Raise, By::Percent(1), "whole", 2500),
            (2449, Way::Raise, By::Percent(1), "five", 2450),
            (2447, Way::Raise, amount(1), "fifty", 2450),
            (2400, Way::Lower, By::Percent(10_000), "99", 0),
            (100, Way::Lower, By::Percent(9_900), "99", 99),
        ] {
            assert_eq!(after(price, way, by, rounding), Ok(expected), "{price} {way:?} {by:?} {rounding}");
        }
        // Rounded once: 24.498 is nearer to 24.00; rounded to cents before, it would have become 25.00.
        assert_eq!(after(2722, Way::Lower, By::Percent(1000), "whole"), Ok(2400));
    }

    #[test]
    fn what_is_no_price_is_refused() {
        let amount = |minor| By::Amount(Money::from_minor(minor).unwrap());
        assert_eq!(after(100, Way::Lower, amount(101), "exact"), Err(Unpriced::BelowZero));
        assert_eq!(after(100, Way::Lower, amount(100), "exact"), Ok(0));
        let most = Money::MAX.minor();
        assert_eq!(after(most, Way::Raise, amount(1), "exact"), Err(Unpriced::TooLarge));
        assert_eq!(after(most, Way::Raise, By::Percent(u32::MAX), "99"), Err(Unpriced::TooLarge));
        assert_eq!(after(30, Way::Lower, By::Percent(1000), "99"), Err(Unpriced::WrongWay(Way::Lower)));
        assert_eq!(after(2020, Way::Raise, amount(1), "99"), Err(Unpriced::WrongWay(Way::Raise)));
    }

    #[test]
    fn percentages_are_read_one_way_only() {
        for (text, expected) in [("10", 1000), ("12.5", 1250), ("12.25 %", 1225), ("0.01", 1), ("100", 10_000)] {
            assert_eq!(parse_percent(text, Way::Lower), Ok(expected), "{text}");
        }
        for text in ["", "-1", "1,5", ".5", "5.", "1.001", "0", "100.01", "1e2", "１", "99999999999", "%"] {
            assert!(parse_percent(text, Way::Lower).is_err(), "{text}");
        }
        assert_eq!(parse_percent("1000", Way::Raise), Ok(100_000));
        assert!(parse_percent("1000.01", Way::Raise).is_err());
        assert_eq!([percent(1250), percent(1000), percent(1)], ["12.5 %", "10 %", "0.01 %"]);
    }

    #[test]
    fn roundings_fit_their_currency() {
        let labels = |code: &str| -> Vec<String> {
            let currency = Currency::from_code(code).unwrap();
            Rounding::all(&currency).into_iter().map(|(_, label, _)| label).collect()
        };
        assert_eq!(labels("JPY"), ["No rounding", "To the nearest 5", "To the nearest 10", "To the nearest 100"]);
        assert_eq!(labels("EUR")[1..3], ["To whole amounts, ending in .00", "To the nearest ending in .99"]);
        assert_eq!(labels("EUR")[5], "To the nearest 0.05");
        assert_eq!(labels("KWD")[2], "To the nearest ending in .990");
    }

    proptest! {
        #[test]
        fn a_price_stays_a_price_and_goes_no_other_way(
            minor in 0..=Money::MAX.minor(),
            lowers in any::<bool>(),
            hundredths in 0..=u32::MAX,
            amount in 0..=Money::MAX.minor(),
            by_percent in any::<bool>(),
            at in 0..8_usize,
            code in "EUR|JPY|KWD",
        ) {
            let currency = Currency::from_code(&code).unwrap();
            let all = Rounding::all(&currency);
            let (_, _, rounding) = all[at % all.len()];
            let price = Money::from_minor(minor).unwrap();
            let by = if by_percent { By::Percent(hundredths) } else { By::Amount(Money::from_minor(amount).unwrap()) };
            let way = if lowers { Way::Lower } else { Way::Raise };
            if let Ok(then) = reprice(price, way, by, rounding) {
                prop_assert!(Money::from_minor(then.minor()).is_some());
                let goes_no_other_way = if lowers { then <= price } else { then >= price };
                prop_assert!(goes_no_other_way);
                prop_assert!(then == Money::ZERO || then.minor() % rounding.step == rounding.rest % rounding.step);
            }
        }

        #[test]
        fn a_percentage_never_panics(text in ".*") {
            let _ = parse_percent(&text, Way::Raise);
        }
    }
}
