//! Which variant a shopper means.

use super::api::VariantView;

/// What choosing a value would lead to, everything else staying as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    In,
    Out,
    /// Not made with the other values now chosen; choosing it changes those.
    Missing,
}

impl Availability {
    /// What follows the value's name, for the ear.
    pub fn note(self) -> &'static str {
        match self {
            Self::In => "",
            Self::Out => " (out of stock)",
            Self::Missing => " (changes the other choices)",
        }
    }
}

/// The variant with `value` at `option` that changes as little else as it can; `None` if nothing has that value.
pub fn choose(variants: &[VariantView], current: usize, option: usize, value: &str) -> Option<usize> {
    let now = &variants.get(current)?.options;
    let with_value = |variant: &VariantView| variant.options.get(option).is_some_and(|v| v == value);
    let ranks = variants.iter().map(|variant| {
        let kept = variant.options.iter().zip(now).filter(|(a, b)| a == b).count();
        (if with_value(variant) { kept + 1 + now.len() } else { 0 }, !variant.is_out())
    });
    let best = best(ranks)?;
    variants.get(best).filter(|variant| with_value(variant)).map(|_| best)
}

pub fn availability(variants: &[VariantView], current: usize, option: usize, value: &str) -> Availability {
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
        Some(variant) if variant.is_out() => Availability::Out,
        Some(_) => Availability::In,
        None => Availability::Missing,
    }
}

/// The place of the highest rank, a score and whether it is in stock; of equal ones the first, which is the shop's own
/// order.
pub fn best(ranks: impl Iterator<Item = (usize, bool)>) -> Option<usize> {
    let mut best: Option<((usize, bool), usize)> = None;
    for (at, rank) in ranks.enumerate() {
        if best.is_none_or(|(leader, _)| rank > leader) {
            best = Some((rank, at));
        }
    }
    best.map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(level: &str, options: &[&str]) -> VariantView {
        VariantView {
            id: String::new(),
            href: String::new(),
            options: options.iter().map(|o| (*o).to_owned()).collect(),
            price: String::new(),
            stock: String::new(),
            level: level.to_owned(),
            picture: None,
            sku: String::new(),
        }
    }

    /// Sage and rust in both sizes, ink only small; small sage is sold out.
    fn mug() -> Vec<VariantView> {
        vec![
            variant("out", &["Sage", "Small"]),
            variant("in", &["Sage", "Large"]),
            variant("low", &["Rust", "Small"]),
            variant("in", &["Rust", "Large"]),
            variant("in", &["Ink", "Small"]),
        ]
    }

    #[test]
    fn choosing_keeps_the_other_values_where_it_can() {
        let mug = mug();
        assert_eq!(choose(&mug, 3, 0, "Sage"), Some(1));
        assert_eq!(choose(&mug, 2, 0, "Sage"), Some(0));
        assert_eq!(choose(&mug, 3, 0, "Ink"), Some(4), "ink is only small");
        assert_eq!(choose(&mug, 4, 1, "Large"), Some(1), "large ink is not made");
        assert_eq!(choose(&mug, 0, 0, "Plaid"), None);
        assert_eq!(choose(&[], 0, 0, "Sage"), None);
    }

    #[test]
    fn a_value_tells_what_it_would_lead_to() {
        let mug = mug();
        assert_eq!(availability(&mug, 2, 0, "Sage"), Availability::Out);
        assert_eq!(availability(&mug, 3, 0, "Sage"), Availability::In);
        assert_eq!(availability(&mug, 3, 0, "Ink"), Availability::Missing);
    }
}
