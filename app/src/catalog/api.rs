//! What browsing sends over the wire.

use crate::domain::{Money, StockState};
use crate::error::{AppError, FieldError};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// A picture of ours, in several widths, or one that an import left at its own host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// `/media/{id}` with `widths`, to which `/{width}.webp` is added; a whole URL without.
    pub base: String,
    /// Pixels, rising; empty for a foreign picture.
    pub widths: Vec<u16>,
    /// Pixels of the largest.
    pub width: u16,
    pub height: u16,
    pub alt: String,
}

/// A product as a listing shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub slug: String,
    pub title: String,
    /// Of the cheapest variant.
    pub price: Money,
    pub compare_at: Option<Money>,
    /// Variants differ in price, so the card says "from".
    pub from: bool,
    pub stock: StockState,
    pub picture: Option<Picture>,
    /// Shown on hover.
    pub second: Option<Picture>,
    /// Names of the colours on offer, when there are at least two.
    pub colours: Vec<String>,
    /// Has nothing to choose: its one variant can be bought from a listing.
    pub plain: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crumb {
    pub name: String,
    pub href: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavCategory {
    pub slug: String,
    pub name: String,
    pub children: Vec<NavCategory>,
}

/// A checkbox of a filter with its live count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    /// As in the URL.
    pub value: String,
    pub label: String,
    pub count: u32,
    pub selected: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// The name of the form field: `category` or `option.colour`.
    pub field: String,
    pub label: String,
    pub values: Vec<FacetValue>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    pub categories: Option<Facet>,
    pub options: Vec<Facet>,
    /// Lowest and highest price of what the other filters leave.
    pub price: Option<(Money, Money)>,
    pub in_stock: u32,
    pub on_sale: u32,
}

/// One page of a category, of everything, or of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub heading: String,
    pub description: String,
    /// Without the page itself.
    pub crumbs: Vec<Crumb>,
    pub total: u32,
    /// A search stopped counting at `total`.
    pub capped: bool,
    pub page: u32,
    pub pages: u32,
    pub cards: Vec<Card>,
    pub facets: Facets,
    /// What was found instead, when the words as typed find nothing.
    pub corrected: Option<String>,
    /// Something near, for an empty result.
    pub near: Vec<Card>,
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductOption {
    pub name: String,
    pub values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// For the cart and wishlists.
    pub id: String,
    /// In the URL: the SKU, or an id where there is none.
    pub key: String,
    pub sku: Option<String>,
    pub price: Money,
    pub compare_at: Option<Money>,
    pub stock: StockState,
    /// One value for each of the product's options.
    pub options: Vec<String>,
    /// Index into the product's pictures.
    pub picture: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub slug: String,
    pub title: String,
    pub vendor: String,
    /// Sanitised HTML.
    pub description: String,
    /// Material, size, care, … as the description's closing list has them.
    pub facts: Vec<(String, String)>,
    pub crumbs: Vec<Crumb>,
    pub pictures: Vec<Picture>,
    /// Empty for a plain product.
    pub options: Vec<ProductOption>,
    /// At least one.
    pub variants: Vec<Variant>,
    pub seo_title: String,
    pub seo_description: String,
    pub related: Vec<Card>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryTile {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub picture: Option<Picture>,
}

/// The home page's composed picture and its sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hero {
    pub sentence: String,
    pub link_label: String,
    pub link_href: String,
    pub wide: Picture,
    pub tall: Picture,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    pub hero: Option<Hero>,
    pub featured: Vec<Card>,
    pub newest: Vec<Card>,
    pub on_sale: Vec<Card>,
    pub categories: Vec<CategoryTile>,
    /// The shop's story, in paragraphs.
    pub story: Vec<String>,
}

/// A page as the browser needs it: made on the server, whether it is asked for by its address or by
/// a browser that goes there from another page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    pub title: String,
    /// Path and query of the one address that the page should be known by; `None` keeps it out of search engines.
    pub canonical: Option<String>,
    /// What stands in `main`.
    pub html: String,
    /// Pieces in the visitor's cart.
    pub count: u32,
    /// For the server's own answer only.
    #[serde(skip)]
    pub answer: PageAnswer,
}

/// What the document around a page, and its HTTP answer, say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageAnswer {
    pub description: String,
    /// Path or URL; empty for none.
    pub image: String,
    /// Open Graph's type.
    pub kind: &'static str,
    /// The HTTP status when it isn't 200.
    pub status: Option<u16>,
    /// The address that says the same more shortly.
    pub redirect: Option<String>,
}

/// What the button beside a variant says.
pub const ADD: &str = "Add to cart";
pub const SOLD_OUT: &str = "Out of stock";

/// The id of the block in which a product's page has its [`VariantView`]s.
pub const VARIANTS: &str = "variants";

/// A variant as its product's page shows it, ready to be put in its places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantView {
    pub id: String,
    pub href: String,
    /// One value for each of the product's options.
    pub options: Vec<String>,
    /// HTML.
    pub price: String,
    /// In words.
    pub stock: String,
    /// `in`, `low` or `out`.
    pub level: String,
    /// Index into the product's pictures.
    pub picture: Option<u16>,
    /// Empty for none.
    pub sku: String,
}

impl VariantView {
    pub fn is_out(&self) -> bool {
        self.level == "out"
    }
}

/// What the type-ahead shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestions {
    /// The lines of the list.
    pub html: String,
    /// Where each line leads.
    pub hrefs: Vec<String>,
}

/// One line of the type-ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub label: String,
    pub href: String,
    /// "in Table" for a category, empty for a product.
    pub note: String,
    pub picture: Option<Picture>,
    pub price: Option<Money>,
}

#[server(prefix = "/api/catalog", endpoint = "home", input = GetUrl)]
pub async fn load_home() -> Result<Home, AppError> {
    crate::host::catalog()?.home().await
}

#[server(prefix = "/api/catalog", endpoint = "navigation", input = GetUrl)]
pub async fn load_navigation() -> Result<Vec<NavCategory>, AppError> {
    crate::host::catalog()?.navigation().await
}

/// `category`: the slug of the category page, if it is one. `search`: the page's query string.
#[server(prefix = "/api/catalog", endpoint = "listing", input = GetUrl)]
pub async fn load_listing(category: Option<String>, search: String) -> Result<Listing, AppError> {
    crate::host::catalog()?.listing(category.as_deref(), &search).await
}

#[server(prefix = "/api/catalog", endpoint = "product", input = GetUrl)]
pub async fn load_product(slug: String) -> Result<Product, AppError> {
    crate::host::catalog()?.product(&slug).await
}

/// The page at an address, of those that the server makes. `search`: its query string.
#[server(prefix = "/api/catalog", endpoint = "page", input = GetUrl)]
pub async fn load_page(path: String, search: String) -> Result<Rendered, AppError> {
    if crate::pages::is_personal(&path) {
        crate::ui::never_store();
    }
    let hosts = crate::pages::Hosts::here()?;
    let shelf = hosts.carts.shelf().await?;
    let page = crate::pages::make(&hosts, &path, &search, &shelf, &crate::form::Flash::default()).await?;
    Ok(Rendered { count: shelf.count, ..page })
}

#[server(prefix = "/api/catalog", endpoint = "suggest", input = GetUrl)]
pub async fn load_suggestions(q: String) -> Result<Suggestions, AppError> {
    super::view::suggestions(&*crate::host::catalog()?, &*crate::host::shop()?, &q).await
}
