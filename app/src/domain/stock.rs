use serde::{Deserialize, Serialize};

/// What a shopper is told about stock. The exact number is told only when it is small enough to matter to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StockState {
    In,
    Low(u8),
    Out,
}

impl StockState {
    /// From this many pieces on, the number is nobody's business.
    const PLENTY: i32 = 6;

    pub fn of(on_hand: i32) -> Self {
        match on_hand {
            ..=0 => Self::Out,
            n if n < Self::PLENTY => Self::Low(u8::try_from(n).unwrap_or(u8::MAX)),
            _ => Self::In,
        }
    }

    pub fn words(self) -> String {
        match self {
            Self::In => "In stock".to_owned(),
            Self::Low(n) => format!("Only {n} left"),
            Self::Out => "Out of stock".to_owned(),
        }
    }

    pub fn is_out(self) -> bool {
        self == Self::Out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_number_only_when_it_is_small() {
        assert_eq!(StockState::of(-1).words(), "Out of stock");
        assert_eq!(StockState::of(0).words(), "Out of stock");
        assert_eq!(StockState::of(1).words(), "Only 1 left");
        assert_eq!(StockState::of(5).words(), "Only 5 left");
        assert_eq!(StockState::of(6).words(), "In stock");
    }
}
