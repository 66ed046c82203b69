//! What the overview needs from the host.

use crate::domain::Money;
use crate::error::AppError;
use async_trait::async_trait;

/// The shop in figures, as far as one member of the staff may know them.
#[async_trait]
pub trait Overview: Send + Sync {
    async fn overview(&self) -> Result<Summary, AppError>;
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// For those who work on the catalogue.
    pub goods: Option<Goods>,
    /// For those who help people.
    pub people: Option<People>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goods {
    pub active: u32,
    pub draft: u32,
    pub archived: u32,
    /// Active products with no piece left, and with no more than `low_stock`.
    pub out: u32,
    pub low: u32,
    pub low_stock: u32,
    /// All pieces, and all that is in carts, each at its price of today.
    pub stock_value: Money,
    pub cart_value: Money,
    pub carts: u32,
    pub most_carted: Vec<Wanted>,
    pub most_wished: Vec<Wanted>,
    /// When it was counted: `09:05:00`.
    pub counted_at: String,
}

/// A product that people have put somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub id: String,
    pub title: String,
    /// Pieces in carts, or lists that it is on.
    pub number: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// The last thirty, today last.
    pub days: Vec<Day>,
    pub mail: Mail,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// `2026-11-25`, and `25 Nov`.
    pub date: String,
    pub label: String,
    pub sign_ups: u32,
    /// Accounts that were seen.
    pub active: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    pub waiting: u32,
    /// Since midnight.
    pub sent: u32,
    /// Letters that the mail server would not take.
    pub given_up: u32,
    /// When the oldest of those that wait was written, in words; `None` when none waits.
    pub oldest: Option<String>,
}
