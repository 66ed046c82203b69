use crate::catalog::api::Rendered;
use crate::pages::Asked;

pub fn unsubscribe(_asked: Asked) -> Rendered {
    Rendered::default()
}
