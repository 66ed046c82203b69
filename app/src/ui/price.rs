use super::markup::{El, el, hidden};
use crate::domain::{Currency, Money};

/// A price; the old one is struck through for the eye and said as "was" to the ear.
pub fn price_tag(currency: &Currency, price: Money, compare_at: Option<Money>, from: bool) -> El {
    let old = compare_at.filter(|old| *old > price);
    el("p")
        .class(if old.is_some() { "price sale" } else { "price" })
        .maybe(from.then(|| el("span").class("from").text("from ")))
        .child(el("span").class("now").text(&currency.format(price)))
        .text(" ")
        .maybe(old.map(|old| el("s").child(hidden("was ")).text(&currency.format(old))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_old_price_counts_only_when_it_was_higher() {
        let eur = Currency::from_code("EUR").unwrap();
        let money = |minor| Money::from_minor(minor).unwrap();
        let html = |old| price_tag(&eur, money(5400), old, false).html();
        assert!(html(Some(money(6800))).contains("was </span>€68.00"));
        assert!(!html(Some(money(5400))).contains("<s>"));
        assert!(!html(None).contains("sale"));
    }
}
