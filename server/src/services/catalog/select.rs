//! From a listing's query to its products' numbers, its total and its live counts, all in memory.

use super::snapshot::{Seq, Snapshot};
use app::catalog::api::{Facet, FacetValue, Facets};
use app::catalog::query::{ListingQuery, Sort};
use app::domain::Money;
use roaring::RoaringBitmap;

/// Values of one filter that are worth showing; the rarest of more are left to search.
const VALUES_SHOWN: usize = 40;
const GROUPS_SHOWN: usize = 6;

/// What a search found, best first.
pub struct Found<'a> {
    pub ranked: &'a [Seq],
}

pub struct Selection {
    pub total: u32,
    /// The page's products in order; empty past the end.
    pub page: Vec<Seq>,
    pub facets: Facets,
}

/// One filter of the query. Its own counts are taken with all the others applied, but not itself, so that a second
/// colour can be added to the first.
struct Filter {
    kind: Kind,
    set: RoaringBitmap,
}

#[derive(PartialEq)]
enum Kind {
    Category,
    Option(String),
    Price,
    InStock,
    OnSale,
}

/// `base`: the category whose page this is.
pub fn select(
    snapshot: &Snapshot,
    base: Option<usize>,
    query: &ListingQuery,
    found: Option<Found>,
    per_page: u32,
) -> Selection {
    let mut scope = match base {
        Some(category) => snapshot.categories[category].products.clone(),
        None => snapshot.active.clone(),
    };
    if let Some(found) = &found {
        scope &= found.ranked.iter().copied().collect::<RoaringBitmap>();
    }
    let filters = filters(snapshot, query, &scope);
    let without = |kind: Option<&Kind>| {
        let mut set = scope.clone();
        for filter in filters.iter().filter(|filter| Some(&filter.kind) != kind) {
            set &= &filter.set;
        }
        set
    };
    let all = without(None);
    // Only a filter that is in use needs a set of its own.
    let around = |kind: &Kind| match filters.iter().any(|filter| filter.kind == *kind) {
        true => without(Some(kind)),
        false => all.clone(),
    };
    let facets = Facets {
        categories: category_facet(snapshot, base, query, &around(&Kind::Category)),
        options: option_facets(snapshot, query, &around),
        price: price_range(snapshot, &around(&Kind::Price)),
        in_stock: count(&around(&Kind::InStock), &snapshot.in_stock),
        on_sale: count(&around(&Kind::OnSale), &snapshot.on_sale),
    };
    let page = page(snapshot, &all, query, found.as_ref(), per_page);
    Selection { total: u32::try_from(all.len()).unwrap_or(u32::MAX), page, facets }
}

fn count(a: &RoaringBitmap, b: &RoaringBitmap) -> u32 {
    u32::try_from(a.intersection_len(b)).unwrap_or(u32::MAX)
}

fn filters(snapshot: &Snapshot, query: &ListingQuery, scope: &RoaringBitmap) -> Vec<Filter> {
    let mut filters = Vec::new();
    if !query.categories.is_empty() {
        let mut set = RoaringBitmap::new();
        for slug in &query.categories {
            if let Some(at) = snapshot.category_by_slug.get(slug) {
                set |= &snapshot.categories[*at].products;
            }
        }
        filters.push(Filter { kind: Kind::Category, set });
    }
    for (name, values) in &query.options {
        let mut set = RoaringBitmap::new();
        if let Some(group) = snapshot.options.iter().find(|group| group.key == *name) {
            for value in group.values.iter().filter(|value| values.contains(&value.key)) {
                set |= &value.products;
            }
        }
        filters.push(Filter { kind: Kind::Option(name.clone()), set });
    }
    if query.min.is_some() || query.max.is_some() {
        let low = query.min.map_or(0, Money::minor);
        let high = query.max.map_or(i64::MAX, Money::minor);
        let fits = |seq: &Seq| (low..=high).contains(&snapshot.prices[*seq as usize]);
        // Bitmaps are built fastest from rising numbers, and the scope is often smaller than the price range.
        let set = RoaringBitmap::from_sorted_iter(scope.iter().filter(fits)).unwrap_or_default();
        filters.push(Filter { kind: Kind::Price, set });
    }
    if query.in_stock {
        filters.push(Filter { kind: Kind::InStock, set: snapshot.in_stock.clone() });
    }
    if query.on_sale {
        filters.push(Filter { kind: Kind::OnSale, set: snapshot.on_sale.clone() });
    }
    filters
}

fn category_facet(
    snapshot: &Snapshot,
    base: Option<usize>,
    query: &ListingQuery,
    set: &RoaringBitmap,
) -> Option<Facet> {
    let choices = match base {
        Some(category) => &snapshot.categories[category].children,
        None => &snapshot.roots,
    };
    let value = |at: usize| {
        let category = &snapshot.categories[at];
        FacetValue {
            value: category.slug.clone(),
            label: category.name.clone(),
            count: count(set, &category.products),
            selected: query.categories.contains(&category.slug),
        }
    };
    let mut values: Vec<FacetValue> = choices.iter().map(|at| value(*at)).collect();
    // A category chosen elsewhere in the tree stays visible, or it could not be taken back.
    for slug in &query.categories {
        if let Some(at) = snapshot.category_by_slug.get(slug)
            && !choices.contains(at)
        {
            values.push(value(*at));
        }
    }
    let values = shown(values);
    (!values.is_empty()).then(|| Facet { field: "category".to_owned(), label: "Category".to_owned(), values })
}

