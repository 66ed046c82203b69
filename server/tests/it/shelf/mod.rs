//! Carts and wishlists, from outside.

mod alerts;
mod wishlists;
