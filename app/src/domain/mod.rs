//! Value types: parsed once at the edge, trusted afterwards.

#[cfg(feature = "ssr")]
mod email;
#[cfg(feature = "ssr")]
mod fold;
mod money;
#[cfg(feature = "ssr")]
mod one_time_code;
mod page;
#[cfg(feature = "ssr")]
mod password;
#[cfg(feature = "ssr")]
mod quantity;
#[cfg(feature = "ssr")]
pub mod repricing;
mod stock;
#[cfg(feature = "ssr")]
mod username;

#[cfg(feature = "ssr")]
pub use email::{Email, EmailError};
pub use money::{Currency, Money, MoneyError};
#[cfg(feature = "ssr")]
pub use one_time_code::{OneTimeCode, OneTimeCodeError};
pub use page::{PageNumber, PageNumberError};
#[cfg(feature = "ssr")]
pub use password::{Password, PasswordError, PasswordRules};
#[cfg(feature = "ssr")]
pub use quantity::{Quantity, QuantityError};
pub use stock::StockState;
#[cfg(feature = "ssr")]
pub use username::{Username, UsernameError};