fn option_facets(snapshot: &Snapshot, query: &ListingQuery, around: &impl Fn(&Kind) -> RoaringBitmap) -> Vec<Facet> {
    let mut facets = Vec::new();
    for group in &snapshot.options {
        let chosen = query.options.get(&group.key);
        let set = around(&Kind::Option(group.key.clone()));
        let values = group.values.iter().map(|value| FacetValue {
            value: value.key.clone(),
            label: value.label.clone(),
            count: count(&set, &value.products),
            selected: chosen.is_some_and(|chosen| chosen.contains(&value.key)),
        });
        let values = shown(values.collect());
        if !values.is_empty() {
            facets.push(Facet { field: format!("option.{}", group.key), label: group.label.clone(), values });
        }
        if facets.len() == GROUPS_SHOWN {
            break;
        }
    }
    facets
}

/// Drops what would find nothing, unless it is chosen, and the rarest of too many.
fn shown(mut values: Vec<FacetValue>) -> Vec<FacetValue> {
    values.retain(|value| value.count > 0 || value.selected);
    if values.len() > VALUES_SHOWN {
        let mut counts: Vec<u32> = values.iter().map(|value| value.count).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let least = counts[VALUES_SHOWN - 1];
        values.retain(|value| value.selected || value.count >= least);
        values.truncate(VALUES_SHOWN * 2);
    }
    values
}

fn price_range(snapshot: &Snapshot, set: &RoaringBitmap) -> Option<(Money, Money)> {
    if set.is_empty() {
        return None;
    }
    let price = |seq: Seq| snapshot.prices[seq as usize];
    // The cheapest of a large set stands near the front of the price order; a small set is looked through itself.
    let (low, high) = if set.len() * 64 > snapshot.active.len() {
        let first = snapshot.by_price.iter().find(|seq| set.contains(**seq))?;
        let last = snapshot.by_price.iter().rev().find(|seq| set.contains(**seq))?;
        (price(*first), price(*last))
    } else {
        let mut prices = set.iter().map(price);
        let first = prices.next()?;
        prices.fold((first, first), |(low, high), price| (low.min(price), high.max(price)))
    };
    Some((Money::from_minor(low)?, Money::from_minor(high)?))
}

fn page(
    snapshot: &Snapshot,
    set: &RoaringBitmap,
    query: &ListingQuery,
    found: Option<&Found>,
    per_page: u32,
) -> Vec<Seq> {
    let offset = query.page.offset(per_page);
    let total = set.len();
    if offset >= total {
        return Vec::new();
    }
    let length = u64::from(per_page).min(total - offset) as usize;
    match (query.sort(), found) {
        (Sort::Relevance, Some(found)) => {
            found.ranked.iter().copied().filter(|seq| set.contains(*seq)).skip(offset as usize).take(length).collect()
        }
        // Newest first is the numbers from the top: found by rank, however deep the page.
        (Sort::Relevance | Sort::Newest, _) => (offset..offset + length as u64)
            .filter_map(|rank| set.select(u32::try_from(total - 1 - rank).ok()?))
            .collect(),
        (Sort::PriceUp, _) => {
            by_key(set, &snapshot.by_price, |seq| (snapshot.prices[seq as usize], seq), offset as usize, length)
        }
        (Sort::PriceDown, _) => {
            let from_end = (total - offset) as usize - length;
            let mut page =
                by_key(set, &snapshot.by_price, |seq| (snapshot.prices[seq as usize], seq), from_end, length);
            page.reverse();
            page
        }
        (Sort::Name, _) => in_order(set, &snapshot.by_name, offset as usize, length),
    }
}

/// The page of a set in an order that a key tells: a small set is sorted as far as needed, a large one walks the order.
fn by_key<K: Ord>(
    set: &RoaringBitmap,
    order: &[Seq],
    key: impl Fn(Seq) -> K,
    offset: usize,
    length: usize,
) -> Vec<Seq> {
    if set.len() as usize == order.len() {
        return order.iter().skip(offset).take(length).copied().collect();
    }
    if (set.len() as usize) > order.len() / 16 {
        return in_order(set, order, offset, length);
    }
    let mut members: Vec<Seq> = set.iter().collect();
    if offset > 0 {
        members.select_nth_unstable_by_key(offset, |seq| key(*seq));
    }
    let rest = &mut members[offset..];
    if length < rest.len() {
        rest.select_nth_unstable_by_key(length, |seq| key(*seq));
    }
    let page = &mut rest[..length];
    page.sort_unstable_by_key(|seq| key(*seq));
    page.to_vec()
}

