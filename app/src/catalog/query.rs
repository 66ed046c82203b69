//! The state of a listing, as its URL has it. Server, browser and cache keys share this one reading of it.

use crate::domain::{Currency, Money, PageNumber};
use crate::error::FieldError;
use crate::parameters::parameters;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Longer searches are cut here: nobody reads what a longer one would find.
const SEARCH_CHARS: usize = 200;
/// A URL with more values than the widest real filter has is not one of ours.
const MAX_VALUES: usize = 100;
const OPTION_PREFIX: &str = "option.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Sort {
    Relevance,
    Newest,
    PriceUp,
    PriceDown,
    Name,
}

impl Sort {
    pub const ALL: [Self; 5] = [Self::Relevance, Self::Newest, Self::PriceUp, Self::PriceDown, Self::Name];

    /// The word in the URL.
    pub fn key(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::PriceUp => "price_asc",
            Self::PriceDown => "price_desc",
            Self::Name => "name",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Relevance => "Best match",
            Self::Newest => "Newest",
            Self::PriceUp => "Price, low to high",
            Self::PriceDown => "Price, high to low",
            Self::Name => "Name",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.key() == text)
    }
}

/// What a listing is asked for. Two URLs that ask for the same thing give equal values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingQuery {
    /// Search words, trimmed; empty when nothing is searched for.
    pub q: String,
    /// Category slugs, any of them.
    pub categories: BTreeSet<String>,
    pub min: Option<Money>,
    pub max: Option<Money>,
    pub in_stock: bool,
    pub on_sale: bool,
    /// Option name (lower case) to values (lower case), any value of each name.
    pub options: BTreeMap<String, BTreeSet<String>>,
    /// `None`: best match for a search, newest otherwise.
    pub sort: Option<Sort>,
    pub page: PageNumber,
}

/// A query as typed: what could be read of it, and what could not, beside its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedQuery {
    pub query: ListingQuery,
    pub errors: Vec<FieldError>,
    /// The price fields as they were typed, so that a mistake can be mended rather than typed again.
    pub typed_min: String,
    pub typed_max: String,
    /// The page number asks for a page that no listing has.
    pub no_such_page: bool,
}

impl Default for ListingQuery {
    fn default() -> Self {
        Self {
            q: String::new(),
            categories: BTreeSet::new(),
            min: None,
            max: None,
            in_stock: false,
            on_sale: false,
            options: BTreeMap::new(),
            sort: None,
            page: PageNumber::FIRST,
        }
    }
}

impl ListingQuery {
    /// Reads a query string, with or without its `?`. Empty values count as absent, since a GET form sends them.
    pub fn parse(search: &str, currency: &Currency) -> ParsedQuery {
        let mut query = Self::default();
        let mut errors = Vec::new();
        let (mut typed_min, mut typed_max) = (String::new(), String::new());
        let mut no_such_page = false;
        let pairs = parameters(search).take(MAX_VALUES);
        for (key, value) in pairs {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match &*key {
                "q" => query.q = value.chars().take(SEARCH_CHARS).collect(),
                "category" => {
                    query.categories.insert(value.to_owned());
                }
                "min" => value.clone_into(&mut typed_min),
                "max" => value.clone_into(&mut typed_max),
                "in_stock" => query.in_stock = is_yes(value),
                "on_sale" => query.on_sale = is_yes(value),
                "sort" => query.sort = Sort::parse(value),
                "page" => match PageNumber::parse(value) {
                    Ok(page) => query.page = page,
                    Err(_) => no_such_page = true,
                },
                key => {
                    if let Some(name) = key.strip_prefix(OPTION_PREFIX).filter(|name| !name.is_empty()) {
                        query.options.entry(name.to_lowercase()).or_default().insert(value.to_lowercase());
                    }
                }
            }
        }
        for (field, typed, amount) in [("min", &typed_min, &mut query.min), ("max", &typed_max, &mut query.max)] {
            if typed.is_empty() {
                continue;
            }
            match Money::parse(typed.trim_start_matches(&currency.symbol), currency) {
                Ok(money) => *amount = Some(money),
                Err(error) => errors.push(FieldError { field: field.to_owned(), message: error.to_string() }),
            }
        }
        if let (Some(min), Some(max)) = (query.min, query.max)
            && min > max
        {
            errors.push(FieldError {
                field: "max".to_owned(),
                message: "The highest price is below the lowest".to_owned(),
            });
            (query.min, query.max) = (None, None);
        }
        ParsedQuery { query, errors, typed_min, typed_max, no_such_page }
    }

