use super::query::{ListingQuery, ParsedQuery};
use crate::domain::{Currency, Money};
use crate::shop::use_shop;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_url};

/// Where a listing is: its path, and its state as the address has it. All links and fields of a listing come from
/// here, so that the address is the only state there is.
#[derive(Clone, Copy)]
pub struct Place {
    pub path: Memo<String>,
    /// The query string as it stands in the address.
    pub search: Memo<String>,
    pub parsed: Memo<ParsedQuery>,
    currency: StoredValue<Currency>,
}

/// Whether an address is a listing's. While a page is being left, the next one's address shows in it already, and must
/// not be read as its own.
fn is_listing(path: &str) -> bool {
    matches!(path, "/products" | "/search") || path.starts_with("/categories/")
}

/// A parameter of the page's own route, which stays what it was while the page is being left.
pub fn own_param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |before: Option<&String>| params.read().get(name).or_else(|| before.cloned()).unwrap_or_default())
}

impl Place {
    pub fn here() -> Self {
        let url = use_url();
        let currency = StoredValue::new(use_shop().currency);
        let here = Memo::new(move |before: Option<&(String, String)>| {
            let url = url.read();
            match before {
                Some(before) if !is_listing(url.path()) => before.clone(),
                _ => (url.path().to_owned(), url.search().to_owned()),
            }
        });
        let search = Memo::new(move |_| here.read().1.clone());
        Self {
            path: Memo::new(move |_| here.read().0.clone()),
            search,
            parsed: Memo::new(move |_| currency.with_value(|currency| ListingQuery::parse(&search.read(), currency))),
            currency,
        }
    }

    pub fn query(self) -> ListingQuery {
        self.parsed.read().query.clone()
    }

    pub fn href(self, query: &ListingQuery) -> String {
        join(&self.path.read(), &self.search_of(query))
    }

    pub fn search_of(self, query: &ListingQuery) -> String {
        self.currency.with_value(|currency| query.to_search(currency))
    }

    pub fn symbol(self) -> String {
        self.currency.with_value(|currency| currency.symbol.trim().to_owned())
    }

    pub fn plain(self, money: Money) -> String {
        self.currency.with_value(|currency| currency.plain(money))
    }

    pub fn price(self, money: Money) -> String {
        self.currency.with_value(|currency| currency.format(money))
    }

    /// Shows the listing that a submitted query string asks for, without moving the page.
    pub fn go_to(self) -> impl Fn(&str) + Clone {
        let navigate = use_navigate();
        move |submitted: &str| {
            let parsed = self.currency.with_value(|currency| ListingQuery::parse(submitted, currency));
            // A mistake is sent as typed: the answer says beside the field what to do about it.
            let search = if parsed.errors.is_empty() { self.search_of(&parsed.query) } else { submitted.to_owned() };
            let href = self.path.with_untracked(|path| join(path, &search));
            navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    }
}

fn join(path: &str, search: &str) -> String {
    if search.is_empty() { path.to_owned() } else { [path, "?", search].concat() }
}
