//! Which columns of a table are shown. An address that names none shows the usual ones.

use super::Asked;
use super::form::kept;
use super::table::PLACES;
use crate::parameters::parameters;
use crate::ui::{El, el, hidden, link};

/// Repeated in an address, once for each column.
const PARAMETER: &str = "col";
/// Stands for the column that tells the rows apart and is always there: so that an address can say "no other".
const NAME: &str = "name";

#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    pub key: &'static str,
    pub label: &'static str,
    pub usual: bool,
}

/// The columns that are shown beside the one that is always there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    all: &'static [Column],
    shown: Vec<&'static str>,
}

impl Columns {
    pub fn usual(all: &'static [Column]) -> Self {
        Self { all, shown: all.iter().filter(|column| column.usual).map(|column| column.key).collect() }
    }

    /// What isn't understood counts as not said.
    pub fn parse(all: &'static [Column], search: &str) -> Self {
        let named: Vec<String> =
            parameters(search).filter(|(name, _)| name == PARAMETER).map(|(_, value)| value.into_owned()).collect();
        let is_named = |key: &str| named.iter().any(|one| one == key);
        let shown: Vec<&'static str> = all.iter().map(|column| column.key).filter(|key| is_named(key)).collect();
        if shown.is_empty() && !is_named(NAME) { Self::usual(all) } else { Self { all, shown } }
    }

    pub fn has(&self, key: &str) -> bool {
        self.shown.contains(&key)
    }

    /// Of the address: none for the usual ones.
    pub fn parameters(&self) -> Vec<(&'static str, &'static str)> {
        if *self == Self::usual(self.all) {
            return Vec::new();
        }
        [NAME].into_iter().chain(self.shown.iter().copied()).map(|key| (PARAMETER, key)).collect()
    }

    /// As hidden fields, for a form that leads to the same table.
    pub fn kept(search: &str) -> Vec<El> {
        parameters(search).filter(|(name, _)| name == PARAMETER).map(|(name, value)| kept(&name, &value)).collect()
    }

    /// What chooses among them. `name`: what the column that is always there is called.
    pub fn chooser(&self, asked: Asked, name: &str) -> El {
        let rest = parameters(asked.search)
            .filter(|(name, value)| name != PARAMETER && !PLACES.contains(&&**name) && !value.is_empty())
            .map(|(name, value)| kept(&name, &value))
            .collect();
        let tick = || el("input").attr("type", "checkbox");
        let ticks = self.all.iter().map(|column| {
            let tick = tick().attr("name", PARAMETER).attr("value", column.key);
            labelled(column.label, tick.maybe_attr("checked", self.has(column.key).then_some("")))
        });
        let always = labelled(name, tick().attr("checked", "").attr("disabled", ""));
        let usual = (!self.parameters().is_empty()).then(|| link(&asked.with(&[(PARAMETER, "")]), "The usual columns"));
        let form = el("form")
            .class("filters")
            .attr("method", "get")
            .attr("action", asked.path)
            .children(rest)
            .child(kept(PARAMETER, NAME))
            .child(
                el("fieldset")
                    .class("belonging")
                    .child(el("legend").class("visually-hidden").text("Columns"))
                    .child(el("div").class("ticks").child(always).children(ticks.collect())),
            )
            .child(el("button").class("button plain").text("Show").child(hidden(" these columns")))
            .maybe(usual);
        el("details").class("columns").attr("data-key", "columns").child(el("summary").text("Columns")).child(form)
    }
}

/// Other fields of the page are called as columns are: the ear hears which is which.
fn labelled(label: &str, tick: El) -> El {
    el("label").class("tick").child(tick).child(el("span").text(label).child(hidden(" column")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Column; 3] = [
        Column { key: "sku", label: "SKU", usual: true },
        Column { key: "stock", label: "Stock", usual: true },
        Column { key: "vendor", label: "Vendor", usual: false },
    ];

    #[test]
    fn an_address_names_columns_or_means_the_usual_ones() {
        let shown = |search: &str| Columns::parse(&ALL, search).shown;
        assert_eq!(shown(""), ["sku", "stock"]);
        assert_eq!(shown("q=col&col=price_hash"), ["sku", "stock"], "what there isn’t is not said");
        assert_eq!(shown("col=vendor&col=sku&col=x"), ["sku", "vendor"], "in the table’s own order");
        assert!(shown("col=name").is_empty());
    }

    #[test]
    fn the_usual_ones_are_named_by_nothing() {
        let said = |search: &str| Columns::parse(&ALL, search).parameters();
        assert_eq!(said("col=name&col=stock&col=sku"), []);
        assert_eq!(said("col=vendor"), [("col", "name"), ("col", "vendor")]);
        assert_eq!(said("col=name"), [("col", "name")]);
    }
}
