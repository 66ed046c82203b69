use std::fmt;

/// Six digits that a mail carries and its reader types.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

/// What was typed isn't six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneTimeCodeError;

impl OneTimeCode {
    /// How many there are.
    pub const COUNT: u32 = 1_000_000;

    /// The `number`th, below [`COUNT`](Self::COUNT).
    pub fn nth(number: u32) -> Self {
        Self(format!("{:06}", number % Self::COUNT))
    }

    /// Spaces and hyphens don't count, and digits may be those of another keyboard.
    ///
    /// # Errors
    /// For anything but six digits.
    pub fn parse(typed: &str) -> Result<Self, OneTimeCodeError> {
        let mut digits = String::with_capacity(6);
        for c in typed.chars() {
            match c {
                c if c.is_whitespace() => {}
                '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200f}' => {}
                c => match digit(c) {
                    Some(digit) if digits.len() < 6 => digits.push(digit),
                    _ => return Err(OneTimeCodeError),
                },
            }
        }
        if digits.len() == 6 { Ok(Self(digits)) } else { Err(OneTimeCodeError) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// ASCII's digits, and those of full-width, Arabic and Devanagari keyboards.
fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{ff10}'..='\u{ff19}' => c as u32 - 0xff10,
        '\u{660}'..='\u{669}' => c as u32 - 0x660,
        '\u{6f0}'..='\u{6f9}' => c as u32 - 0x6f0,
        '\u{966}'..='\u{96f}' => c as u32 - 0x966,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// A code is as good as a password while it lives.
impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

impl fmt::Display for OneTimeCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Enter the six digits from the mail")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        for typed in ["123456", " 123 456 ", "123-456", "12 34 56\n", "１２３４５６", "١٢٣٤٥٦", "123\u{2011}456"]
        {
            assert_eq!(OneTimeCode::parse(typed).map(|code| code.0), Ok("123456".to_owned()), "{typed:?}");
        }
        for typed in ["", "12345", "1234567", "12345a", "1e5000", "+12345", "123.456", "²²²²²²"] {
            assert_eq!(OneTimeCode::parse(typed), Err(OneTimeCodeError), "{typed:?}");
        }
        assert_eq!(OneTimeCode::nth(42).as_str(), "000042");
        assert_eq!(format!("{:?}", OneTimeCode::nth(42)), "OneTimeCode(…)");
    }

    proptest! {
        #[test]
        fn every_code_is_read_back(number in 0..OneTimeCode::COUNT) {
            let code = OneTimeCode::nth(number);
            prop_assert_eq!(code.as_str().parse::<u32>(), Ok(number));
            prop_assert_eq!(OneTimeCode::parse(code.as_str()), Ok(code));
        }

        #[test]
        fn anything_else_is_refused_without_a_panic(text in "\\PC{0,12}") {
            if let Ok(code) = OneTimeCode::parse(&text) {
                prop_assert_eq!(code.as_str().len(), 6);
            }
        }
    }
}
