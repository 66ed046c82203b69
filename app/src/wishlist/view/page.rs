use crate::catalog::api::Rendered;
use crate::pages::Asked;
use crate::wishlist::api::Wishlist;

pub fn page(_wishlist: &Wishlist, _asked: Asked) -> Rendered {
    Rendered::default()
}
