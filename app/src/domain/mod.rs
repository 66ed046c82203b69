//! Value types: parsed once at the edge, trusted afterwards.

mod money;
mod page;
mod stock;

pub use money::{Currency, Money, MoneyError};
pub use page::{PageNumber, PageNumberError};
pub use stock::StockState;
