//! Browsing, implemented: the snapshot says which products a page has, the database says what they are.

mod html;
mod index;
mod rows;
mod search;
mod select;
mod snapshot;

pub(crate) use html::plain;
pub use html::split_facts;
pub use index::Index;
pub use rows::{ImageHosts, PictureRow, picture};

use crate::error::ServiceError;
use app::catalog::api::{
    CategoryTile, Crumb, Hero, Home, Listing, NavCategory, Picture, Product, ProductOption, Suggestion, Variant,
};
use app::catalog::query::ListingQuery;
use app::domain::{Currency, Money, StockState};
use app::error::AppError;
use app::host::Catalog;
use async_trait::async_trait;
use quick_cache::sync::Cache;
use search::SearchResult;
use select::Found;
use serde::Deserialize;
use snapshot::{Seq, Snapshot};
use sqlx::PgPool;
use sqlx::types::Json;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Divides by two, three and four, so that the grid's last row is full at every width.
pub const PER_PAGE: u32 = 24;
const HOME_CARDS: usize = 8;
const MENU_CATEGORIES: usize = 7;
const HOME_CATEGORIES: usize = 6;
const RELATED: usize = 4;
const SUGGESTIONS: usize = 8;

pub struct PgCatalog {
    pool: PgPool,
    index: Arc<Index>,
    currency: Currency,
    image_hosts: ImageHosts,
    /// What a search found, by generation and words: its pages and filters come from one ranking.
    searches: Cache<(u64, String), Arc<SearchResult>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct HomeSettings {
    sentence: String,
    link_label: String,
    link_href: String,
    story: Vec<String>,
    wide: Option<Uuid>,
    tall: Option<Uuid>,
}

impl PgCatalog {
    pub fn new(pool: PgPool, index: Arc<Index>, currency: Currency, image_hosts: ImageHosts) -> Self {
        Self { pool, index, currency, image_hosts, searches: Cache::new(256) }
    }

    async fn search(&self, words: &str) -> Result<Arc<SearchResult>, ServiceError> {
        let Some(generation) = self.index.generation() else {
            return Ok(Arc::new(search::search(&self.pool, words).await?));
        };
        let key = (generation, words.to_lowercase());
        if let Some(result) = self.searches.get(&key) {
            return Ok(result);
        }
        let result = Arc::new(search::search(&self.pool, words).await?);
        self.searches.insert(key, Arc::clone(&result));
        Ok(result)
    }

