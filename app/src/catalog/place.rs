use super::query::{ListingQuery, ParsedQuery};
use crate::domain::{Currency, Money};
use crate::shop::use_shop;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};

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

impl Place {
    pub fn here() -> Self {
        let url = use_url();
        let currency = StoredValue::new(use_shop().currency);
        let search = Memo::new(move |_| url.read().search().to_owned());
        Self {
            path: Memo::new(move |_| url.read().path().to_owned()),
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
