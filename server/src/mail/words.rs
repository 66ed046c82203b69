//! What each letter says. Its text and its HTML part are made of the same words, so that neither can lag behind.

use super::compose::one_line;
use super::{Letter, Wished};

pub struct Words {
    pub subject: String,
    pub heading: &'static str,
    /// Why the letter came.
    pub opening: Vec<String>,
    pub code: Option<Code>,
    /// An absolute URL.
    pub link: Option<String>,
    pub items: Vec<Item>,
    /// What to do, above all if it wasn't the reader.
    pub closing: Vec<String>,
    pub unsubscribe: Option<Unsubscribe>,
}

/// A thing that the letter tells of.
pub struct Item {
    pub name: String,
    pub price: String,
    pub url: String,
}

/// How such mail is ended.
pub struct Unsubscribe {
    /// A page that asks.
    pub page: String,
    /// For mail programs, which ask themselves and post there.
    pub one_click: String,
}

/// A code in two halves, for eyes that carry it from one window to another.
pub struct Code {
    pub first: String,
    pub second: String,
}

impl Code {
    fn new(code: &str) -> Self {
        let middle = code.chars().count().div_ceil(2);
        Self { first: code.chars().take(middle).collect(), second: code.chars().skip(middle).collect() }
    }
}

const LIFE_OF_A_CODE: &str = "The code is good for 10 minutes from when it was asked for, once, and only in the browser \
                              that asked for it. Keep it to yourself: nobody from the shop will ever ask you for it.";
const LIFE_OF_A_LINK: &str = "The link works once, within a day of when it was asked for.";
const TAKE_YOUR_ACCOUNT_BACK: &str = "If it wasn’t you, somebody may know your password. Choose “Forgot password” on the \
                                      log-in page now: setting a new one signs out every device.";
const MAY_HAVE_CHANGED: &str = "That was so when this letter was written. By now it may have changed again.";
const ENOUGH_OF_IT: &str = "If it wasn’t you who asked, or it is too much, end this kind of mail here. Your wishlist \
                            stays as it is:";

impl Item {
    fn new(item: &Wished, home: &str) -> Self {
        let price = match &item.was {
            Some(was) => format!("now {}, was {was}", item.price),
            None => item.price.clone(),
        };
        Self { name: one_line(&item.name), price, url: [home, &item.path].concat() }
    }
}

impl Unsubscribe {
    fn new(token: &str, home: &str) -> Self {
        Self {
            page: [home, "/unsubscribe?token=", token].concat(),
            one_click: [home, "/api/wishlist/unsubscribe/", token].concat(),
        }
    }
}

