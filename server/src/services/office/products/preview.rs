//! A product as it would be with what somebody has typed, for as far as that comes to one.

use super::PgProducts;
use super::checked::{Before, check, delta, described, stocked};
use super::grid::{MOST_VARIANTS, indexed, values};
use super::prose::Prose;
use crate::error::ServiceError;
use crate::services::catalog::{ImageHosts, split_facts};
use app::admin::products::api::{Typed, TypedVariant};
use app::admin::products::host::{ShownDraft, StoredVariant};
use app::catalog::api::{Product, ProductOption, Variant};
use app::domain::{Currency, Money, StockState};
use app::error::AppError;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What is saved of the product that a draft is of; nothing, of a new one's.
#[derive(Default)]
struct Saved {
    typed: Typed,
    variants: Vec<StoredVariant>,
}

impl PgProducts {
    pub(super) async fn show_draft(&self, product: &str) -> Result<Option<ShownDraft>, ServiceError> {
        let saved = match product {
            "" => Saved::default(),
            id => {
                let stored = self.load_product(id).await?;
                Saved { typed: stored.typed, variants: stored.variants }
            }
        };
        let Some(draft) = self.load_draft(product).await? else { return Ok(None) };
        let mut shown = if product.is_empty() { blank() } else { self.catalog.whatever_its_status(product).await? };
        if product.is_empty() || draft.typed.category != saved.typed.category {
            shown.crumbs = self.catalog.way_to(&draft.typed.category).await?;
        }
        let wrong = match check(&draft.typed, &saved.before(&self.currency), &self.currency) {
            Err(AppError::Invalid { fields }) => fields,
            _ => Vec::new(),
        };
        let product = with(shown, &draft.typed, &saved, &self.currency, &self.image_hosts);
        Ok(Some(ShownDraft { draft, product, wrong }))
    }
}

impl Saved {
    /// What the form may leave as it is. Its description stands for the one it was made from.
    fn before(&self, currency: &Currency) -> Before<'_> {
        let money = |text: &str| Money::parse(text, currency).ok().map(Money::minor);
        let prices = self
            .typed
            .variants
            .iter()
            .filter_map(|one| Some((Uuid::try_parse(&one.id).ok()?, (money(&one.price)?, money(&one.compare_at)))));
        Before {
            slug: &self.typed.slug,
            body: Prose { html: String::new(), source: Some(self.typed.body.clone()) },
            variants: self.variants.len(),
            prices: prices.collect(),
        }
    }

    /// Pieces of a variant after what the form adds to them or takes.
    fn stock(&self, typed: &TypedVariant) -> i32 {
        let there = self.variants.iter().find(|one| one.id == typed.id);
        let on_hand = there.map_or(0, |one| one.on_hand);
        delta(&typed.add).and_then(|add| stocked(on_hand, add)).unwrap_or(on_hand)
    }
}

fn blank() -> Product {
    Product {
        slug: String::new(),
        title: String::new(),
        vendor: String::new(),
        description: String::new(),
        facts: Vec::new(),
        crumbs: Vec::new(),
        pictures: Vec::new(),
        options: Vec::new(),
        variants: Vec::new(),
        seo_title: String::new(),
        seo_description: String::new(),
        related: Vec::new(),
    }
}

fn with(mut shown: Product, typed: &Typed, saved: &Saved, currency: &Currency, hosts: &ImageHosts) -> Product {
    let title = typed.title.trim();
    shown.title = if title.is_empty() { "Without a title".to_owned() } else { title.to_owned() };
    shown.seo_title.clone_from(&shown.title);
    typed.vendor.trim().clone_into(&mut shown.vendor);
    // What nobody has changed stays as it is, also where it would come to something else today.
    if typed.body.trim() != saved.typed.body.trim() {
        (shown.description, shown.facts) = split_facts(&hosts.shown(&described(&typed.body).unwrap_or_default()));
    }
    let variants = variants(typed, saved, &shown.variants, currency);
    shown.options = options(typed, &variants);
    shown.variants = variants;
    shown
}

