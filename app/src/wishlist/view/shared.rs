use crate::catalog::api::Rendered;
use crate::pages::Asked;
use crate::wishlist::api::SharedList;

pub fn shared(_list: &SharedList, _asked: Asked) -> Rendered {
    Rendered::default()
}
