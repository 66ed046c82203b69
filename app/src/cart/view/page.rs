use crate::cart::api::Cart;
use crate::catalog::api::{PageAnswer, Rendered};
use crate::pages::Asked;
use crate::ui::{el, heading};

pub fn page(_cart: &Cart, _asked: Asked) -> Rendered {
    Rendered {
        title: "Your cart".to_owned(),
        canonical: None,
        count: 0,
        html: el("div").class("wrap").child(heading("Your cart")).html(),
        answer: PageAnswer::default(),
    }
}
