use crate::catalog::api::Product;
use crate::catalog::selection::best;
use crate::parameters::parameters;

/// The variant that an address asks for: `?variant=KEY`, or the values that a form without JavaScript sends. What is
/// not said, or can't be had, is settled in favour of what is in stock.
pub fn asked_for(product: &Product, search: &str) -> usize {
    let mut wanted = vec![None; product.options.len()];
    for (name, value) in parameters(search) {
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
    let ranks = product.variants.iter().map(|variant| {
        let met = |(value, wanted): &(&String, &Option<String>)| wanted.as_ref().is_some_and(|w| same(value, w));
        (variant.options.iter().zip(&wanted).filter(met).count(), !variant.stock.is_out())
    });
    best(ranks).unwrap_or_default()
}

fn same(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::api::{ProductOption, Variant};
    use crate::domain::{Money, StockState};

    fn variant(key: &str, stock: i32, options: &[&str]) -> Variant {
        Variant {
            id: key.to_owned(),
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
}
