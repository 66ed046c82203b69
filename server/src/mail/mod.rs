//! Mail: written with the act that causes it, sent by a worker.

mod compose;
mod mailbox;
mod mailer;
mod outbox;
mod settings;
mod words;
mod worker;

pub use compose::{Composer, Mail, Unsendable};
pub use mailbox::{Kept, Mailbox};
pub use mailer::{Fault, Mailer, SEND_LIMIT, Smtp, is_in_the_clear, parse_from};
pub use outbox::enqueue;
pub use settings::{Post, Settings, Unusable};
pub use worker::{Pace, Worker};

use serde::{Deserialize, Serialize};

/// Every kind of mail that the shop sends, with what its text needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Letter {
    /// The code that finishes a sign-up.
    SignUpCode {
        code: String,
    },
    /// Somebody tried to sign up with an address that has an account.
    AlreadySignedUp,
    /// The code that allows a new password.
    ResetCode {
        code: String,
    },
    /// The code that shows that a new address is its owner's; goes to the new address.
    NewEmailCode {
        code: String,
    },
    /// To the old address, when a new one has been asked for: says what to do if it wasn't you.
    EmailChangeRequested {
        new_email: String,
    },
    /// To the old address, once the new one counts.
    EmailChanged {
        new_email: String,
    },
    PasswordChanged,
    /// The account's codes have been stopped; `path` is the link that allows them again.
    CodesStopped {
        path: String,
    },
    AccountDeleted,
    /// An account was made for the reader; `path` is the link that sets its password.
    Invitation {
        path: String,
    },
    /// The staff has started a reset; `path` is the link that sets a new password.
    ResetLink {
        path: String,
    },
    /// The staff has entered a new address; goes there, with the link that confirms it.
    NewEmailLink {
        path: String,
    },
    /// To the old address, when the staff has entered a new one.
    EmailChangeByStaff {
        new_email: String,
    },
    /// The account was deleted by the staff.
    AccountRemoved,
    /// Prices of things on a wishlist have fallen.
    PriceFell {
        items: Vec<Wished>,
        /// The token that ends this kind of mail.
        unsubscribe: String,
    },
    /// There are pieces again of things on a wishlist.
    BackInStock {
        items: Vec<Wished>,
        unsubscribe: String,
    },
}

/// A thing on a wishlist, as a letter tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wished {
    pub name: String,
    /// Of its page.
    pub path: String,
    /// In the shop's format.
    pub price: String,
    /// A higher price before.
    pub was: Option<String>,
}

impl Letter {
    /// For the outbox's `kind` and for metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SignUpCode { .. } => "sign_up_code",
            Self::AlreadySignedUp => "already_signed_up",
            Self::ResetCode { .. } => "reset_code",
            Self::NewEmailCode { .. } => "new_email_code",
            Self::EmailChangeRequested { .. } => "email_change_requested",
            Self::EmailChanged { .. } => "email_changed",
            Self::PasswordChanged => "password_changed",
            Self::CodesStopped { .. } => "codes_stopped",
            Self::AccountDeleted => "account_deleted",
            Self::Invitation { .. } => "invitation",
            Self::ResetLink { .. } => "reset_link",
            Self::NewEmailLink { .. } => "new_email_link",
            Self::EmailChangeByStaff { .. } => "email_change_by_staff",
            Self::AccountRemoved => "account_removed",
            Self::PriceFell { .. } => "price_fell",
            Self::BackInStock { .. } => "back_in_stock",
        }
    }
}
