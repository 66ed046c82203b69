//! Carts and wishlists, from outside (rows 28, 30, 33, 44, 46 and B1–B6 of the bar). What the database must look like
//! afterwards, whatever was done to carts, is `cart::assert_invariants`.

mod acts;
mod alerts;
mod cart;
mod changes;
mod housekeeping;
mod merging;
mod model;
mod pages;
mod races;
mod refusals;
mod wishlists;
