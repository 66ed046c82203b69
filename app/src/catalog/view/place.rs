use crate::catalog::query::{ListingQuery, ParsedQuery};
use crate::domain::{Currency, Money};

/// Where a listing is: its path, and its state as the address has it. All links and fields of a listing come from
/// here, so that the address is the only state there is.
pub struct Place {
    pub path: String,
    pub parsed: ParsedQuery,
    currency: Currency,
}

impl Place {
    pub fn new(path: &str, search: &str, currency: &Currency) -> Self {
        let parsed = ListingQuery::parse(search, currency);
        Self { path: path.to_owned(), parsed, currency: currency.clone() }
    }

    pub fn query(&self) -> &ListingQuery {
        &self.parsed.query
    }

    pub fn href(&self, query: &ListingQuery) -> String {
        let search = query.to_search(&self.currency);
        if search.is_empty() { self.path.clone() } else { [&self.path, "?", &search].concat() }
    }

    pub fn currency(&self) -> &Currency {
        &self.currency
    }

    pub fn plain(&self, money: Money) -> String {
        self.currency.plain(money)
    }

    pub fn price(&self, money: Money) -> String {
        self.currency.format(money)
    }
}
