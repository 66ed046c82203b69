use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in minor units (cents) of the shop's one currency.
///
/// Arithmetic is checked: a total that does not fit is an error of the caller's, never a wrapped number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Why a text is not an amount. The sentences are for people and end up beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    Empty,
    Negative,
    /// `1,234.50` and `1.234,50` mean different numbers in different places, so neither is guessed.
    Separator,
    TooPrecise {
        digits: u8,
    },
    TooLarge,
    NotANumber,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Enter an amount"),
            Self::Negative => f.write_str("An amount can’t be negative"),
            Self::Separator => f.write_str("Write the amount without thousands separators, such as 1234.50"),
            Self::TooPrecise { digits: 0 } => f.write_str("Write the amount without decimals"),
            Self::TooPrecise { digits } => {
                write!(f, "An amount has at most {digits} decimals")
            }
            Self::TooLarge => f.write_str("That amount is too large"),
            Self::NotANumber => f.write_str("Write an amount in digits, such as 12.50"),
        }
    }
}

impl std::error::Error for MoneyError {}

impl Money {
    pub const ZERO: Self = Self(0);
    /// The dearest thing that the shop sells: 10¹² minor units, also a check in the schema. A cart of 300 lines of
    /// 99 pieces at this price still fits an `i64`.
    pub const MAX: Self = Self(1_000_000_000_000);

    /// Minor units; `None` when negative or above [`Money::MAX`].
    pub fn from_minor(minor: i64) -> Option<Self> {
        (0..=Self::MAX.0).contains(&minor).then_some(Self(minor))
    }

    /// What many things come to, which may be more than any of them may cost; `None` when negative.
    pub fn total(minor: i64) -> Option<Self> {
        (minor >= 0).then_some(Self(minor))
    }

    /// Minor units.
    pub fn minor(self) -> i64 {
        self.0
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// `None` when `other` is more.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).filter(|rest| *rest >= 0).map(Self)
    }

    pub fn checked_mul(self, quantity: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(quantity)).map(Self)
    }

    /// Reads a plain decimal such as `24`, `24.5` or `24.00`, as people type it into a price field and as shops'
    /// CSV files have it.
    ///
    /// # Errors
    /// Any text that could be read two ways, is negative, has more decimals than the currency, or exceeds
    /// [`Money::MAX`].
    pub fn parse(text: &str, currency: &Currency) -> Result<Self, MoneyError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(MoneyError::Empty);
        }
        if let Some(rest) = text.strip_prefix(['-', '−']) {
            let numeric = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            return Err(if numeric { MoneyError::Negative } else { MoneyError::NotANumber });
        }
        if text.contains([',', '\u{a0}', '\u{202f}', '\'', '’'])
            && text.chars().all(|c| c.is_ascii_digit() || ",.\u{a0}\u{202f}'’".contains(c))
        {
            return Err(MoneyError::Separator);
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || (text.contains('.') && fraction.is_empty()) {
            return Err(MoneyError::NotANumber);
        }
        let exponent = usize::from(currency.exponent);
        // `24.000` is the same amount as `24.00`, and spreadsheets write it.
        let fraction = if fraction.len() > exponent { fraction.trim_end_matches('0') } else { fraction };
        if fraction.len() > exponent {
            return Err(MoneyError::TooPrecise { digits: currency.exponent });
        }
        let mut minor: i64 = 0;
        let padding = std::iter::repeat_n(b'0', exponent - fraction.len());
        for digit in whole.bytes().chain(fraction.bytes()).chain(padding) {
            minor = minor
                .checked_mul(10)
                .and_then(|m| m.checked_add(i64::from(digit - b'0')))
                .ok_or(MoneyError::TooLarge)?;
        }
        Self::from_minor(minor).ok_or(MoneyError::TooLarge)
    }
}

/// The shop's currency: one, set by configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Currency {
    /// ISO 4217, such as `EUR`.
    pub code: String,
    pub symbol: String,
    /// Decimals of the minor unit, from ISO 4217: 2 for the euro, 0 for the yen.
    pub exponent: u8,
}