fn in_order(set: &RoaringBitmap, order: &[Seq], offset: usize, length: usize) -> Vec<Seq> {
    if set.len() as usize == order.len() {
        return order.iter().skip(offset).take(length).copied().collect();
    }
    order.iter().copied().filter(|seq| set.contains(*seq)).skip(offset).take(length).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::services::catalog::snapshot::{Category, OptionGroup, OptionValue};
    use app::domain::Currency;

    fn set(seqs: &[Seq]) -> RoaringBitmap {
        seqs.iter().copied().collect()
    }

    /// Six products: 1–3 mugs, 4–6 lamps; 1, 2 sage, 2, 4 rust; prices falling with the number.
    fn snapshot() -> Snapshot {
        let category = |slug: &str, products: &[Seq]| Category {
            id: uuid::Uuid::nil(),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            description: String::new(),
            parent: None,
            children: Vec::new(),
            picture: None,
            products: set(products),
        };
        let value = |key: &str, products: &[Seq]| OptionValue {
            key: key.to_owned(),
            label: key.to_owned(),
            products: set(products),
        };
        Snapshot {
            active: set(&[1, 2, 3, 4, 5, 6]),
            in_stock: set(&[1, 2, 4]),
            on_sale: set(&[6]),
            prices: vec![0, 600, 500, 400, 300, 200, 100],
            by_price: vec![6, 5, 4, 3, 2, 1],
            by_name: vec![3, 1, 2, 6, 4, 5],
            categories: vec![category("mugs", &[1, 2, 3]), category("lamps", &[4, 5, 6])],
            category_by_slug: [("mugs".to_owned(), 0), ("lamps".to_owned(), 1)].into(),
            roots: vec![0, 1],
            options: vec![OptionGroup {
                key: "colour".to_owned(),
                label: "Colour".to_owned(),
                values: vec![value("sage", &[1, 2]), value("rust", &[2, 4])],
            }],
            ..Snapshot::default()
        }
    }

    fn run(search: &str, base: Option<usize>, found: Option<&[Seq]>, per_page: u32) -> Selection {
        let query = ListingQuery::parse(search, &Currency::from_code("EUR").unwrap()).query;
        select(&snapshot(), base, &query, found.map(|ranked| Found { ranked }), per_page)
    }

    #[test]
    fn a_filter_s_own_counts_ignore_itself() {
        let selection = run("option.colour=sage", None, None, 10);
        assert_eq!(selection.total, 2);
        let colour = &selection.facets.options[0];
        let counts: Vec<_> = colour.values.iter().map(|v| (&*v.label, v.count, v.selected)).collect();
        assert_eq!(counts, [("sage", 2, true), ("rust", 2, false)]);
        let categories = selection.facets.categories.unwrap();
        assert_eq!(categories.values.iter().map(|v| (&*v.label, v.count)).collect::<Vec<_>>(), [("mugs", 2)]);
        assert_eq!(selection.facets.in_stock, 2);
        assert_eq!(selection.facets.on_sale, 0);
    }

    #[test]
    fn filters_of_two_kinds_narrow_and_of_one_kind_widen() {
        assert_eq!(run("option.colour=sage&option.colour=rust", None, None, 10).total, 3);
        assert_eq!(run("option.colour=sage&option.colour=rust&category=lamps", None, None, 10).page, [4]);
        assert_eq!(run("category=mugs&category=lamps&in_stock=true", None, None, 10).total, 3);
        assert_eq!(run("category=nowhere", None, None, 10).total, 0);
        assert_eq!(run("option.colour=rust", Some(0), None, 10).page, [2]);
    }

    #[test]
    fn every_order_and_every_page_shows_each_product_once() {
        for (sort, expected) in [
            ("newest", [6, 5, 4, 3, 2, 1]),
            ("price_asc", [6, 5, 4, 3, 2, 1]),
            ("price_desc", [1, 2, 3, 4, 5, 6]),
            ("name", [3, 1, 2, 6, 4, 5]),
        ] {
            let pages: Vec<Seq> =
                (1..=3).flat_map(|page| run(&format!("sort={sort}&page={page}"), None, None, 2).page).collect();
            assert_eq!(pages, expected, "{sort}");
        }
        assert!(run("page=4", None, None, 2).page.is_empty());
        assert_eq!(run("sort=price_desc&category=lamps&page=2", None, None, 2).page, [6]);
        assert_eq!(run("sort=name&category=lamps", None, None, 2).page, [6, 4]);
    }

    #[test]
    fn a_search_keeps_its_ranking_under_filters() {
        let ranked: &[Seq] = &[4, 1, 6, 2];
        assert_eq!(run("q=x", None, Some(ranked), 10).page, [4, 1, 6, 2]);
        assert_eq!(run("q=x&in_stock=1&page=2", None, Some(ranked), 2).page, [2]);
        assert_eq!(run("q=x&sort=price_asc", None, Some(ranked), 10).page, [6, 4, 2, 1]);
    }

    #[test]
    fn prices_are_counted_without_their_own_filter() {
        let selection = run("min=2&max=4.50", None, None, 10);
        assert_eq!(selection.page, [5, 4, 3]);
        assert_eq!(selection.facets.price, Money::from_minor(100).zip(Money::from_minor(600)));
    }
}
