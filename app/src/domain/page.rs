use std::fmt;

/// A page of a listing, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageNumber(u32);

/// The text is not a page number that any listing could have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNumberError;

impl fmt::Display for PageNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("There is no such page")
    }
}

impl PageNumber {
    pub const FIRST: Self = Self(1);

    /// # Errors
    /// For 0 and for numbers above 2³²−1.
    pub fn new(number: u64) -> Result<Self, PageNumberError> {
        u32::try_from(number).ok().filter(|n| *n > 0).map(Self).ok_or(PageNumberError)
    }

    /// # Errors
    /// For anything but ASCII digits, and as [`PageNumber::new`].
    pub fn parse(text: &str) -> Result<Self, PageNumberError> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PageNumberError);
        }
        Self::new(text.parse().map_err(|_| PageNumberError)?)
    }

    pub fn get(self) -> u32 {
        self.0
    }

    /// How many items come before this page.
    pub fn offset(self, per_page: u32) -> u64 {
        u64::from(self.0 - 1) * u64::from(per_page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_that_a_listing_could_have() {
        assert_eq!(PageNumber::parse("1"), Ok(PageNumber::FIRST));
        assert_eq!(PageNumber::parse("4294967295").map(|p| p.offset(24)), Ok(4_294_967_294 * 24));
        for text in ["", "0", "-1", "+1", " 1", "１", "1e9", "4294967296", "99999999999999999999999"] {
            assert_eq!(PageNumber::parse(text), Err(PageNumberError), "{text}");
        }
    }
}