    async fn home(&self) -> Result<Home, ServiceError> {
        let snapshot = self.index.snapshot().await?;
        let newest: Vec<Seq> = newest_of(&snapshot.active, HOME_CARDS);
        let featured = newest_of(&snapshot.featured, HOME_CARDS);
        let on_sale = newest_of(&(&snapshot.on_sale & &snapshot.in_stock), HOME_CARDS);
        let all: Vec<Seq> = [&newest[..], &featured, &on_sale].concat();
        let cards = rows::cards(&self.pool, &self.image_hosts, &unique(&all)).await?;
        let numbers: HashMap<Seq, usize> = {
            // Cards come back in the order asked for, without those that have gone; slugs tell which is which.
            let wanted = unique(&all);
            if cards.len() == wanted.len() {
                wanted.into_iter().enumerate().map(|(at, seq)| (seq, at)).collect()
            } else {
                HashMap::new()
            }
        };
        let pick = |seqs: &[Seq]| seqs.iter().filter_map(|seq| Some(cards[*numbers.get(seq)?].clone())).collect();
        let settings: HomeSettings =
            sqlx::query_scalar!(r#"select value as "value: Json<HomeSettings>" from settings where key = 'home'"#)
                .fetch_optional(&self.pool)
                .await?
                .map(|Json(settings)| settings)
                .unwrap_or_default();
        let roots = prominent(&snapshot, HOME_CATEGORIES);
        let ids: Vec<Uuid> = roots
            .iter()
            .filter_map(|at| snapshot.categories[*at].picture)
            .chain(settings.wide)
            .chain(settings.tall)
            .collect();
        let media = rows::media(&self.pool, &ids).await?;
        let categories = roots
            .iter()
            .map(|at| {
                let category = &snapshot.categories[*at];
                CategoryTile {
                    slug: category.slug.clone(),
                    name: category.name.clone(),
                    description: category.description.clone(),
                    picture: category.picture.and_then(|id| media.get(&id).cloned()),
                }
            })
            .collect();
        let scene = |id: Option<Uuid>| id.and_then(|id| media.get(&id).cloned());
        let hero = scene(settings.wide).map(|wide| Hero {
            tall: scene(settings.tall).unwrap_or_else(|| wide.clone()),
            wide,
            sentence: settings.sentence,
            link_label: settings.link_label,
            link_href: settings.link_href,
        });
        Ok(Home {
            hero,
            featured: pick(&featured),
            newest: pick(&newest),
            on_sale: pick(&on_sale),
            categories,
            story: settings.story,
        })
    }

    async fn listing(&self, category: Option<&str>, search: &str) -> Result<Listing, ServiceError> {
        let parsed = ListingQuery::parse(search, &self.currency);
        if parsed.no_such_page {
            return Err(ServiceError::NotFound);
        }
        let query = parsed.query;
        let snapshot = self.index.snapshot().await?;
        let base = match category {
            Some(slug) => Some(*snapshot.category_by_slug.get(slug).ok_or(ServiceError::NotFound)?),
            None => None,
        };
        let found = match query.q.is_empty() {
            true => None,
            false => Some(self.search(&query.q).await?),
        };
        let ranked = found.as_ref().map(|found| Found { ranked: &found.ranked });
        let selection = select::select(&snapshot, base, &query, ranked, PER_PAGE);
        let pages = selection.total.div_ceil(PER_PAGE).max(1);
        if query.page.get() > pages {
            return Err(ServiceError::NotFound);
        }
        let near = match &found {
            Some(found) if selection.total == 0 && !found.near.is_empty() => found.near.clone(),
            _ if selection.total == 0 => newest_of(&snapshot.in_stock, RELATED),
            _ => Vec::new(),
        };
        // A page has products or near ones, never both, so either way it is one query.
        let empty = selection.page.is_empty();
        let wanted = if empty { &near } else { &selection.page };
        let cards = rows::cards(&self.pool, &self.image_hosts, wanted).await?;
        let (cards, near) = if empty { (Vec::new(), cards) } else { (cards, Vec::new()) };
        let (heading, description) = match (base, query.q.is_empty()) {
            (Some(at), _) => (snapshot.categories[at].name.clone(), snapshot.categories[at].description.clone()),
            (None, false) => (format!("Results for “{}”", query.q), String::new()),
            (None, true) => ("All products".to_owned(), String::new()),
        };
        let crumbs = base
            .map(|at| {
                let mut path = snapshot.path(at);
                path.pop();
                path
            })
            .unwrap_or_default();
        Ok(Listing {
            heading,
            description,
            crumbs: crumbs_of(&snapshot, &crumbs),
            total: selection.total,
            capped: found.as_ref().is_some_and(|found| found.capped && !query.has_filters()),
            page: query.page.get(),
            pages,
            cards,
            facets: selection.facets,
            corrected: found.as_ref().and_then(|found| found.corrected.clone()),
            near,
            errors: parsed.errors,
        })
    }

    async fn renamed_category(&self, slug: &str) -> Result<Option<String>, ServiceError> {
        if slug.is_empty() || slug.len() > 255 || slug.contains('\0') {
            return Ok(None);
        }
        let now = sqlx::query_scalar!(
            "select c.slug from category_slugs s join categories c on c.id = s.category_id
             where s.slug = $1 and not exists (select 1 from categories live where live.slug = $1)",
            slug
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(now)
    }

    async fn product(&self, slug: &str) -> Result<Product, ServiceError> {
        if slug.is_empty() || slug.len() > 255 || slug.contains('\0') {
            return Err(ServiceError::NotFound);
        }
        let row = rows::product(&self.pool, slug, false).await?.ok_or(ServiceError::NotFound)?;
        let product = self.whole(row).await?;
        if product.variants.is_empty() { Err(ServiceError::NotFound) } else { Ok(product) }
    }

    async fn of_any_status(&self, id: &str) -> Result<Product, ServiceError> {
        let id = Uuid::try_parse(id).map_err(|_| ServiceError::NotFound)?;
        let slug = sqlx::query_scalar!("select slug from products where id = $1", id)
            .fetch_optional(&self.pool)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let row = rows::product(&self.pool, &slug, true).await?.ok_or(ServiceError::NotFound)?;
        self.whole(row).await
    }

    /// A product with all that its page shows around it.
    async fn whole(&self, row: rows::ProductRow) -> Result<Product, ServiceError> {
        let snapshot = self.index.snapshot().await?;
        let category = row.category_id.and_then(|id| snapshot.categories.iter().position(|c| c.id == id));
        let seq = Seq::try_from(row.seq).unwrap_or_default();
        let related = rows::cards(&self.pool, &self.image_hosts, &related_to(&snapshot, seq, category)).await?;
        let crumbs = category.map(|at| crumbs_of(&snapshot, &snapshot.path(at))).unwrap_or_default();

        // A picture that may not be shown moves those after it forward, so variants point by the shown ones.
        let mut shown_at = HashMap::new();
        let mut pictures: Vec<Picture> = Vec::new();
        for (at, picture_row) in row.pictures.into_iter().enumerate() {
            if let Some(picture) = picture(picture_row, &row.title, &self.image_hosts) {
                shown_at.insert(at + 1, u16::try_from(pictures.len()).unwrap_or(u16::MAX));
                pictures.push(picture);
            }
        }
        let variants: Vec<Variant> = row
            .variants
            .into_iter()
            .filter_map(|variant| {
                let price = Money::from_minor(variant.price)?;
                Some(Variant {
                    id: variant.id.to_string(),
                    key: variant.sku.clone().unwrap_or_else(|| variant.id.to_string()),
                    sku: variant.sku,
                    price,
                    compare_at: variant.compare_at.and_then(Money::from_minor).filter(|before| *before > price),
                    stock: StockState::of(variant.on_hand),
                    options: variant.option_values,
                    picture: variant.picture.and_then(|at| shown_at.get(&usize::try_from(at).ok()?).copied()),
                })
            })
            .collect();
        let options = row
            .option_names
            .into_iter()
            .enumerate()
            .map(|(at, name)| {
                let mut values: Vec<String> = Vec::new();
                for value in variants.iter().filter_map(|variant| variant.options.get(at)) {
                    if !values.contains(value) {
                        values.push(value.clone());
                    }
                }
                ProductOption { name, values }
            })
            .collect();
        let (description, facts) = split_facts(&self.image_hosts.shown(&row.body_html));
        Ok(Product {
            seo_title: if row.seo_title.is_empty() { row.title.clone() } else { row.seo_title },
            seo_description: match row.seo_description.is_empty() {
                true => plain(&description, 155),
                false => row.seo_description,
            },
            slug: row.slug,
            title: row.title,
            vendor: row.vendor,
            description,
            facts,
            crumbs,
            pictures,
            options,
            variants,
            related,
        })
    }

    async fn suggest(&self, typed: &str) -> Result<Vec<Suggestion>, ServiceError> {
        let typed: String = typed.trim().chars().filter(|c| *c != '\0').take(100).collect();
        if typed.chars().count() < 2 {
            return Ok(Vec::new());
        }
        let snapshot = self.index.snapshot().await?;
        let lower = typed.to_lowercase();
        let begins = |name: &str| name.to_lowercase().split_whitespace().any(|word| word.starts_with(&lower));
        let mut categories: Vec<usize> = (0..snapshot.categories.len())
            .filter(|at| !snapshot.categories[*at].products.is_empty() && begins(&snapshot.categories[*at].name))
            .collect();
        categories.sort_by_key(|at| std::cmp::Reverse(snapshot.categories[*at].products.len()));
        let mut suggestions: Vec<Suggestion> = categories
            .into_iter()
            .take(2)
            .map(|at| {
                let category = &snapshot.categories[at];
                let note = match category.parent {
                    Some(parent) => format!("in {}", snapshot.categories[parent].name),
                    None => "category".to_owned(),
                };
                Suggestion {
                    label: category.name.clone(),
                    href: format!("/categories/{}", category.slug),
                    note,
                    picture: None,
                    price: None,
                }
            })
            .collect();
        let room = SUGGESTIONS - suggestions.len();
        let found = search::suggest(&self.pool, &typed, room as i64).await?;
        let cards = rows::cards(&self.pool, &self.image_hosts, &found).await?;
        suggestions.extend(cards.into_iter().map(|card| Suggestion {
            label: card.title,
            href: format!("/products/{}", card.slug),
            note: String::new(),
            picture: card.picture,
            price: Some(card.price),
        }));
        Ok(suggestions)
    }
}

#[async_trait]
impl Catalog for PgCatalog {
    async fn home(&self) -> Result<Home, AppError> {
        Ok(Self::home(self).await?)
    }

    async fn navigation(&self) -> Result<Vec<NavCategory>, AppError> {
        let snapshot = self.index.snapshot().await?;
        let entry = |at: usize| {
            let category = &snapshot.categories[at];
            NavCategory { slug: category.slug.clone(), name: category.name.clone(), children: Vec::new() }
        };
        Ok(prominent(&snapshot, MENU_CATEGORIES)
            .into_iter()
            .map(|at| NavCategory {
                children: snapshot.categories[at]
                    .children
                    .iter()
                    .filter(|child| !snapshot.categories[**child].products.is_empty())
                    .take(12)
                    .map(|child| entry(*child))
                    .collect(),
                ..entry(at)
            })
            .collect())
    }

    async fn listing(&self, category: Option<&str>, search: &str) -> Result<Listing, AppError> {
        Ok(Self::listing(self, category, search).await?)
    }

    async fn product(&self, slug: &str) -> Result<Product, AppError> {
        Ok(Self::product(self, slug).await?)
    }

    async fn whatever_its_status(&self, id: &str) -> Result<Product, AppError> {
        Ok(self.of_any_status(id).await?)
    }

    async fn way_to(&self, category: &str) -> Result<Vec<Crumb>, AppError> {
        let snapshot = self.index.snapshot().await?;
        let category = Uuid::try_parse(category).ok();
        let at = snapshot.categories.iter().position(|one| Some(one.id) == category);
        Ok(at.map(|at| crumbs_of(&snapshot, &snapshot.path(at))).unwrap_or_default())
    }

    async fn renamed(&self, slug: &str) -> Result<Option<String>, AppError> {
        if slug.contains('\0') {
            return Ok(None);
        }
        Ok(rows::renamed(&self.pool, slug).await.map_err(ServiceError::from)?)
    }

    async fn category_now(&self, slug: &str) -> Result<Option<String>, AppError> {
        Ok(self.renamed_category(slug).await?)
    }

    async fn suggest(&self, typed: &str) -> Result<Vec<Suggestion>, AppError> {
        Ok(Self::suggest(self, typed).await?)
    }
}

/// Top categories worth a place in the menu: in their order when they fit, else the fullest.
fn prominent(snapshot: &Snapshot, places: usize) -> Vec<usize> {
    let filled = |at: &usize| !snapshot.categories[*at].products.is_empty();
    let mut roots: Vec<usize> = snapshot.roots.iter().copied().filter(filled).collect();
    if roots.len() > places {
        roots.sort_by_key(|at| std::cmp::Reverse(snapshot.categories[*at].products.len()));
        roots.truncate(places);
    }
    roots
}

fn newest_of(set: &roaring::RoaringBitmap, count: usize) -> Vec<Seq> {
    set.iter().rev().take(count).collect()
}

fn unique(seqs: &[Seq]) -> Vec<Seq> {
    let mut seen = roaring::RoaringBitmap::new();
    seqs.iter().copied().filter(|seq| seen.insert(*seq)).collect()
}

fn crumbs_of(snapshot: &Snapshot, path: &[usize]) -> Vec<Crumb> {
    path.iter()
        .map(|at| {
            let category = &snapshot.categories[*at];
            Crumb { name: category.name.clone(), href: format!("/categories/{}", category.slug) }
        })
        .collect()
}

/// Neighbours in age within the category, then within the category above.
fn related_to(snapshot: &Snapshot, seq: Seq, category: Option<usize>) -> Vec<Seq> {
    let mut related = Vec::new();
    let mut at = category;
    while related.len() < RELATED
        && let Some(category) = at
    {
        let near = &snapshot.categories[category].products & &snapshot.in_stock;
        let rank = near.rank(seq);
        let start = rank.saturating_sub(RELATED as u64 / 2 + 1);
        let around = (start..start + RELATED as u64 * 2).filter_map(|rank| near.select(u32::try_from(rank).ok()?));
        let before =
            (start.saturating_sub(RELATED as u64)..start).filter_map(|rank| near.select(u32::try_from(rank).ok()?));
        for candidate in around.chain(before) {
            if candidate != seq && !related.contains(&candidate) && related.len() < RELATED {
                related.push(candidate);
            }
        }
        at = snapshot.categories[category].parent;
    }
    related
}