    /// The order in force.
    pub fn sort(&self) -> Sort {
        match self.sort {
            Some(Sort::Relevance) | None if self.q.is_empty() => Sort::Newest,
            Some(sort) => sort,
            None => Sort::Relevance,
        }
    }

    /// The query string without `?`, in one canonical order, without what is the default.
    pub fn to_search(&self, currency: &Currency) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            out.append_pair("q", &self.q);
        }
        for category in &self.categories {
            out.append_pair("category", category);
        }
        for (name, values) in &self.options {
            for value in values {
                out.append_pair(&format!("{OPTION_PREFIX}{name}"), value);
            }
        }
        for (key, money) in [("min", self.min), ("max", self.max)] {
            if let Some(money) = money {
                out.append_pair(key, &currency.plain(money));
            }
        }
        for (key, on) in [("in_stock", self.in_stock), ("on_sale", self.on_sale)] {
            if on {
                out.append_pair(key, "true");
            }
        }
        if let Some(sort) = self.sort.filter(|_| self.sort() != Self { sort: None, ..self.clone() }.sort()) {
            out.append_pair("sort", sort.key());
        }
        if self.page > PageNumber::FIRST {
            out.append_pair("page", &self.page.get().to_string());
        }
        out.finish()
    }

    /// The same listing's other page.
    pub fn at_page(&self, page: PageNumber) -> Self {
        Self { page, ..self.clone() }
    }

    /// Everything but search words, order and page.
    pub fn has_filters(&self) -> bool {
        !self.categories.is_empty()
            || !self.options.is_empty()
            || self.min.is_some()
            || self.max.is_some()
            || self.in_stock
            || self.on_sale
    }

    /// The query with all filters off, keeping search words and order.
    pub fn without_filters(&self) -> Self {
        Self { q: self.q.clone(), sort: self.sort, ..Self::default() }
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value, "true" | "1" | "on" | "yes")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur() -> Currency {
        Currency::from_code("EUR").unwrap()
    }

    #[test]
    fn urls_that_ask_the_same_are_one() {
        let a = ListingQuery::parse("?option.Colour=Sage&option.colour=rust&min=5&in_stock=on&page=1&q=", &eur());
        let b = ListingQuery::parse("in_stock=true&min=5.00&option.colour=rust&option.colour=sage&utm=x", &eur());
        assert_eq!(a.query, b.query);
        assert_eq!(a.query.to_search(&eur()), "option.colour=rust&option.colour=sage&min=5.00&in_stock=true");
    }

    #[test]
    fn mistakes_stay_beside_their_field() {
        let parsed = ListingQuery::parse("min=abc&max=10", &eur());
        assert_eq!(parsed.query.min, None);
        assert_eq!(parsed.query.max, Money::from_minor(1000));
        assert_eq!(parsed.typed_min, "abc");
        assert_eq!(parsed.errors.len(), 1);
        assert_eq!(parsed.errors[0].field, "min");
        assert!(!ListingQuery::parse("min=20&max=10", &eur()).errors.is_empty());
        assert!(ListingQuery::parse("page=0", &eur()).no_such_page);
    }

    #[test]
    fn a_search_is_ordered_by_match_and_a_listing_by_age() {
        let sort = |search: &str| ListingQuery::parse(search, &eur()).query.sort();
        assert_eq!(sort("q=mug"), Sort::Relevance);
        assert_eq!(sort(""), Sort::Newest);
        assert_eq!(sort("sort=relevance"), Sort::Newest);
        assert_eq!(sort("q=mug&sort=price_asc"), Sort::PriceUp);
        assert_eq!(ListingQuery::parse("q=mug&sort=newest", &eur()).query.to_search(&eur()), "q=mug&sort=newest");
    }

    proptest! {
        #[test]
        fn canonical_form_is_stable(search in ".{0,120}") {
            let first = ListingQuery::parse(&search, &eur()).query;
            let again = ListingQuery::parse(&first.to_search(&eur()), &eur());
            prop_assert!(again.errors.is_empty());
            prop_assert_eq!(again.query.to_search(&eur()), first.to_search(&eur()));
        }
    }
}