/// Those that could be sold: with a value of each option, a price, and nothing that another has already.
fn variants(typed: &Typed, saved: &Saved, now: &[Variant], currency: &Currency) -> Vec<Variant> {
    let all: Vec<_> = typed.options.iter().enumerate().map(|(at, option)| values(option, at)).collect();
    let indexed: Vec<HashMap<&str, usize>> = all.iter().map(|values| indexed(values)).collect();
    let of = |variant: &TypedVariant| -> Option<Vec<String>> {
        let value = |(at, indexed): (usize, &HashMap<&str, usize>)| {
            let index = indexed.get(variant.of.get(at)?.as_str())?;
            Some(all[at][*index].now.clone())
        };
        indexed.iter().enumerate().map(value).collect()
    };
    let mut seen = HashSet::new();
    let live = typed.variants.iter().enumerate().filter(|(_, variant)| !variant.is_gone());
    live.take(MOST_VARIANTS.max(saved.variants.len()))
        .filter_map(|(at, variant)| {
            let options = of(variant)?;
            let price = Money::parse(&variant.price, currency).ok()?;
            let compare_at = Money::parse(&variant.compare_at, currency).ok().filter(|was| *was > price);
            let sku = Some(variant.sku.trim().to_owned()).filter(|sku| !sku.is_empty());
            let id = Some(variant.id.clone()).filter(|id| !id.is_empty()).unwrap_or_else(|| format!("new-{at}"));
            let picture = now.iter().find(|one| one.id == id).and_then(|one| one.picture);
            let stock = StockState::of(saved.stock(variant));
            let key = sku.clone().unwrap_or_else(|| id.clone());
            seen.insert(options.clone()).then_some(Variant { id, key, sku, price, compare_at, stock, options, picture })
        })
        .collect()
}

/// With the values that some variant has, in their variants' order, as the shop's own page has them.
fn options(typed: &Typed, variants: &[Variant]) -> Vec<ProductOption> {
    if variants.is_empty() {
        return Vec::new();
    }
    let option = |(at, name): (usize, &str)| {
        let mut seen = HashSet::new();
        let values = variants.iter().filter_map(|one| one.options.get(at)).filter(|value| seen.insert(*value));
        let name = if name.is_empty() { format!("Option {}", at + 1) } else { name.to_owned() };
        ProductOption { name, values: values.cloned().collect() }
    };
    typed.options.iter().map(|option| option.name.trim()).enumerate().map(option).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use app::admin::products::api::TypedOption;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn variant(id: &str, of: &str, price: &str) -> TypedVariant {
        TypedVariant { id: id.to_owned(), of: texts(&[of]), price: price.to_owned(), ..TypedVariant::default() }
    }

    fn shown(typed: &Typed, saved: &Saved) -> Product {
        with(blank(), typed, saved, &Currency::from_code("EUR").unwrap(), &ImageHosts::default())
    }

    #[test]
    fn what_comes_to_a_variant_is_shown_and_nothing_else() {
        let size = TypedOption {
            name: " Size ".to_owned(),
            was: texts(&["S", "M"]),
            values: texts(&["Small", "M"]),
            more: "L".to_owned(),
        };
        let mut typed = Typed {
            title: "  ".to_owned(),
            options: vec![size],
            variants: vec![
                variant("1", "S", "20"),
                variant("2", "M", "a lot"),
                variant("", "L", "30"),
                variant("", "L", "31"),
                variant("", "XL", "32"),
            ],
            ..Typed::default()
        };
        typed.variants[0].add = "-3".to_owned();
        typed.variants[0].compare_at = "19".to_owned();
        typed.variants[2].compare_at = "35".to_owned();
        let there =
            |id: &str| StoredVariant { id: id.to_owned(), name: String::new(), on_hand: 5, carts: 0, wishlists: 0 };
        let saved = Saved { variants: vec![there("1"), there("2")], ..Saved::default() };
        let product = shown(&typed, &saved);
        let variants: Vec<(&str, i64, bool, StockState)> = product
            .variants
            .iter()
            .map(|one| (one.options[0].as_str(), one.price.minor(), one.compare_at.is_some(), one.stock))
            .collect();
        assert_eq!(variants, [("Small", 2000, false, StockState::Low(2)), ("L", 3000, true, StockState::Out)]);
        assert_eq!(product.options, [ProductOption { name: "Size".to_owned(), values: texts(&["Small", "L"]) }]);
        assert_eq!(product.title, "Without a title");
        typed.variants.iter_mut().for_each(|one| one.gone = "on".to_owned());
        let product = shown(&typed, &saved);
        assert!(product.variants.is_empty() && product.options.is_empty());
    }

    #[test]
    fn a_description_is_what_its_markdown_comes_to() {
        let typed = Typed { body: "Of *oak*.<script>alert(1)</script>".to_owned(), ..Typed::default() };
        assert_eq!(shown(&typed, &Saved::default()).description, "<p>Of <em>oak</em>.</p>");
        let saved = Saved { typed: typed.clone(), ..Saved::default() };
        assert_eq!(shown(&typed, &saved).description, "", "as it is saved");
    }
}