impl Words {
    /// `home`: the shop's address without a closing slash.
    pub fn of(letter: &Letter, shop: &str, home: &str) -> Self {
        let (subject, heading, opening, closing): (String, &'static str, Vec<String>, Vec<String>) = match letter {
            Letter::SignUpCode { .. } => (
                format!("Your code for {shop}"),
                "Finish signing up",
                vec![format!(
                    "You get this because somebody, most likely you, is signing up at {shop} with this address. Enter \
                     this code on the page that asks for it:"
                )],
                vec![
                    LIFE_OF_A_CODE.into(),
                    "If it wasn’t you, do nothing: without the code there will be no account.".into(),
                ],
            ),
            Letter::AlreadySignedUp => (
                format!("You have an account at {shop} already"),
                "You have an account already",
                vec![format!(
                    "You get this because somebody tried to sign up at {shop} with this address, which has an account."
                )],
                vec![
                    "If it was you, log in with your password. If you don’t know it any more, choose “Forgot password” \
                     on the log-in page."
                        .into(),
                    "If it wasn’t you, do nothing. Nothing has changed, and whoever it was has not been told that this \
                     address has an account."
                        .into(),
                ],
            ),
            Letter::ResetCode { .. } => (
                format!("Your code for a new password at {shop}"),
                "Set a new password",
                vec![format!(
                    "You get this because somebody, most likely you, asked for a new password for your account at \
                     {shop}. Enter this code on the page that asks for it:"
                )],
                vec![
                    LIFE_OF_A_CODE.into(),
                    "If it wasn’t you, do nothing: without the code your password stays as it is.".into(),
                ],
            ),
            Letter::NewEmailCode { .. } => (
                format!("Your code for your new address at {shop}"),
                "Confirm your new address",
                vec![format!(
                    "You get this because the owner of an account at {shop}, most likely you, wants to use this \
                     address for it. Enter this code on the page that asks for it:"
                )],
                vec![
                    LIFE_OF_A_CODE.into(),
                    "If it wasn’t you, do nothing: without the code this address will not be used.".into(),
                ],
            ),
            Letter::EmailChangeRequested { new_email } => (
                format!("A new address for your account at {shop}"),
                "A new address was asked for",
                vec![format!(
                    "You get this because your account at {shop} is to move to the address {new_email}. Once the code \
                     that we sent there is entered, mail about your account goes there and no longer here."
                )],
                vec!["If it was you, there is nothing to do here.".into(), TAKE_YOUR_ACCOUNT_BACK.into()],
            ),
            Letter::EmailChanged { new_email } => (
                format!("The address of your account at {shop} has changed"),
                "Your address has changed",
                vec![format!(
                    "You get this because your account at {shop} now has the address {new_email}. Mail about it no \
                     longer comes here."
                )],
                vec![
                    "If it was you, there is nothing to do.".into(),
                    format!("If it wasn’t you, get in touch with {shop} at once, and tell them when this letter came."),
                ],
            ),
            Letter::PasswordChanged => (
                format!("Your password at {shop} has changed"),
                "Your password has changed",
                vec![format!("You get this because the password of your account at {shop} has just been changed.")],
                vec!["If it was you, there is nothing to do.".into(), TAKE_YOUR_ACCOUNT_BACK.into()],
            ),
            Letter::CodesStopped { .. } => (
                format!("Codes for your account at {shop} are stopped"),
                "Codes are stopped",
                vec![
                    format!(
                        "You get this because somebody entered a wrong code for your account at {shop} many times in a \
                         row. To keep it from being guessed, no code works any more until you say so."
                    ),
                    "To let codes work again, open this link. It works once:".into(),
                ],
                vec![
                    "If it wasn’t you who entered them, somebody tried to get into your account and didn’t. Your \
                     password still works and has not changed, and you need the link only once you want a code again."
                        .into(),
                ],
            ),
            Letter::AccountDeleted => (
                format!("Your account at {shop} is deleted"),
                "Your account is deleted",
                vec![format!(
                    "You get this because your account at {shop} has been deleted, which its password was given for. \
                     This is the last letter about it."
                )],
                vec![
                    "If it was you, there is nothing to do.".into(),
                    format!(
                        "If it wasn’t you, get in touch with {shop}, and wherever else you use the same password, \
                         change it now."
                    ),
                ],
            ),
            Letter::Invitation { .. } => (
                format!("Your account at {shop}"),
                "There is an account for you",
                vec![format!(
                    "You get this because {shop} has made an account for this address. Choose its password, and it \
                         is yours:"
                )],
                vec![
                    LIFE_OF_A_LINK.into(),
                    format!(
                        "If it wasn’t you that {shop} meant, do nothing: without the link nobody can use the account. You \
                     may tell {shop} of the mistake."
                    ),
                ],
            ),
            Letter::ResetLink { .. } => (
                format!("A new password for your account at {shop}"),
                "Set a new password",
                vec![format!(
                    "You get this because {shop} has started a new password for your account, most likely because \
                         you asked for it. Choose it here:"
                )],
                vec![
                    LIFE_OF_A_LINK.into(),
                    "If it wasn’t you who asked, do nothing: without the link your password stays as it is.".into(),
                ],
            ),
            Letter::NewEmailLink { .. } => (
                format!("Confirm your new address for {shop}"),
                "Confirm your new address",
                vec![format!(
                    "You get this because {shop} was asked to use this address for an account. Open this link to \
                         confirm that it is yours:"
                )],
                vec![
                    LIFE_OF_A_LINK.into(),
                    "If it wasn’t you, do nothing: without the link this address will not be used.".into(),
                ],
            ),
            Letter::EmailChangeByStaff { new_email } => (
                format!("A new address for your account at {shop}"),
                "A new address was entered",
                vec![format!(
                    "You get this because {shop} has entered {new_email} as the new address of your account. Once the \
                     link that we sent there is opened, mail about your account goes there and no longer here."
                )],
                vec![
                    "If you asked for it, there is nothing to do here.".into(),
                    format!(
                        "If it wasn’t you who asked, get in touch with {shop} at once, and tell them when this letter came."
                    ),
                ],
            ),
            Letter::AccountRemoved => (
                format!("Your account at {shop} is deleted"),
                "Your account is deleted",
                vec![format!(
                    "You get this because {shop} has deleted your account, with its cart and its wishlists. This is the \
                     last letter about it."
                )],
                vec![
                    "If you asked for it, there is nothing to do.".into(),
                    format!("If it wasn’t you who asked, get in touch with {shop}."),
                ],
            ),
            Letter::PriceFell { items, .. } => (
                if items.len() == 1 {
                    format!("A price has fallen at {shop}")
                } else {
                    format!("Prices have fallen at {shop}")
                },
                "Less than before",
                vec![format!(
                    "You get this because you asked {shop} to write when the price of something on your wishlist \
                     falls. It has fallen:"
                )],
                vec![MAY_HAVE_CHANGED.into(), ENOUGH_OF_IT.into()],
            ),
            Letter::BackInStock { .. } => (
                format!("Back in stock at {shop}"),
                "Back in stock",
                vec![format!(
                    "You get this because you asked {shop} to write when something on your wishlist is back in stock. \
                     It is:"
                )],
                vec![MAY_HAVE_CHANGED.into(), ENOUGH_OF_IT.into()],
            ),
        };
        let code = match letter {
            Letter::SignUpCode { code } | Letter::ResetCode { code } | Letter::NewEmailCode { code } => {
                Some(Code::new(code))
            }
            _ => None,
        };
        let link = match letter {
            Letter::CodesStopped { path }
            | Letter::Invitation { path }
            | Letter::ResetLink { path }
            | Letter::NewEmailLink { path } => Some(format!("{home}{path}")),
            _ => None,
        };
        let (items, unsubscribe) = match letter {
            Letter::PriceFell { items, unsubscribe } | Letter::BackInStock { items, unsubscribe } => {
                (items.as_slice(), Some(Unsubscribe::new(unsubscribe, home)))
            }
            _ => (&[][..], None),
        };
        let items = items.iter().map(|item| Item::new(item, home)).collect();
        Self { subject, heading, opening, code, link, items, closing, unsubscribe }
    }
}