impl Currency {
    /// The currency of an ISO 4217 code; `None` for a code that is not three ASCII letters.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.trim().to_ascii_uppercase();
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            return None;
        }
        let symbol = match code.as_str() {
            "EUR" => "€",
            "GBP" => "£",
            "USD" => "$",
            "JPY" => "¥",
            "INR" => "₹",
            other => return Some(Self { symbol: format!("{other}\u{a0}"), exponent: exponent_of(other), code }),
        };
        Some(Self { symbol: symbol.to_owned(), exponent: exponent_of(&code), code })
    }

    /// `€1,234.50`: the symbol in front, thousands grouped, always all decimals.
    pub fn format(&self, money: Money) -> String {
        let (whole, fraction) = self.split(money);
        let mut out = String::with_capacity(self.symbol.len() + 24);
        out.push_str(&self.symbol);
        for (at, digit) in whole.bytes().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(char::from(digit));
        }
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(&fraction);
        }
        out
    }

    /// `1234.50`: for form fields, JSON-LD and CSV; [`Money::parse`] reads it back.
    pub fn plain(&self, money: Money) -> String {
        let (whole, fraction) = self.split(money);
        if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
    }

    fn split(&self, money: Money) -> (String, String) {
        let exponent = usize::from(self.exponent);
        let mut whole = format!("{:0>width$}", money.minor(), width = exponent + 1);
        let fraction = whole.split_off(whole.len() - exponent);
        (whole, fraction)
    }
}

/// ISO 4217's exceptions from two decimals.
fn exponent_of(code: &str) -> u8 {
    match code {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
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

    #[test]
    fn reads_what_people_type() {
        for (text, minor) in
            [("24", 2400), ("24.5", 2450), (" 24.00 ", 2400), ("0", 0), ("007", 700), ("24.000", 2400), ("0.01", 1)]
        {
            assert_eq!(Money::parse(text, &eur()), Ok(Money(minor)), "{text}");
        }
        assert_eq!(Money::parse("1200", &Currency::from_code("JPY").unwrap()), Ok(Money(1200)));
        assert_eq!(Money::parse("1.234", &Currency::from_code("KWD").unwrap()), Ok(Money(1234)));
    }

    #[test]
    fn refuses_what_could_mean_two_things() {
        use MoneyError::*;
        for (text, error) in [
            ("", Empty),
            ("-1", Negative),
            ("−1.50", Negative),
            ("1,234.50", Separator),
            ("1.234,50", Separator),
            ("12,50", Separator),
            ("1 234", NotANumber),
            ("1.005", TooPrecise { digits: 2 }),
            ("1e9", NotANumber),
            ("１", NotANumber),
            (".5", NotANumber),
            ("5.", NotANumber),
            ("0x10", NotANumber),
            ("NaN", NotANumber),
            ("9223372036854775808", TooLarge),
            ("10000000000.01", TooLarge),
        ] {
            assert_eq!(Money::parse(text, &eur()), Err(error), "{text}");
        }
    }

    #[test]
    fn is_shown_in_the_shop_s_format() {
        assert_eq!(eur().format(Money(123_456_700)), "€1,234,567.00");
        assert_eq!(eur().format(Money(5)), "€0.05");
        assert_eq!(eur().format(Money(99_999)), "€999.99");
        assert_eq!(Currency::from_code("jpy").unwrap().format(Money(1200)), "¥1,200");
        assert_eq!(Currency::from_code("CHF").unwrap().format(Money(1200)), "CHF\u{a0}12.00");
        assert_eq!(Currency::from_code("€"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(minor in 0..=Money::MAX.0, code in "EUR|JPY|KWD") {
            let currency = Currency::from_code(&code).unwrap();
            let money = Money::from_minor(minor).unwrap();
            prop_assert_eq!(Money::parse(&currency.plain(money), &currency), Ok(money));
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = Money::parse(&text, &eur());
        }
    }
}
