//! Which variant a shopper means.

use super::api::{Product, Variant};

/// What choosing a value would lead to, everything else staying as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    In,
    Out,
    /// Not made with the other values now chosen; choosing it changes those.
    Missing,
}

/// The variant that an address asks for: `?variant=KEY`, or the values that a form without JavaScript sends. What is
/// not said, or can't be had, is settled in favour of what is in stock.
pub fn asked_for(product: &Product, search: &str) -> usize {
    let mut wanted = vec![None; product.options.len()];
    for (name, value) in form_urlencoded::parse(search.trim_start_matches('?').as_bytes()) {
        if name == "variant" {
            if let Some(at) = product.variants.iter().position(|variant| variant.key == *value) {
                return at;
            }
        } else if let Some(name) = name.strip_prefix("option.")
            && let Some(at) = product.options.iter().position(|option| same(&option.name, name))
        {
            wanted[at] = Some(value.into_owned());
        }
    }
    best(&product.variants, |variant| {
        let met = |(value, wanted): &(&String, &Option<String>)| wanted.as_ref().is_some_and(|w| same(value, w));
        variant.options.iter().zip(&wanted).filter(met).count()
    })
    .unwrap_or_default()
}

/// The variant with `value` at `option` that changes as little else as it can; `None` if nothing has that value.
pub fn choose(variants: &[Variant], current: usize, option: usize, value: &str) -> Option<usize> {
    let now = &variants.get(current)?.options;
    let with_value = |variant: &Variant| variant.options.get(option).is_some_and(|v| v == value);
    let best = best(variants, |variant| {
        let kept = variant.options.iter().zip(now).filter(|(a, b)| a == b).count();
        if with_value(variant) { kept + 1 + now.len() } else { 0 }
    })?;
    variants.get(best).filter(|variant| with_value(variant)).map(|_| best)
}

pub fn availability(variants: &[Variant], current: usize, option: usize, value: &str) -> Availability {
    let Some(now) = variants.get(current) else { return Availability::Missing };
    let exact = variants.iter().find(|variant| {
        variant
            .options
            .iter()
            .zip(&now.options)
            .enumerate()
            .all(|(at, (theirs, ours))| if at == option { theirs == value } else { theirs == ours })
    });
    match exact {
        Some(variant) if variant.stock.is_out() => Availability::Out,
        Some(_) => Availability::In,
        None => Availability::Missing,
    }
}

/// Highest score first, then what is in stock, then the shop's own order.
fn best(variants: &[Variant], score: impl Fn(&Variant) -> usize) -> Option<usize> {
    let mut best: Option<((usize, bool), usize)> = None;
    for (at, variant) in variants.iter().enumerate() {
        let rank = (score(variant), !variant.stock.is_out());
        if best.is_none_or(|(leader, _)| rank > leader) {
            best = Some((rank, at));
        }
    }
    best.map(|(_, at)| at)
}

fn same(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::api::ProductOption;
    use super::*;
    use crate::domain::{Money, StockState};

    fn variant(key: &str, stock: i32, options: &[&str]) -> Variant {
        Variant {
            key: key.to_owned(),
            sku: Some(key.to_owned()),
            price: Money::from_minor(2400).unwrap(),
            compare_at: None,
            stock: StockState::of(stock),
            options: options.iter().map(|o| (*o).to_owned()).collect(),
            picture: None,
        }
    }

    /// Sage and rust in both sizes, ink only small; small sage is sold out.
    fn mug() -> Product {
        let option = |name: &str, values: &[&str]| ProductOption {
            name: name.to_owned(),
            values: values.iter().map(|v| (*v).to_owned()).collect(),
        };
        Product {
            slug: "tarn-mug".to_owned(),
            title: "Tarn mug".to_owned(),
            vendor: String::new(),
            description: String::new(),
            facts: Vec::new(),
            crumbs: Vec::new(),
            pictures: Vec::new(),
            options: vec![option("Colour", &["Sage", "Rust", "Ink"]), option("Size", &["Small", "Large"])],
            variants: vec![
                variant("SAGE-S", 0, &["Sage", "Small"]),
                variant("SAGE-L", 9, &["Sage", "Large"]),
                variant("RUST-S", 2, &["Rust", "Small"]),
                variant("RUST-L", 9, &["Rust", "Large"]),
                variant("INK-S", 9, &["Ink", "Small"]),
            ],
            seo_title: String::new(),
            seo_description: String::new(),
            related: Vec::new(),
        }
    }

    #[test]
    fn an_address_names_a_variant_by_key_or_by_values() {
        let mug = mug();
        assert_eq!(asked_for(&mug, "?variant=RUST-L"), 3);
        assert_eq!(asked_for(&mug, "option.colour=ink"), 4);
        assert_eq!(asked_for(&mug, "option.Colour=Rust&option.size=large"), 3);
        assert_eq!(asked_for(&mug, "variant=RUST-S&option.colour=ink"), 2);
    }

    #[test]
    fn without_a_wish_the_first_in_stock_is_shown() {
        assert_eq!(asked_for(&mug(), ""), 1);
        assert_eq!(asked_for(&mug(), "variant=gone&option.weight=1"), 1);
        let mut sold_out = mug();
        for variant in &mut sold_out.variants {
            variant.stock = StockState::Out;
        }
        assert_eq!(asked_for(&sold_out, ""), 0);
    }

    #[test]
    fn a_wish_counts_more_than_stock() {
        assert_eq!(asked_for(&mug(), "option.colour=sage&option.size=small"), 0);
    }

    #[test]
    fn choosing_keeps_the_other_values_where_it_can() {
        let mug = mug();
        assert_eq!(choose(&mug.variants, 3, 0, "Sage"), Some(1));
        assert_eq!(choose(&mug.variants, 2, 0, "Sage"), Some(0));
        assert_eq!(choose(&mug.variants, 3, 0, "Ink"), Some(4), "ink is only small");
        assert_eq!(choose(&mug.variants, 4, 1, "Large"), Some(1), "large ink is not made");
        assert_eq!(choose(&mug.variants, 0, 0, "Plaid"), None);
        assert_eq!(choose(&[], 0, 0, "Sage"), None);
    }

    #[test]
    fn a_value_tells_what_it_would_lead_to() {
        let mug = mug();
        assert_eq!(availability(&mug.variants, 2, 0, "Sage"), Availability::Out);
        assert_eq!(availability(&mug.variants, 3, 0, "Sage"), Availability::In);
        assert_eq!(availability(&mug.variants, 3, 0, "Ink"), Availability::Missing);
    }
}
