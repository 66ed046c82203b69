use std::fmt;

/// A number of pieces that was asked for: at least 1. How many there are to have is the database's to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity(u32);

/// Why a text is no such number. The sentences end up beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    Empty,
    TooSmall,
    NotANumber,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Enter how many you’d like",
            Self::TooSmall => "Enter 1 or more",
            Self::NotANumber => "Enter a whole number, such as 2",
        })
    }
}

impl std::error::Error for QuantityError {}

impl Quantity {
    pub const ONE: Self = Self(1);
    /// Pieces of one variant in a cart; also a check in the schema.
    pub const MOST: u32 = 99;
    /// Nobody has more; larger numbers are this one, so that sums of a few don't overflow.
    const ENOUGH: u32 = 1_000_000;

    pub fn get(self) -> u32 {
        self.0
    }

    /// Reads digits, full-width ones too, with space around them. More than anybody has is as many as anybody has.
    ///
    /// # Errors
    /// For zero, for negative numbers, and for whatever isn't a whole number in digits.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(QuantityError::Empty);
        }
        let (negative, digits) = match text.strip_prefix(['-', '−', '－']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut number: u32 = 0;
        for c in digits.chars() {
            let digit = digit(c).ok_or(QuantityError::NotANumber)?;
            number = number.saturating_mul(10).saturating_add(digit).min(Self::ENOUGH);
        }
        if digits.is_empty() {
            Err(QuantityError::NotANumber)
        } else if negative || number == 0 {
            Err(QuantityError::TooSmall)
        } else {
            Ok(Self(number))
        }
    }
}

fn digit(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(c as u32 - '０' as u32),
        c => c.to_digit(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_and_machines_type_is_a_number_or_a_clear_error() {
        use QuantityError::{Empty, NotANumber, TooSmall};
        for (text, expected) in [
            ("1", Ok(1)),
            (" 1 ", Ok(1)),
            ("１", Ok(1)),
            ("１２", Ok(12)),
            ("007", Ok(7)),
            ("2147483648", Ok(1_000_000)),
            ("9223372036854775808", Ok(1_000_000)),
            ("0", Err(TooSmall)),
            ("-1", Err(TooSmall)),
            ("−1", Err(TooSmall)),
            ("", Err(Empty)),
            ("  ", Err(Empty)),
            ("1e9", Err(NotANumber)),
            ("1.5", Err(NotANumber)),
            ("+1", Err(NotANumber)),
            ("-", Err(NotANumber)),
            ("two", Err(NotANumber)),
            ("٣", Err(NotANumber)),
        ] {
            assert_eq!(Quantity::parse(text).map(Quantity::get), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_overflows(text in "\\PC{0,40}") {
            if let Ok(quantity) = Quantity::parse(&text) {
                prop_assert!((1..=Quantity::ENOUGH).contains(&quantity.get()));
            }
        }

        #[test]
        fn a_number_is_itself(number in 1u32..=1_000_000) {
            prop_assert_eq!(Quantity::parse(&number.to_string()).map(Quantity::get), Ok(number));
        }
    }
}
